"""The judge's network: dlib's own numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from headshot.authenticity.recognition import dlib_judge
from headshot.authenticity.recognition.dlib_network import Resnet
from tests.fixtures import faces
from tests.fixtures.dlibs_file import dlibs_file

PEOPLE = (
    "coleman_1.jpg",
    "curbeam_1.jpg",
    "ferguson_1.jpg",
    "garan_1.jpg",
    "ham_1.jpg",
    "herrington_1.jpg",
    "higginbotham_1.jpg",
    "walz_1.jpg",
    "wilson_1.jpg",
    "yamazaki_1.jpg",
)


@pytest.fixture(scope="module")
def resnet() -> Resnet:
    return Resnet(dlib_judge.model_path())


@pytest.fixture(scope="module")
def oracle() -> Callable[[np.ndarray], np.ndarray]:
    """dlib itself: (n, 128) for (n, 150, 150, 3)."""
    network = pytest.importorskip("dlib").face_recognition_model_v1(str(dlibs_file()))
    return lambda chips: np.array([np.array(network.compute_face_descriptor(chip)) for chip in chips])


@pytest.mark.data
@pytest.mark.skipif(not faces.PHOTOS.is_dir(), reason="no shared photos")
def test_descriptors_of_real_faces_are_dlibs(resnet: Resnet, oracle: Callable) -> None:
    chips = np.stack([dlib_judge.chip(faces.photo(name), faces.landmarks(name)) for name in PEOPLE])
    theirs = oracle(chips)
    np.testing.assert_allclose(resnet.descriptors(chips), theirs, rtol=0, atol=1e-4)
    assert np.abs(theirs[0] - theirs[1]).max() > 0.1  # far more than the tolerance tells two people apart
    both = (theirs[0] + oracle(chips[:1, :, ::-1].copy())[0]) / 2
    np.testing.assert_allclose(dlib_judge.of_chip(chips[0]), both, rtol=0, atol=1e-4)


def test_descriptors_of_noise_and_edges_are_dlibs(resnet: Resnet, oracle: Callable) -> None:
    """What no face has: each pixel for itself, one colour, one corner. Padding and order of channels show here."""
    chips = np.zeros((5, 150, 150, 3), np.uint8)
    chips[0] = np.random.default_rng(1).integers(0, 256, chips[0].shape)
    chips[1] = 255
    chips[2, :8, :8] = (255, 40, 0)
    chips[3, -8:, -8:] = (0, 40, 255)
    chips[4, :, -3:] = (0, 255, 90)
    np.testing.assert_allclose(resnet.descriptors(chips), oracle(chips), rtol=0, atol=1e-4)


def test_a_face_is_described_alone_as_among_others(resnet: Resnet) -> None:
    chips = np.random.default_rng(2).integers(0, 256, (3, 150, 150, 3), np.uint8)
    whole = resnet.descriptors(chips)
    assert whole.shape == (3, 128) and whole.dtype == np.float64
    for chip, descriptor in zip(chips, whole, strict=True):
        np.testing.assert_allclose(resnet.descriptors(chip[None])[0], descriptor, rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    "faces_", [np.zeros((150, 150, 3), np.uint8), np.zeros((1, 112, 112, 3), np.uint8), np.zeros((1, 150, 150, 3))]
)
def test_other_pictures_are_refused(resnet: Resnet, faces_: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"instead of \(n, 150, 150, 3\) uint8"):
        resnet.descriptors(faces_)
