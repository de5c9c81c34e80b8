"""What has to be touched to add a slider or to change a wording, counted over the code and tried on a copy of it."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from headshot import types
from headshot.direction.settings import SETTINGS
from tests import ROOT

MOST = 3  # files: the field's, the record's, and one that uses it
# The file of each setting's record.
RECORDS = {key: f"direction/records/{key.partition('.')[0] if '.' in key else 'wish'}.py" for key in SETTINGS}
NUMBERS = [key for key, setting in SETTINGS.items() if setting.numeric]
# Named in more files, and why.
MORE = {
    "change": "the ladder itself: what each rung allows is decided by it",
    "seed": "which of several pictures it is: a history's step and a best-of hold it",
    "generate.candidates": "how many pictures are asked for: no part of one picture",
    "crop.head_height": "can be read from somebody's photo (the pose reference)",
    "crop.eye_line": "the same, and the example before a photo has a frame of its own",
}


def constants(path: Path) -> set[str]:
    """The strings of a module, docstrings aside."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    holders = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    docs = {id(n.body[0].value) for n in ast.walk(tree) if isinstance(n, holders) and isinstance(n.body[0], ast.Expr)}
    strings = (n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))
    return {str(n.value) for n in strings if id(n) not in docs}


@pytest.fixture(scope="module")
def strings() -> dict[str, set[str]]:
    package = ROOT / "headshot"
    modules = [path for path in package.rglob("*.py") if path.read_text(encoding="utf-8").strip()]
    return {str(path.relative_to(package)): constants(path) for path in modules}


@pytest.mark.sweep
def test_a_number_is_named_in_three_tables_at_most(strings: dict[str, set[str]]) -> None:
    records = {f.default_factory for f in fields(types.Direction)}
    defined = {f"{r.__name__.lower()}.{f.name}" for r in records if isinstance(r, type) for f in fields(r)}
    assert set(NUMBERS) - {"change", "seed"} <= defined  # in types/direction.py, and there alone
    for key in NUMBERS:
        named = ["types/direction.py", *(name for name, found in strings.items() if key in found)]
        assert RECORDS[key] in named
        assert (len(named) > MOST) == (key in MORE), f"{key}: {named}"


def test_a_wording_stands_in_one_file(strings: dict[str, set[str]]) -> None:
    """Labels of several words: single ones ("Light") mean other things too. So do two of the long ones."""
    labels = {
        s.label: k for k, s in SETTINGS.items() if " " in s.label and s.label not in ("The picture", "Black and white")
    }
    assert len(labels) > 30
    for label, key in labels.items():
        assert [name for name, found in strings.items() if label in found] == [RECORDS[key]], label


FIELD = ("types/direction.py", "    skin: float = 0.0\n", "    skin: float = 0.0\n    fade: float = 0.0\n")
RECORD = (
    "direction/records/retouch.py",
    '    "retouch.eyes":',
    """    "retouch.fade": _finishing(
        "Faded like an old print",
        "lifted blacks",
        ways=("more", "less"),
        spread=(0, 0.3, 0.6),
        adjustments=(Adjustment("faded", "Faded", 0.2, "It is all grey.", 200),),
    ),
    "retouch.eyes":""",
)
IMPORT = (RECORD[0], "setting import HeededBy", "setting import Adjustment, HeededBy")
USE = (
    "engines/finish.py",
    "    if retouch.mono > 0:\n",
    "    planes += np.float32(retouch.fade) * (128 - planes)\n    if retouch.mono > 0:\n",
)
TRIED = """
import numpy as np
from headshot.direction.applicability import why_ignored
from headshot.direction.diff import as_settings, diff
from headshot.direction.direct import direct
from headshot.direction.labels import name_of
from headshot.direction.preset_file import read_preset, to_toml
from headshot.engines.finish import developed
from headshot.errors import DirectionError
from headshot.files.recipe import SCHEMA, restore
from headshot.studio.adjustments import ADJUSTMENTS, adjust
from headshot.studio.sheet.axis import Axis
from headshot.ui.api.share import _setting
from headshot.direction.settings import SETTINGS
from headshot.ui.compare.sheet import values_for
from headshot.ui.make.controls import GROUPS, KEYS, control
from headshot.ui.make.disabled_controls import disabled_controls

key = "retouch.fade"
plain, faded = direct(), direct(overrides={key: "0.5"})
assert as_settings(faded)[key] == 0.5 and diff(faded)[key] == 0.5
try:
    direct(overrides={key: 2})
except DirectionError as fault:
    assert "from 0 to 1" in fault.hint
else:
    raise AssertionError("out of its range")
assert key in dict(GROUPS)["Finishing"] and control(key, 0.5).label == name_of(key) == "Faded like an old print"
assert len(disabled_controls(0.25, "retouch", "")[1]) == sum(len(keys) for _, keys in GROUPS)
assert values_for(key)[1] == ["0", "0.3", "0.6"] and Axis.parse(key + "=0,1").values == (0.0, 1.0)
assert list(ADJUSTMENTS)[-1] == "faded" and adjust("faded", plain) == {key: 0.2}
assert not why_ignored(key, "retouch") and not why_ignored(key, "faceid-sd15", 1.0)
assert read_preset(to_toml(faded, title="Mine").encode(), "mine", "mine.toml").retouch.fade == 0.5
assert _setting(key, SETTINGS[key])["technical"] == "lifted blacks"
settings = as_settings(faded)
saved = {"schema": SCHEMA, "engine": "retouch", "preset": faded.preset}
saved |= {"seed": settings.pop("seed"), "settings": settings}
assert restore(saved) == faded
picture = np.zeros((4, 4, 3), np.uint8)
assert developed(picture, faded.retouch).min() > developed(picture, plain.retouch).max()
print("TRIED")
"""


def test_a_new_slider_works_everywhere_after_three_edits(tmp_path: Path) -> None:
    """The page, the sheet, the row of adjustments, a look's file, the picture: by a field, a record and one line."""
    copy = tmp_path / "headshot"
    shutil.copytree(ROOT / "headshot", copy, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "presets").symlink_to(ROOT / "presets")
    assert len({name for name, _, _ in (FIELD, RECORD, IMPORT, USE)}) == MOST
    for name, before, after in (FIELD, RECORD, IMPORT, USE):
        text = (copy / name).read_text(encoding="utf-8")
        assert len(re.findall(re.escape(before), text)) == 1, name
        (copy / name).write_text(text.replace(before, after), encoding="utf-8")
    run = subprocess.run([sys.executable, "-c", TRIED], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.stdout.strip().endswith("TRIED"), run.stderr
