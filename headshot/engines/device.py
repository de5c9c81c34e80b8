"""Where the engines run: device, dtype, memory, the time it will take, and what to do when memory runs out."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from headshot.errors import EngineUnavailable

if TYPE_CHECKING:
    from torch import Tensor

STAYS = 0.65  # of an engine's modules: what stays on the GPU when the others wait in main memory

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Plan:
    """`device` "cuda", "mps" or "cpu"; `dtype` "bfloat16", "float16" or "float32".

    `offload`: encoders and VAE wait in main memory and visit the device only for their turn;
    `rows`: how many rows one UNet call may have at first; `compile`: regional torch.compile.
    """

    device: str
    dtype: str
    offload: bool = False
    channels_last: bool = False
    compile: bool = False
    rows: int = 16


def choose(*, resident_gb: float, row_gb: float) -> Plan:
    """The plan for this machine.

    `resident_gb`: all modules of the engine in half precision; `row_gb`: the UNet's working memory for one
    row at its native size. Offloads where both do not fit into 90% of the GPU's memory. With HEADSHOT_COMPILE=1
    on CUDA the UNet's blocks are compiled: the first picture of a shape takes minutes, later ones less time.
    """
    import torch

    if on_zero_gpu():  # nothing may touch the GPU before a call has been lent it
        return Plan("cuda", "bfloat16", channels_last=True)
    if torch.cuda.is_available():
        dtype = "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float16"
        usable = 0.9 * torch.cuda.get_device_properties(0).total_memory / 1e9
        offload = resident_gb + 2 * row_gb > usable
        left = usable - (STAYS * resident_gb if offload else resident_gb)
        rows, compiled = max(1, min(16, int(left / row_gb))), os.environ.get("HEADSHOT_COMPILE") == "1"
        return Plan("cuda", dtype, offload, channels_last=True, compile=compiled, rows=rows)
    if torch.backends.mps.is_available():
        return Plan("mps", "float16", rows=2)
    return Plan("cpu", "float32", rows=4)  # bf16 without AMX is 2.6 times slower than fp32


def is_out_of_memory(error: BaseException) -> bool:
    """CUDA has a class for it; MPS and the CPU allocator only say so."""
    import torch

    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    text = str(error)
    return isinstance(error, RuntimeError) and ("out of memory" in text or "can't allocate memory" in text)


TOO_LITTLE = (
    "There is not enough memory for this engine, even one row at a time.",
    "Choose the SD1.5 engine, or close other programs that use much memory.",
)


@contextmanager
def enough_memory() -> Iterator[None]:
    """Turns memory that runs out within it into EngineUnavailable: one line that a person can act on."""
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        free_memory()
        raise EngineUnavailable(*TOO_LITTLE) from error


def has_room(size: int, device: str) -> bool:
    """Whether `size` more bytes fit into the memory of `device`, with a tenth to spare. True where unknown."""
    import torch

    if on_zero_gpu():
        return True
    if device == "cuda":
        return torch.cuda.mem_get_info()[0] > 1.1 * size
    try:
        with open("/proc/meminfo") as lines:
            table = dict(line.split(":") for line in lines)
    except OSError:  # not Linux
        return True
    return int(table["MemAvailable"].split()[0]) * 1024 > 1.1 * size


def free_memory() -> None:
    """Gives freed blocks back to the device, after a request or before another try."""
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    elif torch.backends.mps.is_available():
        torch.mps.empty_cache()


@dataclass
class RowBudget:
    """How many rows one call may have, for one request. Halved when memory runs out; said in `notes`.

    The rows are independent, so a smaller call gives the same picture. `relief`: frees memory when a
    single row does not fit (offloading), and returns whether there is any point in one more try.
    """

    limit: int
    relief: Callable[[], bool] = lambda: False
    notes: list[str] = field(default_factory=list)

    def run(self, part: Callable[[slice], Tensor], rows: int) -> Tensor:
        """`part(slice)` for all rows, in as few calls as the budget allows, joined. Raises EngineUnavailable."""
        import torch

        while True:
            try:
                if rows <= self.limit:
                    return part(slice(0, rows))
                return torch.cat([part(slice(i, i + self.limit)) for i in range(0, rows, self.limit)])
            except RuntimeError as error:
                if not is_out_of_memory(error):
                    raise
                self._shrink(rows)

    def _shrink(self, rows: int) -> None:
        free_memory()
        size = min(self.limit, rows)
        if size > 1:
            self.limit = (size + 1) // 2
            self.notes.append(f"Memory ran out: the batch was cut to {self.limit} at a time.")
        elif self.relief():
            self.notes.append("Memory ran out: parts of the model were moved to main memory.")
        else:
            raise EngineUnavailable(*TOO_LITTLE)


@lru_cache(maxsize=4)
def throughput(device: str, dtype: str) -> float:
    """FLOP/s of this machine in a matrix product of 1024³, the best of three: a few ms, once."""
    import torch

    x = torch.ones(1024, 1024, device=device, dtype=getattr(torch, dtype))
    best = float("inf")
    for _ in range(4):
        start = time.perf_counter()
        float((x @ x)[0, 0])  # reading a value waits for the device
        best = min(best, time.perf_counter() - start)
    return 2 * 1024**3 / best


def seconds(flop: float, device: str, dtype: str) -> float:
    """About how long `flop` operations of a UNet or VAE take here: half the matrix product's rate."""
    if on_zero_gpu():  # cannot be measured before the call; an assumption, on the careful side
        return flop / 40e12
    return flop / (0.5 * throughput(device, dtype))


def on_zero_gpu() -> bool:
    """Whether this process runs on a Space with a GPU that is lent per call."""
    return bool(os.environ.get("SPACES_ZERO_GPU"))


def lent_gpu(function: F, duration: Callable[..., int] | int) -> F:
    """`function` (a generator too) with ZeroGPU's decorator where there is one, else unchanged.

    `duration` in seconds, or a function of the same arguments: the quota is charged by what is asked for.
    """
    if not on_zero_gpu():
        return function
    import spaces

    wrapped: F = spaces.GPU(duration=duration)(function)
    return wrapped
