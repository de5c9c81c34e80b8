"""The end of a served process."""

from __future__ import annotations

import subprocess
import sys

from tests import ROOT

BUSY = """
import atexit, threading, time
from concurrent.futures import ThreadPoolExecutor
from headshot.ui import launch
atexit.register(print, "tidied")

def work():
    while True:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(int).result()

threading.Thread(target=work, daemon=True).start()
time.sleep(0.2)
launch._leave()
"""


def test_what_is_at_work_at_the_end_is_no_fault_and_the_end_is_tidy() -> None:
    """Taken down under it, the interpreter refuses it a thread, in a traceback, or the process is aborted."""
    run = subprocess.run([sys.executable, "-c", BUSY], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "tidied\n", "")
