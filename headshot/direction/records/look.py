"""The words of a look, of which a prompt is made."""

from __future__ import annotations

from headshot.direction.locks import Place
from headshot.direction.records.painted import painted_text
from headshot.direction.setting import Setting

_FACE: tuple[Place, ...] = ("face", "lower face")

RECORDS: dict[str, Setting] = {
    # A look saved from somebody's own words carries these inside `shot`, hence the room.
    "look.shot": painted_text("The picture", "prompt: shot", length=800),
    "look.wardrobe": painted_text("Clothes", "prompt: wardrobe", length=300, repaints=("clothes",)),
    "look.expression": painted_text("Expression", "prompt: expression", length=300, repaints=_FACE),
    "look.light": painted_text("Light, in words", "prompt: light", length=300),
    "look.backdrop": painted_text("Backdrop, in words", "prompt: backdrop", length=300),
    "look.lens": painted_text("Lens, in words", "prompt: lens", length=300),
}
