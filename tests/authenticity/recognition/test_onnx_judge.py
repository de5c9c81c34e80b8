"""Judges: alignment against independent fits, and a real recogniser on real pairs of photos."""

from __future__ import annotations

import hashlib
import itertools
from pathlib import Path

import cv2
import numpy as np
import pytest

from headshot.authenticity.recognition.arcface import TEMPLATE, align, five_points, matrix
from headshot.authenticity.recognition.onnx_judge import JUDGES, OnnxRecogniser, refuse_same
from headshot.errors import UserError
from headshot.weights.registry import registry
from headshot.weights.store import locate
from tests import SHARED
from tests.fixtures import faces
from tests.fixtures.faces import find_landmarks

MODEL = SHARED / "data" / "weights" / "mobilefacenet.onnx"
YUNET = SHARED / "data" / "weights" / "yunet_n_640_640.onnx"
PHOTOS = SHARED / "data" / "photos"

# ImageNet's mean and standard deviation, as MobileFaceNet's manifest entry says.
MEAN, STD = [255 * m for m in (0.485, 0.456, 0.406)], [255 * s for s in (0.229, 0.224, 0.225)]

SAME = ["coleman", "ferguson", "walz", "whitson", "walheim"]  # with an ordinary second photo each
OTHERS = [
    "curbeam_1.jpg",
    "wilson_1.jpg",
    "higginbotham_1.jpg",
    "yamazaki_1.jpg",
    "poindexter_1.jpg",
    "garan_1.jpg",
]


# ------------------------------------------------------------------ alignment


@pytest.mark.parametrize("size", [112, 224])
def test_the_matrix_is_the_best_similarity(size: int) -> None:
    rng = np.random.default_rng(1)
    exact = np.float64([[0.31, -0.12, 40], [0.12, 0.31, -7]])
    target = TEMPLATE * (size / 112)
    there = np.linalg.solve(exact[:, :2], (target - exact[:, 2]).T).T
    assert np.allclose(matrix(there.astype(np.float32), size), exact, atol=1e-3)
    for _ in range(20):  # noisy points: least squares in complex numbers as the reference
        points = there + rng.normal(0, 5, (5, 2))
        z, w = points @ [1, 1j], target @ [1, 1j]
        a = np.vdot(z - z.mean(), w - w.mean()) / np.vdot(z - z.mean(), z - z.mean())
        b = w.mean() - a * z.mean()
        expected = [[a.real, -a.imag, b.real], [a.imag, a.real, b.imag]]
        assert np.allclose(matrix(points.astype(np.float32), size), expected, atol=1e-4)


def test_alignment_is_insightfaces() -> None:
    face_align = pytest.importorskip("insightface.utils.face_align")
    rng = np.random.default_rng(2)
    photo = cv2.resize(rng.integers(0, 256, (20, 20, 3), np.uint8), (500, 400), interpolation=cv2.INTER_CUBIC)
    points = (TEMPLATE * 2 + [60, 40] + rng.normal(0, 3, (5, 2))).astype(np.float32)
    for size in (112, 224):
        assert np.abs(align(photo, points, size).astype(int) - face_align.norm_crop(photo, points, size)).max() <= 1


def test_points_that_span_no_face() -> None:
    with pytest.raises(ValueError, match="no face"):
        matrix(np.zeros((5, 2), np.float32))


# ------------------------------------------------------------------ a network that can be worked out by hand


