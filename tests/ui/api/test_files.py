"""Endpoints take a file as well as base64: once, from the upload route alone, and nothing of it stays."""

from __future__ import annotations

import pytest

from tests.fixtures.app_server import App
from tests.fixtures.browser import until
from tests.fixtures.shared_photos import photo_path


@pytest.mark.data
def test_a_file_in_place_of_base64(app: App) -> None:
    client = pytest.importorskip("gradio_client")
    program = client.Client(app.url, verbose=False)
    one, other = (client.handle_file(str(photo_path(name))) for name in ("coleman_1.jpg", "coleman_2.jpg"))
    made = program.predict(original=one, other=other, more=[other], consent=True, api_name="/judge")
    assert made["report"]["verdict"] in ("green", "amber", "grey")
    for wrong in ("/etc/hostname", {"path": "/etc/hostname", "meta": {"_type": "gradio.FileData"}}):
        with pytest.raises(Exception, match="not base64"):
            program.predict(original=wrong, other="x", consent=True, api_name="/judge")
    assert until(lambda: not app.files(".jpg"))
