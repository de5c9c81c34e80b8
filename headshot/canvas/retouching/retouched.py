"""All retouching of a face in one go: what a setting asks for, in an order in which one does not undo the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from headshot.canvas.retouching.face_part import FacePart, face_part, with_part
from headshot.canvas.retouching.glare import calm_glare
from headshot.canvas.retouching.heal import heal
from headshot.canvas.retouching.red_eyes import calm_red_eyes
from headshot.canvas.retouching.redness import even_redness
from headshot.canvas.retouching.shine import calm_shine
from headshot.canvas.retouching.smooth_tool import SmoothTool
from headshot.canvas.retouching.teeth import whiten_teeth
from headshot.canvas.retouching.under_eyes import lift_under_eyes
from headshot.types import F32, Canvas, LastSteps, Retouch

_SMOOTH = (
    SmoothTool("shine", calm_shine, adds=True),
    SmoothTool("redness", even_redness),
    SmoothTool("under_eyes", lift_under_eyes),
)
_FINE = (("teeth", whiten_teeth), ("red_eyes", calm_red_eyes), ("glare", calm_glare))


def retouched(picture: F32, canvas: Canvas, retouch: Retouch) -> F32:
    """Retouch the face of the canvas in `picture` (h, w, 3) float32 codes 0..255; the same array where nothing is
    asked for. Nobody may write into what comes back while the canvas keeps its steps."""
    smooth = [(tool, amount) for tool in _SMOOTH if (amount := getattr(retouch, tool.name)) > 0]
    fine = [(name, step, amount) for name, step in _FINE if (amount := getattr(retouch, name)) > 0]
    steps = canvas.steps
    if retouch.heal:
        unhealed = picture
        picture = steps.get("heal", (picture, retouch.heal), lambda: heal(unhealed, canvas, retouch.heal))
    if not smooth and not fine:
        return picture
    healed = picture
    part = steps.get("part", (healed,), lambda: face_part(healed, canvas))
    if part is None:
        return picture
    made = _smoothed(part, smooth, steps) if smooth else part
    for name, step, amount in fine:
        made = steps.get(name, (made, amount), partial(_stepped, made, step, amount))
    return steps.get("retouched", (part, made), lambda: with_part(healed, part, made.linear))


def _stepped(part: FacePart, step: Callable[[FacePart, float], F32], amount: float) -> FacePart:
    """The part after one of the fine tools."""
    return replace(part, linear=step(part, amount))


def _smoothed(part: FacePart, wanted: list[tuple[SmoothTool, float]], steps: LastSteps) -> FacePart:
    """Carry out the smooth tools: each is worked out on the small face as the ones before it left that."""
    small = steps.get("small", (part,), part.small)
    for tool, amount in wanted:
        part, small = _one(tool, amount, part, small, steps)
    return part


def _one(
    tool: SmoothTool, amount: float, part: FacePart, small: FacePart, steps: LastSteps
) -> tuple[FacePart, FacePart]:
    """The part and the small one with one tool's field laid over them."""
    field = steps.get(f"{tool.name} field", (small,), lambda: tool.field(small))

    def laid(on: FacePart) -> FacePart:
        return replace(on, linear=tool.laid(on.linear, field, amount))

    whole = steps.get(f"{tool.name} whole", (part, field, amount), lambda: laid(part))
    return whole, whole if small is part else steps.get(
        f"{tool.name} small", (small, field, amount), lambda: laid(small)
    )
