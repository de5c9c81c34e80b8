"""Numbers that run over: painted again in float32 and said, or a plain error; never a black picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch

from headshot.engines.base import Batch, Done, EngineStatus
from headshot.engines.diffusion import device
from headshot.engines.diffusion.device import Plan
from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
from headshot.engines.diffusion.families import SD15
from headshot.engines.diffusion.finite import IN_FLOAT32, NotFinite
from headshot.engines.diffusion.pipeline_parts import Parts, load_parts
from headshot.engines.faceid import FaceIDGenerator
from headshot.engines.identity import Identity
from headshot.types import Headshot
from tests.fixtures import tiny
from tests.fixtures.tiny_faceid import canvas, direction, locator

torch.set_num_threads(1)
WHO = Identity(tiny.face(1).embedding, tiny.face(1).crop)


@pytest.fixture(scope="module")
def roles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return tiny.save("sd15", tmp_path_factory.mktemp("sd15"), without=("taesd", "safety-checker"))


@pytest.fixture
def generator(roles: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[FaceIDGenerator]:
    """The FaceID engine on a machine that plans half precision and answers NaN in it, as a GTX 16xx."""
    made = FaceIDGenerator("faceid-sd15")
    monkeypatch.setattr(made, "status", lambda: EngineStatus(made.name, "", True))
    monkeypatch.setattr(device, "choose", lambda **_: Plan("cpu", "bfloat16", rows=4))
    monkeypatch.setattr("headshot.engines.faceid.weight_hashes", lambda _: {})
    monkeypatch.setattr(FaceIDGenerator, "_parts", lambda self: load_parts(SD15, locator(roles), self._plan()))
    inner = FaceIDEngine.render_many
    monkeypatch.setattr(
        FaceIDEngine, "render_many", lambda self, batch, paint: inner(self, batch, paint=paint, size=(64, 64))
    )
    yield made


def broken(monkeypatch: pytest.MonkeyPatch, where: str, dtypes: tuple[torch.dtype, ...]) -> None:
    """Let the UNet or the VAE's decoder answer NaN in `dtypes`."""
    inner = FaceIDEngine.__init__

    def init(self: FaceIDEngine, family: Any, parts: Parts, **more: Any) -> None:
        inner(self, family, parts, **more)
        if parts.plan.dtype in [str(d).removeprefix("torch.") for d in dtypes]:
            module = parts.unet.conv_out if where == "unet" else parts.vae.decoder.conv_out
            module.bias.data.fill_(float("nan"))

    monkeypatch.setattr(FaceIDEngine, "__init__", init)


def paint(generator: FaceIDGenerator, *changes: float) -> list[Headshot]:
    asked = [direction(c, steps=2) for c in changes]
    made = [x for x in generator.render_many(Batch([canvas()] * len(asked), WHO, asked)) if isinstance(x, Done)]
    assert sorted(d.number for d in made) == list(range(len(asked)))
    return [d.result for d in sorted(made, key=lambda d: d.number) if d.result is not None]


@pytest.mark.sweep
@pytest.mark.parametrize("where", ["vae", "unet"])
def test_half_precision_that_runs_over_is_painted_again_in_float32_remembered_and_said(
    generator: FaceIDGenerator, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    broken(monkeypatch, where, (torch.bfloat16,))
    own, painted = paint(generator, 0.0, 1.0)
    assert IN_FLOAT32 in painted.notes and painted.picture.std() > 5, "a picture, not a black frame"
    loads: list[str] = []
    inner = FaceIDGenerator._parts
    monkeypatch.setattr(FaceIDGenerator, "_parts", lambda self: (loads.append("again"), inner(self))[1])
    (again,) = paint(generator, 1.0)
    assert not loads and (again.picture == painted.picture).all() and IN_FLOAT32 in again.notes
    assert generator._plan().dtype == "float32" and own.kept == 1


@pytest.mark.sweep
def test_numbers_that_run_over_in_float32_too_are_a_plain_error(
    generator: FaceIDGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch, "unet", (torch.bfloat16, torch.float32))
    with pytest.raises(NotFinite, match="no picture") as fault:
        paint(generator, 1.0)
    assert "seed" in fault.value.hint
