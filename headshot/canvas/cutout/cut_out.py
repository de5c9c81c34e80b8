"""Cut the person out of a photo: the matte down to the hair, and the person's own colours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from headshot.canvas.cutout.background_colour import without_background_colour
from headshot.canvas.cutout.clicked import Clicked, read_clicks, settle, undecided
from headshot.canvas.cutout.closed_form import in_one_piece, solved_matte, without_loose_pieces
from headshot.canvas.cutout.collar_inside import with_collar_inside
from headshot.canvas.cutout.colour_evidence import settle_gaps, take_back
from headshot.canvas.cutout.doubt import VEIL, find_doubts
from headshot.canvas.cutout.earrings import find_earrings
from headshot.canvas.cutout.faint_edge import trusted_slope
from headshot.canvas.cutout.full_size import at_full_size
from headshot.canvas.cutout.matting import network_matte
from headshot.canvas.cutout.neck_gap import without_neck_gap
from headshot.canvas.cutout.other_people import without_false_faces, without_other_people
from headshot.canvas.cutout.own_colours import own_colours
from headshot.canvas.cutout.printed_border import inside, shown_outline
from headshot.canvas.cutout.probability import weighed
from headshot.canvas.cutout.seen_pattern import without_seen_pattern
from headshot.canvas.cutout.seen_wall import own_share, without_seen_wall
from headshot.canvas.cutout.trimap import Trimap, make_trimap
from headshot.canvas.cutout.veil import without_bare_veil, without_strange_veil, without_unseen_veil, without_veil
from headshot.canvas.cutout.witnesses import Witnesses, ask_witnesses
from headshot.canvas.cutout.working_copy import WorkingCopy, touching, working_copy
from headshot.direction.matting_table import BUILT_IN, MATTINGS
from headshot.types import F32, Cutout, CutoutSettings, Photo, Subject


@dataclass(frozen=True, eq=False)
class Asked:
    """A photo's working copy and what the networks say of it: the same whatever is clicked.

    `alone`: what they said before the matting network called `matting` (of MATTINGS) led them; `everybody`, `person`
    (h, w) float32 0..1: the probability of any person, and of the wanted one.
    """

    copy: WorkingCopy
    matting: str
    alone: Witnesses
    witnesses: Witnesses
    everybody: F32
    person: F32

    @cached_property
    def trimap(self) -> Trimap:
        """What the networks agree on."""
        return make_trimap(self.copy, self.witnesses, self.person, self.everybody - self.person)

    @cached_property
    def matte(self) -> F32:
        """The matte of the working copy without a click, (h, w) float32 0..1."""
        trimap = settle_gaps(self.copy, take_back(self.copy, self.trimap, self.witnesses.agreed))
        trimap = without_background_colour(self.copy, trimap, self.person)
        trimap, person = without_neck_gap(self.copy, trimap, self.witnesses, self.person)
        solved = solved_matte(self.copy, trimap, person)
        seen = without_seen_pattern(self.copy, without_seen_wall(self.copy, solved))
        whole = with_collar_inside(self.copy, seen, self.witnesses)
        return in_one_piece(self.copy, whole)

    @cached_property
    def earrings(self) -> F32:
        """What hangs from the ears beside that matte, (h, w) float32 0..1."""
        return find_earrings(self.copy, self.matte)


def ask(photo: Photo, subject: Subject, matting: str = BUILT_IN) -> Asked:
    """Ask the networks who is where, led by the one called `matting`. Raises WeightsMissing."""
    copy = working_copy(photo, subject)
    led_by = network_matte(copy, matting)
    alone = ask_witnesses(copy)
    copy = without_false_faces(copy, alone)
    witnesses = alone.led_by(led_by, but_in=None if MATTINGS[matting].in_hair else copy.hair_zone)
    everybody = weighed(copy, witnesses)
    return Asked(copy, matting, alone, witnesses, everybody, without_other_people(copy, everybody))


def cut_out(asked: Asked, settings: CutoutSettings | None = None) -> Cutout:
    """Cut out the main person, over head, shoulders and chest; clicks in `settings` say where the networks are wrong.

    The face's own oval always belongs to the person, so that a face is never cut away where the networks find nobody.
    """
    copy = asked.copy
    clicked = read_clicks(copy, settings) if settings else None
    small = _clicked_matte(asked, clicked) if clicked else asked.matte
    settled, keep = (clicked.settled, clicked.keep) if clicked else (None, None)
    doubts = find_doubts(copy, asked.alone, asked.everybody - asked.person, small, settled)
    # Without the clicks, which settle their place and no other.
    decided = without_strange_veil(copy, without_unseen_veil(copy, asked.matte))
    decided = without_bare_veil(copy, decided, asked.trimap.core)
    if any(doubt.id == VEIL for doubt in doubts):
        decided = without_veil(copy, decided)
    if settled is not None:
        decided = np.where((settled > 0) | (small != asked.matte), small, decided)
    small = in_one_piece(copy, decided, keep)
    small = without_loose_pieces(copy, small, keep)
    earrings = _earrings(asked, clicked)
    small = np.maximum(small, earrings)
    share = np.maximum(own_share(copy, small), earrings)  # metal is no mixture of skin and wall, grey as it is
    colours = own_colours(copy.picture, small, share)
    matte, foreground = at_full_size(copy.full, copy.picture, small, share, colours, trusted_slope(copy, small))
    outline = shown_outline(copy.photo, copy.face_in_photo)
    if outline is not None:
        matte = matte * inside(outline, matte.shape, copy.origin)
    return Cutout(matte, foreground, copy.origin, doubts, outline)


def _earrings(asked: Asked, clicked: Clicked | None) -> F32:
    """The earrings, (h, w) float32 0..1, but for those on which somebody clicked as not theirs."""
    if clicked is None:
        return asked.earrings
    dropped = touching((asked.earrings > 0).astype(np.uint8), clicked.drop)
    return np.where(dropped > 0, 0, asked.earrings).astype(np.float32)


def _clicked_matte(asked: Asked, clicked: Clicked) -> F32:
    """Solve the place of the clicks anew: (h, w) float32 0..1, as without them where nothing was clicked."""
    copy = asked.copy
    trimap = settle_gaps(copy, take_back(copy, settle(asked.trimap, clicked), asked.witnesses.agreed))
    trimap = without_background_colour(copy, trimap, asked.person)
    trimap, person = without_neck_gap(copy, trimap, asked.witnesses, asked.person)
    trimap = settle(trimap, clicked)  # the colours have no say where a person has had theirs
    person = undecided(person, clicked)
    there = solved_matte(copy, trimap, person, clicked.keep)
    return in_one_piece(copy, np.where(clicked.settled > 0, there, asked.matte), clicked.keep)
