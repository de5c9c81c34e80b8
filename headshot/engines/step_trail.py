"""The denoising steps of a person's last pictures: a run that begins alike is taken up where it becomes another one.

The work is a chain: what starts it (words, face, canvas, noise, schedule), then each step with what acts in it alone
(identity strength, guidance). Each link's key is its content, so that a slider costs the steps that it changes.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

_MOST_TRAILS = 5  # a draft, a final and the one before, of up to two passes; a trail of 30 SDXL steps is 30 MB


class Trails:
    """Keeps the last trails: for each start the keys of its steps, and the state after each of them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[tuple[Hashable, Any], ...]] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, start: Hashable, keys: Sequence[Hashable]) -> Trail:
        """Open the trail of a run with this `start` whose steps have these `keys`."""
        with self._lock:
            known = self._kept.get(start, ())
        alike = 0
        for (key, _), wanted in zip(known, keys, strict=False):
            if key != wanted:
                break
            alike += 1
        return Trail(self, start, keys, known[:alike])

    def keep(self, start: Hashable, steps: tuple[tuple[Hashable, Any], ...]) -> None:
        """Keep the steps of a run so far, in place of what was known of its start."""
        with self._lock:
            self._kept[start] = steps
            self._kept.move_to_end(start)
            while len(self._kept) > _MOST_TRAILS:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()


class Trail:
    """One run: `states` of the steps that need not be run again; `add` the others. Two runs never share a list."""

    def __init__(
        self, trails: Trails, start: Hashable, keys: Sequence[Hashable], steps: tuple[tuple[Hashable, Any], ...]
    ) -> None:
        self._trails, self._start, self._keys, self._steps = trails, start, keys, steps

    @property
    def states(self) -> list[Any]:
        """List the states after the steps that are known, in their order."""
        return [state for _, state in self._steps]

    def add(self, state: Any) -> None:
        """Keep the state after the next step."""
        self._steps = (*self._steps, (self._keys[len(self._steps)], state))
        self._trails.keep(self._start, self._steps)


def content(tensors: Iterable[Tensor | None], *others: Hashable) -> bytes:
    """Hash tensors and plain values for a key: equal content, equal hash."""
    import torch

    found = hashlib.sha256(repr(others).encode())
    for t in tensors:
        if t is None:
            found.update(b"none")
            continue
        found.update(f"{t.dtype}{tuple(t.shape)}".encode())
        found.update(t.detach().cpu().clone().reshape(-1).view(torch.uint8).numpy().tobytes())
    return found.digest()
