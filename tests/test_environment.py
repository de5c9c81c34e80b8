"""Environment variables: read in one module, named in one table, and each with the effect that the table says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from headshot import environment
from tests import ROOT

VARIABLE = re.compile(r"HEADSHOT_[A-Z]+(?:_[A-Z0-9]+)*")


def test_one_module_reads_our_variables_and_one_table_names_them() -> None:
    reads = re.compile(r"""(?:environ|getenv)\W[^\n]*?["']HEADSHOT_""")
    sources = [ROOT / "app.py", *(ROOT / "headshot").rglob("*.py")]
    assert [p.name for p in sources if reads.search(p.read_text(encoding="utf-8"))] == ["environment.py"]
    read = set(VARIABLE.findall((ROOT / "headshot" / "environment.py").read_text(encoding="utf-8")))
    told = set(VARIABLE.findall((ROOT / "docs" / "environment.md").read_text(encoding="utf-8")))
    assert len(read) == 11 + 1 and read == told, "HEADSHOT_WEIGHTS_<NAME> by the example of SD15_BASE"


def test_each_variable_does_what_the_table_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (
        "CONFIG",
        "WEIGHTS",
        "WEIGHTS_TABLE",
        "WEIGHTS_SD15_BASE",
        "COMPILE",
        "NATIVE_LOGS",
        "PUBLIC",
        "HOSTS",
        "METRICS",
        "UPLOAD_SECONDS",
    ):
        monkeypatch.delenv(f"HEADSHOT_{name}", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    assert environment.config_folder() == tmp_path / ".config" / "headshot"
    assert environment.weights_folder() == tmp_path / ".cache" / "headshot" / "weights"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert environment.config_folder() == tmp_path / "xdg" / "headshot"
    assert environment.weights_folder() == tmp_path / "cache" / "headshot" / "weights"
    assert environment.weights_path("sd15-base") is environment.weights_table() is None
    assert environment.hosts() is None and not environment.public()
    monkeypatch.setenv("HEADSHOT_HOSTS", "a.example.org, b.example.org,")
    monkeypatch.setenv("HEADSHOT_PUBLIC", "1")
    assert environment.hosts() == ("a.example.org", "b.example.org") and environment.public()
    for given, seconds in (("", 10), ("0", 0), ("2.5", 2.5), ("soon", 10)):
        monkeypatch.setenv("HEADSHOT_DRAFT_SECONDS", given)
        assert environment.draft_seconds() == seconds
    assert environment.upload_seconds() == 15
    monkeypatch.setenv("HEADSHOT_UPLOAD_SECONDS", "0")
    assert environment.upload_seconds() == 0
    assert not environment.compile_unet() and not environment.keep_native_logs() and not environment.tells_metrics()
    monkeypatch.setenv("HEADSHOT_METRICS", "1")
    assert environment.tells_metrics()
    monkeypatch.setenv("HEADSHOT_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("HEADSHOT_WEIGHTS", "~/models")
    monkeypatch.setenv("HEADSHOT_WEIGHTS_SD15_BASE", "~/mine")
    monkeypatch.setenv("HEADSHOT_WEIGHTS_TABLE", "table.toml")
    monkeypatch.setenv("HEADSHOT_COMPILE", "1")
    monkeypatch.setenv("HEADSHOT_NATIVE_LOGS", "1")
    assert environment.config_folder() == tmp_path / "config"
    assert environment.weights_folder() == tmp_path / "models"
    assert environment.weights_path("sd15-base") == tmp_path / "mine"
    assert environment.weights_table() == Path("table.toml")
    assert environment.compile_unet() and environment.keep_native_logs()


LEAVING = """
import atexit, threading, time
from concurrent.futures import ThreadPoolExecutor
from headshot.environment import leave
atexit.register(print, "tidied")

def work():
    while True:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(int).result()

threading.Thread(target=work, daemon=True).start()
time.sleep(0.2)
leave(3)
"""


def left(code: str, **streams: Any) -> subprocess.CompletedProcess[str]:
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=buffered, text=True, check=False, **streams)


def test_what_is_at_work_at_the_end_is_no_fault_and_the_end_is_tidy() -> None:
    """Taken down under it, the interpreter refuses it a thread, in a traceback, or the process is aborted."""
    run = left(LEAVING, capture_output=True)
    assert (run.returncode, run.stdout, run.stderr) == (3, "tidied\n", "")


def test_output_that_nobody_reads_is_no_fault_and_a_full_disk_is_said() -> None:
    told = "from headshot.environment import leave; print('told'); leave(3)"
    reads, writes = os.pipe()
    os.close(reads)
    run = left(told, stdout=writes, stderr=subprocess.PIPE)
    os.close(writes)
    assert (run.returncode, run.stderr) == (3, "")
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no device that is always full")
    with full.open("w") as stream:
        run = left(told, stdout=stream, stderr=subprocess.PIPE)
    assert run.returncode == 2 and run.stderr.count("\n") == 1 and "No space left" in run.stderr
