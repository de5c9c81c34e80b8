"""A stage whose features have moved: the person's own pixels, matte and landmarks warped as one."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from headshot.canvas.compose import shows_photo
from headshot.canvas.head_form import HeadForm
from headshot.canvas.regions import MovedRegions
from headshot.canvas.reshape.eye_line import EVEN
from headshot.canvas.reshape.features import asked, held
from headshot.canvas.reshape.motion import Motion
from headshot.canvas.stage import Stage
from headshot.language import tr
from headshot.types import U8, Direction, LastSteps

NOTE = "Features of your face were moved, on your own pixels: the report measures by how much."
_HELD = "You keep “{said}”: what would move it was left as it is."
_DRAWN_BACK = "Together that would tear: {share:.0f}% of it was done."
_TURNS_HAIR = "tilt"  # by so much that each strand before the old background would leave a copy of itself
_UNTURNED = (
    "Before your own background, as sharp as it is, the head is not tilted: choose another backdrop, or blur it."
)
_EVEN = "Your eyes lie at one height already: nothing was moved for it."


def reshaped(stage: Stage, direction: Direction, steps: LastSteps | None = None) -> Stage:
    """Move the features that `direction.shape` asks for and its keep list leaves free; the same stage for none.

    The old background stays where it is: behind a contour that has moved it is filled in from beside, so that no line
    of it bends. `steps`: where it is kept what the matte has no say in.
    """
    steps = steps or LastSteps(keep=False)
    wanted = asked(direction.shape)
    if not wanted:
        return stage
    free, locks = held(direction.keep, wanted)
    notes = tuple(tr(_HELD, said=lock.said) for lock in locks)
    if _TURNS_HAIR in free and shows_photo(direction):
        free = {name: amount for name, amount in free.items() if name != _TURNS_HAIR}
        notes = (*notes, tr(_UNTURNED))
    if "level" in free and abs(stage.face_mesh.axes.unlevel) < EVEN:
        free = {name: amount for name, amount in free.items() if name != "level"}
        notes = (*notes, tr(_EVEN))
    motion = steps.get("motion", (stage.face_mesh, free), lambda: stage.face_mesh.motion(free))
    if motion is None:
        same = replace(stage, notes=(*stage.notes, *notes))
        vars(same).update({**vars(stage), "notes": same.notes})
        return same
    notes = (NOTE, *notes)
    if motion.share < 1:
        notes = (*notes, tr(_DRAWN_BACK, share=100 * motion.share))
    matte = motion.moved(stage.matte, cv2.INTER_CUBIC).clip(0, 1)
    share = motion.unmoved_share(stage.landmarks, stage.matte.shape)
    made = replace(
        stage,
        original=_before_its_background(stage, motion, matte) if shows_photo(direction) else stage.original,
        foreground=steps.get("moved colours", (stage.foreground, motion), lambda: motion.moved(stage.foreground)),
        matte=matte,
        landmarks=motion.landmarks,
        unmoved_original=stage.unmoved[0],
        unmoved_landmarks=stage.unmoved[1],
        unmoved_share=max(0.0, stage.unmoved_share + share - 1),
        notes=(*stage.notes, *notes),
        moved={name: motion.share * amount for name, amount in free.items()},
        motion=motion,
        before=stage,
    )
    form = stage.head_form
    vars(made)["head_form"] = steps.get("moved form", (form, motion), lambda: _moved_form(form, motion))
    vars(made)["regions"] = MovedRegions(stage.regions, motion, matte)
    return made


def _moved_form(form: HeadForm, motion: Motion) -> HeadForm:
    few, step = form.few()  # of which the light needs no more
    moved = motion.moved_few(cv2.merge([np.ascontiguousarray(field) for field in (few.normals, few.face)]), step)
    return HeadForm(np.ascontiguousarray(moved[..., :3]), np.ascontiguousarray(moved[..., 3]))


def _before_its_background(stage: Stage, motion: Motion, matte: np.ndarray) -> U8:
    """The photo with the moved person before the background where it was, (h, w, 3) uint8."""
    rows, columns = motion.rows, motion.columns
    moved = motion.moved(stage.original)
    behind = motion.moved(stage.scenery)[rows, columns].astype(np.float32)
    there = stage.scenery[rows, columns] - behind
    part = moved[rows, columns] + (1 - matte[rows, columns, None]) * there + 0.5
    moved[rows, columns] = part.clip(0, 255).astype(np.uint8)
    return moved
