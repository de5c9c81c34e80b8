"""Keeps the native logs of MediaPipe and TensorFlow Lite off the terminal, and everything of Python's on it."""

from __future__ import annotations

import os
import sys
import warnings


def silence_native_logs() -> None:
    """Point file descriptor 2 at nothing and Python's sys.stderr at the terminal that it was.

    MediaPipe's C++ side writes start-up notes to descriptor 2 that no setting turns off. Tracebacks and our own
    lines go through sys.stderr and stay. Call it once, in a program's entry, before any library is loaded;
    HEADSHOT_NATIVE_LOGS=1 leaves everything as it is.
    """
    if os.environ.get("HEADSHOT_NATIVE_LOGS") or sys.stderr is None:
        return
    # Libraries' notes to their own developers; what they have to say to ours comes as errors.
    warnings.filterwarnings("ignore", category=FutureWarning)
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("DIFFUSERS_VERBOSITY", "error")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    sys.stderr.flush()
    terminal = os.dup(2)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.close(nothing)
    sys.stderr = os.fdopen(terminal, "w", buffering=1, encoding="utf-8", errors="backslashreplace")
