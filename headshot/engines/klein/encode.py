"""A batch's words, photos and canvases as tensors, each encoded once for as long as the cache keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headshot.canvas.change_map import free_steps
from headshot.direction.prompt import Prompt
from headshot.engines.diffusion.hold import to_latent
from headshot.engines.diffusion.offload import Offloader
from headshot.engines.diffusion.request import Request
from headshot.engines.encode_cache import EncodeCache, digest
from headshot.engines.klein import pictures
from headshot.engines.klein.flow import Held, Steering
from headshot.engines.klein.models import Models
from headshot.engines.klein.spec import Spec
from headshot.engines.references import References
from headshot.imaging.resize import resized
from headshot.types import U8

if TYPE_CHECKING:
    from torch import Tensor


def noise_for(seeds: Sequence[int], size: tuple[int, int], models: Models) -> Tensor:
    """Draw the starting noise (B, C, h, w) float32 on the CPU, one seed a sample: the same on every device."""
    import torch

    shape = (1, models.transformer.config.in_channels, size[1] // 16, size[0] // 16)
    drawn = [torch.randn(shape, generator=torch.Generator().manual_seed(seed)) for seed in seeds]
    return torch.cat(drawn).to(models.plan.device)


@dataclass(frozen=True, eq=False)
class Encoder:
    """Encodes for one batch. `notes`: what is to be said of memory, see Offloader.run_with."""

    spec: Spec
    models: Models
    offloader: Offloader
    cache: EncodeCache
    notes: list[str]

    def steering(self, group: Sequence[Request], texts: Sequence[Prompt], who: References) -> Steering:
        """Encode words, canvases and photos, a row for each candidate of `group`; all or none of it painted anew."""
        import torch

        text = torch.cat([self._words(p.text).expand(len(r.seeds), -1, -1) for p, r in zip(texts, group, strict=True)])
        photos = [self._picture(resized(p, (side, side))) for p in who.pictures if (side := self._side(p))]
        edited = [] if group[0].fully_generated else [self._canvas(r) for r in group for _ in r.seeds]
        ids = pictures.reference_positions([*edited[:1], *photos])
        of_canvas, of_photos = ids[: len(edited[:1])], ids[len(edited[:1]) :]
        each = [r.direction.generate for r in group for _ in r.seeds]
        return Steering(
            text=text,
            text_ids=pictures.text_positions(text),
            canvas=pictures.packed(torch.cat(edited)) if edited else None,
            canvas_ids=of_canvas[0] if edited else None,
            photos=torch.cat([pictures.packed(z) for z in photos], 1) if photos else None,
            photo_ids=torch.cat(of_photos, 1) if photos else None,
            identity=[g.identity for g in each],
            start=[g.identity_start for g in each],
            end=[g.identity_end for g in each],
        )

    def held(self, group: Sequence[Request], noise: Tensor) -> Held | None:
        """Encode the canvases, and how far each may change; None where all of it is free. `noise` (B, C, h, w)."""
        import torch

        if group[0].fully_generated:
            return None
        canvases, free = [], []
        for r in group:
            z0 = self._canvas(r).to(noise)
            may = to_latent(r.allowance, *noise.shape[2:]).numpy()
            canvases.append(z0.expand(len(r.seeds), -1, -1, -1))
            free.append(torch.from_numpy(free_steps(may, r.noise)).to(noise).expand(len(r.seeds), -1, -1, -1))
        return Held(pictures.packed(torch.cat(canvases)), pictures.packed(noise), pictures.packed(torch.cat(free)))

    def _side(self, picture: U8) -> int:
        """Choose the side of a reference, px: a multiple of 16 that does not enlarge it, from 64 to the model's."""
        return min(self.spec.reference, max(64, picture.shape[0] // 16 * 16))

    def _canvas(self, request: Request) -> Tensor:
        return self._picture(resized(request.canvas.picture, request.size))

    def _words(self, text: str) -> Tensor:
        def work() -> Tensor:
            return pictures.encode_words(self.models, text, self.spec.text_tokens)

        encoder = self.models.text_encoder
        return self.cache.get(("klein words", text), lambda: self.offloader.run_with(work, encoder, notes=self.notes))

    def _picture(self, picture: U8) -> Tensor:
        def work() -> Tensor:
            return pictures.encode_picture(self.models, picture)

        vae = self.models.vae
        return self.cache.get(
            ("klein picture", digest(picture)), lambda: self.offloader.run_with(work, vae, notes=self.notes)
        )
