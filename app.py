"""The entry: build the page and serve it. A Hugging Face Space runs this file as it stands."""

from __future__ import annotations

import atexit
import importlib
import os
import shutil
import signal
import sys
import tempfile

from headshot.environment import silence_native_logs


def speaks_mcp() -> bool:
    """Whether the Model Context Protocol can be served: the extra packages of `gradio[mcp]` are here."""
    try:
        for name in ("mcp", "gradio.mcp"):  # launch() would end the app where one of them cannot be imported
            importlib.import_module(name)
    except ImportError:
        return False
    return True


def main() -> int:
    """Serve on HOST:PORT (default: loopback, the first free port from 7860). Returns the exit status."""
    # A temp folder of our own, gone with the process: Gradio keeps uploads there while they are read.
    folder = tempfile.mkdtemp(prefix="headshot-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # A container or service manager ends us by SIGTERM, which alone would skip the line above.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    os.environ["GRADIO_TEMP_DIR"] = folder
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

    from headshot.photo.decode import MAX_BYTES
    from headshot.ui.page import build
    from headshot.ui.theme import PAGE_CSS, HeadshotTheme

    space = "SPACE_ID" in os.environ
    host = os.environ.get("HOST") or ("0.0.0.0" if space else "127.0.0.1")
    port = os.environ.get("PORT", "")
    if port and not (port.isdecimal() and 0 < int(port) < 65536):
        print(f"headshot: PORT is “{port}”. Give a number such as 7860.", file=sys.stderr)
        return 2
    local = host in ("127.0.0.1", "localhost", "::1")
    if os.environ.get("SPACES_ZERO_GPU"):
        # ZeroGPU's workers have only what was on the device before the first call, the fast modes' UNets too.
        from headshot.engines import load_available

        load_available()
    page = build(ask_consent=not local)
    try:
        page.launch(
            server_name=host,
            server_port=int(port) if port else None,
            theme=HeadshotTheme(),
            css=PAGE_CSS,
            max_file_size=MAX_BYTES,
            run_history=False,
            footer_links=[],
            show_error=False,
            ssr_mode=False,
            share=False,
            mcp_server=speaks_mcp(),
        )
    except OSError as fault:
        print(f"headshot: {fault} Choose another with PORT=…", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    silence_native_logs()
    sys.exit(main())
