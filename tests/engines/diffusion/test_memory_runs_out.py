"""Closing frees memory; where memory runs out, the picture is the same or one line says so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from headshot.engines.diffusion import device
from headshot.engines.diffusion.device import Plan
from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
from headshot.engines.diffusion.pipeline_parts import own_bytes
from headshot.types import Generate
from tests.fixtures.tiny_faceid import FACE, canvas, direction, shots, tensors, unet_calls


@pytest.mark.sweep
def test_closing_stops_within_a_step_and_frees_memory(sd15, monkeypatch):
    calls = unet_calls(sd15, monkeypatch)
    shots(sd15, direction(0.8, steps=4))  # whatever is made once has been made
    calls.clear()
    before = tensors()
    loop = sd15.render(canvas(), FACE, direction(0.8, steps=30), size=(64, 64))
    while next(loop).step < 2:
        pass
    assert tensors() > before and len(calls) == 2
    loop.close()
    assert len(calls) == 2
    assert tensors() <= before


def test_out_of_memory_once(sd15, monkeypatch):
    expected = shots(sd15, direction(candidates=2))
    inner, failed = type(sd15.parts.unet).forward, []

    def full(self, x, *a, **k):
        if not failed:
            failed.append(len(x))
            raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
        return inner(self, x, *a, **k)

    monkeypatch.setattr(type(sd15.parts.unet), "forward", full)
    got = shots(sd15, direction(candidates=2))
    assert failed == [4] and any("2 at a time" in n for n in got[0].notes)
    for a, b in zip(got, expected, strict=True):
        assert np.abs(a.picture.astype(int) - b.picture).max() <= 1


@pytest.mark.sweep
def test_decoding_falls_back_to_tiles(sd15, monkeypatch):
    expected = shots(sd15, direction())[0]
    tiled = []
    monkeypatch.setattr(
        type(sd15.parts.vae),
        "decode",
        lambda *a, **k: (_ for _ in ()).throw(torch.cuda.OutOfMemoryError("CUDA out of memory.")),
    )
    inner = type(sd15.parts.vae).tiled_decode
    monkeypatch.setattr(type(sd15.parts.vae), "tiled_decode", lambda *a, **k: (tiled.append(1), inner(*a, **k))[1])
    got = shots(sd15, direction())[0].picture
    assert tiled and np.abs(got.astype(int) - expected.picture).mean() < 8  # tiles of 64 px differ at their borders


@pytest.mark.sweep
def test_encoding_falls_back_to_tiles(sd15, monkeypatch):
    expected = shots(sd15, direction(0.9))[0]
    monkeypatch.setattr(
        type(sd15.parts.vae),
        "encode",
        lambda *a, **k: (_ for _ in ()).throw(torch.cuda.OutOfMemoryError("CUDA out of memory.")),
    )
    tiled, inner = [], type(sd15.parts.vae)._tiled_encode
    monkeypatch.setattr(type(sd15.parts.vae), "_tiled_encode", lambda *a: (tiled.append(1), inner(*a))[1])
    got = shots(sd15, direction(0.9))[0]
    far = np.abs(got.picture.astype(int) - expected.picture).mean()
    black = replace(canvas(), picture=np.zeros((64, 64, 3), np.uint8))
    assert tiled and far < 4  # tiles of 64 px, a quarter of each shared, differ at their borders
    assert far < np.abs(shots(sd15, direction(0.9), on=black)[0].picture.astype(int) - expected.picture).mean() / 2


@pytest.mark.sweep
def test_offloading_gives_the_same_picture(sd15):
    """On the CPU nothing moves, but the turns, the swap of UNets and the locks are run."""
    roomy = [shots(sd15, direction(0.8, mode=m))[0].picture for m in ("full", "draft", "full")]
    tight = FaceIDEngine(sd15.family, replace(sd15.parts, plan=Plan("cpu", "float32", offload=True, rows=1)))
    for mode, picture in zip(("full", "draft", "full"), roomy, strict=True):
        got = shots(tight, direction(0.8, mode=mode))[0].picture
        assert np.abs(got.astype(int) - picture).max() <= 1


def test_without_room_for_a_second_unet(sd15, monkeypatch):
    fresh = FaceIDEngine(sd15.family, sd15.parts)
    monkeypatch.setattr(device, "has_room", lambda size, where: False)
    (h,) = shots(fresh, direction(mode="draft", steps=30))
    assert h.recipe["speed"] is None and h.recipe["steps"] == sd15.family.draft_steps
    assert any("for want of memory" in n for n in h.notes)


@pytest.mark.parametrize("offload", [False, True])
def test_the_quick_unet_has_room_where_offloading_makes_it(sd15, monkeypatch, offload):
    """On a GPU that holds one UNet the two change places; the shared weights of the face adapter are not counted."""
    parts = replace(sd15.parts, plan=Plan("cuda", "float32", offload=offload))
    unet = parts.unet
    size = own_bytes(unet)
    held = sum(p.numel() * 4 for n, p in unet.named_parameters() if ".faceid." in n)
    assert held > 0 and size + held == sum(p.numel() * 4 for p in unet.parameters())
    monkeypatch.setattr(torch.nn.Module, "to", lambda self, *a, **k: self)  # there is no GPU to move to
    asked = []
    monkeypatch.setattr(device, "has_room", lambda n, where: asked.append((n, where)) or where == "cpu")
    tight = FaceIDEngine(sd15.family, parts)
    assert tight.run(Generate(mode="draft")).speed == "hyper-sd15-4step" and tight._offloader.offload
    assert asked == [*([] if offload else [(size, "cuda")]), (2 * size, "cpu")]
    monkeypatch.setattr(device, "has_room", lambda n, where: False)
    full = FaceIDEngine(sd15.family, parts)
    assert full.run(Generate(mode="draft")).speed is None and full._offloader.offload is offload


@pytest.mark.sweep
@pytest.mark.parametrize("where", ["vae", "text_encoder", "image_encoder", "safety"])
def test_memory_that_runs_out_in_an_encoder_makes_the_others_leave(sd15, monkeypatch, where):
    """Once in each module's turn on a GPU: the same picture, and the page is told."""
    parts = sd15.parts
    expected = shots(sd15, direction(0.8))[0]
    module = {
        "text_encoder": parts.text_encoders[0],
        "image_encoder": parts.image_encoder,
        "vae": parts.vae,
        "safety": parts.safety.checker,
    }[where]
    engine = FaceIDEngine(sd15.family, parts)
    engine._offloader.device = "gpu"  # so that there is another place to go
    monkeypatch.setattr(torch.nn.Module, "to", lambda self, *a, **k: self)
    method = "decode" if where == "vae" else "forward"
    failed, inner = [], getattr(type(module), method)

    def fail_once(self, *a, **k):
        if self is module and len(failed) < (2 if where == "vae" else 1):  # the VAE's tiles fail too
            failed.append(1)
            raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
        return inner(self, *a, **k)

    monkeypatch.setattr(type(module), method, fail_once)
    if where == "vae":
        monkeypatch.setattr(type(module), "tiled_decode", fail_once)
    got = shots(engine, direction(0.8))[0]
    assert failed and engine._offloader.offload and (got.picture == expected.picture).all()
    assert where == "safety" or any("main memory" in n for n in got.notes)
    assert (where == "vae") == any("tiles" in n for n in got.notes)
