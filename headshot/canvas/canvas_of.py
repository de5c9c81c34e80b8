"""From a stage to its canvas: features moved, stray hairs taken back, light, backdrop; no step twice."""

from __future__ import annotations

from dataclasses import replace

from headshot.canvas.compose import compose
from headshot.canvas.reshaped_stage import reshaped
from headshot.canvas.stage import Stage
from headshot.canvas.tidied_stage import tidied
from headshot.language import current
from headshot.types import Canvas, Direction, LastSteps, Retouch


def canvas_of(stage: Stage, direction: Direction, steps: LastSteps, *, with_foreground: bool = True) -> Canvas:
    """Make the canvas that `direction` asks for of `stage`. `with_foreground` as in `compose`.

    `steps` holds what was made of it last. Finishing comes after the canvas, so its settings change none.
    """
    bare = replace(direction, retouch=Retouch(mono=direction.retouch.mono))
    said = current()  # notes are said in the language of who asks
    about = (direction.shape, direction.keep, direction.backdrop.kind, direction.change, said)
    moved = steps.get("reshaped", (stage, *about), lambda: reshaped(stage, direction))
    strays = (direction.retouch.stray_hairs, direction.keep)
    tidy = steps.get("tidied", (moved, *strays), lambda: tidied(moved, direction))
    return steps.get(
        "canvas", (tidy, bare, with_foreground, said), lambda: compose(tidy, direction, with_foreground=with_foreground)
    )
