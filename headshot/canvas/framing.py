"""Frame a headshot: the crop, and what to do where the photo has no pixels.

Crown to chin 45–60% of the height, eye line 38–45% from the top, the whole head inside the inscribed circle
of a square (profile pictures are cut to circles). Nothing is painted outside the photo: where the person is
cut off, the frame is moved and drawn closer, and a note says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice

import cv2
import numpy as np

from headshot.canvas.photo_edge import PhotoEdge
from headshot.imaging.landmarks import MESH, eyes_middle
from headshot.imaging.warp import similarity, transform_points, warp
from headshot.language import tr
from headshot.photo.head import crown
from headshot.types import F64, Crop, Cutout, Framing, Photo, Subject

_Crop = tuple[float, float, float]  # the head's height, the eye line and the shift aside, in frame heights
FINAL_HEIGHT = 2048
_LEAST_HEIGHT = 1000  # px: small photos are enlarged to this, at most _ENLARGE times
_ENLARGE = 3.0
_MOST_TURN = 10.0  # °: a head is levelled by no more; beyond it the tilt is the pose
_NATURAL_TILT = 4.0  # °: nobody holds their head level to the degree; only what is beyond is taken out
_PROBE = 2000  # height of the trial frames, which are measured and never drawn
_LOW = 0.46  # eye line from which a head looks as if it sank; drawing closer is better
_EMPTY = 0.0005  # share of the frame that may lie beyond the photo unseen: a pixel's width along one side
_TOGETHER = 64  # crops that are measured at once
_CUT = 0.004  # of the frame's height: a strand that touches the photo's edge is no cut


def frame(
    photo: Photo, subject: Subject, cutout: Cutout, crop: Crop, *, own_backdrop: bool = False, height: int | None = None
) -> Framing:
    """Find the framing for a crop. `height`: of the picture in px; None for the final size (up to FINAL_HEIGHT).

    `own_backdrop`: the photo's own background stays, so the whole frame has to lie inside the photo.
    """
    wide, tall = (int(n) for n in crop.aspect.split(":"))
    ratio = wide / tall
    tilt = subject.pose.roll
    turn = float(np.sign(tilt) * np.clip(abs(tilt) - _NATURAL_TILT, 0, _MOST_TURN)) * crop.level
    head = _Head(photo, subject, cutout, turn)
    best = _search(head, crop, ratio, own_backdrop)
    head_height, eye_line, shift = best
    notes = _notes(crop, best, head, ratio, own_backdrop)

    span = head.tall / head_height  # the frame's height in photo px
    if height is None:
        height = int(min(FINAL_HEIGHT, max(span, min(_LEAST_HEIGHT, _ENLARGE * span))))
        if height > 1.3 * span:
            notes.append(
                tr(
                    "Your photo is small, so it was enlarged {height:.1f} times: it cannot be sharper.",
                    height=height / span,
                )
            )
    size = (2 * round(height * ratio / 2), height)
    return Framing(head.matrix(size, span, eye_line, shift), size, tuple(notes), (photo.width, photo.height))


class _Head:
    """The head in the levelled frame, and how much of the person a trial frame would lack."""

    def __init__(self, photo: Photo, subject: Subject, cutout: Cutout, turn: float) -> None:
        self.turn = turn
        marks = subject.landmarks
        self.eyes = tuple(eyes_middle(marks).tolist())
        level = similarity(1.0, turn, self.eyes, (0.0, 0.0))
        turned = transform_points(marks, level)
        # The matte in the turned frame gives the crown as it will be seen.
        span = 4 * subject.eye_distance
        window = similarity(60 / span, turn, self.eyes, (120.0, 120.0))
        seen = warp(cutout.matte, window, (240, 240), origin=cutout.origin, border=cv2.BORDER_CONSTANT)
        self.top = (crown(transform_points(marks, window), seen.astype(np.float32)) - 120) * span / 60
        self.chin = float(turned[:MESH, 1].max())
        self.tall = self.chin - self.top
        self.left, self.right = float(turned[:MESH, 0].min()), float(turned[:MESH, 0].max())
        self.middle = 0.5 * (self.left + self.right)
        self._edge = PhotoEdge(photo, cutout)

    def matrix(self, size: tuple[int, int], span: float, eye_line: float, shift: float) -> F64:
        scale = size[1] / span
        target = (size[0] / 2 - (self.middle + shift * span) * scale, eye_line * size[1])
        return similarity(scale, self.turn, self.eyes, target)

    def missing(self, ratio: float, crops: Sequence[_Crop], everything: bool) -> list[float]:
        """Measure what is wrong at the photo's edge in each crop, 0 where nothing shows: the share of the frame that is
        empty (`everything`), or the length in frame heights along which the person is cut off in full view.
        """
        size = (round(_PROBE * ratio), _PROBE)
        matrices = [self.matrix(size, self.tall / height, eye_line, shift) for height, eye_line, shift in crops]
        if everything:
            return [max(0.0, self._edge.empty(matrix, size) - _EMPTY) for matrix in matrices]
        return [max(0.0, cut - _CUT) for cut in self._edge.cuts(np.stack(matrices), size).tolist()]

    def in_circle(self, head_height: float, eye_line: float) -> bool:
        """Tell whether the head's ellipse lies inside the circle of a square frame of height 1."""
        unit = head_height / self.tall
        cy = eye_line + (self.top + self.chin) / 2 * unit - 0.5
        a, b = 0.56 * (self.right - self.left) * unit, head_height / 2
        t = np.linspace(0, 2 * np.pi, 48)
        return bool((np.hypot(a * np.cos(t), cy + b * np.sin(t)) <= 0.5).all())


