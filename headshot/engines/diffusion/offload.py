"""Which modules are on the device at the moment, where not all of them fit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from headshot.engines.diffusion.device import OFFLOADED, TOO_LITTLE, free_memory, is_out_of_memory
from headshot.errors import EngineUnavailable

T = TypeVar("T")


class Residence:
    """Where memory is short (`offload`), encoders and VAE visit the device for their turn, and one UNet stays.

    Requests share it: whoever is inside a module holds the lock, so that no other request moves it away. Where
    everything fits nothing is moved, but the lock is held all the same: offloading may begin at any time.
    """

    def __init__(self, device: str, offload: bool, visitors: list[Any], unet: Any) -> None:
        self.device, self.offload = device, offload
        self._visitors, self._resident = visitors, unet
        self._alone = False  # a visitor needs the UNet's place too
        self._lock = threading.RLock()

    def visit(self, work: Callable[[], T], *modules: Any, said: list[str] | None = None) -> T:
        """What `work` gives with `modules` on the device. Where memory runs out the others make way: in `said`.

        Raises EngineUnavailable where that does not suffice.
        """

        def turn() -> T:
            with self.visiting(*modules):
                return work()

        return self.retried(turn, lambda: self.relieve() or self._leave_alone(), said)

    def retried(self, work: Callable[[], T], relief: Callable[[], bool], said: list[str] | None = None) -> T:
        """What `work` gives, tried again as long as `relief` has something to move away after memory has run out."""
        while True:
            try:
                return work()
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
            # Not in the handler: the error's traceback holds what the failed try had made.
            if not relief():
                raise EngineUnavailable(*TOO_LITTLE)
            if said is not None and OFFLOADED not in said:
                said.append(OFFLOADED)

    @contextmanager
    def visiting(self, *modules: Any) -> Iterator[None]:
        """`modules` on the device for this turn."""
        with self._lock:
            if not self.offload:
                yield
                return
            if self._alone:
                self._empty()
            try:
                for module in modules:
                    module.to(self.device)
                yield
            finally:
                for module in modules:
                    module.to("cpu")

    def call(self, unet: Any) -> Callable[..., Any]:
        """`unet` as a function that sees to it that it is on the device, in place of the one before."""

        def called(*args: Any, **kwargs: Any) -> Any:
            with self._lock:
                if self.offload and self._resident is not unet:
                    self._empty()  # first away, then in: the face adapter's weights belong to both
                    unet.to(self.device)
                    self._resident = unet
                return unet(*args, **kwargs)

        return called

    @contextmanager
    def cleared(self) -> Iterator[None]:
        """No UNet on the device where memory is short, while another one is made from it; nobody is inside one."""
        with self._lock:
            if self.offload:
                self._empty()
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

    def _leave_alone(self) -> bool:
        """From now on the UNet leaves for each visit. False where that was so already, or is no help."""
        if self._alone or self.device == "cpu":
            return False
        self._alone = True
        free_memory()
        return True

    def _empty(self) -> None:
        if self._resident is not None:
            self._resident.to("cpu")
            self._resident = None
