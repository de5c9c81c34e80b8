"""A team on the page: added in goes, bounded, forgotten; the same pictures as from the command line."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from headshot.cli.main import main
from headshot.direction.direct import direct
from headshot.errors import UserError
from headshot.ui.compare.team_session import MOST, TeamSession
from headshot.ui.components.uploads import Upload
from tests.fixtures.app_server import App
from tests.fixtures.browser import READY, Visits, give
from tests.fixtures.shared_photos import photo_path


@pytest.mark.sweep
@pytest.mark.data
def test_the_page_makes_what_the_command_makes(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    names = ("garan_1.jpg", "noface_cat.png")
    for number, name in enumerate(names, 1):
        (tmp_path / "p" / f"{number}{photo_path(name).suffix}").write_bytes(photo_path(name).read_bytes())
    assert main(["team", str(tmp_path / "p"), "--out", str(tmp_path / "out")]) == 0
    team = TeamSession()
    for name in names:  # in two goes
        assert team.expect([Upload()]) == 1
        assert len(list(team.add([Upload(photo_path(name).read_bytes())], direct("linkedin")))) == 1
    with zipfile.ZipFile(io.BytesIO(team.packed())) as archive:
        for name in archive.namelist():
            assert archive.read(name) == (tmp_path / "out" / name).read_bytes(), name
        assert {*archive.namelist()} == {"1.jpg", "1.json", "wall.jpg", "wall.html", "team.jsonl"}
    assert "1 ready" in team.report() and "No face" in team.report()
    with pytest.raises(UserError, match=str(MOST)):
        team.expect([Upload()] * (MOST - 1))
    with pytest.raises(UserError, match="Photo 3"):
        list(team.add([Upload(fault=UserError("It is refused."))], direct("linkedin")))
    team.close()
    assert team.shots == [] and list(team.add([Upload(b"x")], direct("linkedin"))) == []


@pytest.mark.sweep
@pytest.mark.browser
@pytest.mark.data
def test_others_are_added_to_a_photo_s_look(app: App, visit: Visits) -> None:
    page = visit(app.url)
    give(page, "curbeam_1.jpg")
    page.wait_for_selector(READY)
    page.locator("#team button").first.click()
    photos = [str(photo_path(name)) for name in ("garan_1.jpg", "noface_cat.png")]
    with page.expect_file_chooser() as chooser:
        page.click("#team-photos")
    chooser.value.set_files(photos)
    page.wait_for_selector("#team-wall img[src]")
    page.wait_for_selector("#team-says >> text=2 people: 1 ready, 0 to look at, 1 need another photo.")
    with page.expect_download() as saved:
        page.click("#team-save")
    with zipfile.ZipFile(saved.value.path()) as archive:
        assert {"1.jpg", "wall.jpg", "team.jsonl"} <= {*archive.namelist()}
    page.click("#team-forget")
    page.wait_for_selector("#team-wall img", state="detached")
    assert visit.faults == []
