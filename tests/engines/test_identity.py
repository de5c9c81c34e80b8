"""The conditioning embedding: which face, how aligned, and several photos of one person."""

from __future__ import annotations

import threading
from pathlib import Path

import cv2
import numpy as np
import pytest

from headshot.authenticity.recognition.arcface import TEMPLATE
from headshot.engines.identity import SAME_PERSON, Embedder, Identity, merge
from headshot.errors import NoFace, UserError
from tests.fixtures import insightface_pack

RNG = np.random.default_rng(7)
PHOTO = cv2.resize(RNG.integers(0, 256, (30, 40, 3), np.uint8), (800, 600), interpolation=cv2.INTER_CUBIC)
BOX = (300.0, 150.0, 460.0, 350.0)  # its centre is (380, 250), its longer side 200


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return insightface_pack.build(tmp_path_factory.mktemp("pack"))


def expected(points: np.ndarray, folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Embedding and crop without InsightFace: OpenCV's own fit, and the network run by hand."""
    import onnxruntime

    def crop(size: int) -> np.ndarray:
        # A similarity by least squares in complex numbers: w = a·z + b.
        z, w = points[:, 0] + 1j * points[:, 1], (TEMPLATE[:, 0] + 1j * TEMPLATE[:, 1]) * size / 112
        a = np.vdot(z - z.mean(), w - w.mean()) / np.vdot(z - z.mean(), z - z.mean())
        b = w.mean() - a * z.mean()
        matrix = np.float64([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag]])
        return cv2.warpAffine(PHOTO, matrix, (size, size), borderValue=0.0)

    session = onnxruntime.InferenceSession(str(folder / "w600k_r50.onnx"), providers=["CPUExecutionProvider"])
    feed = (crop(112).astype(np.float32) - 127.5) / 127.5
    out = session.run(None, {"input.1": feed.transpose(2, 0, 1)[None]})[0][0]
    return out / np.linalg.norm(out), crop(224)


def test_the_face_at_the_box_is_embedded_and_cropped_as_the_adapter_expects(pack: Path) -> None:
    identity = Embedder(pack).embed(PHOTO, BOX)
    # The pack reports its face at the anchor 320, 320 of the 640² view of 500 px round the box.
    scale = 500 / 640
    points = np.float32([380, 250]) + insightface_pack.POINTS * 32 * scale
    embedding, crop = expected(points, pack)
    assert identity.embedding.shape == (512,) and identity.embedding.dtype == np.float32
    assert abs(float(np.linalg.norm(identity.embedding)) - 1) < 1e-6
    assert float(identity.embedding @ embedding) > 0.999
    assert identity.crop.shape == (224, 224, 3) and identity.crop.dtype == np.uint8
    assert np.abs(identity.crop.astype(int) - crop).mean() < 1


def test_channels_are_not_swapped(pack: Path) -> None:
    red = np.zeros((400, 400, 3), np.uint8)
    red[..., 0] = 200
    crop = Embedder(pack).embed(red, (150, 150, 250, 250)).crop
    assert crop[112, 112].tolist() == [200, 0, 0]


def test_the_nearest_of_several_faces_is_taken(tmp_path: Path) -> None:
    pack = insightface_pack.build(tmp_path / "two", faces=[(96, 320), (320, 320), (544, 320)])
    embedder = Embedder(pack)
    middle = embedder.embed(PHOTO, BOX)
    alone = Embedder(insightface_pack.build(tmp_path / "one")).embed(PHOTO, BOX)
    assert np.array_equal(middle.embedding, alone.embedding) and np.array_equal(middle.crop, alone.crop)
    # Without a box the whole photo is searched: another face, another embedding.
    assert not np.allclose(embedder.embed(PHOTO).embedding, middle.embedding)


def test_a_box_at_the_border_and_beyond(pack: Path) -> None:
    identity = Embedder(pack).embed(PHOTO, (-50.0, -40.0, 90.0, 100.0))
    assert np.isfinite(identity.embedding).all()


def test_no_face_is_said(tmp_path: Path, pack: Path) -> None:
    nobody = Embedder(insightface_pack.build(tmp_path / "none", faces=[]))
    for box in (None, BOX):
        with pytest.raises(NoFace, match="no face"):
            nobody.embed(PHOTO, box)
    # A face elsewhere is not taken for the one that was meant.
    corner = Embedder(insightface_pack.build(tmp_path / "corner", faces=[(32, 32)]))
    with pytest.raises(NoFace):
        corner.embed(PHOTO, BOX)


