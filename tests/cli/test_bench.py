"""`headshot bench`: own pixels, a stand-in engine that refuses some, and pictures from elsewhere, on one page."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from PIL import Image

from headshot.cli.main import main
from headshot.errors import UserError
from headshot.studio.bench import BenchFolder, bench_directions, ready_engines
from tests.fixtures import stand_in
from tests.fixtures.shared_photos import photo_path

DIRECTIONS = """
[[direction]]
name = "<Plain>"
preset = "linkedin"
[[direction]]
name = "=Refused"
preset = "mono"
settings = { change = 1.0, seed = 3 }
"""


@pytest.mark.sweep
def test_every_engine_and_what_was_dropped_in_is_judged_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in.install(monkeypatch)
    people = tmp_path / "people"
    (people / "A service").mkdir(parents=True)
    (people / "coleman.jpg").write_bytes(photo_path("coleman_1.jpg").read_bytes())
    with Image.open(photo_path("coleman_1.jpg")) as image:
        image.convert("RGB").save(people / "A service" / "coleman-office.png")
    (people / "A service" / "coleman-broken.jpg").write_bytes(b"nothing")
    (people / "A service" / "somebody-else.jpg").write_bytes(b"nothing")
    (tmp_path / "two.toml").write_text(DIRECTIONS)
    words = ["--engines", "retouch", "plain", "--directions", str(tmp_path / "two.toml")]
    assert main(["bench", str(people), *words, "--out", str(tmp_path / "out")]) == 0

    rows = list(csv.DictReader(io.StringIO((tmp_path / "out" / "bench.csv").read_text())))
    by_place = {(row["column"], row["direction"]): row for row in rows}
    assert [r["column"] for r in rows] == ["retouch", "retouch", "plain", "plain", "A service", "A service"]
    own, service = by_place["retouch", "<Plain>"], by_place["A service", "coleman-office"]
    assert own["verdict"] in ("green", "amber") and float(own["likeness"]) < 0.2 and own["kept_pixels"] == "1.0000"
    assert service["verdict"] == "green"
    assert float(service["likeness"]) == 0 and service["seconds"] == "" and float(own["seconds"]) > 0
    assert by_place["plain", "<Plain>"]["verdict"] == "grey", "a plain colour shows no face"
    assert by_place["plain", "<Plain>"]["likeness"] == "" and by_place["plain", "'=Refused"]["refused"]
    assert by_place["A service", "coleman-broken"]["refused"]
    pictures = sorted(p.name for p in (tmp_path / "out").glob("*.jpg"))
    assert pictures == ["0001-retouch.jpg", "0002-retouch.jpg", "0003-plain.jpg"]
    assert b"trainedAlgorithmicMedia" in (tmp_path / "out" / "0003-plain.jpg").read_bytes()

    page = (tmp_path / "out" / "bench.html").read_text()
    assert "&lt;Plain&gt;" in page and "<Plain>" not in page
    assert page.count("data:image/jpeg") == 4 and not re.search(r"(src|href)=\"(?!data:)", page)
    said = capsys.readouterr().out
    assert "(4 of 6 pictures)" in said and "A service: 1 green, 0.00 from the photo, 1 refused" in said


def test_the_usual_twelve_are_read_and_asked_of_engines_that_are_here() -> None:
    directions = bench_directions()
    assert len(directions) == len({d.name for d in directions}) == 12
    assert "retouch" in ready_engines()
    with pytest.raises(UserError):
        ready_engines(["no-engine"])


def test_a_picture_belongs_to_the_longest_name_that_it_begins_with(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    for name in ("ann.jpg", "anna.jpg", "x/ann-1.jpg", "x/anna-1.jpg", "x/bob.jpg", "notes.txt"):
        (tmp_path / name).write_bytes(b"")
    folder = BenchFolder.of(tmp_path)
    names = {p.stem: [q.stem for q in folder.of_photo(p, "x")] for p in folder.photos}
    assert names == {"ann": ["ann-1"], "anna": ["anna-1"]}


@pytest.mark.parametrize(
    "text", ["[[direction]", "x = 1", "[[direction]]\nname = 'a'", "[[direction]]\nname = 'a'\npreset = 'nothing'"]
)
def test_directions_that_cannot_be_read_are_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(UserError):
        bench_directions(text)
    with pytest.raises(UserError):
        BenchFolder.of(tmp_path)
    with pytest.raises(UserError):
        BenchFolder.of(tmp_path / "nowhere")
