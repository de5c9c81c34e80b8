"""Words into the tensors that steer the UNet, for one text encoder (SD1.5) or two (SDXL)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headshot.direction.prompt import Prompt, prompt
from headshot.engines.diffusion.families import FAMILIES
from headshot.engines.diffusion.safety import AVOID
from headshot.errors import WeightsMissing
from headshot.types import Direction
from headshot.weights import store as weights

if TYPE_CHECKING:
    from torch import Tensor


def tokenizers(engine: str) -> tuple[Any, ...]:
    """Load the tokenizers of a generator from its weights, once, without its models; () where they are not here."""
    try:
        return _tokenizers(weights.locate(FAMILIES[engine].base)) if engine in FAMILIES else ()
    except WeightsMissing:
        return ()


@cache
def _tokenizers(base: Path) -> tuple[Any, ...]:
    from transformers import CLIPTokenizer

    return tuple(CLIPTokenizer.from_pretrained(folder) for folder in sorted(base.glob("tokenizer*")) if folder.is_dir())


def words(direction: Direction, tokenizers: Sequence[Any]) -> Prompt:
    """Write the prompt of `direction` and its negative, within the tokenizers' 77 tokens; `cut` says what went.

    The safety list comes first in the negative words, so that these are never what is cut.
    """

    def count(text: str) -> int:
        return max(len(t(text).input_ids) for t in tokenizers)

    return prompt(direction, count, always=AVOID)


@dataclass(frozen=True, eq=False)
class Encoded:
    """`text` (1, 77, C); `pooled` (1, P) of SDXL's second encoder, else None."""

    text: Tensor
    pooled: Tensor | None


def encode(text: str, tokenizers: Sequence[Any], encoders: Sequence[Any]) -> Encoded:
    """Encode `text` as diffusers' pipelines do.

    SD1.5: the last hidden state after the final norm. SDXL: the last but one of both encoders, side by side,
    and the pooled projection of the second (https://arxiv.org/abs/2307.01952, section 2.1).
    """
    import torch

    hidden, pooled = [], None
    with torch.inference_mode():
        for tokenizer, encoder in zip(tokenizers, encoders, strict=True):
            ids = torch.tensor([_padded(tokenizer, text)], device=encoder.device)
            if len(encoders) == 1:
                return Encoded(encoder(ids)[0], None)
            out = encoder(ids, output_hidden_states=True)
            hidden.append(out.hidden_states[-2])
            pooled = out[0]
    return Encoded(torch.cat(hidden, dim=-1), pooled)


def _padded(tokenizer: Any, text: str) -> list[int]:
    """Tokenize `text` to 77 numbers, by hand: a tokenizer asked to pad or cut keeps that for other requests too."""
    ids, most = tokenizer(text).input_ids, tokenizer.model_max_length
    if len(ids) > most:
        ids = [*ids[: most - 1], ids[-1]]
    padded: list[int] = ids + [tokenizer.pad_token_id] * (most - len(ids))
    return padded
