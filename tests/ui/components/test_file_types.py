"""Files to which a browser gives no type, or another one than that of a picture: read, or refused in words."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from PIL import Image

from tests.fixtures.app_server import App
from tests.fixtures.browser import READY, Visits, shown
from tests.fixtures.shared_photos import photo_path

REFUSED = ".hs-refused"
DROP = """([field, files]) => {
  const transfer = new DataTransfer();
  for (const [name, type, data] of files)
    transfer.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name, { type }));
  const target = document.querySelector(`${field} .image-frame img, ${field} .upload-container`);
  for (const kind of ["dragenter", "dragover", "drop"])
    target.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: transfer }));
}"""


def heic() -> bytes:
    stream = io.BytesIO()
    with Image.open(photo_path("walz_1.jpg")) as image:
        pillow_heif.from_pillow(image.convert("RGB")).save(stream, quality=90)
    return stream.getvalue()


def drop(page: Any, name: str, data: bytes, kind: str = "") -> None:
    page.evaluate(DROP, ["#photo", [[name, kind, base64.b64encode(data).decode()]]])


@pytest.mark.sweep
@pytest.mark.browser
@pytest.mark.data
def test_a_file_without_a_type_is_read_or_refused_in_words(app: App, visit: Visits, tmp_path: Path) -> None:
    phone = tmp_path / "IMG_0001.HEIC"
    phone.write_bytes(heic())
    page = visit(app.url)
    page.wait_for_selector("#photo input[type=file]", state="attached")
    page.wait_for_timeout(500)
    # What is no picture: nothing is sent, and a sentence says so.
    (tmp_path / "letter.docx").write_bytes(b"PK\3\4 no picture")
    page.set_input_files("#photo input[type=file]", str(tmp_path / "letter.docx"))
    assert "“letter.docx” is not taken" in page.wait_for_selector(REFUSED).inner_text()
    # As phones name it, and with no ending at all: by its first bytes.
    page.set_input_files("#photo input[type=file]", str(phone))
    page.wait_for_selector(READY)
    assert page.locator(REFUSED).count() == 0 and page.locator("#history .tile").count() == 1
    before = shown(page)

    # On the filled field: what is refused here, or by the server, leaves photo, picture and strip as they are.
    drop(page, "notes.txt", b"just words", "text/plain")
    page.wait_for_selector(f"{REFUSED} >> text=notes.txt")
    assert shown(page) == before and page.locator("#history .tile").count() == 1
    drop(page, "broken.HEIC", phone.read_bytes()[:500])
    page.wait_for_selector("#compare .note >> text=damaged")
    page.wait_for_selector(READY)
    assert shown(page) == before and page.locator("#history .tile").count() == 1
    assert page.locator("#photo .image-frame img").count() == 1
    drop(page, "photo", photo_path("walz_2.jpg").read_bytes())
    page.wait_for_function("([s, b]) => document.querySelector(s)?.src !== b", arg=["#compare .result img", before])
    page.wait_for_selector(READY)
