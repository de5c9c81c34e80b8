"""The same request at the page, the command line and the API: the same report, notes, checks, pixels and marks.

The page's handlers, the command's main and the endpoints' functions are called in this process, as their doors do.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from headshot import files as provenance
from headshot.cli.main import main
from headshot.direction.direct import direct
from headshot.direction.notes import notes_on
from headshot.errors import UserError
from headshot.files import COMPOSITE, GENERATED, OWN_PIXELS
from headshot.studio import FurthestRequest, FurthestSearch, SheetRequest
from headshot.types import Headshot, State
from headshot.ui.compare.sheet_session import DOWNLOADS as SHEET_DOWNLOADS
from headshot.ui.compare.sheet_session import SheetSession
from headshot.ui.components.uploads import Upload
from headshot.ui.judge.session import JudgeSession
from headshot.ui.make import controls
from headshot.ui.make.downloads import DOWNLOADS, render_file
from headshot.ui.make.form import direction_of
from headshot.ui.make.further_photos import add_further
from headshot.ui.make.opened_session import open_session
from headshot.ui.make.photo_card import shown_photo
from tests.files.test_claimed import file_of
from tests.fixtures import stand_in
from tests.fixtures.shared_photos import photo_path

TWO_FACES, FURTHER = "curbeam_jones_two_faces.jpg", ("curbeam_1.jpg", "coleman_2.jpg")
SETTINGS = {"light.warmth": 0.3, "keep": "glasses, a lucky charm", "generate.steps": 9}

pytestmark = pytest.mark.data


@dataclass(frozen=True)
class Answer:
    """What a door gave for each candidate, and what it said beside them."""

    pictures: tuple[bytes, ...]
    reports: tuple[dict[str, Any], ...]
    notes: tuple[str, ...]
    checks: tuple[str, ...]


@pytest.fixture(scope="module")
def endpoints() -> dict[str, Any]:
    """The endpoints' functions by name."""
    import gradio as gr

    from headshot.ui.api.make import endpoints

    with gr.Blocks(analytics_enabled=False) as page:
        endpoints(ask_consent=True)
    return {str(f.api_name): f.fn for f in page.fns.values()}


@pytest.fixture
def claiming(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str, str, str], None]:
    """`claiming(name, kind, how)`: at every door of the test the photo `name` is a file that says so of itself."""

    def claim(name: str, kind: str, how: str) -> None:
        known, marked = photo_path, tmp_path / f"marked-{name}"
        marked.write_bytes(file_of(kind, how, pixels(photo_path(name).read_bytes())))
        monkeypatch.setattr(sys.modules[__name__], "photo_path", lambda n: marked if n == name else known(n))

    return claim


def said_of(answer: Mapping[str, Any]) -> list[str]:
    """What of an answer's photo check the command line prints."""
    checks = answer["checks"]
    return [f"{c['sentence']} {c['remedy']}".strip() for c in checks if State(c["state"]) >= State.AMBER]


def seed_of(data: bytes) -> int:
    recipe = provenance.read(data).recipe
    assert recipe is not None
    return int(recipe["seed"])


def coded(name: str) -> str:
    return base64.b64encode(photo_path(name).read_bytes()).decode()


def at_command_line(
    command: str, out: Path, capsys: pytest.CaptureFixture[str], photo: str, *more: str, **settings: Any
) -> tuple[dict[str, bytes], list[str]]:
    """The files that a command writes, and its notes."""
    pairs = [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]
    assert main([command, str(photo_path(photo)), *more, *pairs, "--out", str(out)]) == 0
    lines = capsys.readouterr().err.splitlines()
    notes = [line.removeprefix("note: ") for line in lines if line.startswith("note: ")]
    return {p.name: p.read_bytes() for p in sorted(out.iterdir())}, notes


def made_at_command_line(
    out: Path,
    capsys: pytest.CaptureFixture[str],
    photo: str,
    further: Sequence[str],
    face: str,
    engine: str,
    **more: Any,
) -> Answer:
    photos = ["--more", *(str(photo_path(name)) for name in further)] if further else []
    files, notes = at_command_line(
        "make", out, capsys, photo, "--engine", engine, *(["--face", face] if face else []), *photos, **more
    )
    pictures = [data for name, data in files.items() if name.startswith("headshot-")]
    names = ["report.json", *(f"report-{n}.json" for n in range(2, len(pictures) + 1))]
    reports = tuple(json.loads(files.pop(name)) for name in names)
    assert set(files) == {"compare.png", *(f"headshot-{n}.jpg" for n in range(1, len(pictures) + 1))}
    assert_marked(files["compare.png"], pictures[0])
    return Answer(tuple(pictures), reports, tuple(notes), ())


