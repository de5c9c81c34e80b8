"""All retouching of a face in one go: what a setting asks for, in an order in which one does not undo the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import cv2
import numpy as np

from headshot.canvas.retouching.face_part import FacePart, face_part, skin_of, with_part
from headshot.canvas.retouching.glare import calm_glare
from headshot.canvas.retouching.heal import heal, places_healed
from headshot.canvas.retouching.photo_face import PhotoFace, face_of
from headshot.canvas.retouching.red_eyes import calm_red_eyes
from headshot.canvas.retouching.redness import even_redness
from headshot.canvas.retouching.shine import calm_shine
from headshot.canvas.retouching.smooth_tool import SmoothTool, laid
from headshot.canvas.retouching.teeth import whiten_teeth
from headshot.canvas.retouching.under_eyes import lift_under_eyes
from headshot.imaging.bands import two_at_a_time
from headshot.types import F32, Canvas, Retouch

_SMOOTH = (
    SmoothTool("shine", calm_shine, adds=True),
    SmoothTool("redness", even_redness),
    SmoothTool("under_eyes", lift_under_eyes),
)
_FINE: tuple[tuple[str, Callable[..., F32]], ...] = (
    ("teeth", whiten_teeth),
    ("red_eyes", calm_red_eyes),
    ("glare", calm_glare),
)


def told_by_the_photo(retouch: Retouch) -> bool:
    """Tell whether anything is asked for that is worked out of the face as it was photographed."""
    return retouch.glare > 0 or any(getattr(retouch, tool.name) > 0 for tool in _SMOOTH)


def retouched(picture: F32, canvas: Canvas, retouch: Retouch) -> F32:
    """Retouch the face of the canvas in `picture` (h, w, 3) float32 codes 0..255, its own; the same array where nothing
    is asked for. Nobody may write into what comes back while the canvas keeps its steps.

    What own pixels lose is told by the photo: neither a move nor another light changes what counts as shine. What was
    painted is told by itself.
    """
    smooth = [(tool, amount) for tool in _SMOOTH if (amount := getattr(retouch, tool.name)) > 0]
    fine = [(name, step, amount) for name, step in _FINE if (amount := getattr(retouch, name)) > 0]
    steps = canvas.steps
    if retouch.heal:
        unhealed = picture
        picture = steps.get("heal", (picture, retouch.heal), lambda: heal(unhealed, canvas, retouch.heal))
    if not smooth and not fine:
        return picture
    healed = picture
    # Whole codes are four times as fast to convert, and what was not healed has no others.
    whole = not retouch.heal
    codes = canvas.picture if whole else healed
    part = steps.get("part", (healed,), lambda: face_part(codes, canvas, skin_of(canvas)))
    if part is None:
        return picture
    face, made = face_of(canvas), part
    if smooth:
        key = (part, tuple((tool.name, amount) for tool, amount in smooth), retouch.heal)
        made = steps.get("smooth", key, lambda: _smoothed(part, smooth, canvas, retouch.heal))
    for name, step, amount in fine:
        asked = partial(step, worn=face.worn) if name == "glare" and face is not None else step
        made = steps.get(name, (made, amount), partial(_stepped, made, asked, amount))
    return steps.get("retouched", (part, made), lambda: with_part(healed, part, made.linear, whole=whole))


def _stepped(part: FacePart, step: Callable[[FacePart, float], F32], amount: float) -> FacePart:
    """The part after one of the fine tools."""
    linear = step(part, amount)
    return part if linear is part.linear else replace(part, linear=linear)


def _smoothed(part: FacePart, wanted: list[tuple[SmoothTool, float]], canvas: Canvas, heals: str) -> FacePart:
    """Carry out the smooth tools: the first is told by the face itself, the others by what the first leaves of it."""
    own, steps = face_of(canvas), canvas.steps
    face = own or steps.get("painted face", (part,), lambda: PhotoFace.painted(part, canvas))
    healed = places_healed(canvas, heals) if own else ()
    first, much = _SMOOTH[0], dict(wanted).get(_SMOOTH[0], 0.0)
    fields: dict[SmoothTool, F32] = {}

    def tell(one: tuple[SmoothTool, float]) -> None:
        tool, amount = one
        fields[tool] = np.float32(amount) * face.change(tool, healed, None if tool is first else first, much)

    for one in wanted[:1]:  # the others are told by what it leaves
        tell(one)
    two_at_a_time(tell, wanted[1:])
    added, shares = (
        face.moved(sum(of[1:], of[0])) if (of := [fields[tool] for tool, _ in wanted if tool.adds is adds]) else None
        for adds in (True, False)
    )
    if own and added is not None:  # in the photo's light, which may not be the canvas's
        light = steps.get("light", (part,), lambda: face.light_on(part))
        added = added * cv2.resize(light, added.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return replace(part, linear=laid(part.linear, added, shares))
