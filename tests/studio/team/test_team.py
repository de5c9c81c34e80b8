"""A team's parts: who is in it, how they are matched, what the gate says, the index and the wall."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from headshot.direction.direct import direct
from headshot.errors import EngineUnavailable, UserError
from headshot.files import xmp
from headshot.files.encode import encode
from headshot.files.source_type import COMPOSITE, OWN_PIXELS
from headshot.files.team_index import TeamRow, read_rows, spreads
from headshot.files.team_wall import tile, wall_page, wall_picture
from headshot.studio import TeamJob, TeamRequest
from headshot.studio.people import read_team, team_of
from headshot.studio.team.figures import figures_of_photo, figures_of_picture
from headshot.studio.team.shooter import gate, matched, off_frame
from headshot.studio.team.workers import shots
from headshot.types import AuthenticityReport, Check, Finding, State
from tests.fixtures.shared_photos import sitting

ROW = TeamRow("Ann", "Ann", "a" * 64, "b" * 64, "ready", picture="c" * 64, report="d" * 64)


def test_people_come_from_a_folder_or_a_table_with_a_file_name_each(tmp_path: Path) -> None:
    for name in ("b.png", "a.jpg", "A.jpeg", "notes.txt", "wall.jpg"):
        (tmp_path / name).write_bytes(b"")
    assert [p.file for p in read_team(tmp_path)] == ["A", "a-2", "b", "wall_"], (
        "no two alike where capitals do not count"
    )
    table = tmp_path / "people.csv"
    table.write_text('name,photo\n"Ann/../é",a.jpg\nAnn,b.png\n../..,b.png\n', encoding="utf-8-sig")
    people = read_team(table)
    assert [p.name for p in people] == ["Ann/../é", "Ann", "../.."]
    assert [p.file for p in people] == ["Ann_.._é", "Ann", "_"] and people[0].photo == tmp_path / "a.jpg"
    for text in ("", "name\nAnn\n", "name,photo\nAnn,\n", "photo\nx.jpg\n", "name,photo\n"):
        table.write_text(text)
        with pytest.raises(UserError):
            read_team(table)
    table.write_bytes(b"name,photo\n\xff,\xff\n")
    for wrong in (table, tmp_path / "nowhere"):
        with pytest.raises(UserError):
            read_team(wrong)


def test_the_same_eye_line_head_height_highlights_and_backdrop() -> None:
    """Two photos that have none of it in common, of light and of dark skin."""
    look, found = direct("linkedin"), []
    for name in ("wilson_1.jpg", "garan_1.jpg"):
        person = sitting(name)
        stage = person.stage(look, 400)
        first = matched(look, stage)[0]
        before = figures_of_photo(person.photo, person.subject, stage)
        canvas = person.canvas(first, 400)
        after = figures_of_picture(canvas, canvas.picture, before, stage.correction[0])
        assert off_frame(first, after) == "" and first.light.balance == 1
        assert off_frame(first, after | {"eye_line": after["eye_line"] + 0.03})
        assert off_frame(first, after | {"head_height": after["head_height"] * 1.1})
        found.append(replace(ROW, before=before, after=after))
    by_name = {one.figure: one for one in spreads(found)}
    for figure, share in {"eye_line": 0.3, "head_height": 0.5, "exposure": 0.75, "backdrop": 0.05}.items():
        assert by_name[figure].after < share * by_name[figure].before, by_name[figure]
    assert spreads(found[:1]) == [] == spreads([replace(row, state="another") for row in found])


def test_one_highlight_is_no_reason_to_lighten_skin() -> None:
    """A darker face beside the same white collar gets the same exposure: the highlights alone decide."""
    look, person = direct("linkedin"), sitting("curbeam_1.jpg")
    stage = person.stage(look, 400)
    face = stage.regions["face"] > 0.9
    darker = stage.original.copy()
    darker[face] = (darker[face] * 0.6).astype(np.uint8)
    lit = [matched(look, replace(stage, original=pixels))[0].light.exposure for pixels in (stage.original, darker)]
    assert abs(lit[0] - lit[1]) < 0.02


def test_the_gate_says_why() -> None:
    def report(state: State) -> AuthenticityReport:
        finding = Finding("likeness", 0.1, "", state, f"It is {state}.", "")
        return AuthenticityReport((finding,), "own pixels", frozenset({"likeness"}))

    def check(state: State, name: str = "sharp") -> Check:
        return Check(name, state, f"The photo is {state}.", "Take another.")

    fine = report(State.GREEN)
    assert gate((check(State.GREEN),), fine, (), "") == ("ready", ())
    assert gate((check(State.AMBER, "people"),), fine, (), "") == ("ready", ())
    assert gate((check(State.AMBER),), fine, (), "") == ("look", ("The photo is amber. Take another.",))
    assert gate((), report(State.AMBER), (), "") == ("look", ("It is amber.",))
    assert gate((), fine, ("A note.",), "") == ("look", ("A note.",))
    assert gate((), fine, (), "Framed.") == ("another", ("Framed.",))
    assert gate((check(State.RED),), report(State.RED), (), "")[1] == ("The photo is red. Take another.", "It is red.")


def test_an_index_is_read_back_and_what_is_broken_in_it_is_left_out() -> None:
    row = replace(ROW, reasons=("Why",), before={"eye_line": 0.3}, after={"eye_line": 0.42})
    assert read_rows(row.line()) == {"Ann": row}
    later = replace(row, state="look")
    assert read_rows(row.line() + later.line() + row.line()[:40]) == {"Ann": later}
    text = json.loads(row.line())
    wrong = (text | {"state": "fine"}, text | {"more": 1}, text | {"photo": 3}, text | {"before": {"x": "y"}}, [], 7)
    assert read_rows("\n".join(map(json.dumps, wrong)) + "\n\x00\n{") == {}


def test_the_wall_shows_all_and_carries_their_mark() -> None:
    picture = np.full((500, 400, 3), 120, np.uint8)
    tiles = [tile(replace(ROW, name=f"<{n}>"), encode(picture, source=OWN_PIXELS)) for n in range(4)]
    tiles += [
        tile(ROW, encode(picture, source=COMPOSITE)),
        tile(replace(ROW, state="another", reasons=("Why <b>",)), b""),
    ]
    data = wall_picture(tiles)
    assert xmp.parse(xmp.packet_in(data) or b"").source == COMPOSITE
    with Image.open(io.BytesIO(data)) as image:
        width, height = image.size
        pixels = np.asarray(image)
    assert width > height and (abs(pixels.astype(int) - 120) < 3).all(axis=2).mean() > 0.5
    page = wall_page(tiles, [one.row for one in tiles])
    assert page.count("data:image/jpeg") == 5 and "Why &lt;b&gt;" in page and "<3>" not in page
    assert "6 people: 5 ready, 0 to look at, 1 need another photo." in page and "http" not in page


def test_a_look_with_each_ones_own_background_and_wrong_workers_are_refused() -> None:
    people = team_of([("Ann", b"")])
    for settings in ({"backdrop.kind": "blur"}, {"change": 0}):
        with pytest.raises(UserError, match="cannot match"):
            TeamJob(TeamRequest(people=people, settings=settings))
    for workers in ("0", "many", "ray://", "999", -1):
        with pytest.raises(UserError, match="workers are not possible"):
            list(shots(people, direct("linkedin"), "retouch", workers=workers))


def test_without_ray_several_workers_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(EngineUnavailable, match="need Ray"):
        list(shots(team_of([("Ann", b"")]), direct("linkedin"), "retouch", workers=2))
