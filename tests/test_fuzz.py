"""The short form of `make fuzz`: mutated files, looks, recipes, settings, words, bodies, each answered in one line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import numpy as np

from headshot.errors import UserError
from tests import ROOT
from tests.fixtures import fuzz

SHORT = 450


def test_whatever_comes_is_answered_in_one_line() -> None:
    """In a process of its own: a crash of a decoder ends here. A machine's speed decides nothing but a real hang."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.fixtures.fuzz", str(SHORT), "3"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1]) if run.stdout else {}
    assert found and found["faults"] == [] and found["slow"] == [], (run.returncode, found, run.stderr[-2000:])
    assert found["cases"] == SHORT and found["memory_mb"][-1] < found["memory_mb"][1] + 100
    for target, outcomes in found["outcomes"].items():  # neither harmless nor all fatal
        assert len(outcomes) >= 2 or target == "marks", (target, outcomes)


def test_the_cases_are_the_same_on_each_run() -> None:
    first, again = (fuzz._picture(np.random.default_rng((1, 5))) for _ in range(2))
    assert first == again and len(fuzz.pictures()) > 20


def test_a_refusal_holds_nothing_that_steers_a_terminal() -> None:
    said = str(UserError("There is no “\x1b[2J\u202eabc\n\ud800”.", "See\0 the list."))
    assert said == "There is no “�[2J�abc��”. See� the list." and said.encode()
