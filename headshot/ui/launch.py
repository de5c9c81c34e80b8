"""Serve the page: what `python app.py`, a Hugging Face Space and `headshot app` do."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from headshot.environment import hosts, leave, public
from headshot.errors import UserError
from headshot.ui.server.address import LOCAL, free_port, no_proxies
from headshot.ui.server.temp_folder import open_folder


def app(words: Sequence[str]) -> int:
    """Serve as `main` does, where `headshot app --host HOST --port PORT` says. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="headshot app", description="Open the page on this machine.")
    parser.add_argument("--host", help="the address to answer at; this machine alone is usual")
    parser.add_argument("--port", help="the port; the first free one from 7860 is usual")
    for name, value in vars(parser.parse_args(words)).items():
        if value is not None:
            os.environ[name.upper()] = value
    return main()


def main() -> int:
    """Serve on HOST:PORT (default: loopback, the first free port from 7860). Returns the exit status."""
    # A container or service manager ends us by SIGTERM, which alone would leave the temp folder behind.
    signal.signal(signal.SIGTERM, lambda *_: leave(0))
    os.environ["GRADIO_TEMP_DIR"] = str(open_folder())  # Gradio keeps uploads there while they are read
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

    space = "SPACE_ID" in os.environ
    host = os.environ.get("HOST", "").strip().strip("[]") or ("0.0.0.0" if space else "127.0.0.1")
    given = os.environ.get("PORT", "")
    if given and not (given.isdecimal() and 0 < int(given) < 65536):
        print(f"headshot: PORT is “{given}”. Give a number such as 7860.", file=sys.stderr)
        return 2
    try:
        port = free_port(host, int(given) if given else None)
        with no_proxies():  # at its import Gradio makes a client
            from headshot.ui.serve import serve
        _load_for_zero_gpu()
        serve(host, port, local=host in LOCAL and not public(), hosts=hosts())
    except UserError as fault:
        print(f"headshot: {fault}", file=sys.stderr)
        return 2
    return 0


def _load_for_zero_gpu() -> None:
    from headshot.engines.diffusion.zero_gpu import TORCH, on_zero_gpu, other_torch

    if on_zero_gpu():
        if other := other_torch():
            known = ", ".join(TORCH)
            print(f"headshot: torch is {other}. ZeroGPU is known to take {known}: pin one of them.", file=sys.stderr)
        # ZeroGPU's workers have only what was on the device before the first call, the fast modes' UNets too.
        from headshot.engines import load_best

        load_best()
