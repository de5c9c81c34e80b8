"""The networks against the original mediapipe package on the shared photos: the same faces, points and masks."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from headshot.photo.decode import read_photo
from headshot.photo.networks.boxes import Detector, Find
from headshot.photo.networks.face_detector import FULL_RANGE, SHORT_RANGE, mesh_region
from headshot.photo.networks.face_mesh import find_mesh
from headshot.photo.networks.pose import DETECTOR, find_pose, pose_in, pose_region
from headshot.photo.networks.region import Region
from headshot.photo.networks.selfie import person_probability
from headshot.weights.store import locate
from tests.fixtures.mediapipe_oracle import ask, installed
from tests.fixtures.shared_photos import PHOTOS, rows

pytestmark = [pytest.mark.data, pytest.mark.sweep]  # asks the original package on every shared photo

CROP = 384  # px


@pytest.fixture(scope="module")
def pictures() -> dict[str, np.ndarray]:
    """All shared photos that can be read, at most 1280 px; the networks are taken out of the installed package."""
    installed("mediapipe/__init__.py")
    locate("mediapipe", download=True)
    made = {}
    for name in rows():
        if (PHOTOS / name).is_file() and "broken" not in name:
            pixels = read_photo(PHOTOS / name).pixels
            scale = min(1.0, 1280 / max(pixels.shape[:2]))
            made[name] = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    assert len(made) >= 25
    return made


def crop(pixels: np.ndarray, face: Find) -> np.ndarray:
    """Twice the face's box, 384 px."""
    x0, y0, x1, y1 = face.box
    scale = CROP / (2 * (x1 - x0))
    shift = CROP / 2 - scale * np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    return cv2.warpAffine(pixels, matrix, (CROP, CROP), borderMode=cv2.BORDER_REPLICATE)


def test_the_detectors_find_the_same_faces(pictures: dict[str, np.ndarray]) -> None:
    kinds: dict[str, Detector] = {"full": FULL_RANGE, "short": SHORT_RANGE}
    theirs = ask({f"{kind}/{name}": p for kind in kinds for name, p in pictures.items()})
    count = 0
    for kind, detector in kinds.items():
        for name, picture in pictures.items():
            found = detector.find(picture)
            ours = np.array([[*f.box, *f.points.ravel(), f.score] for f in found]).reshape(-1, 17)
            expected = theirs[f"{kind}/{name}"]
            assert len(ours) == len(expected), (kind, name)
            assert np.abs(ours - expected)[:, :16].max(initial=0) < 0.001, (kind, name)  # px
            assert np.abs(ours - expected)[:, 16].max(initial=0) < 1e-5, (kind, name)
            count += len(ours)
    assert count >= 50


def test_the_mesh_has_the_same_points(pictures: dict[str, np.ndarray]) -> None:
    crops = {f"mesh/{n}/{i}": crop(p, f) for n, p in pictures.items() for i, f in enumerate(FULL_RANGE.find(p)[:3])}
    compared = 0
    for name, expected in ask(crops).items():
        found = SHORT_RANGE.find(crops[name])
        ours = find_mesh(crops[name], mesh_region(found[0]), averaged=False) if found else None
        assert (ours is None) == (len(expected) == 0), name
        if ours is not None:
            eyes = np.hypot(*(expected[468] - expected[473])[:2])
            assert np.abs(ours - expected)[:, :2].max() < 0.0002 * eyes, name
            assert np.abs(ours - expected)[:, 2].max() < 0.0005 * eyes, name
            compared += 1
    assert compared >= 20


def test_selfie_segmentation_gives_the_same_person(pictures: dict[str, np.ndarray]) -> None:
    small = {f"selfie/{n}": cv2.resize(p, (256, 256), interpolation=cv2.INTER_AREA) for n, p in pictures.items()}
    theirs = ask(small)
    apart = {name: float(np.abs(person_probability(p) - theirs[name]).max()) for name, p in small.items()}
    assert max(apart.values()) < 3e-4, apart
    changed = sum(int(((person_probability(p) > 0.5) != (theirs[n] > 0.5)).sum()) for n, p in small.items())
    assert changed / (65536 * len(small)) < 1e-5


def test_pose_gives_the_same_mask_and_points_on_the_same_crop(pictures: dict[str, np.ndarray]) -> None:
    crops = {}
    for name, picture in pictures.items():
        for found in DETECTOR.find(picture)[:1]:
            seen = pose_region(found).sample(picture, 256)[0]
            crops[f"pose_crop/{name}"] = np.ascontiguousarray(np.round(seen * 255).astype(np.uint8))
    theirs = ask(crops)
    compared, apart = 0, []
    for name, picture in crops.items():
        ours, points, mask = pose_in(picture, Region.around(picture)), theirs[name], theirs[f"{name}/mask"]
        assert (ours is None) == (len(points) == 0), name
        if ours is not None:
            assert np.abs(ours.points - points)[:, :2].max() < 0.01, name  # px of 256
            apart.append(np.abs(ours.person - mask))
            assert apart[-1].max() < 0.05, name
            compared += 1
    assert compared >= 15
    # Logits go to ±1,700: at an edge rounding alone can move a pixel. Measured: 1 of 1.5 million, by .018.
    assert (np.stack(apart) > 0.01).sum() <= 3


def test_pose_finds_the_same_people(pictures: dict[str, np.ndarray]) -> None:
    """From the picture itself. One grey level in the crop moves a mask's edge, so it is compared as a whole."""
    theirs = ask({f"pose/{n}": p for n, p in pictures.items()})
    compared = 0
    for name, picture in pictures.items():
        ours, points, mask = find_pose(picture), theirs[f"pose/{name}"], theirs[f"pose/{name}/mask"]
        assert (ours is None) == (len(points) == 0), name
        if ours is not None:
            assert np.abs(ours.person - mask).mean() < 0.001, name
            assert ((ours.person > 0.5) != (mask > 0.5)).mean() < 0.001, name
            compared += 1
    assert compared >= 15
