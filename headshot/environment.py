"""The process and its environment: each HEADSHOT_* variable read in one place, native logs, and freed memory.

docs/environment.md has the table of these variables and of those of the libraries.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import os
import shutil
import sys
import tempfile
import warnings
from functools import cache
from pathlib import Path
from typing import NoReturn

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # of malloc.h
_KEPT = 2**30  # bytes


def locale_tag() -> str:
    """The language tag, such as "de-DE", of LC_ALL, LC_MESSAGES or LANG, the first that is set; else ""."""
    named = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return named.partition(".")[0].replace("_", "-")


def weights_folder() -> Path:
    """The user's own folder of weights: HEADSHOT_WEIGHTS, else headshot/weights in the cache. It need not exist."""
    if own := os.environ.get("HEADSHOT_WEIGHTS", ""):
        return Path(own).expanduser()
    return cache_folder() / "weights"


def cache_folder() -> Path:
    """headshot/ in XDG_CACHE_HOME, else in ~/.cache: what can be fetched again. It need not exist."""
    return Path(os.environ.get("XDG_CACHE_HOME", "") or "~/.cache").expanduser() / "headshot"


def set_up_folder() -> Path:
    """share/headshot in the Python environment: what `make setup` brings with the program. It need not exist."""
    return Path(sys.prefix) / "share" / "headshot"


@cache
def process_folder() -> Path:
    """A temp folder that goes with the process, for what no other place can be written to for."""
    folder = Path(tempfile.mkdtemp(prefix="hs-process-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def may_write(folder: Path) -> bool:
    """Whether files can be made in `folder`, which is made where it can be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def weights_path(role: str) -> Path | None:
    """The file or folder that the user gives for `role` (sd15-base: HEADSHOT_WEIGHTS_SD15_BASE), or None."""
    own = os.environ.get("HEADSHOT_WEIGHTS_" + role.upper().replace("-", "_"), "")
    return Path(own).expanduser() if own else None


def weights_table() -> Path | None:
    """A table of weights to read in place of the project's own: HEADSHOT_WEIGHTS_TABLE, or None."""
    own = os.environ.get("HEADSHOT_WEIGHTS_TABLE", "")
    return Path(own) if own else None


def config_folder() -> Path:
    """HEADSHOT_CONFIG, else headshot/ in XDG_CONFIG_HOME, else in ~/.config. OSError where there is no home."""
    if own := os.environ.get("HEADSHOT_CONFIG"):
        return Path(own)
    base = os.environ.get("XDG_CONFIG_HOME", "")
    if os.path.isabs(base):  # the XDG specification: a relative path is ignored
        return Path(base) / "headshot"
    try:
        return Path.home() / ".config" / "headshot"
    except RuntimeError as fault:
        raise OSError("there is no home folder") from fault


def compile_unet() -> bool:
    """Whether the UNet's blocks are to be compiled on CUDA: HEADSHOT_COMPILE=1."""
    return os.environ.get("HEADSHOT_COMPILE") == "1"


def cpu_precision() -> str:
    """Name the generators' precision on a processor: HEADSHOT_CPU_PRECISION, float32 or bfloat16; "" to measure it."""
    wanted = os.environ.get("HEADSHOT_CPU_PRECISION", "")
    return wanted if wanted in ("float32", "bfloat16") else ""


def draft_seconds() -> float:
    """The most seconds that a draft may take to be painted without being asked for: HEADSHOT_DRAFT_SECONDS, else 10."""
    return _seconds("HEADSHOT_DRAFT_SECONDS", 10.0)


def upload_seconds() -> float:
    """Seconds that an upload's file stays after it was read: HEADSHOT_UPLOAD_SECONDS, else 15.

    A browser may still be asking for it as the preview of its field.
    """
    return _seconds("HEADSHOT_UPLOAD_SECONDS", 15.0)


def keep_native_logs() -> bool:
    """Whether the libraries' own logs stay on the terminal: HEADSHOT_NATIVE_LOGS=1."""
    return bool(os.environ.get("HEADSHOT_NATIVE_LOGS"))


def public() -> bool:
    """Whether others reach the app though it listens on loopback, through a proxy: HEADSHOT_PUBLIC=1."""
    return os.environ.get("HEADSHOT_PUBLIC") == "1"


def tells_metrics() -> bool:
    """Whether GET /metrics answers with counts and times of the app: HEADSHOT_METRICS=1."""
    return os.environ.get("HEADSHOT_METRICS") == "1"


def hosts() -> tuple[str, ...] | None:
    """The names by which others may ask for the app, of HEADSHOT_HOSTS (commas between them); None: by any."""
    named = [name.strip() for name in os.environ.get("HEADSHOT_HOSTS", "").split(",")]
    return tuple(name for name in named if name) or None


def keep_freed_memory() -> None:
    """Have glibc keep what is freed for the next array, in one pool for all threads; call it before they start.

    By default each large block goes back to the system at once, and the kernel clears every page of the next one: a
    tenth of a picture's time. And there are eight pools for each core, each with pages of which a part is in use.
    With another C library nothing is done. `give_back_freed_memory` is for when nobody needs it.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        glibc = ctypes.CDLL(None)
        for option, value in ((_M_MMAP_THRESHOLD, _KEPT), (_M_TRIM_THRESHOLD, _KEPT), (_M_ARENA_MAX, 1)):
            glibc.mallopt(option, value)


def give_back_freed_memory() -> None:
    """Let glibc return the pages of what was freed to the system; with another C library nothing is done."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def leave(status: int) -> NoReturn:
    """End the process by what is registered for its end, not by taking the interpreter down, with exit `status`.

    That takes a quarter of a second behind a picture; and under others at work it aborts a thread that comes back out
    of a library meanwhile, and refuses one that asks for another. Output that nobody reads any more is no fault; what
    cannot be written is said, with status 2.
    """
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        pass
    except OSError as error:
        if status != 2:  # else it was said where it was met first
            print(f"headshot: {error}", file=sys.stderr)
        status = 2
    with contextlib.suppress(OSError):
        sys.stderr.flush()
    os._exit(status)


def silence_native_logs() -> None:
    """Point file descriptor 2 at nothing and Python's sys.stderr at the terminal that it was.

    Libraries' C++ sides (OpenCV's decoders, onnxruntime's search for devices) write notes to descriptor 2 past every
    setting of Python's. Tracebacks and our own lines go through sys.stderr and stay. Call it once, in a program's
    entry, before any library is loaded.
    """
    if keep_native_logs() or sys.stderr is None:
        return
    # Libraries' notes to their own developers; what they have to say to ours comes as errors.
    warnings.filterwarnings("ignore", category=FutureWarning)
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("DIFFUSERS_VERBOSITY", "error")
    os.environ.setdefault("HF_HUB_VERBOSITY", "critical")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    sys.stderr.flush()
    terminal = os.dup(2)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.close(nothing)
    sys.stderr = os.fdopen(terminal, "w", buffering=1, encoding="utf-8", errors="backslashreplace")


def _seconds(name: str, otherwise: float) -> float:
    try:
        return float(os.environ.get(name, "") or otherwise)
    except ValueError:
        return otherwise
