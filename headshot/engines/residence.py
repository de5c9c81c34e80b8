"""Which modules are on the device at the moment, where not all of them fit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from headshot.engines.device import free_memory


class Residence:
    """Where memory is short (`offload`), encoders and VAE visit the device for their turn, and one UNet stays.

    Requests share it: a module is never moved away while another request is inside it. Where everything
    fits it does nothing, and takes no lock.
    """

    def __init__(self, device: str, offload: bool, visitors: list[Any], unet: Any) -> None:
        self.device, self.offload = device, offload
        self._visitors, self._resident = visitors, unet
        self._lock = threading.RLock()

    @contextmanager
    def visiting(self, *modules: Any) -> Iterator[None]:
        """`modules` on the device for this turn."""
        if not self.offload:
            yield
            return
        with self._lock:
            for module in modules:
                module.to(self.device)
            try:
                yield
            finally:
                for module in modules:
                    module.to("cpu")

    def call(self, unet: Any) -> Callable[..., Any]:
        """`unet` as a function that sees to it that it is on the device, in place of the one before."""

        def called(*args: Any, **kwargs: Any) -> Any:
            if not self.offload:
                return unet(*args, **kwargs)
            with self._lock:
                if self._resident is not unet:
                    # First away, then in: the face adapter's weights belong to both.
                    if self._resident is not None:
                        self._resident.to("cpu")
                    unet.to(self.device)
                    self._resident = unet
                return unet(*args, **kwargs)

        return called

    @contextmanager
    def cleared(self) -> Iterator[None]:
        """No UNet on the device, while another one is made from it."""
        if not self.offload:
            yield
            return
        with self._lock:
            if self._resident is not None:
                self._resident.to("cpu")
                self._resident = None
            yield

    def relieve(self) -> bool:
        """Starts to offload after memory has run out. False where that was so already, or is no help."""
        with self._lock:
            if self.offload or self.device == "cpu":
                return False
            self.offload = True
            for module in self._visitors:
                module.to("cpu")
        free_memory()
        return True