def made_by_program(
    endpoints: Mapping[str, Any], photo: str, further: Sequence[str], face: str, engine: str, **settings: Any
) -> Answer:
    answer = endpoints["headshot"](
        coded(photo), settings=settings, engine=engine, consent=True, more=[coded(n) for n in further], face=face
    )
    parts = [answer, *answer["others"]]
    pictures = tuple(base64.b64decode(part["picture"]) for part in parts)
    return Answer(pictures, tuple(p["report"] for p in parts), tuple(answer["notes"]), tuple(said_of(answer)))


def upload(name: str) -> Upload:
    return Upload(photo_path(name).read_bytes())


def made_on_page(folder: Path, photo: str, further: Sequence[str], face: int, engine: str, **settings: Any) -> Answer:
    """By the handlers: the photo dropped, a face clicked, further photos added, then painted, measured, downloaded."""
    session, restored = open_session(upload(photo))
    assert restored is None
    said = add_further(session, [upload(name) for name in further]) if further else ""
    if face:
        faces = sorted(f.box for f in session.sitting.subject.faces)
        x0, y0, x1, y1 = faces[face - 1]
        width = shown_photo(session.sitting).shape[1]
        scale = width / session.sitting.photo.width
        session = session.choose_face((x0 + x1) / 2 * scale, (y0 + y1) / 2 * scale, width)
    wanted = direct("linkedin", engine=engine, overrides=settings)
    values = controls.values_of(wanted)
    direction = direction_of(session, "linkedin", wanted.change, wanted.words, wanted.keep, *values, engine=engine)
    if engine == "retouch":
        session.draw(direction)
    else:
        assert [i for i in session.paint(direction, engine) if isinstance(i, Headshot)] == session.candidates
    pictures, reports, notes = [], [], [*session.sitting.photo.notes]
    for number in range(len(session.candidates)):
        notes += session.full_size(session.choose(number)).notes
        assert session.measure() is not None
        reports.append(json.loads(render_file(session, direction, "report.json")[2]))
        pictures.append(render_file(session, direction, "full.jpg")[2])
        for _, kind in DOWNLOADS:
            name, mime, data = render_file(session, direction, kind)
            if mime.startswith("image/"):
                assert_marked(data, pictures[-1])
            else:
                assert name.startswith("headshot-report.")
    left_out = session.sitting.left_out
    assert all(sentence in said for sentence in left_out)
    # The controls and the line of words show what makes no difference, each at its place.
    notes += [*left_out, *notes_on(direction, engine)]
    checks = [f"{c.sentence} {c.remedy}".strip() for c in session.sitting.subject.checks if c.state >= State.AMBER]
    return Answer(tuple(pictures), tuple(reports), tuple(dict.fromkeys(notes)), tuple(checks))


def assert_marked(data: bytes, like: bytes) -> None:
    """The file says how it was made, as the picture that it is of does."""
    found, known = provenance.read(data), provenance.read(like)
    assert found.source_type == known.source_type in (OWN_PIXELS, COMPOSITE, GENERATED)
    assert found.recipe is not None and known.recipe is not None
    own = {k: v for k, v in found.recipe["settings"].items() if k != "crop.aspect"}  # a site's format is cut anew
    assert own == {k: v for k, v in known.recipe["settings"].items() if k != "crop.aspect"}
    assert found.recipe["engine"] == known.recipe["engine"] and found.recipe["seed"] == known.recipe["seed"]


def pixels(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))


def assert_same(command: Answer, program: Answer, page: Answer) -> None:
    assert command.reports == program.reports == page.reports
    assert program.checks == page.checks and command.notes == (*program.checks, *program.notes)
    assert program.notes == page.notes
    for others in zip(command.pictures, program.pictures, page.pictures, strict=True):
        marks = [provenance.read(data) for data in others]
        assert len({mark.source_type for mark in marks}) == 1 and marks[0].source_type
        assert marks[0].recipe is not None and all(mark.recipe == marks[0].recipe for mark in marks)
        assert all(np.array_equal(pixels(data), pixels(others[0])) for data in others)


