"""Check a photo: name each problem in plain words, with its remedy. It warns; it never blocks.

Formulas: BSI OFIQ (see `headshot.photo.quality`), except blur, which OFIQ gives to a trained model: here it is
the fine detail of the eyes' region against its coarser detail, on a crop of fixed size.
"""

from __future__ import annotations

import cv2
import numpy as np

from headshot.imaging.landmarks import eyes_middle
from headshot.language import tr
from headshot.photo import quality
from headshot.photo.covered import Region, covered
from headshot.types import F32, U8, Check, Face, Photo, Pose, State

_LEAST, _GOOD = 70.0, 90.0  # eye distance, px
_BLUR_RED, _BLUR_AMBER = 0.21, 0.26  # see docs/log.md, "Blur"


def check_photo(
    photo: Photo, faces: tuple[Face, ...], chosen: int, pose: Pose, eye_distance: float
) -> tuple[Check, ...]:
    """Run all checks on the face `chosen` of `faces`, the gravest first. `eye_distance` in px."""
    face = faces[chosen]
    assert face.landmarks is not None
    marks = face.landmarks
    hidden = covered(photo.pixels, marks)
    checks = [
        _people(faces, chosen),
        _size(eye_distance),
        _pose(pose),
        _whole(photo, marks),
        _sharp(photo.pixels, marks, eye_distance),
        _hidden("eyes") if "eyes" in hidden else _eyes(marks),
        *([_hidden("mouth")] if "mouth" in hidden else []),
        _exposure(quality.face_luminance(photo.pixels, marks)),
        _even(photo.pixels, marks, pose),
    ]
    return tuple(sorted(checks, key=lambda c: c.state, reverse=True))


def _people(faces: tuple[Face, ...], chosen: int) -> Check:
    area = faces[chosen].size ** 2
    rivals = sum(f.size**2 >= area / 4 for i, f in enumerate(faces) if i != chosen)
    n = len(faces)
    if rivals:
        return Check(
            "people",
            State.AMBER,
            tr("{n} people are in the photo. The framed face is used.", n=n),
            tr("Click another face to use that one, or crop the photo to yourself."),
            float(n),
            "faces",
        )
    sentence = tr("One face.") if n == 1 else tr("One main face ({more} more in the background).", more=n - 1)
    return Check("people", State.GREEN, sentence, value=float(n), unit="faces")


def _size(eye_distance: float) -> Check:
    value = round(eye_distance)
    if eye_distance < _LEAST:
        state: State = State.RED
        sentence = tr("Your face is small: {value} pixels between the eyes. The headshot will look soft.", value=value)
    elif eye_distance < _GOOD:
        state, sentence = State.AMBER, tr("Your face is rather small: {value} pixels between the eyes.", value=value)
    else:
        return Check("size", State.GREEN, tr("The face is large enough."), value=value, unit="px")
    remedy = tr(
        "Use the original file, or stand closer: {good:.0f} pixels or more between the eyes is good.", good=_GOOD
    )
    return Check("size", state, sentence, remedy, value, "px")


def _pose(pose: Pose) -> Check:
    yaw, pitch, roll = abs(pose.yaw), abs(pose.pitch), abs(pose.roll)
    worst = max(
        (yaw / 20, yaw, tr("Your head is turned to the side by {angle:.0f}°.")),
        (pitch / 15, pitch, tr("Your head is tipped up or down by {angle:.0f}°.")),
        (roll / 25, roll, tr("Your head is tilted by {angle:.0f}°.")),
    )
    share, angle, word = worst
    if share <= 1:
        return Check("pose", State.GREEN, tr("You look towards the camera."), value=round(angle, 1), unit="°")
    state: State = State.RED if share > 2 else State.AMBER
    return Check(
        "pose",
        state,
        tr(word, angle=angle),
        tr("Look straight into the camera, at eye level."),
        round(angle, 1),
        "°",
    )


def _whole(photo: Photo, marks: F32) -> Check:
    """Check that the face, and the hair above it (a quarter of the face's height), lie inside the picture."""
    low, high = marks[:, :2].min(0), marks[:, :2].max(0)
    tall = float(high[1] - low[1])
    if low[0] < 0 or low[1] < 0 or high[0] > photo.width or high[1] > photo.height:
        return Check(
            "whole",
            State.RED,
            tr("Your face is cut off by the edge of the photo."),
            tr("Use a photo that shows the whole head and the shoulders."),
        )
    sides = min(low[0], photo.width - high[0])
    if low[1] < 0.2 * tall or high[1] > photo.height - 0.15 * tall or sides < 0.05 * tall:
        return Check(
            "whole",
            State.AMBER,
            tr("There is little room round your head."),
            tr("A photo with some space above the hair and with the shoulders gives more choice."),
        )
    return Check("whole", State.GREEN, tr("The whole head is in the photo."))


