"""UNets of their own with a LoRA that saves steps, beside the base's, which all other requests go on using."""

from __future__ import annotations

import threading
from typing import Any

from headshot.engines.diffusion import device
from headshot.engines.diffusion.offload import Offloader
from headshot.engines.diffusion.pipeline_parts import Parts, own_bytes, with_speed_lora
from headshot.engines.diffusion.zero_gpu import on_zero_gpu


class FastUnets:
    """Makes UNets with a speed LoRA at first use. The last one is kept, and on ZeroGPU all of them; none is changed."""

    def __init__(self, parts: Parts, architecture: str, offloader: Offloader) -> None:
        self._parts, self._architecture, self._offloader = parts, architecture, offloader
        self._made: dict[str, Any] = {}
        self._making = threading.Lock()

    def unet(self, role: str | None, notes: list[str] | None = None) -> Any:
        """Return the UNet with the LoRA of `role`, or the base's for None; a request keeps the one it began with.

        `notes`: see Offloader.run_with. Raises EngineUnavailable where memory does not suffice.
        """
        if role is None:
            return self._parts.unet

        def make() -> Any:
            with self._offloader.unet_moved_away():
                return with_speed_lora(self._parts.unet, self._parts.speed_loras[role], self._architecture)

        with self._making:
            if role not in self._made:
                if not on_zero_gpu():  # where memory is plenty, and each worker would make them again
                    self._made.clear()
                made = self._offloader.retry(make, self._offloader.start_offloading, notes)
                if self._parts.plan.compile:
                    made.compile_repeated_blocks(dynamic=True)
                self._made[role] = made
            return self._made[role]

    def has_room(self) -> bool:
        """Tell whether there is room for one more UNet, or one is here that will be dropped for it.

        Where the GPU has none, offloading starts: from then on the two take turns on it.
        """
        if self._made:
            return True
        size, where, offloader = own_bytes(self._parts.unet), self._parts.plan.device, self._offloader
        if where == "cpu" or (not offloader.offload and device.has_room(size, where)):
            return device.has_room(size, where)
        return device.has_room(2 * size, "cpu") and (offloader.offload or offloader.start_offloading())