def _search(head: _Head, crop: Crop, ratio: float, everything: bool) -> _Crop:
    """Search head height, eye line and shift nearest to the crop asked for that lack nothing: first by the headshot's
    rules, then beyond them.
    """

    def cost(h: float, e: float, s: float) -> float:
        low = 0.5 * max(0.0, e - _LOW)
        return abs(np.log(h / crop.head_height)) + 1.5 * abs(e - crop.eye_line) + low + 0.7 * abs(s)

    rules = [
        (h, e, s)
        for h in (crop.head_height, *np.arange(0.45, 0.601, 0.025))
        for e in (crop.eye_line, 0.38, 0.395, 0.41, 0.43, 0.45)
        for s in (0.0, -0.03, 0.03, -0.06, 0.06)
    ]
    beyond = [
        (h, e, s)
        for h in np.arange(0.45, 1.101, 0.05)
        for e in (0.25, 0.3, 0.34, 0.38, 0.42, 0.46, 0.5, 0.55)
        for s in (0.0, -0.06, 0.06, -0.12, 0.12)
    ]
    in_circle = cache(head.in_circle)
    least: tuple[float, _Crop] = (1.0, (crop.head_height, crop.eye_line, 0.0))
    for stage in (rules, beyond):
        ordered: Iterator[_Crop] = iter(sorted(stage, key=lambda c: cost(*c)))
        if ratio == 1.0 and stage is rules:
            ordered = (c for c in ordered if in_circle(*c[:2]))
        together = 1  # mostly the first one will do
        while some := [(float(h), float(e), float(s)) for h, e, s in islice(ordered, together)]:
            for found in zip(head.missing(ratio, some, everything), some, strict=True):
                if found[0] == 0:
                    return found[1]
                least = min(least, found)
            together = _TOGETHER
    return least[1]


def _notes(crop: Crop, best: _Crop, head: _Head, ratio: float, everything: bool) -> list[str]:
    head_height, eye_line, shift = best
    notes = []
    if abs(head_height - crop.head_height) > 0.026 or abs(eye_line - crop.eye_line) > 0.02 or abs(shift) > 0.02:
        closer = head_height > crop.head_height + 0.026
        notes.append(
            tr("Framed closer than asked: your photo ends there, and nothing is painted in.")
            if closer
            else tr("Framed differently than asked: your photo ends there, and nothing is painted in.")
        )
    if head.missing(ratio, (best,), everything)[0] > 0:
        notes.append(tr("Your photo is cut so close that a strip at the edge stays without you."))
    return notes
