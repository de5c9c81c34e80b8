"""Step 7 of `session`: the measured report on a result, against the photo that it was made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from headshot.authenticity.measures.head_view import HeadView
from headshot.authenticity.recognition.judges import STEERING
from headshot.authenticity.report import judge as judge_pair
from headshot.direction.engine_table import engine_info, is_own
from headshot.direction.labels import value_of
from headshot.files.provenance import photo_findings
from headshot.photo.faces import find_faces
from headshot.studio.bounded_work import bounded
from headshot.studio.kept import checked
from headshot.studio.moved_findings import moved_findings
from headshot.studio.session import Sitting
from headshot.types import F32, U8, AuthenticityReport, Headshot


def judge(
    result: Headshot, further: Sequence[tuple[U8, F32]] = (), known: HeadView | None = None
) -> AuthenticityReport:
    """Step 7: the report on a result against the photo that it was made of, framed alike.

    `further`: the person in other photos, as `Sitting.own_faces` has them. `known`: the head in that photo, as
    `Sitting.head_of` has it.
    """
    info, landmarks = engine_info(result.engine), landmarks_of(result)
    report = judge_pair(
        result.canvas.original,
        result.canvas.original_landmarks,
        result.picture,
        landmarks,
        own_pixels=info.own,
        kept=result.kept * result.canvas.unmoved_share,
        source_eye_px=result.canvas.eye_distance / result.canvas.framing.scale,
        further=further,
        painted=info.steered_by == STEERING,
        doubts=result.canvas.doubts if info.own else None,
        cut_by=value_of("cutout.matting", result.direction.cutout.matting),
        known=known,
    )
    of_photo = photo_findings(result.claimed, result.signed)
    moved = moved_findings(result, report.kind, landmarks)
    return checked(result, replace(report, findings=(*report.findings, *moved, *of_photo)))


@bounded
def report_on(sitting: Sitting, result: Headshot) -> AuthenticityReport:
    """Step 7 with the person's further photos: the report that every door gives."""
    canvas = result.canvas
    return judge(result, sitting.own_faces, sitting.head_of(canvas.original, canvas.original_landmarks))


def landmarks_of(result: Headshot) -> F32 | None:
    """Of the face in the result, (478, 3) px: the canvas's for own pixels; a generated picture is searched anew."""
    if is_own(result.engine):
        return result.canvas.landmarks
    faces = [f for f in find_faces(result.picture) if f.landmarks is not None]
    return faces[0].landmarks if faces else None
