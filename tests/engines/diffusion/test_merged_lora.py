"""FaceID's LoRA in the UNet's own weights: the same picture as with the LoRA beside them, for fewer kernel launches."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from headshot.engines.diffusion import attention
from headshot.engines.diffusion.adapter import attach
from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
from tests.fixtures import tiny
from tests.fixtures.tiny_faceid import direction, shots

ROWS = 2


class Launches(TorchDispatchMode):
    """Counts the kernels that a GPU would be sent: operations but for views."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.count += not func.is_view
        return func(*args, **(kwargs or {}))


@pytest.fixture(scope="module")
def unets(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """One UNet with the LoRA beside its weights, and the same with .7 of it in them."""
    beside = tiny.pipeline("sd15", tmp_path_factory.mktemp("beside")).unet.eval()
    attach(beside, tiny.checkpoint(beside))
    merged = copy.deepcopy(beside)
    attention.merge_lora(merged, 0.7)
    return beside, merged


def called(unet: Any, lora: float) -> tuple[torch.Tensor, int]:
    """The UNet's answer at a LoRA strength, and its launches; 0: without naming one."""
    draw = torch.Generator().manual_seed(5)
    x, text = torch.randn(ROWS, 4, 8, 8, generator=draw), torch.randn(ROWS, 77, tiny.CONTEXT, generator=draw)
    face = torch.randn(ROWS, 4, tiny.CONTEXT, generator=draw)
    asked = {"identity_tokens": face, "identity_scale": torch.ones(ROWS)}
    asked |= {"lora_scale": torch.full((ROWS,), lora)} if lora else {}
    with torch.inference_mode(), Launches() as launches:
        out = unet(x, torch.full((ROWS,), 400), encoder_hidden_states=text, cross_attention_kwargs=asked)[0]
    return out, launches.count


def test_the_merged_unet_answers_as_the_one_with_the_lora_beside_it(unets: tuple[Any, Any]) -> None:
    beside, merged = unets
    expected, launches = called(beside, 0.7)
    got, fewer = called(merged, 0.0)
    torch.testing.assert_close(got, expected, atol=1e-5, rtol=1e-4)
    assert launches >= 1.3 * fewer, f"{launches} launches beside, {fewer} merged"
    for strength in (1.2, 0.3):  # what is asked for beyond, or short of, what is merged
        torch.testing.assert_close(called(merged, strength - 0.7)[0], called(beside, strength)[0], atol=1e-5, rtol=1e-4)
    assert (called(beside, 1.2)[0] - expected).abs().max() > 1e-3, "the LoRA has a say"


def test_the_usual_strength_is_merged_and_another_goes_beside_it(
    sd15: FaceIDEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    products: list[int] = []
    inner = attention._add_low_rank
    monkeypatch.setattr(attention, "_add_low_rank", lambda *given: (products.append(1), inner(*given))[1])
    assert sd15.parts.lora == direction().generate.lora
    shots(sd15, direction(steps=1))
    assert not products
    shots(sd15, direction(steps=1, lora=0.2))
    assert products
