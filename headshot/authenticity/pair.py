"""Two pictures of a person, made comparable: aligned, registered, and told apart as same or another photo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from headshot.authenticity.measures import light, registration, tone
from headshot.authenticity.measures.aligned_face import Aligned, Mask, needs_inside
from headshot.authenticity.measures.asymmetry import mirrored_landmarks
from headshot.authenticity.measures.changed_here import Changed, changed_here
from headshot.authenticity.measures.expression import Change, expression_change
from headshot.authenticity.measures.head_view import HeadView
from headshot.authenticity.measures.registration import Registration
from headshot.authenticity.measures.same_frame import rotation, same_frame
from headshot.authenticity.measures.same_photo import SamePhoto, same_photo, sameness
from headshot.authenticity.measures.skin import skin_like, unclipped
from headshot.authenticity.measures.unmeasurable import Unmeasurable, too_small
from headshot.authenticity.recognition import dlib_judge
from headshot.imaging.colour import in_grey, is_grey
from headshot.imaging.warp import transform_points
from headshot.types import F32, F64, U8

MIN_SHAPE_PX = 40.0  # px between the eyes; below it 1% is under half a pixel

LEAST_FACE = 0.8  # of the oval: cut off between nose and mouth .66 to .73 is left, at mid-forehead and chin .9

FOLLOWED = 0.5  # local correlation from which px outside the face are known to be the same

OTHER_PHOTO = "these are two different photos, where pose, expression and light change it anyway."
REPAINTED = "the frame was painted anew, so what moved cannot be told from what was repainted."
UNSURE = "it is not clear whether both pictures come from the same photo."


def skin_of(head: HeadView) -> Mask:
    """Mark what has the face's skin's colour, in the face or beside it, (h, w) bool of the crop."""
    skin = head.face.skin
    return skin | skin_like(head.lab, head.lab[skin]) if skin.any() else skin


@dataclass(frozen=True, eq=False)
class Pair:
    """`original` and `picture`: (h, w, 3) uint8 RGB of any sizes, with (478, 3) float32 landmarks in px.

    `source_eye_px`: the eye distance in the upload itself, px, where `original` is an enlargement of it. `known`: the
    original's head, with what was worked out of it before.
    """

    original: U8
    original_landmarks: F32
    picture: U8
    picture_landmarks: F32
    source_eye_px: float | None = None
    known: HeadView | None = None

    def mirrored(self) -> Pair:
        """Give the same pair with the picture turned left to right, landmarks and all."""
        pixels = np.ascontiguousarray(self.picture[:, ::-1])
        points = mirrored_landmarks(self.picture_landmarks, self.picture.shape[1])
        return Pair(self.original, self.original_landmarks, pixels, points, self.source_eye_px, self.known)

    @cached_property
    def descriptors(self) -> tuple[F64, F64]:
        """The embedded judge's descriptors of the picture and of the original.

        A black-and-white picture is held against the original in black and white: the judge takes the missing
        colour for another person by up to .25, and no person was changed by it.
        """
        original = in_grey(self.original) if is_grey(self.picture) else self.original
        return dlib_judge.embed_alike((self.picture, self.picture_landmarks), (original, self.original_landmarks))

    def describe(self, photo: U8, landmarks: F32) -> F64:
        """Describe any photo that is held against the picture for the embedded judge, colourless where that is."""
        return dlib_judge.embed(in_grey(photo) if is_grey(self.picture) else photo, landmarks)

    @cached_property
    def heads(self) -> tuple[HeadView, HeadView]:
        """The original and the picture, each in its own crop and window."""
        known = self.known or HeadView(self.original, self.original_landmarks)
        return known, HeadView(self.picture, self.picture_landmarks)

    @cached_property
    def colourless(self) -> bool:
        """Whether one of the pictures is black and white."""
        return is_grey(self.picture) or is_grey(self.original)

    @cached_property
    def changes(self) -> Changed:
        """The map of where anything changed. Raises Unmeasurable unless both are the same photo."""
        self.needs_same_photo()
        return changed_here(*self.toneless, self.found)

    @cached_property
    def toneless(self) -> tuple[HeadView, HeadView]:
        """The heads without colour where one of the pictures has none; else `heads`."""
        if not self.colourless:
            return self.heads
        original, picture = in_grey(self.original), in_grey(self.picture)
        return HeadView(original, self.original_landmarks), HeadView(picture, self.picture_landmarks)

    @cached_property
    def laid(self) -> HeadView:
        """The picture of the same photo under the photo's own mesh, carried there by the registration.

        A mesh found anew lies elsewhere by some px, on saved and relit pictures too, and reads other places.
        """
        here = self.a.landmarks.astype(np.float64)
        flow = cv2.GaussianBlur(self.found.flow, (0, 0), 0.03 * self.a.eye_px)
        x, y = (here[None, :, k].astype(np.float32) for k in (0, 1))
        here[:, :2] += cv2.remap(flow, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0]
        there = transform_points(here, self.found.similarity).astype(np.float64)
        back = cv2.invertAffineTransform(self.b.matrix)
        return HeadView(self.toneless[1].picture, transform_points(there, np.asarray(back, np.float64)))

    def alike(self, without: Mask | None) -> tuple[HeadView, HeadView] | None:
        """Give `toneless` with the photo graded as the picture is, so that only what no grading does is left.

        `without`: px of the original's crop that a measure looks at, which may not explain themselves; None: all but
        skin. None where the two are not the same photo, or too little else of it is seen.
        """
        if not self.same:
            return None
        original, picture = self.toneless
        curve = self.grading(without)
        return None if curve is None else (HeadView(tone.toned(original.picture, curve), original.landmarks), picture)

    def readings(self, without: Mask | None) -> Iterator[tuple[HeadView, HeadView]]:
        """Give the other ways to read the same photo: its own mesh carried over, graded (see `alike`), and both."""
        if self.same:
            yield self.toneless[0], self.laid
            if (graded := self.alike(without)) is not None:
                yield from (graded, (graded[0], self.laid))

    def grading(self, without: Mask | None) -> U8 | None:
        """Fit what was done to the whole picture, see tone.curves and `alike`."""
        known = self.found.seen & (self.a.face | (self.found.correlation > FOLLOWED))
        return tone.curves(self._codes, known & ~(skin_of(self.heads[0]) if without is None else without))

    @cached_property
    def skin_grading(self) -> U8 | None:
        """Fit what was done to the skin, texture apart; None where too little skin is seen."""
        return tone.curves(tone.joint_codes(*self._laid, tone.COARSE), self.found.seen & self.a.skin)

    @cached_property
    def _codes(self) -> U8:
        return tone.joint_codes(*self._laid)

    @property
    def _laid(self) -> tuple[U8, U8]:
        pictures = (self.a.pixels, self.carried.pixels)
        return pictures if self.toneless is self.heads else (in_grey(pictures[0]), in_grey(pictures[1]))

    @property
    def a(self) -> Aligned:
        """The original in the canonical crop."""
        return self.heads[0].face

    @property
    def b(self) -> Aligned:
        """The picture in the canonical crop."""
        return self.heads[1].face

    @cached_property
    def found(self) -> Registration:
        return registration.register(self.a, self.b)

    @cached_property
    def carried(self) -> Aligned:
        """The picture's pixels carried onto the original."""
        return registration.carried(self.a, self.found)

    @cached_property
    def correlation(self) -> float:
        return sameness(self.a, self.found)

    @cached_property
    def same_photo(self) -> SamePhoto:
        """Which kind of pair it is: by the pixels, and where they say no, by the frame."""
        found = same_photo(self.correlation, rotation(*self.heads))
        return "same frame" if found != "same photo" and same_frame(*self.heads) else found

    @cached_property
    def expression(self) -> Change:
        """How the expression differs, in the same photo by the registration too."""
        return expression_change(self.a, self.b, self.found if self.same else None)

    @property
    def same(self) -> bool:
        return self.same_photo == "same photo"

    @property
    def eye_px(self) -> float:
        """The smallest eye distance that either picture had, px: how much detail there can be."""
        known = () if self.source_eye_px is None else (self.source_eye_px,)
        return min(self.a.source_eye_px, self.b.source_eye_px, *known)

    @property
    def other(self) -> Aligned:
        """The picture for measures of skin: carried onto the original where it is the same photo."""
        return self.carried if self.same else self.b

    @cached_property
    def ours(self) -> Aligned:
        """The original for measures of skin: where it is the same photo, only what the picture shows of it."""
        return self.a.within(self.found.seen) if self.same else self.a

    @cached_property
    def skin(self) -> tuple[Mask, Mask]:
        """Unclipped skin of the original and of `other`: the very same pixels where it is the same photo."""
        here, there = self.ours.skin & unclipped(self.a), self.other.skin & unclipped(self.other)
        return (here & there, here & there) if self.same else (here, there)

    def needs(self, pixels: float) -> None:
        """Raise Unmeasurable when a face has fewer than `pixels` px between the eyes."""
        if self.eye_px < pixels:
            raise too_small(self.eye_px, pixels)

    def needs_face(self) -> None:
        """Raise Unmeasurable when one of the pictures shows too little of the face to say whose it is."""
        for face in (self.a, self.b):
            needs_inside(face.whole.face, face.inside, "your face", LEAST_FACE)

    def needs_white_light(self) -> None:
        """Raise Unmeasurable where the skin turned as in coloured light, which no grading of the whole explains."""
        try:
            light.needs_white_light(*self.heads)
        except Unmeasurable:
            heads = self.alike(None)
            if heads is None or light.hue_turn(*heads) > light.EXPLAINED:
                raise

    def needs_colour(self) -> None:
        """Raise Unmeasurable when one of the pictures is black and white."""
        if self.colourless:
            raise Unmeasurable("one of the pictures is black and white.")

    def needs_same_photo(self) -> None:
        """Raise Unmeasurable unless both pictures are the same photo, large enough to be followed."""
        if not self.same:
            raise Unmeasurable({"unsure": UNSURE, "same frame": REPAINTED}.get(self.same_photo, OTHER_PHOTO))
        self.needs(MIN_SHAPE_PX)