def test_own_pixels_of_a_chosen_face_with_further_photos(
    endpoints: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: Any = {"photo": TWO_FACES, "further": FURTHER, "engine": "retouch", **SETTINGS}
    program = made_by_program(endpoints, face="2", **asked)
    command = made_at_command_line(tmp_path / "out", capsys, face="2", **asked)
    assert_same(command, program, made_on_page(tmp_path, face=2, **asked))
    said = " ".join(program.notes)
    assert "somebody else, so it is left out" in said and "“Number of steps”" in said
    assert any("people" in check for check in program.checks)
    assert provenance.read(program.pictures[0]).source_type == OWN_PIXELS
    assert [k["said"] for k in program.reports[0]["kept"]] == ["glasses", "lucky charm"]


@pytest.mark.sweep
def test_another_face_is_another_answer(endpoints: dict[str, Any]) -> None:
    asked: Any = {"photo": TWO_FACES, "further": FURTHER, "engine": "retouch", **SETTINGS}
    one, other = (made_by_program(endpoints, face=face, **asked) for face in ("2", "1"))
    assert other.reports != one.reports and other.checks != one.checks


@pytest.mark.sweep
@pytest.mark.usefixtures("tiny_engine")
def test_a_generators_picture(endpoints: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The real generator's code on tiny weights; on this rung it repaints little of the face, so there is a report."""
    asked: Any = {
        "photo": "coleman_1.jpg",
        "further": ("coleman_2.jpg",),
        "engine": "faceid-sd15",
        "change": 0.6,
        "seed": 11,
        "generate.mode": "draft",
    }
    program = made_by_program(endpoints, face="", **asked)
    command = made_at_command_line(tmp_path / "out", capsys, face="", **asked)
    assert_same(command, program, made_on_page(tmp_path, face=0, **asked))
    assert program.reports[0]["regime"] == "generator"
    assert provenance.read(program.pictures[0]).source_type == COMPOSITE


@pytest.mark.sweep
def test_each_candidate_and_each_seed(
    endpoints: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in.register(monkeypatch, "plain", stand_in.SeveralEngine())
    given = {"change": 1.0, "seed": 11, "words": "an owl"}
    asked: Any = {"photo": "coleman_1.jpg", "further": (), "engine": "plain", **given, "generate.candidates": 2}
    program = made_by_program(endpoints, face="", **asked)
    command = made_at_command_line(tmp_path / "out", capsys, face="", **asked)
    assert_same(command, program, made_on_page(tmp_path, face=0, **asked))
    assert [seed_of(data) for data in program.pictures] == [11, 12] and len(program.reports) == 2
    options = ["--n", "2", "--engine", "plain"]
    files, notes = at_command_line("best", tmp_path / "best", capsys, "coleman_1.jpg", *options, **given)
    answer = endpoints["best_of"](coded("coleman_1.jpg"), count=2, engine="plain", settings=given, consent=True)
    assert list(files) == ["best-1.jpg", "best-2.jpg"] and sorted(notes) == sorted([*said_of(answer), *answer["notes"]])
    for data, other in zip(files.values(), answer["pictures"], strict=True):
        assert np.array_equal(pixels(data), pixels(base64.b64decode(other["picture"])))
        assert provenance.read(data).source_type == GENERATED and seed_of(data) == other["seed"]


def test_a_sheet_and_every_file_of_it(
    endpoints: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    claiming: Callable[[str, str, str], None],
) -> None:
    claiming("coleman_1.jpg", "WEBP", "IPTC")
    tmp_path = tmp_path_factory.mktemp("sheet")
    axes = {"rows": "preset=linkedin,mono", "columns": "crop.aspect=1:1"}
    options = ["--rows", axes["rows"], "--cols", axes["columns"], "--words", "an owl"]
    files, notes = at_command_line("sheet", tmp_path, capsys, "coleman_1.jpg", *options, **SETTINGS)
    answer = endpoints["contact_sheet"](coded("coleman_1.jpg"), settings=SETTINGS, words="an owl", consent=True, **axes)
    wanted = direct("linkedin", words="an owl", overrides=SETTINGS)
    page = SheetSession(SheetRequest(photo=photo_path("coleman_1.jpg"), direction=wanted, **axes)).run()
    tables = [
        [{k: v for k, v in row.items() if k != "seconds"} for row in csv.DictReader(io.StringIO(table))]
        for table in (files["sheet.csv"].decode(), answer["csv"], page.file("sheet.csv")[2].decode())
    ]
    assert tables[0] == tables[1] == tables[2] and len(tables[0]) == 2
    assert sorted(notes) == sorted([*said_of(answer), *answer["notes"]]) and answer["notes"] == page.notes()
    given = {kind: page.file(kind)[2] for _, kind in SHEET_DOWNLOADS}
    leaving = [files, {"sheet.png": base64.b64decode(answer["sheet"])}, {"sheet.png": given["sheet.png"]}]
    for packed in (base64.b64decode(answer["zip"]), given["sheet.zip"]):
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            leaving.append({name: archive.read(name) for name in archive.namelist()})
    for folder in leaving:
        for name, data in folder.items():
            if name != "sheet.csv":
                mark = provenance.read(data)
                assert mark.source_type == COMPOSITE, name  # as its photo says of itself
                assert (mark.recipe is None) == (name == "sheet.png")
                assert np.array_equal(pixels(data), pixels(files[name]))


@pytest.mark.sweep
def test_as_far_as_you_stay_you(
    endpoints: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    claiming: Callable[[str, str, str], None],
) -> None:
    claiming("coleman_1.jpg", "JPEG", "signed")
    tmp_path = tmp_path_factory.mktemp("furthest")
    files, notes = at_command_line("furthest", tmp_path, capsys, "coleman_1.jpg", "--floor", "amber", **SETTINGS)
    answer = endpoints["furthest"](coded("coleman_1.jpg"), floor="amber", settings=SETTINGS, consent=True)
    wanted = direct("linkedin", overrides=SETTINGS)
    request = FurthestRequest(photo=photo_path("coleman_1.jpg"), direction=wanted, floor=State.AMBER)
    search = FurthestSearch(request).run()
    assert [t["at"] for t in answer["tried"]] == [round(t.seen.at, 4) for t in search.tried]
    assert [t["verdict"] for t in answer["tried"]] == [t.seen.state for t in search.tried]
    assert answer["sentence"] == search.sentence() and answer["notes"] == search.notes()
    assert sorted(notes) == sorted([*said_of(answer), *answer["notes"]])
    (data,) = files.values()
    assert provenance.read(data).source_type == GENERATED and provenance.read(data).recipe  # as its photo says
    assert np.array_equal(pixels(data), pixels(base64.b64decode(answer["picture"])))


def test_any_two_are_judged_alike(
    endpoints: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = (TWO_FACES, "curbeam_1.jpg", "coleman_2.jpg")
    original, other, *further = (str(photo_path(name)) for name in names)
    assert main(["judge", original, other, "--more", *further, "--json", "--page", str(tmp_path / "report.html")]) == 0
    said = capsys.readouterr()
    program = endpoints["judge"](coded(names[0]), coded(names[1]), [coded(names[2])], True)
    page = JudgeSession()
    page.put("original", upload(names[0]))
    page.put("other", upload(names[1]))
    page.add_further([upload(names[2])])
    page.measure()
    report = json.loads(page.render_file("report.json")[2])
    assert json.loads(said.out) == program["report"] == report
    notes = [line.removeprefix("note: ") for line in said.err.splitlines()]
    assert page.match is not None and notes == program["notes"] == list(page.match.notes) and len(notes) == 2
    # Asked for the other one of the two, it is about somebody else.
    apart = [endpoints["judge"](coded(names[0]), coded(names[1]), [], True, str(n))["report"] for n in (1, 2)]
    assert sorted(r["verdict"] == "red" for r in apart) == [False, True]


def test_what_no_door_can_do_is_refused_in_the_same_words(
    endpoints: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import gradio as gr

    photo = "coleman_1.jpg"
    five = [photo] * 5
    cases: tuple[tuple[list[str], dict[str, Any], str], ...] = (
        (["--face", "3"], {"face": "3"}, "There is no face 3: the photo shows 1."),
        (["--face", "9000,1"], {"face": "9000,1"}, "lies outside the photo"),
        (["--face", "left"], {"face": "left"}, "“left” names no face."),
        (
            ["--more", *(str(photo_path(n)) for n in five)],
            {"more": [coded(n) for n in five]},
            "At most 4 further photos",
        ),
        (
            ["--more", str(photo_path("broken_truncated.jpg"))],
            {"more": [coded("broken_truncated.jpg")]},
            "Further photo 1: ",
        ),
    )
    for options, fields, said in cases:
        assert main(["make", str(photo_path(photo)), *options, "--out", str(tmp_path / "none")]) == 2
        line = capsys.readouterr().err.strip()
        with pytest.raises(gr.Error) as fault:
            endpoints["headshot"](coded(photo), consent=True, **fields)
        assert said in line and line.removeprefix("headshot: ") == " ".join(str(fault.value.message).split())
    with pytest.raises(gr.Error, match="2 to 8"):
        endpoints["best_of"](coded(photo), count=1, consent=True)
    with pytest.raises(gr.Error, match="240 to 2048"):
        endpoints["contact_sheet"](coded(photo), "seed=1", "preset=mono", consent=True, height=10)
    with pytest.raises(UserError, match="green or amber"):
        FurthestSearch(FurthestRequest(photo=photo_path(photo), floor="grey"))
    assert not (tmp_path / "none").exists()


@pytest.mark.sweep
def test_a_missing_signature_is_told_at_every_door(
    endpoints: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("HEADSHOT_CONFIG", str(tmp_path / "file" / "config"))
    _, notes = at_command_line("make", tmp_path / "out", capsys, "coleman_1.jpg")
    answer = endpoints["headshot"](coded("coleman_1.jpg"), consent=True)
    assert "are not signed" in notes[-1] and notes[-1] == answer["notes"][-1]
    # The page shows the marks of the saved file itself.
    marks = provenance.ticks(provenance.read(base64.b64decode(answer["picture"])))
    assert (False, "Not signed.") in marks
