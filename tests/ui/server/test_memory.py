"""What the process does for its memory to come back."""

from __future__ import annotations

import platform
import subprocess
import sys

import gradio as gr
import pytest

from headshot.ui.server import memory, visitors
from headshot.ui.server.visitors import Visitors
from tests import ROOT

SMALL = """
from pathlib import Path
import numpy as np
from headshot.ui.server import memory
memory.keep_small_pages()
held = np.ones(64 * 2**20, np.uint8)  # numpy asks for huge pages from 4 MB on
print(next(l for l in Path("/proc/self/smaps_rollup").read_text().splitlines() if l.startswith("AnonHugePages")))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux's pages")
def test_pages_stay_small() -> None:
    """Where they do not, the kernel fills again what was given back, with nobody here: 542 to 587 MB in 3 minutes."""
    run = subprocess.run([sys.executable, "-c", SMALL], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split()[1] == "0", run.stdout


KEPT = """
import resource
import numpy as np
from headshot.environment import give_back_freed_memory, keep_freed_memory
from headshot.ui.server import memory
keep_freed_memory()
memory.keep_small_pages()
for _ in range(4):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    np.ones(64 * 2**20, np.uint8)
    again = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
held = memory.held()
give_back_freed_memory()
print(again, held - memory.held())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc's heap")
def test_freed_memory_is_kept_for_the_next_picture_and_given_back_when_nobody_is_here() -> None:
    """64 MB in 16,384 pages: none of them is cleared anew while somebody is here."""
    run = subprocess.run([sys.executable, "-c", KEPT], cwd=ROOT, capture_output=True, text=True, check=True)
    faults, returned = map(int, run.stdout.split())
    assert faults < 1000 and returned > 60 * 2**20


class _Kept:
    """What a session holds: it can be made smaller, and it is closed with the session."""

    def __init__(self) -> None:
        self.shrunk = 0

    def shrink(self) -> None:
        self.shrunk += 1

    def close(self) -> None:
        pass


def test_sessions_are_made_smaller_only_where_what_is_kept_for_the_next_picture_was_not_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with gr.Blocks() as page:
        pass
    monkeypatch.setattr(Visitors, "_busy", lambda _: set())
    sessions, kept = Visitors(page), {name: _Kept() for name in "ab"}
    for name, value in kept.items():
        sessions[name].state_data[1] = value
    spare: list[int] = []
    monkeypatch.setattr(visitors, "give_back_freed_memory", spare.clear)
    for much, times in ((0, 0), (memory.MUCH, 1)):
        spare.append(3 * memory.MUCH)
        monkeypatch.setattr(memory, "held", lambda much=much: memory.MUCH // 2 + much + sum(spare))
        sessions.sweep()
        sessions._closing.submit(lambda: None).result()  # what the sweep asked for has begun
        sessions._closing.submit(lambda: None).result()  # and what that asked for
        assert [one.shrunk for one in kept.values()] == [times, times] and not spare
