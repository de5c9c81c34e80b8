"""Which rows one UNet call has for a batch of samples, and how its answer comes back to them.

A sample that has not begun has no row, one without guidance has one, a guided one two. Samples that are equal so
far and get the same input share theirs: settings that act late cost their own steps alone, exactly.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headshot.engines.diffusion.device import RowBudget
from headshot.engines.diffusion.hold import Hold

if TYPE_CHECKING:
    from torch import Tensor

    from headshot.engines.diffusion.conditioning import Conditioning


def first_of(keys: Iterable[Hashable]) -> list[int]:
    """Find for each key the place of the first equal one."""
    seen: dict[Hashable, int] = {}
    return [seen.setdefault(key, place) for place, key in enumerate(keys)]


def same_start(cond: Conditioning, noise: Tensor, hold: Hold | None, seeds: Sequence[int] = ()) -> list[int]:
    """Find for each sample the first one that starts alike: the same noise, canvas, words and face.

    They may differ in what acts step by step: identity strength, guidance, and the windows of both. `seeds`:
    of the noise that each draws on the way, where the scheduler does.
    """
    import torch

    held = () if hold is None else (hold.canvas, hold.free)
    sides = (cond.text, cond.null_text, cond.tokens, cond.null_tokens, cond.lora, cond.pooled, cond.null_pooled)
    same = [t for t in (noise, *held, *sides, cond.time_ids) if t is not None]
    found: list[int] = []
    for i in range(len(cond)):
        before = (j for j in dict.fromkeys(found) if not seeds or seeds[j] == seeds[i])
        found.append(next((j for j in before if all(torch.equal(t[i], t[j]) for t in same)), i))
    return found


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of one UNet call: the null side of the guided samples, then every sample that has begun.

    `begun`, `guided` (B,) bool; `alike`: for each sample the first with the same row, and only that one's is
    computed. `sample` (R,) whose rows these are, the first `nulls` of them null; `text` … `lora` have R rows; no
    `lora` where each asks for the strength that is merged.
    `real_at`, `null_at`: the row of each sample in `begun_at`, `guided_at`; `strength` (G, 1, 1, 1) of guidance.
    """

    alike: list[int]
    begun: Tensor
    guided: Tensor
    sample: Tensor
    nulls: int
    text: Tensor
    tokens: Tensor | None
    pooled: Tensor | None
    time_ids: Tensor | None
    lora: Tensor | None
    begun_at: Tensor
    real_at: Tensor
    guided_at: Tensor
    null_at: Tensor
    strength: Tensor

    @classmethod
    def of(cls, cond: Conditioning, alike: list[int], begun: Tensor, guided: Tensor) -> Rows:
        """Collect the rows for this step; `alike` from `same_start` and `first_of`."""
        import torch

        where = cond.text.device

        def index(places: Iterable[int]) -> Tensor:
            return torch.tensor(list(places), dtype=torch.int64, device=where)

        begun_at, guided_at = (x.nonzero().flatten().tolist() for x in (begun, guided))
        reals, nulls = (sorted({alike[i] for i in side}) for side in (begun_at, guided_at))
        real, null = index(reals), index(nulls)

        def stack(null_side: Tensor | None, side: Tensor | None) -> Tensor | None:
            return None if side is None or null_side is None else torch.cat([null_side[null], side[real]])

        # The face tokens are cut with the same indices as the text: when guidance ends for a sample, its null
        # row goes in all of them, or the null face would be merged into the real one.
        text, lora = stack(cond.null_text, cond.text), cond.lora[[*nulls, *reals]]
        assert text is not None
        return cls(
            alike=alike,
            begun=begun,
            guided=guided,
            sample=torch.cat([null, real]),
            nulls=len(nulls),
            text=text,
            lora=lora.to(text) if bool(lora.any()) else None,
            tokens=stack(cond.null_tokens, cond.tokens),
            pooled=stack(cond.null_pooled, cond.pooled),
            time_ids=stack(cond.time_ids, cond.time_ids),
            begun_at=index(begun_at),
            real_at=index(reals.index(alike[i]) for i in begun_at),
            guided_at=index(guided_at),
            null_at=index(nulls.index(alike[i]) for i in guided_at),
            strength=cond.guidance[guided].to(where)[:, None, None, None],
        )

    def still_fit(self, alike: list[int], begun: Tensor, guided: Tensor) -> bool:
        """Tell whether these rows are still the right ones."""
        return alike == self.alike and bool((begun == self.begun).all()) and bool((guided == self.guided).all())

    def predict(self, unet: Any, inputs: Tensor, t: Tensor, scale: Tensor, budget: RowBudget) -> Tensor:
        """Predict the guided noise (B, 4, h, w) float32: null + guidance · (sample − null); 0 before its begin."""
        import torch

        x = inputs[self.sample].to(self.text.dtype)
        scale = scale[self.sample]
        times = t.to(x.device).expand(len(x))

        def part(s: slice) -> Tensor:
            def cut(v: Tensor | None) -> Tensor | None:
                return None if v is None else v[s]

            added = None if self.pooled is None else {"text_embeds": self.pooled[s], "time_ids": cut(self.time_ids)}
            strengths = {"identity_scale": scale[s], "lora_scale": cut(self.lora)}
            result: Tensor = unet(
                x[s],
                times[s],
                encoder_hidden_states=self.text[s],
                added_cond_kwargs=added,
                cross_attention_kwargs={"identity_tokens": cut(self.tokens), **strengths},
                return_dict=False,
            )[0]
            return result.float()

        rows = budget.run(part, len(x))
        null, real = rows[: self.nulls], rows[self.nulls :]
        out = torch.zeros((len(inputs), *real.shape[1:]), dtype=real.dtype, device=real.device)
        out = out.index_copy(0, self.begun_at, real[self.real_at])
        if self.nulls == 0:
            return out
        away, towards = null[self.null_at], out[self.guided_at]
        return out.index_copy(0, self.guided_at, away + self.strength.to(out) * (towards - away))
