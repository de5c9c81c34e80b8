"""Any two photos of a person, and further ones of theirs: which face is meant in each, and the report on the pair.

For headshots that some other service made. Everything stays in memory; nothing here reads or writes a file.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from headshot import files as provenance
from headshot.authenticity.aligned_pair import AlignedPair, align_pair
from headshot.authenticity.close_up import CloseUp, close_up
from headshot.authenticity.mirrored import is_mirrored
from headshot.authenticity.pair import Pair
from headshot.authenticity.recognition import dlib_judge
from headshot.authenticity.recognition.own_range import MAX_FURTHER, MIN_FURTHER, Placed, copy_paste, own_range
from headshot.authenticity.report import judging
from headshot.authenticity.steps import Step, to_the_end
from headshot.authenticity.thresholds import threshold
from headshot.errors import NoFace, UserError
from headshot.files.claimed import claimed
from headshot.files.provenance import photo_findings
from headshot.files.source_type import WORDS
from headshot.imaging.landmarks import eye_distance
from headshot.language import tr
from headshot.photo.subject import choose, face_centre, is_cut_in_half
from headshot.photo.upright import find_upright, turn_note
from headshot.studio.bounded_work import bounded, bounded_steps
from headshot.studio.photo_places import face_point
from headshot.types import F32, F64, U8, AuthenticityReport, Face, Photo, SignedOriginal

_MOST_FACES = 12  # of a group photo, the largest first: a descriptor for each takes a fraction of a second
# Distances of the embedded judge. Below the one it is no new photo, even through a generator; above the other it is
# hardly the same person.
SAME_PHOTO, STRANGER = threshold("likeness", "generator").edges[0], threshold("likeness", "another photo").edges[1]
_MIN_EYE_PX = 12.0  # smaller faces have no descriptor that says anything


@dataclass(frozen=True, eq=False)
class Match:
    """The same person in two photos and in further ones, as (pixels (h, w, 3) uint8, landmarks (478, 3) px).

    `notes`: plain sentences on choices that were made, such as which of several faces was taken. `claimed`,
    `signed`: what the original's file says of itself, see Photo. Report and views
    decide alike, by `is_mirrored`, whether `other` is the photo with left and right swapped.
    """

    original: tuple[U8, F32]
    other: tuple[U8, F32]
    further: tuple[tuple[U8, F32], ...] = ()
    notes: tuple[str, ...] = ()
    claimed: str = ""
    signed: SignedOriginal | None = None

    @cached_property
    def mirrored(self) -> bool:
        """Whether `other` is the original with left and right swapped."""
        return is_mirrored(self._given)

    @cached_property
    def pair(self) -> Pair:
        """Both for the views; a mirrored picture is turned back."""
        return self._given.mirrored() if self.mirrored else self._given

    @cached_property
    def _given(self) -> Pair:
        return Pair(*self.original, *self.other)

    def aligned(self) -> AlignedPair:
        """Both in one frame; a mirrored picture is turned back, and the note says so."""
        return align_pair(*self.original, self.pair.picture, self.pair.picture_landmarks, mirrored=self.mirrored)

    @bounded
    def close_up(self) -> CloseUp:
        """The closer look; a mirrored picture is turned back."""
        return close_up(self.pair, mirrored=self.mirrored)

    def reporting(self, file: bytes | None = None) -> Generator[Step, None, AuthenticityReport]:
        """The authenticity report, step by step; the gate decides whether the two come from the same photo. `file`: the
        other picture's own bytes, for what they say about themselves.
        """
        steps = judging(*self.original, *self.other, own_pixels=False, further=self.further)
        found = yield from bounded_steps(steps)
        own = photo_findings(self.claimed, self.signed)
        theirs = provenance.finding(file, "" if file is None else claimed(file))
        return replace(found, findings=(*found.findings, *own, theirs))

    report = to_the_end(reporting)


@bounded
def match_pair(original: Photo, other: Photo, more: Sequence[Photo] = (), *, face: str = "") -> Match:
    """Find the person in each photo; `face`: whom of several in the original, see `face_point`.

    Where a photo shows several people, the face that fits the other photo is taken. Raises NoFace (a UserError)
    where a photo shows nobody, UserError for too many further photos, WeightsMissing without the embedded judge.
    """
    check_further(more)
    original, here = _faces(original, "the original photo")
    other, there = _faces(other, "the picture to judge")
    if face:
        chosen = face_point(face, here, original)
        here = [min(here, key=lambda f: math.dist(face_centre(f), chosen))]
    notes = [
        turn_note(photo.turned, name)
        for photo, name in ((original, tr("The original photo")), (other, tr("The picture to judge")))
        if photo.turned
    ]
    if len(here) == 1 and len(there) == 1:
        a, b = here[0], there[0]
    else:
        # One person alone in one photo says whom the other one is about; two groups meet where they are most alike.
        a, b = _closest(original, here, other, there)
        for faces, name in ((here, "original photo"), (there, "picture to judge")):
            if len(faces) > 1:
                notes.append(
                    tr(
                        "The {name} shows {count} faces; the one most like the other photo was taken.",
                        name=tr(name),
                        count=len(faces),
                    )
                )
    assert a.landmarks is not None and b.landmarks is not None
    further, left_out = further_faces(original.pixels, a.landmarks, more)
    if original.claimed:
        notes.append(tr("Your photo itself says that it is {words}.", words=WORDS[original.claimed]))
    if other.claimed:
        notes.append(tr("The picture to judge itself says that it is {words}.", words=WORDS[other.claimed]))
    sides = (original.pixels, a.landmarks), (other.pixels, b.landmarks)
    return Match(*sides, tuple(further), (*notes, *left_out), original.claimed, original.signed)


def check_further(more: Sequence[object]) -> None:
    """Raises UserError for more than MAX_FURTHER further photos."""
    if len(more) > MAX_FURTHER:
        raise UserError(
            tr("At most {max_further} further photos are used.", max_further=MAX_FURTHER), "Leave the others out."
        )


def place(match: Match, report: AuthenticityReport) -> Placed | None:
    """Where the picture stands among the person's own photos; None without any further one, or where its `report` has
    no likeness.
    """
    likeness_found = report.get("likeness")
    if not match.further or likeness_found is None or likeness_found.value is None:
        return None
    pair = Pair(*match.original, *match.other)
    picture, original = pair.descriptors
    further = [pair.describe(*photo) for photo in match.further]
    copying = copy_paste(picture, original, further, dlib_judge.distance)
    if len(further) < MIN_FURTHER:
        return Placed(None, copying)
    return Placed(own_range(picture, original, further, dlib_judge.distance), copying)


def further_faces(
    original: U8, landmarks: F32, more: Sequence[Photo], *, strict: bool = True
) -> tuple[list[tuple[U8, F32]], tuple[str, ...]]:
    """The person's face in each further photo, and a sentence for each that is left out: one that is here already, or
    shows somebody else. One that shows nobody raises NoFace, or is left out unless `strict`.
    """
    notes: list[str] = []
    known = [dlib_judge.embed(original, landmarks)] if more else []
    further = []
    for number, photo in enumerate(more, 1):
        try:
            photo, shown = _faces(photo, tr("further photo {number}", number=number))
        except NoFace as fault:
            if strict:
                raise
            notes.append(tr("{message} It is left out.", message=fault.message))
            continue
        found = [(_marks(f), dlib_judge.embed(photo.pixels, _marks(f))) for f in shown]
        marks, descriptor = min(found, key=lambda f: dlib_judge.distance(known[0], f[1]))
        nearest = min(dlib_judge.distance(k, descriptor) for k in known)
        if nearest <= SAME_PHOTO:
            notes.append(tr("Further photo {number} is one that is here already, so it is left out.", number=number))
            continue
        if dlib_judge.distance(known[0], descriptor) > STRANGER:
            # It would widen the own range until anything fits.
            notes.append(
                tr(
                    "To the face recogniser further photo {number} shows somebody else, so it is left out.",
                    number=number,
                )
            )
            continue
        known.append(descriptor)
        further.append((photo.pixels, marks))
    return further, tuple(notes)


def _faces(photo: Photo, name: str) -> tuple[Photo, list[Face]]:
    """The photo upright, and its faces that can be compared, the main one first. Raises NoFace, naming the photo."""
    photo, found = find_upright(photo)
    faces = [f for f in found if f.landmarks is not None and eye_distance(f.landmarks) >= _MIN_EYE_PX]
    faces = [f for f in faces if not is_cut_in_half(f, photo.width, photo.height)]
    if not faces:
        hint = tr("Use one in which the face looks towards the camera and is not too small.")
        if found:
            raise NoFace(
                tr("The face in {name} is too small, turned too far away, cut off or covered.", name=tr(name)), hint
            )
        raise NoFace(tr("No face was found in {name}.", name=tr(name)), hint)
    main = choose(tuple(faces), photo.width, photo.height)
    return photo, [faces[main], *faces[:main], *faces[main + 1 :]][:_MOST_FACES]


def _closest(a: Photo, here: Sequence[Face], b: Photo, there: Sequence[Face]) -> tuple[Face, Face]:
    ours: list[F64] = [dlib_judge.embed(a.pixels, _marks(f)) for f in here]
    theirs: list[F64] = [dlib_judge.embed(b.pixels, _marks(f)) for f in there]
    pairs = [(dlib_judge.distance(p, q), i, j) for i, p in enumerate(ours) for j, q in enumerate(theirs)]
    _, i, j = min(pairs)
    return here[i], there[j]


def _marks(face: Face) -> F32:
    assert face.landmarks is not None
    return face.landmarks
