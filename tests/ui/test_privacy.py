"""Privacy is code: uploads go, nothing of a face is written, files say only what they are meant to say."""

from __future__ import annotations

import base64
import io
import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from headshot.direction.direct import direct
from headshot.errors import UserError
from headshot.files.data_url import data_url
from headshot.files.encode import encode, headshot_file
from headshot.studio.result_report import judge
from headshot.studio.session import Sitting, headshot
from headshot.ui.components.upload_field import UploadField
from headshot.ui.components.uploads import Upload
from headshot.ui.make import downloads
from headshot.ui.make.opened_session import open_session
from headshot.ui.make.session import need
from tests import ROOT
from tests.fixtures.shared_photos import photo_path, sitting

pytestmark = pytest.mark.data


def upload(name: str = "collins_1.png") -> Upload:
    return Upload(photo_path(name).read_bytes())


def test_no_library_reports_home_that_a_face_was_measured(tmp_path: Path) -> None:
    """onnxruntime 1.32 does, unless told not to: with files in the temp folder and in ~/.cache/Microsoft."""
    code = (
        "import numpy as np; from headshot.authenticity.recognition import dlib_judge; "
        "dlib_judge.of_chip(np.zeros((150, 150, 3), np.uint8)); print('measured')"
    )
    here = {"HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": str(tmp_path / "cache"), "TMPDIR": str(tmp_path)}
    env = {k: v for k, v in os.environ.items() if not k.endswith("_DISABLE_TELEMETRY")} | here
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    assert run.stdout.strip() == "measured", run.stderr
    assert [p for p in tmp_path.rglob("*") if p.name == ".ses" or "Microsoft" in p.parts] == []


def files_below(*folders: Path) -> set[tuple[str, int]]:
    return {(str(p), p.stat().st_size) for f in folders if f.exists() for p in f.rglob("*") if p.is_file()}


