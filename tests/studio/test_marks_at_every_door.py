"""What a photo's file says of itself leaves through no door weaker than it came: format × mark × door × who paints."""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from headshot.cli.main import main
from headshot.direction.direct import direct
from headshot.files import COMPOSITE, GENERATED, OWN_PIXELS, provenance
from headshot.files.source_type import strongest
from headshot.studio import SheetRequest
from headshot.ui.compare.sheet_session import SheetSession
from headshot.ui.components.uploads import Upload
from headshot.ui.judge.session import JudgeSession
from headshot.ui.make.downloads import DOWNLOADS, render_file
from headshot.ui.make.session import open_session
from headshot.ui.make.starred import packed
from tests.files.test_claimed import KINDS, file_of
from tests.fixtures import faces, stand_in
from tests.studio.test_same_at_every_door import endpoints

__all__ = ["endpoints"]
pytestmark = [pytest.mark.data, pytest.mark.skipif(not faces.PHOTOS.is_dir(), reason="no shared photos")]

SAYS = {"plain": "", "IPTC": COMPOSITE, "text": GENERATED, "signed": GENERATED, "camera": ""}
EVERY = [(kind, how) for kind, how in itertools.product(KINDS, SAYS) if (kind, how) != ("GIF", "text")]
DOORS = list(itertools.product(("command line", "API", "page"), ("retouch", "plain")))


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADSHOT_CONFIG", str(tmp_path / "config"))


def photo_file(kind: str, how: str) -> bytes:
    small = cv2.resize(faces.photo("coleman_1.jpg"), (480, 600), interpolation=cv2.INTER_AREA)
    return file_of(kind, how, np.ascontiguousarray(small))


def pictures_in(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """The picture itself, or each one in a ZIP."""
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            for inside in bundle.namelist():
                yield from pictures_in(f"{name}, {inside}", bundle.read(inside))
    elif name.endswith((".jpg", ".png")):
        yield name, data


def at_command_line(photo: Path, engine: str, out: Path) -> Iterator[tuple[str, bytes]]:
    commands = (
        ["make", str(photo), "--engine", engine, "--label"],
        ["sheet", str(photo), "--rows", "light.warmth=0,0.5"],
        ["best", str(photo), "--engine", engine, "--n", "2"],
        ["furthest", str(photo), "--engine", engine],
    )
    for command in commands:
        if command[0] == "best" and engine == "retouch":
            continue  # a choice among pictures that are all the same
        folder = out / command[0]
        assert main([*command, "--out", str(folder)]) == 0, command
        for path in sorted(folder.rglob("*")):
            yield from ((f"command line, {command[0]}: {n}", d) for n, d in pictures_in(path.name, path.read_bytes()))


def by_program(api: Mapping[str, Any], data: bytes, engine: str) -> Iterator[tuple[str, bytes]]:
    coded = base64.b64encode(data).decode()
    made = api["headshot"](coded, engine=engine, consent=True, label=True)
    yield "API, make", base64.b64decode(made["picture"])
    sheet = api["contact_sheet"](coded, rows="light.warmth=0,0.5", columns="crop.aspect=1:1", consent=True)
    yield "API, sheet", base64.b64decode(sheet["sheet"])
    yield from pictures_in("API, sheet.zip", base64.b64decode(sheet["zip"]))
    furthest = api["furthest"](coded, engine=engine, consent=True)
    if furthest["picture"]:
        yield "API, furthest", base64.b64decode(furthest["picture"])
    if engine != "retouch":
        best = api["best_of"](coded, count=2, engine=engine, consent=True)
        yield from (("API, best", base64.b64decode(p["picture"])) for p in best["pictures"])


def on_page(data: bytes, engine: str, photo: Path) -> Iterator[tuple[str, bytes]]:
    session, _ = open_session(Upload(data))
    direction = direct("linkedin", engine=engine)
    if engine == "retouch":
        session.draw(direction)
    else:
        list(session.paint(direction, engine))
    for (_, kind), label in itertools.product(DOWNLOADS, (False, True)):
        name, mime, file = render_file(session, direction, kind, label=label)
        if mime.startswith("image/"):
            yield f"page, {name}", file
    session.history.star(session.history.now.number)
    yield from pictures_in("page, starred.zip", packed(session, [s for s in session.history.strip if s.starred])[2])
    page = SheetSession(
        SheetRequest(photo=photo, direction=direct("linkedin"), rows="light.warmth=0,0.5", columns="crop.aspect=1:1")
    ).run()
    for kind in ("sheet.png", "sheet.zip"):
        yield from pictures_in(f"page, {kind}", page.file(kind)[2])


@pytest.mark.sweep
@pytest.mark.parametrize(("kind", "how"), EVERY)
def test_no_door_weakens_a_mark(
    kind: str, how: str, endpoints: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file takes two of the six ways out, in turn, so that every mark and every format meet them all."""
    data, photo = photo_file(kind, how), tmp_path / "photo"
    photo.write_bytes(data)
    stand_in.register(monkeypatch, "plain", stand_in.SeveralEngine())
    turn = EVERY.index((kind, how))
    for door, engine in (DOORS[turn % 6], DOORS[(turn + 3) % 6]):
        leaving = {
            "command line": lambda engine: at_command_line(photo, engine, tmp_path / engine),
            "API": lambda engine: by_program(endpoints, data, engine),
            "page": lambda engine: on_page(data, engine, photo),
        }[door](engine)
        count = 0
        for name, file in leaving:
            found = provenance.read(file)
            own = engine == "retouch" or "sheet" in name or "light.warmth" in name
            wanted = strongest(SAYS[how], OWN_PIXELS if own else GENERATED)
            allowed = {wanted, strongest(SAYS[how], OWN_PIXELS)} if "furthest" in name else {wanted}  # may end at none
            assert found.source_type in allowed and found.valid and found.own, (name, engine, found)
            assert how == "camera" or hashlib.sha256(data).hexdigest().encode() not in file, (name, engine)
            count += 1
        assert count >= 4


def test_the_judge_says_what_both_files_say(endpoints: dict[str, Any], tmp_path: Path, capsys: Any) -> None:
    """At the command line, to a program and on the page: the claim of each, and the camera's name."""
    files = {"ai": photo_file("WEBP", "IPTC"), "camera": photo_file("PNG", "camera")}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    coded = [base64.b64encode(files[n]).decode() for n in ("camera", "ai")]
    report = endpoints["judge"](coded[0], coded[1], [], True)["report"]
    said = {f["id"]: f["sentence"] for f in report["findings"]}
    assert "signed as taken by a camera" in said["photo_signed"] and "Marked as: partly painted" in said["provenance"]
    page = JudgeSession()
    page.put("original", Upload(files["ai"]))
    page.put("other", Upload(files["camera"]))
    found = {f.id: f.sentence for f in page.measure().findings}
    assert "Your photo itself says that it is partly painted" in found["photo_claims"]
    assert main(["marks", str(tmp_path / "ai")]) == 0 and "partly painted" in capsys.readouterr().out
