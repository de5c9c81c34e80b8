"""How fast this machine is: measured once by a matrix product, and from an engine's first real step on by its steps."""

from __future__ import annotations

import threading
import time
from functools import lru_cache
from pathlib import Path

from headshot.engines.diffusion.zero_gpu import on_zero_gpu
from headshot.environment import cpu_precision

_learnt: dict[tuple[str, str, str], float] = {}
_lock = threading.Lock()


def seconds(flop: float, device: str, dtype: str, engine: str) -> float:
    """Estimate the seconds that `flop` operations of `engine` take.

    At the rate of its real steps where there were any in this process, else at half the matrix product's.
    """
    with _lock:
        rate = _learnt.get((device, dtype, engine))
    if rate is None:
        if on_zero_gpu():  # cannot be measured before the call; an assumption, on the careful side
            return flop / 40e12
        rate = 0.5 * throughput(device, dtype)
    return flop / rate


def learn(flop: float, took: float, device: str, dtype: str, engine: str) -> None:
    """Take in that `flop` operations of real steps of `engine` took so many seconds: its next estimates go by it.

    Half of what was known stays, so that one busy moment does not decide.
    """
    if flop <= 0 or took <= 0:
        return
    with _lock:
        before = _learnt.get((device, dtype, engine))
        _learnt[device, dtype, engine] = flop / took if before is None else (before + flop / took) / 2


class Rates(dict[tuple[str, str, str], float]):
    """What was learnt, on its way from one process to another."""


def known() -> Rates:
    """List what was learnt."""
    with _lock:
        return Rates(_learnt)


def adopt(learnt: Rates) -> None:
    """Take over what another process has learnt."""
    with _lock:
        _learnt.update(learnt)


def measured(engine: str) -> bool:
    """Tell whether real steps of `engine` are known."""
    with _lock:
        return any(name == engine for _, _, name in _learnt)


@lru_cache(maxsize=6)
def throughput(device: str, dtype: str) -> float:
    """Measure this machine's FLOP/s in a matrix product, once: the best of three after one that is not counted.

    1024³ on a CPU, a few ms; 4096³ on a GPU, where the small one would be over before its launch was paid.
    """
    import torch

    side = 1024 if device == "cpu" else 4096
    x = torch.ones(side, side, device=device, dtype=getattr(torch, dtype))
    best = float("inf")
    for n in range(4):
        _wait_for(device)
        start = time.perf_counter()
        x @ x
        _wait_for(device)
        if n:  # the first one loads the library
            best = min(best, time.perf_counter() - start)
    return 2 * side**3 / best


def cpu_dtype() -> str:
    """Choose the CPU's precision: the one that is wished for, else by measurement."""
    return cpu_precision() or faster_on_cpu()


@lru_cache(maxsize=1)
def faster_on_cpu() -> str:
    """Measure whether bfloat16 is half as fast again as float32 on this processor, and name the better of the two.

    Asked only of processors that have instructions for it; without them it is several times slower.
    """
    try:
        flags = Path("/proc/cpuinfo").read_text().split("flags", 2)[1]
    except (OSError, IndexError):  # not Linux, or not x86
        return "float32"
    if not any(flag in flags.split() for flag in ("avx512_bf16", "amx_bf16", "avx_bf16")):
        return "float32"
    return "bfloat16" if throughput("cpu", "bfloat16") > 1.5 * throughput("cpu", "float32") else "float32"


def _wait_for(device: str) -> None:
    """Wait until the device has done all that was asked of it."""
    import torch

    if device == "cuda":
        torch.cuda.synchronize()
    elif device == "mps":
        torch.mps.synchronize()
