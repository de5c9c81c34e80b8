"""Moves modules between device and main memory where not all of them fit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from headshot.engines.diffusion.device import OFFLOADED, TOO_LITTLE, free_memory, is_out_of_memory
from headshot.errors import EngineUnavailable

T = TypeVar("T")


class Offloader:
    """Where memory is short (`offload`), encoders and VAE are on the device only while they work; one UNet stays.

    Requests share it: who runs a module holds the lock, so that no other request moves it away. Where everything
    fits nothing is moved, but the lock is held all the same: offloading may begin at any time.
    """

    def __init__(self, device: str, offload: bool, movable: list[Any], unet: Any) -> None:
        self.device, self.offload = device, offload
        self._movable, self._unet_on_device = movable, unet
        self._moves_unet = False  # the other modules need the UNet's place too
        self._lock = threading.RLock()

    def run_with(self, work: Callable[[], T], *modules: Any, notes: list[str] | None = None) -> T:
        """Run `work` with `modules` on the device. Where memory runs out the others are moved away, said in `notes`.

        Raises EngineUnavailable where that does not suffice.
        """

        def turn() -> T:
            with self.modules_loaded(*modules):
                return work()

        return self.retry(turn, lambda: self.start_offloading() or self._start_moving_unet(), notes)

    def retry(self, work: Callable[[], T], relief: Callable[[], bool], notes: list[str] | None = None) -> T:
        """Run `work`, again as long as `relief` has something to move away after memory has run out."""
        while True:
            try:
                return work()
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
            # Not in the handler: the error's traceback holds what the failed try had made.
            if not relief():
                raise EngineUnavailable(*TOO_LITTLE)
            if notes is not None and OFFLOADED not in notes:
                notes.append(OFFLOADED)

    @contextmanager
    def modules_loaded(self, *modules: Any) -> Iterator[None]:
        """Keep `modules` on the device within it."""
        with self._lock:
            if not self.offload:
                yield
                return
            if self._moves_unet:
                self._move_unet_away()
            try:
                for module in modules:
                    module.to(self.device)
                yield
            finally:
                for module in modules:
                    module.to("cpu")

    def bind(self, unet: Any) -> Callable[..., Any]:
        """Wrap `unet` in a function that first brings it to the device, in place of the one before."""

        def called(*args: Any, **kwargs: Any) -> Any:
            with self._lock:
                if self.offload and self._unet_on_device is not unet:
                    self._move_unet_away()  # first away, then in: the face adapter's weights belong to both
                    unet.to(self.device)
                    self._unet_on_device = unet
                return unet(*args, **kwargs)

        return called

    @contextmanager
    def unet_moved_away(self) -> Iterator[None]:
        """Keep the device free of UNets where memory is short, while another is made; no request runs one meanwhile."""
        with self._lock:
            if self.offload:
                self._move_unet_away()
            yield

    def start_offloading(self) -> bool:
        """Start to offload after memory has run out. False where that was so already, or is no help."""
        with self._lock:
            if self.offload or self.device == "cpu":
                return False
            self.offload = True
            for module in self._movable:
                module.to("cpu")
        free_memory()
        return True

    def _start_moving_unet(self) -> bool:
        """Move the UNet away too for each run from now on. False where that was so already, or is no help."""
        if self._moves_unet or self.device == "cpu":
            return False
        self._moves_unet = True
        free_memory()
        return True

    def _move_unet_away(self) -> None:
        if self._unet_on_device is not None:
            self._unet_on_device.to("cpu")
            self._unet_on_device = None
