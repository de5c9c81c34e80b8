"""What FLUX.2 klein 4B is, as data: sizes, costs, the roles of its weights."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Spec:
    """`native`, `multiple`: px, as in diffusion.families. `steps`: what it was distilled for, and the most that is run.

    `resident_gb`, `row_gb`: as in diffusion.families; `offloaded_gb`: the transformer and two rows. `parameters` of the
    transformer and `vae_flop` at the native size give the estimate; `text_tokens`: the length that its text encoder is
    padded to; `reference` px: the longest side of a reference picture; `draft` px: the native size of a draft.
    """

    name: str = "klein"
    base: str = "klein-base"
    safety: str = "safety-checker"
    native: int = 1024
    draft: int = 512
    multiple: int = 32
    steps: int = 4
    most_steps: int = 8
    text_tokens: int = 512
    reference: int = 512
    resident_gb: float = 15.0
    row_gb: float = 1.2
    offloaded_gb: float = 10.2
    parameters: float = 3.88e9
    vae_flop: float = 10.5e12


KLEIN = Spec()
