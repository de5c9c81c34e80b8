"""Cut the person out of a photo: the matte down to the hair, and the person's own colours."""

from __future__ import annotations

from headshot.canvas.cutout.closed_form import solved_matte
from headshot.canvas.cutout.colour_evidence import prior, settle_gaps, take_back
from headshot.canvas.cutout.doubt import find_doubts
from headshot.canvas.cutout.full_size import at_full_size, own_colours
from headshot.canvas.cutout.other_people import without_other_people
from headshot.canvas.cutout.probability import weighed
from headshot.canvas.cutout.trimap import make_trimap
from headshot.canvas.cutout.witnesses import ask_witnesses
from headshot.canvas.cutout.working_copy import WorkingCopy, working_copy
from headshot.types import F32, Cutout, Doubt, Photo, Subject


def cut_out(photo: Photo, subject: Subject) -> Cutout:
    """Cut out the main person, over head, shoulders and chest.

    The face's own oval always belongs to the person, so that a face is never cut away where the networks find nobody.
    """
    copy = working_copy(photo, subject)
    small, doubts = small_matte(copy)
    matte, foreground = at_full_size(copy.full, copy.picture, small, own_colours(copy.picture, small))
    return Cutout(matte, foreground, copy.origin, doubts)


def small_matte(copy: WorkingCopy) -> tuple[F32, tuple[Doubt, ...]]:
    """Find the matte of the working copy, (h, w) float32 0..1, and what speaks against it."""
    said = ask_witnesses(copy)
    everybody = weighed(copy, said)
    person = without_other_people(copy, everybody)
    trimap = take_back(copy, make_trimap(copy, said, person, everybody - person))
    trimap = settle_gaps(copy, trimap)
    matte = solved_matte(copy, trimap, prior(copy, trimap, person))
    return matte, find_doubts(copy, said, everybody - person, matte)
