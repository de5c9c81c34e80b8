"""The judge's network: dlib's own numbers from dlib's own file, and no other file is taken for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from headshot.authenticity.recognition import dlib_judge
from headshot.authenticity.recognition import dlib_weights as dlib_file
from headshot.authenticity.recognition.dlib_network import Resnet
from headshot.errors import WeightsMissing
from tests.fixtures import faces

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
def data() -> bytes:
    return dlib_judge.model_path().read_bytes()


@pytest.fixture(scope="module")
def resnet() -> Resnet:
    return Resnet(dlib_judge.model_path())


@pytest.fixture(scope="module")
def oracle() -> Callable[[np.ndarray], np.ndarray]:
    """dlib itself: (n, 128) for (n, 150, 150, 3)."""
    network = pytest.importorskip("dlib").face_recognition_model_v1(str(dlib_judge.model_path()))
    return lambda chips: np.array([np.array(network.compute_face_descriptor(chip)) for chip in chips])


# ------------------------------------------------------------------ the same numbers


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


# ------------------------------------------------------------------ the file


def test_weights_are_the_files(data: bytes) -> None:
    weights = dlib_file.parse(data)
    assert len(weights.convolutions) == 1 + 2 * len(dlib_file.BLOCKS) == 29
    assert weights.convolutions[0].filters.shape == (32, 3, 7, 7)
    assert weights.convolutions[-1].filters.shape == (256, 256, 3, 3)
    count = weights.projection.size + sum(
        part.size for c in weights.convolutions for part in (c.filters, c.bias, c.gamma, c.beta)
    )
    assert 0 < len(data) - 4 * count < 8_000  # the rest are names and settings


@pytest.mark.parametrize("where", [0.0, 1e-6, 1e-5, 1e-4, 0.3, 0.7, 0.999_99])
def test_a_file_that_ends_early(data: bytes, where: float) -> None:
    with pytest.raises(ValueError, match="the file ends within"):
        dlib_file.parse(data[: int(where * len(data))])


@pytest.mark.sweep
def test_each_of_the_last_bytes_is_needed(data: bytes) -> None:
    for missing in range(1, 200):
        with pytest.raises(ValueError, match="the file ends within"):
            dlib_file.parse(data[:-missing])
    with pytest.raises(ValueError, match="1 bytes too many"):
        dlib_file.parse(data + b"\0")


def damaged(data: bytes, old: bytes, new: bytes) -> bytes:
    """`data` with the first `old` made `new`."""
    assert len(old) == len(new) and old in data
    return data.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"loss_metric_2", b"loss_metric_3", "layer 'loss_metric_3' instead of 'loss_metric_2'"),
        (b"input_rgb_image_sized", b"input_rgb_image_sizes", "'input_rgb_image_sizes'"),
        (b"con_4", b"con_5", "layer 'con_5' instead of 'con_4'"),
        (b"affine_", b"bn_con2", "layer 'bn_con2' instead of 'affine_'"),
        (b"relu_1", b"sig__1", "layer 'sig__' instead of 'relu_'"),
        (b"\x0amax_pool_2", b"\x0aavg_pool_2", "'avg_pool_2' instead of 'max_pool_2'"),
        (b"fc_2", b"fc_3", "layer 'fc_3' instead of 'fc_2'"),
        (b"\x01\x96\x01\x96\x01\x05con_4", b"\x01\x97\x01\x96\x01\x05con_4", "size is 151 instead of 150"),
        (b"con_4\x01\x02\x02\x80\x12", b"con_4\x01\x02\x02\x81\x12", "shape of a convolution is 4737 instead of 4736"),
        (b"con_4\x01\x02\x02\x80\x12", b"con_4\x01\x01\x02\x80\x12", "form of a convolution is 1 instead of 2"),
        (b"max_pool_2\x01\x03\x01\x03\x01\x02", b"max_pool_2\x01\x03\x01\x03\x01\x03", "stride is 3 instead of 2"),
        (b"avg_pool_2\x01\x02", b"avg_pool_2\x01\x03", "pooling's size is 3 instead of 2"),
        (b"\x03b\x90\xf5\x81\x11", b"\x03b\x90\xf4\x81\x11", "mean colour is 122.28"),
        (b"loss_metric_2\x03", b"loss_metric_2\x09", "is no integer"),
        (b"loss_metric_2\x03", b"loss_metric_2\x00", "is no integer"),
        (b"\x0dloss_metric_2", b"\xffloss_metric_2", "instead of 'loss_metric_2'"),
        (b"relu_110", b"relu_1x0", "neither 0 nor 1"),
    ],
)
def test_a_file_of_something_else(data: bytes, old: bytes, new: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        dlib_file.parse(damaged(data, old, new))


def test_another_order_of_layers(data: bytes) -> None:
    start = data.index(b"\x01\x02\x01\x02\x01\x02\x01\x02\x01\x02\x01\x01")
    other = bytearray(data)
    other[start + 11] = 2  # a layer where the graph has a mark
    with pytest.raises(ValueError, match="a layer's version is 2 instead of 1"):
        dlib_file.parse(bytes(other))


def test_values_that_are_not_finite(data: bytes) -> None:
    start = data.index(b"con_4") + 60
    other = bytearray(data)
    other[start : start + 16] = np.full(4, np.nan, "<f4").tobytes()
    with pytest.raises(ValueError, match="not finite"):
        dlib_file.parse(bytes(other))


def test_another_hash_is_refused_and_said_in_words(
    data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = bytearray(data)
    other[-1_000] ^= 1  # one bit of one weight: every field is as it should be
    path = tmp_path / dlib_judge.FILE
    path.write_bytes(other)
    dlib_file.parse(bytes(other))
    with pytest.raises(ValueError, match="not dlib's published network: sha256"):
        dlib_file.read(path)
    monkeypatch.setattr(dlib_judge, "model_path", lambda: path)
    dlib_judge._network.cache_clear()
    try:
        with pytest.raises(WeightsMissing, match="cannot be used") as refusal:
            dlib_judge.of_chip(np.zeros((150, 150, 3), np.uint8))
        assert "reinstall" in refusal.value.hint
    finally:
        dlib_judge._network.cache_clear()


def test_an_absent_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        dlib_file.read(tmp_path / "none.dat")
