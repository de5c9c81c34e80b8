"""Serving the page: what is set in this process before Gradio runs, and how it is launched."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from headshot.errors import UserError
from headshot.photo.decode import MAX_BYTES
from headshot.ui.page import build
from headshot.ui.server import log, upload_route
from headshot.ui.theme import PAGE_CSS, HeadshotTheme
from headshot.weights.store import fetched_at_setup, locate_or_fetch


def serve(host: str, port: int | None, *, local: bool, wait: bool = True) -> Any:
    """Build the page and serve it on `host`:`port` (None: the first free one from 7860).

    `local`: only people at this machine reach it, so nobody is asked for consent and downloads may be begun. Returns
    the gr.Blocks: at the end of the process, or at once with `wait` off. Raises OSError where it cannot be served.
    """
    _fetch_what_set_up_brings()
    log.install()
    upload_route.install()
    page = build(ask_consent=not local)
    page.launch(
        server_name=host,
        server_port=port,
        theme=HeadshotTheme(),
        css=PAGE_CSS,
        max_file_size=MAX_BYTES,
        run_history=False,
        footer_links=[],
        show_error=False,
        ssr_mode=False,
        share=False,
        mcp_server=speaks_mcp(),
        prevent_thread_lock=not wait,
    )
    return page


def _fetch_what_set_up_brings() -> None:
    """Have the networks for faces here before the first visitor: on a Space no `make setup` ran."""
    try:
        for role in fetched_at_setup():
            locate_or_fetch(role)
    except UserError as fault:  # the page says it again to whom it concerns
        print(f"headshot: {fault}", file=sys.stderr)


def speaks_mcp() -> bool:
    """Whether the Model Context Protocol can be served: the extra packages of `gradio[mcp]` are here."""
    try:
        for name in ("mcp", "gradio.mcp"):  # launch() would end the app where one of them cannot be imported
            importlib.import_module(name)
    except ImportError:
        return False
    return True
