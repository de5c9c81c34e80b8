"""The real app as a process of its own, and a real browser before it."""

from __future__ import annotations

import base64
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

DROP = """([field, name, data]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name, { type: "image/jpeg" }));
  const target = document.querySelector(`${field} .image-frame img, ${field} .upload-container`);
  for (const kind of ["dragenter", "dragover", "drop"])
    target.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: transfer }));
}"""


@contextmanager
def serve(environment: Mapping[str, str] | None = None, timeout: float = 60) -> Iterator[str]:
    """`python app.py` on a free port; gives its address and ends it afterwards."""
    clean = {k: v for k, v in (environment or os.environ).items() if k not in ("PORT", "HOST")}
    with socket.socket() as probe:  # two apps that look for the first free one at a time would find the same
        probe.bind(("127.0.0.1", 0))
        clean["PORT"] = str(probe.getsockname()[1])
    app = subprocess.Popen(
        [sys.executable, "-u", "app.py"],
        cwd=ROOT,
        env=clean,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield _address(app, timeout)
    finally:
        app.terminate()
        try:
            app.wait(10)
        except subprocess.TimeoutExpired:
            app.kill()


def _address(app: subprocess.Popen[str], timeout: float) -> str:
    end = time.monotonic() + timeout
    said = ""
    assert app.stdout is not None
    while time.monotonic() < end:
        line = app.stdout.readline()
        if not line:
            break
        said += line
        if found := re.search(r"http://\S+", line):
            return found[0]
    raise AssertionError(f"the app did not start: {said}")


@contextmanager
def browser_page(url: str, *, width: int = 1440, height: int = 900, **context: Any) -> Iterator[Any]:
    """A page of Chromium at `url`, when the looks are there."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            page = browser.new_context(viewport={"width": width, "height": height}, **context).new_page()
            page.goto(url)
            page.wait_for_selector("#looks .look")
            yield page
        finally:
            browser.close()


def drop(page: Any, field: str, data: bytes) -> None:
    """A file dropped on a photo field, with the browser's own drop events."""
    page.evaluate(DROP, [field, "dropped.jpg", base64.b64encode(data).decode()])
