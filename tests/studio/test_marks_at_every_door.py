"""What a photo's file says of itself leaves through no door weaker than it came: mark × door × who paints.

That each format's marks are read is asked in tests/files/test_claimed.py; from there on no door knows the format.
"""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import zipfile
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from headshot.cli.main import main
from headshot.direction.direct import direct
from headshot.files import COMPOSITE, GENERATED, OWN_PIXELS, provenance
from headshot.files.source_type import RETOUCHED, strongest
from headshot.studio import SheetRequest, result_report
from headshot.studio import session as studio_session
from headshot.types import Canvas, Direction, Headshot, Photo, Preview, Subject
from headshot.ui.compare.sheet_session import SheetSession
from headshot.ui.components.uploads import Upload
from headshot.ui.judge.session import JudgeSession
from headshot.ui.make.downloads import DOWNLOADS, render_file
from headshot.ui.make.opened_session import open_session
from headshot.ui.make.starred import packed
from tests.files.test_claimed import file_of
from tests.fixtures import faces, stand_in
from tests.studio.test_same_at_every_door import endpoints

__all__ = ["endpoints"]
pytestmark = [pytest.mark.data, pytest.mark.skipif(not faces.PHOTOS.is_dir(), reason="no shared photos")]

SAYS = {"plain": "", "IPTC": COMPOSITE, "text": GENERATED, "signed": GENERATED, "camera": ""}
PAINTERS = {"retouch": OWN_PIXELS, "half": COMPOSITE, "plain": GENERATED}
DOORS = ("command line", "API", "page")


class HalfEngine(stand_in.SeveralEngine):
    """Leaves most of the face as it was: the rungs below the top."""

    def render(self, canvas: Canvas, identity: Any, direction: Direction) -> Generator[Preview | Headshot, None, None]:
        for item in super().render(canvas, identity, direction):
            yield replace(item, kept=0.9) if isinstance(item, Headshot) else item


@pytest.fixture(scope="module", autouse=True)
def worked_out_once() -> Iterator[None]:
    """Five files of the same pixels: what the networks say of pixels does not change with what a file says."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((studio_session, "ask"), (result_report, "judge_pair")):
            patch.setattr(module, name, by_pixels(getattr(module, name)))
        yield


def by_pixels(work: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function of pictures remember what it gave for the same ones."""
    known: dict[str, Any] = {}

    def remembered(*args: Any, **options: Any) -> Any:
        seen = hashlib.sha256(work.__name__.encode())
        for part in (*args, *options.values()):
            pixels = part.pixels if isinstance(part, Photo) else part
            if isinstance(part, Subject):
                pixels = part.landmarks
            seen.update(
                np.ascontiguousarray(pixels).tobytes() if isinstance(pixels, np.ndarray) else repr(pixels).encode()
            )
        key = seen.hexdigest()
        if key not in known:
            known[key] = work(*args, **options)
        return known[key]

    return remembered


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADSHOT_CONFIG", str(tmp_path / "config"))


def photo_file(how: str, kind: str = "PNG") -> bytes:
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
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("engine", PAINTERS)
def test_no_door_weakens_a_mark(
    door: str, engine: str, endpoints: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in.register(monkeypatch, "plain", stand_in.SeveralEngine())
    stand_in.register(monkeypatch, "half", HalfEngine("half"))
    for how, says in SAYS.items():
        data, photo = photo_file(how), tmp_path / f"{how}.png"
        photo.write_bytes(data)
        if door == "command line":
            leaving = at_command_line(photo, engine, tmp_path / how)
        else:
            leaving = by_program(endpoints, data, engine) if door == "API" else on_page(data, engine, photo)
        count = 0
        for name, file in leaving:
            found = provenance.read(file)
            own = "sheet" in name or "light.warmth" in name
            wanted = strongest(says, OWN_PIXELS if own else PAINTERS[engine])
            allowed = {wanted}
            if "furthest" in name:  # it may end at none painted, or at the person's own pixels reshaped
                allowed |= {strongest(says, OWN_PIXELS), strongest(says) or RETOUCHED}
            assert found.source_type in allowed and found.valid and found.own, (how, name, found)
            assert how == "camera" or hashlib.sha256(data).hexdigest().encode() not in file, (how, name)
            count += 1
        assert count >= 4, (how, count)


@pytest.mark.sweep
def test_the_judge_says_what_both_files_say(endpoints: dict[str, Any], tmp_path: Path, capsys: Any) -> None:
    """At the command line, to a program and on the page: the claim of each, and the camera's name."""
    files = {"ai": photo_file("IPTC", "WEBP"), "camera": photo_file("camera")}
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
