"""The quick look at a cell of a contact sheet: the report's cheap measures, with the report's own figures.

A picture of own pixels has the face where the photo has it, so the likeness, the skin and its texture need no
registration, which is most of the report's time. For a painted picture nothing of the kind is known, and making
it costs far more than judging it: it gets the full report.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, cached_property

from headshot.authenticity import likeness_sentences, sentences
from headshot.authenticity.findings import Findings
from headshot.authenticity.likeness_findings import MIN_LIKENESS_PX, likeness_limit
from headshot.authenticity.measures import light, registration, skin, tone
from headshot.authenticity.measures.aligned_face import Aligned, Mask, canonical
from headshot.authenticity.measures.head_view import HeadView
from headshot.authenticity.measures.texture import MIN_EYE_PX, texture
from headshot.authenticity.measures.unmeasurable import Unmeasurable, too_small
from headshot.authenticity.pair import FOLLOWED, Pair, skin_of
from headshot.authenticity.recognition import dlib_judge
from headshot.authenticity.recognition.judges import on_this_machine
from headshot.authenticity.thresholds import Threshold
from headshot.direction.engine_table import is_own
from headshot.imaging.colour import in_grey, is_grey
from headshot.studio.result_report import report_on
from headshot.studio.session import Sitting
from headshot.types import F32, F64, U8, AuthenticityReport, Finding, Headshot, State

_METHOD = "Quick look at a cell, without registration: the picture is made of the photo's own pixels, in place."
_KEPT = 8  # frames whose original is remembered


@dataclass(frozen=True, eq=False)
class _Known:
    """What is worked out of the original once for each frame. `source` is held so that its id stays its own."""

    source: U8
    face: Aligned
    marks: F32
    descriptor: F64
    texture: float | None

    @cached_property
    def grey(self) -> F64:
        """The descriptor of the original in black and white."""
        return dlib_judge.embed(in_grey(self.source), self.marks)

    @cached_property
    def contrasts(self) -> tuple[float, float]:
        """See skin.contrasts. Raises Unmeasurable."""
        return skin.contrasts(self.face)

    @cached_property
    def head(self) -> HeadView:
        return _head_of(self.source, self.marks, self.face)

    @cached_property
    def skin_like(self) -> Mask:
        return skin_of(self.head)

    def needs_white_light(self, picture: Aligned) -> None:
        """As Pair.needs_white_light. Raises Unmeasurable."""
        after = _head_of(picture.pixels, picture.landmarks, picture)
        try:
            light.needs_white_light(self.head, after)
        except Unmeasurable:
            face = self.graded(picture)
            if face is None or light.hue_turn(_head_of(self.source, self.marks, face), after) > light.EXPLAINED:
                raise

    def graded(self, picture: Aligned) -> Aligned | None:
        """The original's crop graded as the picture is, see Pair.alike; None where too little tells how."""
        followed = registration.followed(self.face, picture)
        codes = tone.joint_codes(self.face.pixels, picture.pixels)
        curve = tone.curves(codes, (self.face.face | (followed > FOLLOWED)) & ~self.skin_like)
        return None if curve is None else replace(self.face, pixels=tone.toned(self.face.pixels, curve))

    def graded_skin(self, picture: Aligned) -> Aligned | None:
        """The original's crop graded as the picture's skin is, see Pair.skin_grading."""
        curve = tone.curves(tone.joint_codes(self.face.pixels, picture.pixels, tone.COARSE), self.face.skin)
        return None if curve is None else replace(self.face, pixels=tone.toned(self.face.pixels, curve))


