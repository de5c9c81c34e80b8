"""`headshot mcp`: the tools for an agent on this machine, over standard input and output. Photos are files by path."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import anyio

from headshot.errors import UserError
from headshot.files.opened_photo import bytes_of
from headshot.language import tr
from headshot.ui.server.log import log_fault

_ABOUT = "A photo's place is its path on this machine. Nothing is written but what save_as names, a new file."


def run(words: Sequence[str]) -> int:
    """Answer until standard input ends. Returns the exit status."""
    about = "Serve an agent on this machine over standard input and output (Model Context Protocol)."
    argparse.ArgumentParser(prog="headshot mcp", description=about).parse_args(words)
    try:
        from mcp.server.stdio import stdio_server
    except ImportError:
        print("headshot: Agents need the package mcp. Install it: pip install mcp.", file=sys.stderr)
        return 2
    from headshot.ui.agents.tool_server import agent_server

    server = agent_server(bytes_of, lambda consent: consent is True, about=_ABOUT, bug=_told, save=_save)

    async def serve() -> None:
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    anyio.run(serve)
    return 0


def _save(path: str, data: bytes) -> str:
    """Write a new file. Raises UserError, also where there is one already: an agent may be wrong about a name."""
    place = Path(path).expanduser()
    if place.suffix.lower() not in (".jpg", ".jpeg"):
        raise UserError(tr("“{path}” is no name for a JPEG.", path=path[:200]), "Name it like me.jpg.")
    try:
        with place.open("xb") as file:
            file.write(data)
    except OSError as fault:
        raise UserError(
            tr("{path} cannot be written: {strerror}.", path=path[:200], strerror=fault.strerror), "Choose a new name."
        ) from None
    return str(place.resolve())


def _told(fault: Exception) -> str:
    log_fault(fault)
    return tr("Something went wrong here. The app's log says what.")