def test_a_folder_without_the_pack_says_what_to_type(tmp_path: Path, pack: Path) -> None:
    with pytest.raises(UserError, match="--download buffalo_l"):
        Embedder(tmp_path).embed(PHOTO)
    for name in ("det_10g.onnx", "w600k_r50.onnx"):
        (tmp_path / name).write_bytes((pack / "w600k_r50.onnx").read_bytes())
    with pytest.raises(UserError, match="not InsightFace's"):
        Embedder(tmp_path).embed(PHOTO)


def test_the_model_is_opened_once_by_many_threads(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import insightface.app

    opened = []
    real = insightface.app.FaceAnalysis
    monkeypatch.setattr(insightface.app, "FaceAnalysis", lambda *a, **k: opened.append(1) or real(*a, **k))
    embedder = Embedder(pack)
    assert opened == []
    results: list[Identity] = []
    threads = [threading.Thread(target=lambda: results.append(embedder.embed(PHOTO, BOX))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 1 and len(results) == 4
    assert all(np.array_equal(r.embedding, results[0].embedding) for r in results)


# ------------------------------------------------------------------ several photos


def person(seed: int, photos: int, spread: float) -> list[Identity]:
    """Photos of one person: a direction in 512 dimensions, and noise of length `spread` round it."""
    rng = np.random.default_rng(seed)
    base = rng.standard_normal(512)
    base /= np.linalg.norm(base)
    made = []
    for n in range(photos):
        noise = rng.standard_normal(512)
        vector = base + spread * noise / np.linalg.norm(noise)
        vector /= np.linalg.norm(vector)
        made.append(Identity(vector.astype(np.float32), np.full((224, 224, 3), n, np.uint8)))
    return made


def test_merge_is_the_mean_brought_back_to_length_one() -> None:
    photos = person(1, 4, 0.9)  # cosines between photos about 1 / (1 + .81) = .55, like real ones
    merged, strangers = merge(photos)
    mean = np.mean([p.embedding for p in photos], axis=0)
    assert strangers == ()
    assert np.allclose(merged.embedding, mean / np.linalg.norm(mean), atol=1e-6)
    assert merged.crop is photos[0].crop
    long = Identity(photos[0].embedding * 23, photos[0].crop)  # one that somebody forgot to normalise
    assert np.allclose(merge([long, *photos[1:]])[0].embedding, merged.embedding, atol=1e-6)
    alone, none = merge(photos[:1])
    assert none == () and np.allclose(alone.embedding, photos[0].embedding, atol=1e-6)


@pytest.mark.parametrize("place", range(4))
def test_somebody_else_is_named_and_left_out(place: int) -> None:
    photos, other = person(2, 3, 0.9), person(3, 1, 0.9)[0]
    mixed = [*photos[:place], other, *photos[place:]]
    merged, strangers = merge(mixed)
    assert strangers == (place + 1,)
    assert np.allclose(merged.embedding, merge(photos)[0].embedding, atol=1e-6)
    assert merged.crop is photos[0].crop


def test_two_that_disagree_and_two_strangers_among_five() -> None:
    (a,), (b,) = person(4, 1, 0.5), person(5, 1, 0.5)
    assert float(a.embedding @ b.embedding) < SAME_PERSON
    merged, strangers = merge([a, b])
    assert strangers == (2,) and np.allclose(merged.embedding, a.embedding, atol=1e-6)
    three = person(6, 3, 0.9)
    assert merge([three[0], a, three[1], three[2], b])[1] == (2, 5)


def test_the_cut_is_where_it_says() -> None:
    def pair(cosine: float) -> list[Identity]:
        u, v = np.zeros(512, np.float32), np.zeros(512, np.float32)
        u[0], v[0], v[1] = 1, cosine, np.sqrt(1 - cosine**2)
        return [Identity(w, np.zeros((224, 224, 3), np.uint8)) for w in (u, v)]

    assert merge(pair(SAME_PERSON + 0.01))[1] == ()
    assert merge(pair(SAME_PERSON - 0.01))[1] == (2,)
    with pytest.raises(UserError):
        merge([])


def test_an_identity_never_shows_itself() -> None:
    identity = person(1, 1, 0)[0]
    shown = f"{identity!r} {identity} {[identity]} {(identity,)!s}"
    assert "array" not in shown and not any(c.isdigit() for c in shown)
    assert identity != person(1, 1, 0)[0] and len({identity}) == 1  # by itself, not by its numbers
