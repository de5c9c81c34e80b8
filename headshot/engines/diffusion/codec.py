"""Pictures into latents and back by what a family has loaded: VAE, TAESD, the safety checker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headshot.engines.diffusion import latents
from headshot.engines.diffusion.latent_preview import by_matrix, by_taesd
from headshot.engines.diffusion.offload import Offloader
from headshot.engines.diffusion.pipeline_parts import Parts
from headshot.engines.encode_cache import EncodeCache, digest
from headshot.types import U8

if TYPE_CHECKING:
    from torch import Tensor


class Codec:
    """Encodes and decodes for one pipeline, wherever `offloader` keeps the modules. Keeps nothing of a request."""

    def __init__(self, parts: Parts, offloader: Offloader, architecture: str) -> None:
        self._parts, self._offloader, self._architecture = parts, offloader, architecture

    def encode(self, picture: U8, cache: EncodeCache, notes: list[str]) -> Tensor:
        """Encode (h, w, 3) uint8 by the VAE; see latents.encode. Kept in `cache`."""

        def encoded() -> Tensor:
            vae = self._parts.vae
            return self._offloader.run_with(lambda: latents.encode(vae, picture, notes), vae, notes=notes)

        return cache.get(("canvas", digest(picture)), encoded)

    def decode(self, z: Tensor, mode: str, notes: list[str]) -> U8:
        """Decode (4, h, w) to (8h, 8w, 3) uint8; a draft by TAESD where it is here."""
        if self.decoder(mode) == "taesd":
            return self._offloader.run_with(lambda: by_taesd(z, self._parts.taesd), notes=notes)
        vae = self._parts.vae
        return self._offloader.run_with(lambda: latents.decode(vae, z, notes), vae, notes=notes)

    def decoder(self, mode: str) -> str:
        """Name what decodes in `mode`: "taesd" or "vae"."""
        return "taesd" if mode == "draft" and self._parts.taesd is not None else "vae"

    def preview(self, x0: Tensor) -> U8:
        """Show predicted latents (4, h, w) quickly, at whatever size that comes to."""
        if self._parts.taesd is None:
            return by_matrix(x0, self._architecture)
        return by_taesd(x0, self._parts.taesd, half=self._parts.plan.device == "cpu")

    def allowed(self, picture: U8) -> bool:
        """Ask the safety checker, where there is one."""
        safety = self._parts.safety
        return safety is None or self._offloader.run_with(lambda: safety.allows(picture), safety.checker)
