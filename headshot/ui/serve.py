"""Serving the page: what is set in this process before Gradio runs, and how it is launched."""

from __future__ import annotations

import asyncio
import atexit
import importlib
import sys
import threading
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import anyio
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from headshot.environment import keep_freed_memory
from headshot.errors import UserError
from headshot.files import opened_photo
from headshot.files.decoding_process import POSSIBLE, DecodingProcess
from headshot.language import ENGLISH, speaking, tr
from headshot.photo.decode import MAX_BYTES
from headshot.studio.load_ahead import load_networks
from headshot.ui.components.uploads import folder
from headshot.ui.page import build
from headshot.ui.server import descriptors, log, memory, patient_start, slow_headers, upload_route, waiting
from headshot.ui.server.address import LOCAL, both_families, keep_proxies_away, no_proxies
from headshot.ui.server.gate import Gate
from headshot.ui.server.kept_page import KeptPage
from headshot.ui.server.pictures import PictureRoute
from headshot.ui.server.spoken import Spoken
from headshot.ui.server.temp_folder import sweep
from headshot.ui.server.visitors import Heartbeats, Visitors
from headshot.ui.session_state import KEEP_SECONDS
from headshot.ui.theme import PAGE_CSS, HeadshotTheme
from headshot.weights.store import fetched_at_setup, locate_or_fetch

ICON = Path(__file__).with_name("icon.png")  # drawn for this app; the gate lets two sizes of it out
_SWEEP_EVERY = 30.0  # s
_ENDED, _LOADING = threading.Event(), threading.Lock()


def serve(host: str, port: int, *, local: bool, hosts: Iterable[str] | None = None, wait: bool = True) -> Any:
    """Build the page and serve it on `host`:`port`, a free one.

    `local`: only people at this machine reach it, so nobody is asked for consent and downloads may be begun. `hosts`:
    the names by which others may ask for it, None for any; on this machine they are known. Returns the gr.Blocks: at
    the end of the process, or at once with `wait` off. Raises UserError where it cannot be served.
    """
    keep_proxies_away(host)
    descriptors.allow_many()
    keep_freed_memory()
    memory.keep_small_pages()
    _fetch_what_set_up_brings()
    log.install()
    patient_start.install()
    slow_headers.install()
    upload_route.install()
    waiting.install()
    if speaks_mcp():
        importlib.import_module("headshot.ui.server.mcp_calls").install(asked=not local)
    if POSSIBLE:
        opened_photo.read_by(decoding_process().read)
        waiting.pauses_by(decoding_process().lane.pauses)
    with speaking(ENGLISH):  # the other languages are laid over it
        page = build(ask_consent=not local)
    page.learn(partial(build, ask_consent=not local))
    page.queue(api_open=False)
    known = None if hosts is None and not local else {*LOCAL, host, *(hosts or ())}
    with no_proxies(), both_families(host):
        _launch(page, host, port, known)
    if wait:
        page.block_thread()
    return page


def _launch(page: Any, host: str, port: int, known: set[str] | None) -> None:
    try:
        page.launch(
            server_name=f"[{host}]" if ":" in host else host,  # it becomes part of an address
            server_port=port,
            theme=HeadshotTheme(),
            css=PAGE_CSS,
            favicon_path=ICON,
            pwa=True,
            max_file_size=MAX_BYTES,
            run_history=False,
            footer_links=[],
            show_error=False,
            ssr_mode=False,
            share=False,
            mcp_server=speaks_mcp(),
            prevent_thread_lock=True,
            app_kwargs={
                "lifespan": _with_visitors,
                "middleware": [
                    Middleware(Gate, hosts=known),
                    Middleware(KeptPage),
                    Middleware(GZipMiddleware, compresslevel=5),
                    Middleware(PictureRoute),
                    Middleware(Spoken),
                    Middleware(Heartbeats),
                ],
            },
        )
    except OSError:  # Gradio's words are for who called it
        raise UserError(tr("Port {port} was taken by another program just now.", port=port), "Start again.") from None


@cache
def decoding_process() -> DecodingProcess:
    """The one in which this process's strangers' files are decoded."""
    return DecodingProcess()


def _fetch_what_set_up_brings() -> None:
    """Have the networks for faces here before the first visitor: on a Space no `make setup` ran."""
    try:
        for role in fetched_at_setup():
            locate_or_fetch(role)
    except UserError as fault:  # the page says it again to whom it concerns
        print(f"headshot: {fault}", file=sys.stderr)


@asynccontextmanager
async def _with_visitors(app: Any) -> AsyncIterator[None]:
    """Before the first request, put our table of sessions in place of Gradio's; sweep the folder of uploads."""
    visitors = app.state_holder = Visitors(app.get_blocks())
    memory.leave_out_libraries()
    tasks = [asyncio.create_task(_sweeping(Path(folder()))), asyncio.create_task(_getting_ready(visitors))]
    yield
    for task in tasks:
        task.cancel()


async def _getting_ready(visitors: Visitors) -> None:
    """Load what the first picture needs, so that its visitor need not wait, nor be what a library remembers of it."""
    if POSSIBLE:
        await anyio.to_thread.run_sync(decoding_process().start)
    await anyio.to_thread.run_sync(_load)
    await anyio.to_thread.run_sync(memory.give_back, visitors.present)


def _load() -> None:
    with _LOADING:
        load_networks(_ENDED, all_tools=True)


@atexit.register
def _end_loading() -> None:
    """A process that ends while a network is being opened in it is aborted."""
    _ENDED.set()
    with _LOADING:
        pass


async def _sweeping(uploads: Path) -> None:
    while True:
        await anyio.to_thread.run_sync(sweep, uploads, KEEP_SECONDS)
        await asyncio.sleep(_SWEEP_EVERY)


def speaks_mcp() -> bool:
    """Whether the Model Context Protocol can be served: the extra packages of `gradio[mcp]` are here."""
    try:
        for name in ("mcp", "gradio.mcp"):  # launch() would end the app where one of them cannot be imported
            importlib.import_module(name)
    except ImportError:
        return False
    return True
