"""Dark glasses, masks and faces cut by the photo's edge: named, refused or grey; and no false word about anybody."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from headshot.authenticity.report import judge
from headshot.errors import NoFace
from headshot.imaging.landmarks import IRISES, NOSE_BRIDGE, eye_distance
from headshot.imaging.resize import scaled
from headshot.photo.covered import covered
from headshot.photo.decode import read_photo
from headshot.photo.subject import find_subject
from headshot.photo.upright import find_upright
from headshot.studio.match import match_pair
from headshot.types import Photo, Subject
from tests import SHARED
from tests.fixtures.shared_photos import DARK_SKIN, FEW, PHOTOS, photo_path, sitting

pytestmark = pytest.mark.data

# The edge of a mask: from the temples along the jaw, and the nose.
_MASK = [234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454, 5]


def with_glasses(pixels: np.ndarray, marks: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    """Lenses of one colour over both eyes, and the bridge."""
    drawn, eye = Image.fromarray(pixels.copy()), eye_distance(marks)
    pen = ImageDraw.Draw(drawn)
    for iris in IRISES:
        x, y = marks[iris, :2]
        box = (x - 0.45 * eye, y - 0.3 * eye, x + 0.45 * eye, y + 0.36 * eye)
        pen.rounded_rectangle(box, 0.18 * eye, fill=colour)
    x, y = marks[NOSE_BRIDGE, :2]
    pen.line([(x - 0.2 * eye, y), (x + 0.2 * eye, y)], fill=colour, width=max(1, int(0.07 * eye)))
    return np.asarray(drawn)


def with_mask(pixels: np.ndarray, marks: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    """A cloth with folds, in the light of the face beneath."""
    eye, points = eye_distance(marks), marks[:, :2]
    cloth, shape = Image.new("RGB", pixels.shape[1::-1], colour), Image.new("L", pixels.shape[1::-1])
    ImageDraw.Draw(shape).polygon([tuple(points[i]) for i in _MASK], fill=255)
    for k in (0.3, 0.5, 0.7):
        fold = [tuple(points[a] * (1 - k) + points[b] * k) for a, b in ((234, 172), (454, 397))]
        dark = tuple(int(0.85 * c) for c in colour)
        ImageDraw.Draw(cloth).line(fold, fill=dark, width=max(1, int(0.025 * eye)))
    soft = Image.fromarray(pixels).convert("L").filter(ImageFilter.GaussianBlur(0.2 * eye))
    light = np.asarray(soft, np.float32)[..., None]
    share = np.asarray(shape.filter(ImageFilter.GaussianBlur(0.01 * eye)), np.float32)[..., None] / 255
    lit = np.asarray(cloth, np.float32) * np.clip(light / np.median(light[share > 0.5]), 0.6, 1.4)
    return np.clip(pixels * (1 - share) + lit * share, 0, 255).astype(np.uint8)


def look(pixels: np.ndarray) -> Subject:
    return find_subject(Photo(np.ascontiguousarray(pixels), "test"))


def sentences(subject: Subject) -> str:
    return " ".join(check.sentence for check in subject.checks if check.state == "amber")


def test_dark_glasses_are_named() -> None:
    for name in (FEW[0], *DARK_SKIN[:2]):
        photo, marks = sitting(name).photo, sitting(name).subject.landmarks
        for colour in ((8, 8, 10), (45, 30, 20)):
            found = look(with_glasses(photo.pixels, marks, colour))
            assert "Your eyes are hidden." in sentences(found) and "mouth" not in sentences(found), (name, colour)
            assert "The eyes are open." not in [c.sentence for c in found.checks]


def test_a_mask_is_named() -> None:
    for name in ("coleman_1.jpg", "curbeam_1.jpg"):
        photo, marks = sitting(name).photo, sitting(name).subject.landmarks
        for colour in ((150, 190, 215), (232, 232, 235), (35, 35, 38)):
            found = look(with_mask(photo.pixels, marks, colour))
            assert "Your mouth is hidden." in sentences(found) and "eyes" not in sentences(found), (name, colour)


def all_faces() -> list[tuple[str, np.ndarray, np.ndarray]]:
    people = sorted((SHARED / "data" / "people").glob("*.[jp]*g"))
    found = []
    for path in [*sorted(PHOTOS.glob("*.[jp]*g")), *people]:
        if path.name == "broken_truncated.jpg":
            continue
        photo = read_photo(path)
        pixels = scaled(photo.pixels, min(1.0, 1200 / max(photo.width, photo.height)))
        photo, faces = find_upright(Photo(pixels, "test"))
        found += [(path.name, photo.pixels, f.landmarks) for f in faces if f.landmarks is not None]
    return found


@pytest.mark.sweep
def test_nobody_is_called_covered_who_is_not() -> None:
    """Glasses, beards, dark skin, group photos; as they are, without colour, dark, and blurred."""
    for name, pixels, marks in all_faces():
        grey = np.repeat(pixels.mean(axis=2, keepdims=True).astype(np.uint8), 3, axis=2)
        for picture in (pixels, grey, (pixels * 0.5).astype(np.uint8)):
            assert covered(picture, marks) == frozenset(), (name, covered(picture, marks))


@pytest.mark.sweep
def test_what_is_covered_is_grey_in_the_report() -> None:
    name = "garan_1.jpg"
    photo, marks = sitting(name).photo.pixels, sitting(name).subject.landmarks
    masked, dark = with_mask(photo, marks, (150, 190, 215)), with_glasses(photo, marks, (8, 8, 10))
    for picture, region, grey, measured in (
        (masked, "mouth", ("texture", "mouth_width", "jaw_width"), ("eye_size",)),
        (dark, "eyes", ("iris", "eye_size"), ("mouth_width",)),
    ):
        report = judge(picture, marks, picture, marks, own_pixels=True)
        for finding in grey:
            found = report.get(finding)
            assert found is not None and found.state == "grey" and f"the {region}" in found.reason, finding
        assert all((found := report.get(f)) is not None and found.value is not None for f in measured)
    # A picture that puts glasses on a bare face is no reason to look away.
    edited = judge(photo, marks, dark, marks, own_pixels=False)
    assert "covered" not in " ".join(f.reason for f in edited.findings)


@pytest.mark.sweep
def test_half_a_face_at_the_edge_is_refused() -> None:
    for name in ("ferguson_1.jpg", "curbeam_1.jpg"):
        photo, marks = read_photo(photo_path(name)), sitting(name).subject.landmarks
        scale = photo.width / sitting(name).photo.width
        cut = Photo(np.ascontiguousarray(photo.pixels[:, : int(marks[1, 0] * scale)]), "test")
        with pytest.raises(NoFace, match=r"part of your face|turned too far|No face") as refused:
            find_subject(cut)
        assert refused.value.hint
        with pytest.raises(NoFace, match=r"cut off|No face"):
            match_pair(cut, photo)
