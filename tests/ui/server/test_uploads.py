"""Only what came through the upload route is an upload: nothing else is read, and nothing else is deleted."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest
from gradio import routes

from headshot.errors import UserError
from headshot.language import tr
from headshot.photo.decode import MAX_BYTES
from headshot.ui.components import uploads
from headshot.ui.judge.session import JudgeSession
from headshot.ui.server import upload_route
from headshot.ui.server.upload_route import FULL, NO_FILE, TOO_MANY
from tests.fixtures.served import Served, picture

SECRET = picture(222, (9, 8, 7))
META = {"_type": "gradio.FileData"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The uploads' folder, beside what is nobody's business."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "temp"))
    monkeypatch.setenv("HEADSHOT_UPLOAD_SECONDS", "0")
    (tmp_path / "temp").mkdir()
    return tmp_path / "temp"


def laid(folder: Path, name: str = "upload.png", data: bytes = SECRET, key: str = "a" * 64) -> Path:
    """A file as the upload route lays it."""
    path = folder / key / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


def test_an_upload_is_read_once_and_then_gone(folder: Path) -> None:
    path = laid(folder)
    assert uploads.claim(str(path)).read() == SECRET
    assert list(folder.iterdir()) == []
    with pytest.raises(UserError):
        uploads.claim(str(path)).read()


def test_one_over_the_limit_is_refused_and_gone(folder: Path) -> None:
    path = laid(folder)
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(UserError, match="over 20 MB"):
        uploads.claim(str(path)).read()
    assert not path.exists()


def test_a_timer_deletes_what_it_claimed_and_nothing_that_came_later(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[threading.Timer] = []
    monkeypatch.setenv("HEADSHOT_UPLOAD_SECONDS", "3600")
    monkeypatch.setattr(threading.Timer, "start", lambda timer: waiting.append(timer))
    first, second = laid(folder), laid(folder, key="b" * 64)
    assert uploads.claim(str(first)).read() == uploads.claim(str(second)).read() == SECRET
    os.replace(laid(folder, "new", b"another visitor's"), second)
    for timer in waiting:
        timer.function(*timer.args)
    assert not first.exists() and second.read_bytes() == b"another visitor's"


def test_what_is_no_upload_is_neither_read_nor_deleted(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "private.png"
    secret.write_bytes(SECRET)
    link, linked_folder = folder / ("c" * 64) / "link.png", folder / ("d" * 64)
    link.parent.mkdir()
    link.symlink_to(secret)
    (tmp_path / ("e" * 64)).mkdir()
    (tmp_path / ("e" * 64) / "x.png").write_bytes(SECRET)
    linked_folder.symlink_to(tmp_path / ("e" * 64))
    pipe = folder / ("f" * 64) / "pipe.png"
    pipe.parent.mkdir()
    os.mkfifo(pipe)
    (folder / ("0" * 64) / "folder.png").mkdir(parents=True)
    flat, deep = folder / "flat.png", folder / ("1" * 64) / "more" / "deep.png"
    deep.parent.mkdir(parents=True)
    for path in (flat, deep):
        path.write_bytes(SECRET)
    before = sorted(p for p in tmp_path.rglob("*"))
    for path in (
        str(secret),
        f"{folder}/{'c' * 64}/../../private.png",
        f"{folder}/../private.png",
        str(link),
        str(linked_folder / "x.png"),
        str(pipe),
        str(folder / ("0" * 64) / "folder.png"),
        str(flat),
        str(deep),
        os.path.relpath(secret),
        f"{folder}/{'c' * 64}/",
        f"{folder}/{'c' * 64}/..",
        f"{secret}\0.png",
        "/dev/zero",
        "/dev/stdin",
        "/proc/self/environ",
        "http://127.0.0.1:9/x.png",
        "file:///etc/passwd",
        "",
        "\ud800",
        None,
        7,
        ["x"],
    ):
        claimed = uploads.claim(path)
        assert claimed.data == b"", path
        with pytest.raises(UserError, match="not uploaded here"):
            claimed.read()
    assert sorted(p for p in tmp_path.rglob("*")) == before and secret.read_bytes() == SECRET


def test_a_field_reads_no_more_files_than_it_takes(folder: Path) -> None:
    paths = [str(laid(folder, key=f"{i:064x}")) for i in range(uploads.MOST + 1)]
    *taken, last = uploads.claim_all(paths)
    assert all(one.read() == SECRET for one in taken)
    with pytest.raises(UserError, match="At most 8 files"):
        last.read()


# ------------------------------------------------------------------ over HTTP, every field of the page


def hostile(path: str, several: bool) -> list[Any]:
    """What a client may send in the place of an upload at `path`."""
    plain, marked = {"path": path}, {"path": path, "meta": META, "orig_name": "photo.png", "size": 3}
    address = {"path": "x.png", "url": f"file://{path}", "meta": META}
    found: list[Any] = [plain, marked, {**plain, "url": path}, address, path]
    return [*found, [plain], [marked, plain], *([] if several else [{"value": marked}])]


def test_no_field_of_the_page_reads_or_deletes_another_file(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every function with a photo, a list of photos or a look file among its inputs; a field that takes none, too."""
    monkeypatch.setenv("HEADSHOT_UPLOAD_SECONDS", "0")
    secret = tmp_path / "private.png"
    secret.write_bytes(SECRET)
    opened: list[str] = []
    whole = os.open

    def noted(path: Any, *more: Any, **named: Any) -> int:
        opened.append(str(path))
        return whole(path, *more, **named)

    monkeypatch.setattr(os, "open", noted)
    fields = 0
    for function in served.page.fns.values():
        for place, block in enumerate(function.inputs):
            kind = type(block).__name__
            if kind not in ("Image", "File", "UploadButton") and getattr(block, "elem_id", "") != "words":
                continue
            fields += 1
            for sent in hostile(str(secret), kind == "UploadButton")[: None if fields < 8 else 2]:
                values = [None if b.stateful else b.value for b in function.inputs]
                values[place] = sent
                answer = str(served.ask(function._id, values))
                assert secret.exists() and "data:image" not in answer, (function.fn, sent)
    assert fields >= 8 and str(secret) not in opened


