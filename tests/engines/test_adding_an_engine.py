"""A further engine touches its folder, one row of the table, its weights and numbers: tried with one made here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests import ROOT

ENGINE = '''
"""A pretended engine: paints all of the picture in one colour."""

from headshot.direction.engine_table import engine_info
from headshot.engines.base import EngineStatus
from headshot.types import Headshot


class Painter:
    needs_identity = False
    most_height = 400

    def __init__(self, name):
        self.name = name

    def status(self):
        info = engine_info(self.name)
        return EngineStatus(self.name, info.title, True, licence=info.licence)

    def render(self, canvas, identity, direction):
        assert identity.pictures[0].shape[0] == identity.pictures[0].shape[1], "the photo, since its row asks for it"
        yield Headshot(canvas.picture * 0 + 90, canvas, direction, self.name, 0.0, {"engine": self.name})
'''

TRIED = """
from headshot.direction import engine_table as table
row = table.EngineInfo(
    "pretended", "A pretended engine", "pretended.painter:Painter", licence="MIT", takes_photos=True,
    ignores=frozenset({"generate.lora"}), numbers={"steps": 2})
table.ENGINES["pretended"] = row
table.GENERATORS = (*table.GENERATORS, "pretended")

from headshot.cli.options import shared
from headshot.direction.applicability import why_ignored
from headshot.direction.direct import direct
from headshot.engines import get_engine
from headshot.studio.engine_costs import engine_costs
from headshot.studio.steering import is_steered

assert get_engine("pretended").status().title == row.title
assert table.who_paints(direct("linkedin", engine="pretended", change=1.0), "pretended") == "pretended"
assert direct("linkedin", engine="pretended").generate.steps == 2
assert "A pretended engine has no" in why_ignored("generate.lora", "pretended", 1.0)
assert is_steered(get_engine("pretended")) and row.commercial
assert shared(engine="retouch", out="o").parse_args(["photo.jpg", "--engine", "pretended"]).engine == "pretended"
(cost,) = [c for c in engine_costs(measure=False) if c.info.name == "pretended"]
assert cost.to_json()["licence"] == "MIT" and cost.to_json()["available"]
"""


def test_a_further_engine_is_its_folder_and_one_row(tmp_path: Path) -> None:
    """In a process of its own, so that the row is in the table before anything reads it. Nothing else is touched."""
    folder = tmp_path / "pretended"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "painter.py").write_text(ENGINE)
    command = [sys.executable, "-c", TRIED]
    env = {"PYTHONPATH": f"{tmp_path}:{ROOT}", "PATH": "/usr/bin:/bin"}
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_no_door_knows_an_engine_by_name_but_for_the_default_of_best() -> None:
    """Whoever compares names would have to be touched for the next engine."""
    named = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for room in ("ui", "cli", "studio", "files", "authenticity", "direction")
        for path in (ROOT / "headshot" / room).rglob("*.py")
        if path.name != "engine_table.py"
        for line in path.read_text(encoding="utf-8").splitlines()
        if any(word in line for word in ('"faceid-sd15"', '"faceid-sdxl"', '"klein"', '== "retouch"'))
    ]
    assert len(named) <= 3 and all("faceid-sd15" in line and "engine" in line for line in named), named