def sharpness(pixels: U8, marks: F32, eye_distance: float) -> float:
    """Measure fine over coarse detail of the eyes' region: mean |DoG(1, 2)| / mean |DoG(2, 6)| of luminance, no unit.

    On a crop with 80 px between the eyes, so that a large soft photo and a small sharp one read alike when their
    faces hold the same detail; smaller faces are not scaled up.
    """
    scale = min(1.0, 80.0 / eye_distance)
    middle = eyes_middle(marks)
    half = 0.95 * eye_distance
    x0, y0 = np.maximum(np.floor(middle - (half, half * 0.55)), 0).astype(int)
    x1, y1 = np.ceil(middle + np.array([half, half * 0.55])).astype(int)
    crop = pixels[y0:y1, x0:x1]
    if min(crop.shape[:2]) < 8:
        return 0.0
    grey = cv2.cvtColor(np.ascontiguousarray(crop), cv2.COLOR_RGB2GRAY)
    size = (max(8, round(grey.shape[1] * scale)), max(8, round(grey.shape[0] * scale)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    g1, g2, g6 = (cv2.GaussianBlur(small, (0, 0), s) for s in (1.0, 2.0, 6.0))
    return float(np.abs(g1 - g2).mean() / max(float(np.abs(g2 - g6).mean()), 1e-3))


def _sharp(pixels: U8, marks: F32, eye_distance: float) -> Check:
    value = round(sharpness(pixels, marks, eye_distance), 3)
    if value >= _BLUR_AMBER:
        return Check("sharp", State.GREEN, tr("The photo is sharp."), value=value, unit="")
    state: State = State.RED if value < _BLUR_RED else State.AMBER
    sentence = tr("The face is blurred.") if state == State.RED else tr("The face is a little soft.")
    return Check("sharp", state, sentence, tr("Hold still, clean the lens, and use more light."), value, "")


def _hidden(region: Region) -> Check:
    if region == "eyes":
        sentence, remedy = (
            tr("Your eyes are hidden."),
            tr("Use a photo without dark glasses, and with no hair over the eyes."),
        )
    else:
        sentence, remedy = (
            tr("Your mouth is hidden."),
            tr("Use a photo without a mask, a scarf or a hand before the face."),
        )
    return Check(region, State.AMBER, sentence, f"{remedy} {tr('What is hidden cannot be compared.')}")


def _eyes(marks: F32) -> Check:
    score = quality.eyes_open(quality.lid_gap(marks))
    if score >= 70:
        return Check("eyes", State.GREEN, tr("The eyes are open."), value=round(score), unit="of 100")
    state: State = State.RED if score < 40 else State.AMBER
    sentence = tr("The eyes look closed.") if state == State.RED else tr("The eyes look half closed.")
    return Check("eyes", state, tr(sentence), tr("Use a photo with open eyes."), round(score), "of 100")


def _exposure(face: F32) -> Check:
    over, under = quality.over_exposed_share(face), quality.under_exposed_share(face)
    if over >= 0.05:
        state: State = State.RED if over >= 0.2 else State.AMBER
        return Check(
            "exposure",
            state,
            tr("{over:.0f}% of the face is burnt out to white.", over=100 * over),
            tr("Use softer light, or lower the exposure: white spots cannot be brought back."),
            round(100 * over, 1),
            "%",
        )
    if under > 0.9:
        return Check(
            "exposure",
            State.AMBER,
            tr("The face is very dark."),
            tr("Use more light on the face."),
            round(100 * under, 1),
            "%",
        )
    return Check("exposure", State.GREEN, tr("Well exposed."), value=round(100 * over, 1), unit="%")


def _even(pixels: U8, marks: F32, pose: Pose) -> Check:
    if abs(pose.yaw) > 30:
        return Check("light", State.GREY, tr("Whether the light is even cannot be seen on a head turned so far."))
    score = quality.even_light(quality.cheek_overlap(pixels, marks))
    if score >= 70:
        return Check("light", State.GREEN, tr("The light is even."), value=round(score), unit="of 100")
    state: State = State.AMBER
    sentence = tr("The light comes strongly from one side.") if score < 40 else tr("The light comes from one side.")
    return Check(
        "light",
        state,
        tr(sentence),
        tr("Face a window, or turn towards the light, for an even look."),
        round(score),
        "of 100",
    )
