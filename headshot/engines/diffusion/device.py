"""Where the engines run: device, dtype, memory, the time it will take, and what to do when memory runs out."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from headshot.engines.diffusion.rates import cpu_dtype
from headshot.engines.diffusion.zero_gpu import on_zero_gpu
from headshot.environment import compile_unet, give_back_freed_memory
from headshot.errors import EngineUnavailable
from headshot.language import tr

if TYPE_CHECKING:
    from torch import Tensor

STAYS = 0.65  # of an engine's modules: what stays on the GPU when the others wait in main memory


@dataclass(frozen=True)
class Plan:
    """How to run here: `device` "cuda", "mps" or "cpu"; `dtype` "bfloat16", "float16" or "float32".

    `offload`: encoders and VAE stay in main memory and are on the device only while they work;
    `rows`: how many rows one UNet call may have at first; `compile`: regional torch.compile.
    """

    device: str
    dtype: str
    offload: bool = False
    channels_last: bool = False
    compile: bool = False
    rows: int = 16

    @property
    def vae_dtype(self) -> str:
        """Name the VAE's precision, which tells on every pixel: off float32 by .05 code values in half, .40 in bf16."""
        if self.dtype == "float32" or (self.device, self.dtype) == ("cpu", "bfloat16"):
            return "float32"
        return "float16" if self.device == "cuda" else self.dtype


def kind() -> str:
    """Name the device that the engines run on: "cuda", "mps" or "cpu". On ZeroGPU CUDA itself is not asked."""
    import torch

    if on_zero_gpu() or torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def choose(*, resident_gb: float, row_gb: float, alone: bool = False) -> Plan:
    """Plan for this machine as it is now: other programs may hold a part of its GPU.

    `resident_gb`: all modules of the engine in half precision; `row_gb`: the UNet's working memory for one
    row at its native size. Offloads where modules and two rows do not fit into 90% of what is free. `alone`: what
    this process holds on the GPU counts as free (another engine that will be unloaded). With HEADSHOT_COMPILE=1
    on CUDA the UNet's blocks are compiled: the first picture of a shape takes minutes, later ones less time.
    """
    import torch

    if on_zero_gpu():  # nothing may touch the GPU before a call has been given one
        return Plan("cuda", "bfloat16", channels_last=True)
    where = kind()
    if where == "cuda":
        dtype = "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float16"
        usable = 0.9 * (free_on_gpu() + (torch.cuda.memory_allocated() if alone else 0)) / 1e9
        offload = resident_gb + 2 * row_gb > usable
        left = usable - (STAYS * resident_gb if offload else resident_gb)
        rows = max(1, min(16, int(left / row_gb)))
        return Plan("cuda", dtype, offload, channels_last=True, compile=compile_unet(), rows=rows)
    if where == "mps":
        return Plan("mps", "float16", rows=2)
    return Plan("cpu", cpu_dtype(), rows=4)


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether `error` means that memory ran out. CUDA has a class for it; MPS and the CPU only say so."""
    import torch

    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    text = str(error)
    return isinstance(error, RuntimeError) and ("out of memory" in text or "can't allocate memory" in text)


OFFLOADED = "Memory ran out: parts of the model were moved to main memory, which takes longer."
TOO_LITTLE = (
    "There is not enough memory for this engine, even one row at a time.",
    "Choose the SD1.5 engine, or close other programs that use much memory.",
)


@contextmanager
def enough_memory() -> Iterator[None]:
    """Turn memory that runs out within it into EngineUnavailable: one line that a person can act on."""
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        free_memory()
        raise EngineUnavailable(*TOO_LITTLE) from error


def free_on_gpu() -> int:
    """Count the bytes that a CUDA allocation could have now: free ones, and those that torch reserves without use."""
    import torch

    return torch.cuda.mem_get_info()[0] + torch.cuda.memory_reserved() - torch.cuda.memory_allocated()


def has_room(size: int, device: str) -> bool:
    """Tell whether `size` more bytes fit into the memory of `device`, with a tenth to spare. True where unknown."""
    if on_zero_gpu():
        return True
    if device == "cuda":
        return free_on_gpu() > 1.1 * size
    give_back_freed_memory()  # which would count as taken
    try:
        with open("/proc/meminfo") as lines:
            table = dict(line.split(":") for line in lines)
    except OSError:  # not Linux
        return True
    return int(table["MemAvailable"].split()[0]) * 1024 > 1.1 * size


def free_memory() -> None:
    """Give freed blocks back to the device and to the system, after a request or before another try."""
    import torch

    gc.collect()
    give_back_freed_memory()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    elif torch.backends.mps.is_available():
        torch.mps.empty_cache()


@dataclass
class RowBudget:
    """Limits the rows of one UNet call, for one request. Halved when memory runs out, with a note in `notes`.

    The rows are independent, so a smaller call gives the same picture. `relief`: frees memory when a
    single row does not fit (offloading), and returns whether there is any point in one more try.
    """

    limit: int
    relief: Callable[[], bool] = lambda: False
    notes: list[str] = field(default_factory=list)

    def run(self, part: Callable[[slice], Tensor], rows: int) -> Tensor:
        """Join `part(slice)` for all rows, in as few calls as the budget allows. Raises EngineUnavailable."""
        import torch

        while True:
            try:
                if rows <= self.limit:
                    return part(slice(0, rows))
                return torch.cat([part(slice(i, i + self.limit)) for i in range(0, rows, self.limit)])
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
            self._shrink(rows)  # not in the handler: the error's traceback holds all that the failed call had made

    def _shrink(self, rows: int) -> None:
        free_memory()
        size = min(self.limit, rows)
        if size > 1:
            self.limit = (size + 1) // 2
            self.notes.append(tr("Memory ran out: the batch was cut to {limit} at a time.", limit=self.limit))
        elif self.relief():
            self.notes.append(OFFLOADED)
        else:
            raise EngineUnavailable(*TOO_LITTLE)
