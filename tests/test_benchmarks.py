"""Every benchmark imports: a name that has moved is found here and not by whoever measures next."""

from __future__ import annotations

import importlib
import traceback

from tests import ROOT


def test_every_benchmark_imports() -> None:
    faults = {}
    for path in sorted((ROOT / "benchmarks").glob("*.py")):
        try:
            importlib.import_module(f"benchmarks.{path.stem}")
        except ImportError:
            faults[path.name] = traceback.format_exc(limit=-1)
    assert faults == {}
