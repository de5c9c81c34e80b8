"""From a stage to its canvas: stray hairs taken back, features moved, light, backdrop; no step twice."""

from __future__ import annotations

from dataclasses import replace

from headshot.canvas.compose import compose, shows_photo
from headshot.canvas.reshaped_stage import reshaped
from headshot.canvas.retouching.retouched import told_by_the_photo
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
    strays = (direction.retouch.stray_hairs, direction.keep, shows_photo(direction))
    tidy = steps.get("tidied", (stage, *strays), lambda: tidied(stage, direction, steps))
    moved = steps.get("reshaped", (tidy, *about), lambda: reshaped(tidy, direction, steps))
    canvas = steps.get(
        "canvas",
        (moved, bare, with_foreground, said),
        lambda: compose(moved, direction, with_foreground=with_foreground),
    )
    face = stage.photo_face if told_by_the_photo(direction.retouch) else None
    if face is None:
        return canvas
    return steps.get("told", (canvas, face), lambda: replace(canvas, photo_face=face.in_canvas(canvas, moved.motion)))
