"""All retouching of a face in one go: what a setting asks for, in an order in which one does not undo the other."""

from __future__ import annotations

from dataclasses import replace

from headshot.canvas.retouching.face_part import face_part, with_part
from headshot.canvas.retouching.glare import calm_glare
from headshot.canvas.retouching.heal import heal
from headshot.canvas.retouching.red_eyes import calm_red_eyes
from headshot.canvas.retouching.redness import even_redness
from headshot.canvas.retouching.shine import calm_shine
from headshot.canvas.retouching.teeth import whiten_teeth
from headshot.canvas.retouching.under_eyes import lift_under_eyes
from headshot.types import F32, Canvas, Retouch


def retouched(picture: F32, canvas: Canvas, retouch: Retouch) -> F32:
    """Retouch the face of the canvas in `picture` (h, w, 3) float32 codes 0..255; the same array where nothing is
    asked for."""
    steps = (
        (calm_shine, retouch.shine),
        (even_redness, retouch.redness),
        (lift_under_eyes, retouch.under_eyes),
        (whiten_teeth, retouch.teeth),
        (calm_red_eyes, retouch.red_eyes),
        (calm_glare, retouch.glare),
    )
    wanted = [(step, amount) for step, amount in steps if amount > 0]
    if retouch.heal:
        picture = heal(picture, canvas, retouch.heal)
    part = face_part(picture, canvas) if wanted else None
    if part is None:
        return picture
    made = part
    for step, amount in wanted:
        made = replace(made, linear=step(made, amount))
    return with_part(picture, part, made.linear)