def test_what_was_uploaded_is_an_upload_and_two_with_one_file_do_not_share_it(served: Served) -> None:
    """Judge takes any picture. The first visitor's file goes; the second one's is there until it is read."""
    first, second = served.upload(SECRET)[0], served.upload(SECRET)[0]
    assert first != second and Path(first).name == "upload.png"
    receive = served.function("receive", "j-original")
    for path in (first, second):
        field = {"path": path, "orig_name": "me.png", "meta": META}
        answer = served.ask(receive._id, served.values(receive, j_original=field))[-1]
        assert answer["success"] and "data:image/" in str(answer["output"])
    Path(first).unlink()
    assert Path(second).exists()


def test_more_files_than_a_field_takes_are_not_laid_down(served: Served) -> None:
    before = sorted(served.folder.rglob("*"))
    files = [("files", ("x.png", SECRET)) for _ in range(9)]
    answer = served.client.post("/gradio_api/upload", files=files)
    assert (answer.status_code, answer.text) == (400, tr(TOO_MANY, most=uploads.MOST))
    said = served.client.post("/gradio_api/upload", files=files, headers={"accept-language": "de"}).text
    assert said.startswith("Höchstens 8 Dateien auf einmal.")
    assert sorted(served.folder.rglob("*")) == before


def test_nothing_but_files_is_taken(served: Served) -> None:
    """A text in the request would be held in memory, whole; a file under another name would lie there unasked for."""
    before = sorted(served.folder.rglob("*"))
    file = ("x.png", SECRET)
    for sent in ([("files", (None, b"a" * 70_000))], [("other", file)], [("files", file), ("more", (None, b"text"))]):
        for path in ("/gradio_api/upload", "/gradio_api/upload?upload_id=one"):
            answer = served.client.post(path, files=sent)
            assert (answer.status_code, answer.text) == (400, NO_FILE), sent
    assert sorted(served.folder.rglob("*")) == before


def test_uploads_are_bounded_together(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever fills the folder is refused, and after a while what nobody had read makes room."""
    monkeypatch.setattr(upload_route, "_room", upload_route.Room())
    monkeypatch.setattr(upload_route, "TOGETHER", upload_route._held() + 3 * 2**20)
    monkeypatch.setattr(upload_route, "_LOOK", 2**16)
    monkeypatch.setattr(upload_route, "_STEP", 2**16)
    large = [("files", ("x.png", SECRET + bytes(2**20)))]
    laid: list[str] = []
    for _ in range(9):
        answer = served.client.post("/gradio_api/upload", files=large)
        if answer.status_code != 200:
            break
        laid += answer.json()
    assert (answer.status_code, answer.text) == (400, FULL) and 1 <= len(laid) <= 3
    for place in laid:
        os.utime(place, (0, 0))
    assert served.client.post("/gradio_api/upload", files=large).status_code == 200
    assert not any(map(os.path.exists, laid))


def test_of_uploads_that_nobody_asks_about_nothing_stays(served: Served) -> None:
    told, made = routes.file_upload_statuses, [("files", ("x.png", SECRET))]
    for name in ("a" * 65, *(f"u{i}" for i in range(3))):
        assert served.client.post(f"/gradio_api/upload?upload_id={name}", files=made).status_code == 200
    assert list(told._statuses)[-3:] == ["u0", "u1", "u2"] and not any(len(name) > 64 for name in told._signals)
    for i in range(upload_route.MOST_TOLD):
        told.track(f"v{i}")
    assert len(told._statuses) == upload_route.MOST_TOLD == len(told._signals) and "u0" not in told._statuses
    served.page.app.state_holder.sweep()
    assert not served.page.upload_file_set


def test_a_refused_file_to_check_says_why_and_leaves_the_other_one(served: Served) -> None:
    """On "Check a picture": the reason is told, the field is emptied, the photo beside it stays, the next try works."""

    def put(side: str, data: bytes, name: str) -> dict[int, Any]:
        function = served.function("receive", side)
        sent = {"path": served.upload(data, name=name)[0], "meta": META}
        values = served.values(function, **{side.replace("-", "_"): sent})
        answer = served.ask(function._id, values, "checks")[-1]
        assert answer["success"]
        return dict(zip((block.elem_id for block in function.outputs), answer["output"]["data"], strict=True))

    assert put("j-original", picture(), "me.png")["j-original"]
    (session,) = [v for v in served.sessions["checks"].state_data.values() if isinstance(v, JudgeSession)]
    for data, name, why in (
        (b"no picture at all" * 50, "notes.txt", "picture"),
        (picture()[:60], "me.png", "damaged"),
        (b"", "empty.jpg", "empty"),
    ):
        told = put("j-other", data, name)
        assert why in str(told) and told["j-other"] is None, told
        assert session.original is not None and session.other is None and not session.complete
    assert put("j-other", picture(colour=(9, 99, 199)), "other.png")["j-other"] and session.complete
