"""What must not come out: words that every picture is led away from, and the base model's safety checker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from headshot.errors import UserError
from headshot.language import tr
from headshot.types import U8

AVOID = "nsfw, nude, naked, cleavage"

BLOCKED = "The safety checker blocked a picture."


class Blocked(UserError):
    """Every candidate was blocked."""

    def __init__(
        self,
        message: str = tr("The safety checker blocked the picture, so it is not shown."),
        hint: str = tr("It errs at times: try another seed, or other words."),
    ) -> None:
        super().__init__(message, hint)


@dataclass(frozen=True, eq=False)
class SafetyChecker:
    """The checker of Stable Diffusion (Rando et al., https://arxiv.org/abs/2210.04610, describe it)."""

    checker: Any
    processor: Any

    def allows(self, picture: U8) -> bool:
        """Tell whether a picture may be shown: False where a concept of its list is found in (h, w, 3) uint8."""
        import torch
        from PIL import Image

        weight = next(self.checker.parameters())
        inputs = self.processor(images=[Image.fromarray(picture)], return_tensors="pt").pixel_values.to(weight)
        with torch.inference_mode():
            _, found = self.checker(clip_input=inputs, images=[picture.copy()])
        return not found[0]
