"""Numbers that ran over: in half precision some GPUs (GTX 16xx) answer NaN, which would become an all-black picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headshot.errors import EngineUnavailable
from headshot.language import tr

if TYPE_CHECKING:
    from torch import Tensor

IN_FLOAT32 = "In half precision this machine's numbers run over: the picture was painted in float32, which is slower."


class NotFinite(EngineUnavailable):
    """A model answered NaN or infinity. After half precision the engine paints once more, in float32."""

    def __init__(
        self,
        message: str = tr("The model's numbers ran over, and there is no picture."),
        hint: str = tr("Try another seed or mode; if it stays so, the weights may be damaged: fetch them again."),
    ) -> None:
        super().__init__(message, hint)


def check_finite(latents: Tensor) -> None:
    """Raise NotFinite where a batch's last latents are not all numbers. Once a batch: it waits for the device."""
    import torch

    if not bool(torch.isfinite(latents).all()):
        raise NotFinite
