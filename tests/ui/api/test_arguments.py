"""Requests of a wrong form: each is answered by one sentence that names the argument; wrapped base64 is read."""

from __future__ import annotations

import base64
import csv
import io
from typing import Any

import gradio as gr
import pytest

from headshot.direction.look_file import load
from headshot.errors import UserError
from headshot.files import csv_table
from headshot.language import suggest
from headshot.studio.sheet.axis import Axis
from headshot.ui.api.make import endpoints
from headshot.ui.api.transport import photo_bytes
from tests.fixtures.served import picture

PHOTO = base64.b64encode(picture()).decode()


@pytest.fixture(scope="module")
def api() -> dict[str, Any]:
    with gr.Blocks(analytics_enabled=False) as page:
        endpoints(ask_consent=False)
    return {str(f.api_name): f.fn for f in page.fns.values()}


def test_a_wrong_type_is_named(api: dict[str, Any]) -> None:
    sheet = {"rows": "preset", "columns": "preset"}
    for name, wrong, more in (
        ("photo", 5, {}),
        ("photo", ["x"], {}),
        ("photo", None, {}),
        ("settings", "light.strength=1", {}),
        ("settings", [1], {}),
        ("settings", {"light.warmth": [1]}, {}),
        ("settings", {"light.warmth": 10**5000}, {}),
        ("settings", {"x" * 500: 1}, {}),
        ("settings", {str(i): 1 for i in range(5000)}, {}),
        ("preset", 3, {}),
        ("preset", {"a": 1}, {}),
        ("words", "a" * 200_000, {}),
        ("engine", True, {}),
        ("more", "x", {}),
        ("more", [5], {}),
        ("more", ["x"] * 5000, {}),
        ("face", 2, {}),
        ("pose", 7, {}),
        ("rows", 5, {"endpoint": "contact_sheet", **sheet}),
        ("height", "240", {"endpoint": "contact_sheet", **sheet}),
        ("height", float("nan"), {"endpoint": "contact_sheet", **sheet}),
        ("height", float("inf"), {"endpoint": "contact_sheet", **sheet}),
        ("height", 10**400, {"endpoint": "contact_sheet", **sheet}),
        ("floor", "red", {"endpoint": "furthest"}),
        ("floor", ["green"], {"endpoint": "furthest"}),
        ("toml", 5, {"endpoint": "load_look"}),
    ):
        given = dict(more)
        call = api[given.pop("endpoint", "headshot")]
        if "photo" in call.__annotations__ and name != "photo":
            given["photo"] = PHOTO
        with pytest.raises(gr.Error) as told:
            call(**{**given, name: wrong})
        said = str(told.value.message)
        assert f"“{name}”" in said and "\n" not in said and len(said) < 200, said


def test_base64_is_read_as_programs_write_it() -> None:
    whole = picture()
    lines = base64.encodebytes(whole).decode()
    for coded in (
        PHOTO,
        lines,
        lines.replace("\n", "\r\n"),
        base64.urlsafe_b64encode(whole).decode(),
        PHOTO.rstrip("="),
        f"data:image/png;base64,{PHOTO}",
    ):
        assert photo_bytes(coded, True) == whole
    with pytest.raises(UserError, match="not base64"):
        photo_bytes("no, no!", True)


def test_work_is_bounded_before_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of these was worked through in full before: 100 kB of an axis took half a minute, 1 MB in difflib more."""
    compared: list[int] = []

    def noted(word: str, *_: Any) -> list[str]:
        compared.append(len(word))
        return []

    with monkeypatch.context() as difflib:
        difflib.setattr("headshot.language.difflib.get_close_matches", noted)
        assert "Known here" in suggest("x" * 10_000_000, ["light.warmth"]) and max(compared) <= 100
    for text in ("light.warmth=" + "0.1," * 50_000, "light.warmth=" + "|" * 200_000, "x" * 100_000):
        with pytest.raises(UserError, match="too long"):
            Axis.parse(text)
    with pytest.raises(UserError, match="too many values"):
        Axis.of("light.warmth", (0.1 for _ in iter(int, 1)))
    with pytest.raises(UserError, match="does not fit"):
        Axis.of("light.warmth", [10**5000])
    with pytest.raises(UserError, match="not valid TOML"):
        load(b"title = 'x'\nversion = " + b"9" * 5000)


def test_a_table_s_cells_are_no_formulas() -> None:
    for text in ("=1+1", "+A1", "-A1+2", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(1)"):
        out = io.StringIO()
        csv.writer(out).writerow([csv_table.inert(text)])
        assert not out.getvalue().lstrip('"').startswith(("=", "+", "-", "@", "\t", "\r"))
        assert csv_table.as_it_was(csv_table.inert(text)) == text
    for plain in ("-0.3", "+1", "1e-5", "-1.5e+3", "a=b", "", 5, -0.25, None, "'quoted"):
        assert csv_table.inert(plain) == plain
