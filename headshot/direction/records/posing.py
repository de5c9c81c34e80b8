"""Pose, expression and clothes, which a generator paints."""

from __future__ import annotations

from functools import partial

from headshot.direction.locks import Place
from headshot.direction.phrases import attire_of, expression_of
from headshot.direction.records.groups import POSING
from headshot.direction.setting import Adjustment, HeededBy, Setting
from headshot.types import ATTIRES, EXPRESSIONS, GAZES, TURNS

_UNPOSED = "“{}” needs a generator: own pixels keep you as you were photographed."
_SMILE = "Own pixels keep the smile of your photo; a generator can paint another one."
_FACE: tuple[Place, ...] = ("face", "lower face")
_posing = partial(Setting, kind="choice", group=POSING, heeded_by=HeededBy.GENERATOR, own_pixels=_UNPOSED)

RECORDS: dict[str, Setting] = {
    "posing.attire": _posing(
        "Clothes",
        "formality of attire",
        choices=ATTIRES,
        repaints=("clothes",),
        from_look=lambda look: attire_of(look.wardrobe),
    ),
    "posing.expression": _posing(
        "Expression",
        "expression",
        choices=EXPRESSIONS,
        repaints=_FACE,
        from_look=lambda look: expression_of(look.expression),
        adjustments=(
            Adjustment("less-smile", "Less smile", -1, "There is no smile left.", 90, own_pixels=_SMILE),
            Adjustment("more-smile", "More smile", 1, "That is the broadest smile there is.", 100, own_pixels=_SMILE),
        ),
    ),
    "posing.gaze": _posing("Eyes look", "gaze", choices=GAZES, repaints=("face", "eyes")),
    "posing.turn": _posing("Turn of the head", "head yaw", choices=TURNS, repaints=("face",)),
}
