"""The building blocks of the page: their values and their HTML."""

from __future__ import annotations

import base64
import io
import re
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from PIL import Image

from headshot.authenticity.labels import STATES, number
from headshot.direction.ladder import RUNGS
from headshot.files.data_url import data_url
from headshot.types import AuthenticityReport, Check, Finding, State
from headshot.ui.components.compare.compare import compare_value
from headshot.ui.components.html import engine_html, footer_html, header_html, heading_html
from headshot.ui.components.ladder.ladder import ladder_rungs
from headshot.ui.components.pace import Pace
from headshot.ui.report.html import checks_html
from headshot.ui.report.table import report_html
from headshot.ui.theme import PAGE_CSS

EVIL = "<img src=x onerror=\"alert('1')\"> & `${1+1}` {{value}}"


class _Outline(HTMLParser):
    """Tags and text, as a browser would read them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def decode(url: str) -> np.ndarray:
    head, body = url.split(",", 1)
    assert head == "data:image/jpeg;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(body))))


def test_data_url_keeps_the_picture_and_nothing_else() -> None:
    y, x = np.mgrid[0:90, 0:120]
    picture = np.stack([x * 2, y * 2, x + y], -1).astype(np.uint8)
    back = decode(data_url(picture))
    assert back.shape == picture.shape
    assert np.abs(back.astype(int) - picture).mean() < 2
    assert decode(data_url(picture, longest=60)).shape == (45, 60, 3)
    assert not Image.open(io.BytesIO(base64.b64decode(data_url(picture).split(",")[1]))).getexif()
    with pytest.raises(ValueError, match="uint8"):
        data_url(picture.astype(np.float32))  # type: ignore[arg-type]


def test_compare_value_wants_equal_sizes() -> None:
    a, b = np.zeros((50, 40, 3), np.uint8), np.zeros((50, 41, 3), np.uint8)
    value = compare_value(a, a, (1, 2, 3, 4), "note")
    assert (value["width"], value["height"], value["eyes"], value["busy"]) == (40, 50, [1, 2, 3, 4], False)
    small = compare_value(a, a, (8, 16, 24, 32), longest=25)
    assert (small["width"], small["height"], small["eyes"]) == (20, 25, [4, 8, 12, 16])
    assert decode(small["result"]).shape == (25, 20, 3)
    with pytest.raises(ValueError, match="differ"):
        compare_value(a, b)


def test_ladder_rungs_name_what_is_missing() -> None:
    rungs = ladder_rungs({"clothes": "needs a model"}, "Set up")
    assert [r["at"] for r in rungs] == [at for at, _ in RUNGS]
    assert [r["title"] for r in rungs if r["reason"]] == ["clothes"]
    with pytest.raises(KeyError, match="wings"):
        ladder_rungs({"wings": "needs feathers"})


def test_html_escapes_every_word() -> None:
    finding = Finding("x", 1.0, EVIL, State.RED, EVIL, EVIL, EVIL, EVIL, EVIL)
    report = AuthenticityReport((finding,), EVIL, frozenset({"x"}))
    for html in (
        checks_html([Check("x", State.RED, EVIL, EVIL)]),
        report_html(report, EVIL),
        header_html(EVIL),
        heading_html(EVIL),
        engine_html(EVIL, 1.0),
        footer_html(EVIL),
    ):
        outline = _Outline(html)
        assert EVIL in outline.text
        assert "img" not in outline.tags
    odd = Finding("x", 1.0, "", State.RED, "s", "m", "t", "javascript:alert(1)")
    assert "a" not in _Outline(report_html(AuthenticityReport((odd,), ""), "s")).tags  # only https is a link


def test_how_long_the_rest_takes_goes_by_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("headshot.ui.components.pace.time.monotonic", lambda: now[0])
    pace = Pace()
    assert pace.left(0, 16) is None and pace.words(0, 16) == "0 of 16."
    now[0] += 6.0
    assert pace.left(4, 16) == 18.0 and pace.words(4, 16) == "4 of 16, about 18 s left."
    assert pace.words(15, 16) == "15 of 16." and pace.words(16, 16) == "16 of 16."


def test_states_show_a_symbol_and_a_word() -> None:
    for state in STATES:
        text = _Outline(checks_html([Check("x", state, "Sentence.")])).text
        shown = STATES[min(state, State.AMBER)]  # a note; a photo that was refused has the cross
        assert shown.symbol in text and re.search(r"good photo|Could be better|Weak point|Not measured", text)
    checks = [Check("x", State.AMBER, "Hm."), Check("y", State.GREEN, "Fine."), Check("z", State.GREEN, "Too.")]
    mixed = _Outline(checks_html(checks))
    assert "2 of 3 checks are fine" in mixed.text and mixed.text.index("Hm.") < mixed.text.index("Fine.")
    assert checks_html([]) == ""


def test_report_is_one_table_that_leads_with_the_worst() -> None:
    findings = (
        Finding("jaw_width", 1.0, "%", State.GREEN, "fine", "m"),
        Finding("b", -2.04, "L*", State.AMBER, "hm", "m", source="https://example.org/a?b=1&c=2"),
        Finding("c", 3.0, "", State.RED, "only for information", "m"),
    )
    html = report_html(AuthenticityReport(findings, "same photo", frozenset({"jaw_width", "b"})), "Look at b.")
    places = [html.index(w) for w in ("hs-summary hs-amber", ">hm<", ">fine<", "only for", "Why believe this?")]
    assert sorted(places) == places
    assert 'href="https://example.org/a?b=1&amp;c=2"' in html
    assert html.count('data-region="jaw"') == html.count("hs-show") == 1  # where there is a place to show
    assert "−2.04 L*" in html and number(0.3, "%") == "0.3%" and number(1234.6) == "1235"


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb after WCAG 2.2."""
    c = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("scheme", "surfaces"), [(":root", ("#ffffff", "#f4f2ef")), (".dark", ("#201e1c", "#171614"))])
def test_state_colours_can_be_read(scheme: str, surfaces: tuple[str, ...]) -> None:
    block = re.search(re.escape(scheme) + r" \{(.*?)\}", PAGE_CSS, re.S)
    assert block
    tokens = dict(re.findall(r"--hs-([\w-]+): (#[0-9a-f]{6})", block[1]))
    for name in ("green", "amber", "red", "grey"):
        for surface in (*surfaces, tokens[f"{name}-soft"]):
            assert contrast(tokens[name], surface) >= 4.5, (scheme, name, surface)
    for surface in (*surfaces, tokens["well"]):
        assert contrast(tokens["muted"], surface) >= 4.5, (scheme, surface)