class QuickReport:
    """Judges results of one sitting, from several threads too; what they share is worked out once. Keep it for one
    sheet.
    """

    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting
        self._known: OrderedDict[int, _Known] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, result: Headshot) -> AuthenticityReport:
        """The light report of a result: likeness, skin, texture; or the full one of a painted or moved face."""
        if not is_own(result.engine) or result.canvas.unmoved_landmarks is not None:
            return report_on(self._sitting, result)
        with self._lock:
            known = self._original(result)
        marks = result.canvas.landmarks
        a = known.face
        b = _shares_masks(a, canonical(result.picture, marks))
        report = Findings("own pixels", a.source_eye_px)

        def needs(pixels: float) -> None:
            if a.source_eye_px < pixels:
                raise too_small(a.source_eye_px, pixels)

        @cache
        def distance() -> float:
            needs(MIN_LIKENESS_PX["own pixels"])
            # A grey picture is held against the original in grey, as the full report does.
            before = known.grey if is_grey(result.picture) else known.descriptor
            return dlib_judge.distance(dlib_judge.embed(result.picture, marks), before)

        def graded() -> Aligned:
            """The original graded as the picture is, as the full report does it."""
            return _known_to_be(known.graded(b))

        def beyond() -> float:
            known.needs_white_light(b)
            after = _head_of(b.pixels, b.landmarks, b)
            plain = skin.beyond(known.contrasts, skin.contrasts(b), light.skin_lit(known.head, after, a))

            def alike() -> float:
                face = graded()
                head = _head_of(face.pixels, face.landmarks, face)
                return skin.beyond_light(face, b, light.skin_lit(head, after, face))

            return report.unexplained("beyond_light", plain, [alike])

        def lighter() -> float:
            both = a.skin & skin.unclipped(a) & skin.unclipped(b)
            return skin.lightness(b, both) - skin.lightness(a, both)

        def hue() -> float:
            known.needs_white_light(b)
            both = a.skin & skin.unclipped(a) & skin.unclipped(b)
            after = skin.hue(b, both)
            return report.unexplained(
                "skin_hue",
                skin.turn(skin.hue(a, both), after),
                [lambda: skin.turn(skin.hue(graded(), both), after)],
            )

        def fine() -> float:
            needs(MIN_EYE_PX)
            if known.texture is None or known.texture <= 1e-6:
                raise Unmeasurable("the photo shows no skin texture.")
            after = texture(b)
            return report.unexplained(
                "texture",
                after / known.texture,
                [lambda: after / max(texture(_known_to_be(known.graded_skin(b))), 1e-6)],
            )

        def limit() -> Threshold | None:
            with suppress(Unmeasurable):
                head = self._sitting.head_of(known.source, known.marks)
                pair = Pair(known.source, known.marks, result.picture, marks, known=head)
                return likeness_limit(report, distance(), pair, on_this_machine())
            return None

        report.add("likeness", distance, lambda v, s: likeness_sentences.likeness(s, False), _METHOD, limit())
        report.add("beyond_light", beyond, lambda v, s: sentences.beyond_light(v, s, lighter()), _METHOD)
        report.add("skin_hue", hue, sentences.hue, _METHOD)
        report.add("texture", fine, sentences.texture, _METHOD)
        return AuthenticityReport(tuple(report.found), "own pixels", frozenset(f.id for f in report.found))

    def _original(self, result: Headshot) -> _Known:
        source = result.canvas.original
        key = id(source)
        if key not in self._known:
            marks = result.canvas.landmarks
            face = canonical(source, marks)
            try:
                fine: float | None = texture(face)
            except Unmeasurable:
                fine = None
            self._known[key] = _Known(source, face, marks, dlib_judge.embed(source, marks), fine)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return self._known[key]


def worst(report: AuthenticityReport) -> Finding | None:
    """The finding that decides the verdict; None where all that could be measured is green."""
    found = [f for f in report.deciding_findings if f.state >= State.AMBER]
    return max(found, key=lambda f: f.state, default=None)


def _known_to_be(face: Aligned | None) -> Aligned:
    """Raise Unmeasurable where too little told how the picture was graded."""
    if face is None:
        raise Unmeasurable("too little of the face's skin can be seen.")
    return face


def _head_of(picture: U8, landmarks: F32, face: Aligned) -> HeadView:
    """A head whose crop is known already."""
    head = HeadView(picture, landmarks)
    vars(head)["face"] = face
    return head


def _shares_masks(original: Aligned, picture: Aligned) -> Aligned:
    """`picture` with the masks that were worked out for `original`: same landmarks, same frame."""
    shared = replace(original, pixels=picture.pixels)
    for name in ("face", "eyes", "brows", "lips", "skin"):
        vars(shared)[name] = getattr(original, name)
    return shared