def network(path: Path, fail: bool = False) -> Path:
    """Averages each half of each channel: 6 numbers that tell channels, sides and normalisation apart."""
    import onnx
    from onnx import TensorProto, helper

    nodes = [
        helper.make_node("AveragePool", ["x"], ["p"], kernel_shape=[112, 56], strides=[112, 56]),
        helper.make_node("Flatten", ["p"], ["y"], axis=1),
    ]
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 112, 112])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 6])
    model = helper.make_model(helper.make_graph(nodes, "g", [x], [y]), opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.save(model, str(path))
    return path


@pytest.mark.parametrize("order", ["rgb", "bgr"])
def test_embedding_by_hand(tmp_path: Path, order: str) -> None:
    path = network(tmp_path / "n.onnx")
    photo = np.zeros((112, 112, 3), np.uint8)
    photo[:, :56] = (10, 20, 30)
    photo[:, 56:] = (110, 20, 70)
    mean, std = (1.0, 2.0, 3.0), (2.0, 4.0, 5.0)
    judge = OnnxRecogniser(path, "n", mean=mean, std=std, order=order)  # type: ignore[arg-type]
    embedding = judge.embed(photo, TEMPLATE)
    # Left and right halves change places in the mirrored crop, so their sum is the same on both sides.
    channels = np.array([60.0, 20.0, 50.0]) if order == "rgb" else np.array([50.0, 20.0, 60.0])
    halves = np.repeat((channels - mean) / std, 2)
    assert np.allclose(embedding, halves / np.linalg.norm(halves), atol=1e-2)
    assert embedding.dtype == np.float32 and abs(float(np.linalg.norm(embedding)) - 1) < 1e-6
    assert np.allclose(judge.embed(photo[:, ::-1].copy(), TEMPLATE), embedding, atol=2e-2)
    alone = OnnxRecogniser(path, "n", mean=mean, std=std, order=order, flip=False).embed(photo, TEMPLATE)  # type: ignore[arg-type]
    sides = np.array([[10.0, 110], [20, 20], [30, 70]])[:: 1 if order == "rgb" else -1]
    expected = ((sides - np.array(mean)[:, None]) / np.array(std)[:, None]).ravel()
    assert np.allclose(alone, expected / np.linalg.norm(expected), atol=2e-2)


def test_judges_are_in_the_table_and_fed_as_trained() -> None:
    assert set(JUDGES) <= set(registry().weights)
    aura = OnnxRecogniser.judge("auraface", Path("x.onnx"))
    assert aura.name == "auraface" and aura.order == "rgb" and aura._mean.tolist() == [127.5] * 3
    assert OnnxRecogniser.judge("sface", Path("x.onnx"))._std.tolist() == [1, 1, 1]


def test_files_that_are_no_network(tmp_path: Path) -> None:
    (tmp_path / "bad.onnx").write_bytes(b"no network")
    photo = np.zeros((112, 112, 3), np.uint8)
    for name in ("bad.onnx", "missing.onnx"):
        with pytest.raises(UserError, match="cannot be opened"):
            OnnxRecogniser(tmp_path / name, "bad").embed(photo, TEMPLATE)


def test_the_steering_model_is_refused_as_judge(tmp_path: Path) -> None:
    judge = OnnxRecogniser(network(tmp_path / "n.onnx"), "n")
    assert judge.sha256 == hashlib.sha256((tmp_path / "n.onnx").read_bytes()).hexdigest()
    steering = registry().weights["buffalo_l"].files[1].sha256
    refuse_same(judge.sha256, steering)
    refuse_same(registry().weights["auraface"].files[0].sha256, steering)
    (tmp_path / "glintr100.onnx").write_bytes((tmp_path / "n.onnx").read_bytes())  # another name, the same bytes
    with pytest.raises(UserError, match="steers the generators"):
        refuse_same(OnnxRecogniser(tmp_path / "glintr100.onnx", "aura").sha256, judge.sha256.upper())


# ------------------------------------------------------------------ a real one


def yunet_points(pixels: np.ndarray) -> np.ndarray:
    h, w = pixels.shape[:2]
    detector = cv2.FaceDetectorYN.create(str(YUNET), "", (w, h), 0.6)
    _, faces = detector.detect(np.ascontiguousarray(pixels[:, :, ::-1]))
    return max(faces, key=lambda f: f[2] * f[3])[4:14].reshape(5, 2)


@pytest.fixture(scope="module")
def embeddings() -> dict[str, np.ndarray]:
    if not (MODEL.exists() and PHOTOS.exists()):
        pytest.skip("the shared photos and weights are not here")
    judge = OnnxRecogniser(MODEL, "mobilefacenet", mean=MEAN, std=STD)
    names = [f"{p}_{n}.jpg" for p in SAME for n in (1, 2)] + OTHERS
    made = {}
    for name in names:
        pixels = cv2.imread(str(PHOTOS / name))[:, :, ::-1].copy()
        made[name] = judge.embed(pixels, yunet_points(pixels))
    return made


@pytest.mark.sweep
@pytest.mark.data
@pytest.mark.weights
def test_the_same_person_is_near_and_others_are_far(embeddings: dict[str, np.ndarray]) -> None:
    for person in SAME:  # the manifest's own figures: .589 to .868 on ordinary pairs
        assert float(embeddings[f"{person}_1.jpg"] @ embeddings[f"{person}_2.jpg"]) > 0.55
    pairs = [(a, b) for a, b in itertools.combinations(embeddings, 2) if a.split("_")[0] != b.split("_")[0]]
    different = [float(embeddings[a] @ embeddings[b]) for a, b in pairs]
    assert len(different) == 115 and max(different) < 0.32 and abs(np.mean(different)) < 0.08


@pytest.mark.data
@pytest.mark.weights
def test_landmarks_serve_as_the_five_points() -> None:
    if not (MODEL.exists() and PHOTOS.exists()):
        pytest.skip("the shared photos and weights are not here")
    judge = OnnxRecogniser(MODEL, "mobilefacenet", mean=MEAN, std=STD)
    for name in ("herrington_1.jpg", "yamazaki_1.jpg", "curbeam_1.jpg"):
        pixels = cv2.imread(str(PHOTOS / name))[:, :, ::-1].copy()
        landmarks = find_landmarks(pixels)
        ours, theirs = five_points(landmarks), yunet_points(pixels)
        apart = np.hypot(*(ours - theirs).T) / np.hypot(*(theirs[0] - theirs[1]))
        assert apart.max() < 0.15, name  # of the distance between the eyes; left and right are not swapped
        assert float(judge.embed(pixels, ours) @ judge.embed(pixels, theirs)) > 0.9, name


@pytest.mark.data
def test_sface_with_constant_weights_says_the_same() -> None:
    """As its file is, and as it is opened, in which onnxruntime folds what it may: the same faces, to rounding."""
    here = locate("sface")
    as_it_is, opened = OnnxRecogniser(here, "sface", mean=(0, 0, 0), std=(1, 1, 1)), OnnxRecogniser.judge("sface", here)
    for name in ("coleman_1.jpg", "wilson_1.jpg"):
        face = faces.photo(name), five_points(faces.landmarks(name))
        assert np.abs(as_it_is.embed(*face) - opened.embed(*face)).max() < 1e-5


def test_a_file_that_is_gone_is_one_line(tmp_path: Path) -> None:
    for role in JUDGES:
        with pytest.raises(UserError, match="cannot be opened"):
            OnnxRecogniser.judge(role, tmp_path / "gone.onnx").load()