def test_a_whole_session_leaves_nothing_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    """Upload, picture, report, every download: no file anywhere under the temp, home and working folders."""
    before, _ = open_session(upload())  # brings the networks, where this machine has none yet
    before.draw(direct())
    before.measure()
    before.close()
    for variable in ("TMPDIR", "HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "GRADIO_TEMP_DIR"):
        folder = tmp_path / variable.lower()
        folder.mkdir()
        monkeypatch.setenv(variable, str(folder))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", None)
    caplog.set_level(logging.DEBUG)
    with caplog.at_level(logging.DEBUG):
        session, _ = open_session(upload())
        session.draw(direct("corporate"))
        session.measure()
        for _, kind in downloads.DOWNLOADS:
            name, mime, data = downloads.render_file(session, direct("corporate"), kind)
            assert name and "/" in mime and data
        session.close()
    # The signing key of this copy, and which of the networks' files were checked: neither knows of the photo.
    left = {Path(p).name for p, _ in files_below(tmp_path)}
    assert left <= {"signer.pem", ".verified.json"}, files_below(tmp_path)
    assert not any(word in caplog.text for word in ("descriptor", "embedding", "collins_1"))


def numbers_in(value: object) -> int:
    """The longest list of numbers anywhere in a JSON value."""
    if isinstance(value, dict):
        return max((numbers_in(v) for v in value.values()), default=0)
    if isinstance(value, list):
        plain = len(value) if all(isinstance(v, int | float) for v in value) else 0
        return max([plain, *(numbers_in(v) for v in value)], default=0)
    return 0


def test_the_report_holds_no_embedding() -> None:
    report = judge(headshot(sitting("whitson_1.jpg"), direct(), height=600)).to_json()
    text = json.dumps(report)
    assert numbers_in(report) < 16 and len(text) < 40_000
    assert not any(isinstance(v, str) and len(v) > 2_000 for f in report["findings"] for v in f.values())


def test_the_recipe_holds_words_and_numbers_alone() -> None:
    shot = headshot(sitting("collins_1.png"), direct(), height=200)
    assert numbers_in(json.loads(json.dumps(dict(shot.recipe)))) < 16
    assert "collins" not in json.dumps(dict(shot.recipe)).lower()


def stamped(name: str) -> bytes:
    """A photo as telephones make them, with SECRET in each place where a file can say something."""
    exif = Image.Exif()
    exif[0x010E], exif[0x013B], exif[0x9C9B] = "SECRET-PLACE", "SECRET-ARTIST", "SECRET-TITLE".encode("utf-16-le")
    exif.get_ifd(0x8825)[0x0012] = "SECRET-GPS"
    exif.get_ifd(0x8769)[0x927C] = b"SECRET-MAKER" + bytes(range(256))
    exif.get_ifd(0x8769)[0xA431] = "SECRET-SERIAL"
    small = io.BytesIO()
    Image.new("RGB", (16, 16)).save(small, "JPEG", comment=b"SECRET-THUMBNAIL")
    file = io.BytesIO()
    with Image.open(photo_path(name)) as image:
        image.convert("RGB").save(
            file, "JPEG", quality=92, exif=exif, comment=b"SECRET-COMMENT", xmp=b"<x>SECRET-XMP</x>"
        )
    data = file.getvalue()
    parts = {
        b"\xed": b"Photoshop 3.0\0SECRET-IPTC",
        b"\xe2": b"MPF\0SECRET-MPF",
        b"\xe1": b"Exif\0\0" + small.getvalue(),
    }
    more = b"".join(b"\xff" + kind + (len(part) + 2).to_bytes(2, "big") + part for kind, part in parts.items())
    return data[:2] + more + data[2:] + small.getvalue() + b"SECRET-TRAILER"


def test_nothing_that_the_photo_s_file_said_leaves_in_any_download() -> None:
    """Place, maker's notes, serial numbers, thumbnails, what stands behind the end: in no form that is saved."""
    data = stamped("collins_1.png")
    assert data.count(b"SECRET") >= 10
    session, _ = open_session(Upload(data))
    session.draw(direct())
    session.measure()
    for _, kind in downloads.DOWNLOADS:
        name, _, saved = downloads.render_file(session, direct(), kind)
        assert b"SECRET" not in saved and "SECRET" not in name, kind
        for found in re.findall(rb"base64,([A-Za-z0-9+/=]{100,})", saved):  # pictures in a printed report
            assert b"SECRET" not in base64.b64decode(found), kind
    session.close()


@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_files_carry_the_declared_metadata_and_no_more(kind: str) -> None:
    shot = headshot(sitting("collins_1.png"), direct(), height=240)
    data = headshot_file(shot, kind)
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        assert not image.getexif()
        info = {k.lower() for k in image.info}
    allowed = {
        "icc_profile",
        "xmp",
        "xml:com.adobe.xmp",
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "dpi",
        "progressive",
        "progression",
    }
    assert info <= allowed, info
    assert b"algorithmicallyEnhanced" in data
    for word in (b"collins", b"astronaut", b"GPS", b"/tmp", os.getcwd().encode(), b"embedding", b"landmark"):
        assert word not in data, word


def test_what_goes_to_the_browser_is_pixels_alone() -> None:
    picture = np.zeros((40, 30, 3), np.uint8)
    raw = base64.b64decode(data_url(picture).split(",")[1])
    with Image.open(io.BytesIO(raw)) as image:
        assert not image.getexif() and "xmp" not in image.info
    assert len(encode(picture)) < 20_000


def test_closing_a_desk_forgets() -> None:
    session, _ = open_session(upload())
    session.draw(direct())
    session.close()
    assert session.last is None and session.report is None and session.sitting.cut_by is None
    with pytest.raises(UserError, match="no photo"):
        need(None)


def test_a_sitting_writes_its_picture_nowhere_in_its_own_words() -> None:
    one: Sitting = sitting("collins_1.png")
    assert len(repr(one)) < 200 and len(repr(one.subject.face)) < 20_000


def test_the_photo_field_stays_ours_when_gradio_makes_it_anew() -> None:
    """An answer that leaves the field out makes Gradio build it again from its class and arguments, unseen."""
    from headshot.ui.components.photo_field.photo_field import photo_input

    field = photo_input(label="Your photo", render=False)
    again = type(field)(**{**field.constructor_args, "render": False})
    for one in (field, again):
        assert isinstance(one, UploadField) and one.preprocess(None) is None
        assert one.get_block_name() == "image"
        sent = one.postprocess(np.zeros((4, 4, 3), np.uint8))
        assert sent is not None and sent.path is None and str(sent.url).startswith("data:image/")
