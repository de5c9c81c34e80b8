"""UNets of their own with a LoRA that saves steps, beside the base's, which all other requests go on using."""

from __future__ import annotations

import threading
from typing import Any

from headshot.engines.diffusion import device
from headshot.engines.diffusion.offload import Residence
from headshot.engines.diffusion.pipeline_parts import Parts, own_bytes, with_speed_lora


class QuickUnets:
    """Made when they are first asked for. The last one is kept, and on ZeroGPU all of them; none is ever changed."""

    def __init__(self, parts: Parts, family: str, residence: Residence) -> None:
        self._parts, self._family, self._residence = parts, family, residence
        self._made: dict[str, Any] = {}
        self._making = threading.Lock()

    def unet(self, role: str | None, said: list[str] | None = None) -> Any:
        """The UNet with the LoRA of `role`, or the base's for None; a request keeps the one it began with.

        `said`: see Residence.visit. Raises EngineUnavailable where memory does not suffice.
        """
        if role is None:
            return self._parts.unet

        def make() -> Any:
            with self._residence.cleared():
                return with_speed_lora(self._parts.unet, self._parts.speed_loras[role], self._family)

        with self._making:
            if role not in self._made:
                if not device.on_zero_gpu():  # where memory is plenty, and each worker would make them again
                    self._made.clear()
                made = self._residence.retried(make, self._residence.relieve, said)
                if self._parts.plan.compile:
                    made.compile_repeated_blocks(dynamic=True)
                self._made[role] = made
            return self._made[role]

    def has_room(self) -> bool:
        """Whether there is room for one more UNet, or one is here that will make way for it.

        Where the GPU has none, offloading makes it: from then on the two change places.
        """
        if self._made:
            return True
        size, where, residence = own_bytes(self._parts.unet), self._parts.plan.device, self._residence
        if where == "cpu" or (not residence.offload and device.has_room(size, where)):
            return device.has_room(size, where)
        return device.has_room(2 * size, "cpu") and (residence.offload or residence.relieve())
