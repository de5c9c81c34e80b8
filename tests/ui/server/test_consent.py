"""On an app that others reach, nothing is looked for in a photo before its box is ticked: at every door."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from headshot.photo.faces import find_faces
from headshot.ui.components.consent import FIRST, given
from tests.fixtures.browser import READY, Visits
from tests.fixtures.served import Served, picture
from tests.fixtures.shared_photos import photo_path

strangers = pytest.mark.parametrize("served", ["for strangers"], indirect=True)
FORGETS = ("emptied", "receive", "receive_example", "agree")
EXAMPLES = ("before_and_after",)  # shows the example, whoever asks
META = {"_type": "gradio.FileData"}
# What some program or form takes for a yes.
NO = (False, None, 0, 1, "", "false", "False", "no", "true", "True", "on", ["x"], {"a": 1}, 1.0, "1")


def test_only_true_itself_is_a_yes() -> None:
    assert given(True, asked=True) and not any(given(no, asked=True) for no in NO)
    assert given(False, asked=False)


@strangers
def test_programs_must_say_true_for_every_photo(served: Served) -> None:
    """Over HTTP, each endpoint that takes a photo."""
    photo = base64.b64encode(picture()).decode()
    asked = 0
    for function in served.page.fns.values():
        if function.api_visibility != "public":
            continue
        names = list(function.fn.__annotations__)
        if "consent" not in names:
            continue
        asked += 1
        for no in NO if asked == 1 else (None, "true"):  # all give it to the same `given`
            told = {"photo": photo, "original": photo, "other": photo, "rows": "preset", "columns": "preset"}
            data = [
                no if name == "consent" else told.get(name, block.value)
                for name, block in zip(names, function.inputs, strict=False)
            ]
            last = served.ask(function._id, data)[-1]
            assert not last["success"] and "not agreed" in last["output"]["error"], (function.api_name, no, last)
    assert asked == 6


@strangers
def test_an_agent_must_say_true(served: Served) -> None:
    """Both tools that take a photo, over MCP; the photo is not even read, so that it can be sent again."""
    (place,) = served.upload(picture())
    accepted = {"accept": "application/json, text/event-stream"}

    def called(tool: str, consent: object) -> str:
        words = {"photo": place, "consent": consent} | ({"picture": place} if tool == "judge_pair" else {})
        call = {"name": tool, "arguments": words}
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
        return served.client.post("/gradio_api/mcp/", json=body, headers=accepted).text

    for tool in ("headshot", "judge_pair"):
        assert "not agreed" in called(tool, False)
        for no in (None, 1, "true"):
            assert '"isError":true' in called(tool, no), (tool, no)
    assert "No face" in called("headshot", True)


@strangers
@pytest.mark.data
def test_no_function_of_the_page_works_on_a_photo_whose_box_is_not_ticked(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The photo is put on each field as a browser does it, and then every function of the page is called with it."""
    looked: list[int] = []

    def noted(*given: Any, **named: Any) -> Any:
        looked.append(1)
        return find_faces(*given, **named)

    for module in ("faces", "subject", "upright"):
        monkeypatch.setattr(f"headshot.photo.{module}.find_faces", noted)
    data = photo_path("coleman_1.jpg").read_bytes()
    session = "unticked"

    def put(name: str, field: str) -> None:
        function = served.function(name, field)
        sent = {"path": served.upload(data, name="me.jpg")[0], "meta": META}
        last = served.ask(function._id, served.values(function, **{field.replace("-", "_"): sent}), session)[-1]
        assert last["success"], last

    for name, field in (("receive", "photo"), ("receive", "j-original"), ("receive", "j-other"), ("take", "pose")):
        put(name, field)
    functions = [
        function
        for function in served.page.fns.values()
        # Except what forgets the photo.
        if function.api_visibility != "public"
        and getattr(function.fn, "__name__", None) not in (None, *FORGETS, *EXAMPLES)
    ]
    for begin in range(0, len(functions), 16):  # one after the other they would wait for the queue's stream
        some = [(function._id, served.values(function)) for function in functions[begin : begin + 16]]
        assert served.ask_all(some, session) == len(some)
    assert looked == [] and len(functions) > 50
    put("receive", "photo")
    agree = served.function("agree", "consent")
    assert served.ask(agree._id, served.values(agree, consent=True), session)[-1]["success"]
    assert looked == [1]  # it had waited


@strangers
@pytest.mark.browser
@pytest.mark.data
def test_in_the_browser_the_box_opens_the_studio(served: Served, visit: Visits) -> None:
    page = visit(served.url)
    shown = "#compare img:is([src^=data], [src^=blob]), #looks img, #report figure, #history .tile, #photo-strip img"
    page.click("#examples button >> nth=0")
    page.wait_for_selector("#photo img")
    page.wait_for_selector(f"#checks >> text={FIRST}")
    assert page.locator(shown).count() == 0 and not page.locator("#work").is_visible()

    page.locator("#consent input").check()
    page.wait_for_selector(READY)
    page.wait_for_selector("#history .tile")
    page.wait_for_selector("#save:not([disabled])")
    assert page.locator("#checks").inner_text().strip() != ""
    page.wait_for_selector("#looks img")

    page.click("#photo-strip button")
    page.locator("#consent input").uncheck()
    page.wait_for_selector("#checks >> text=are forgotten")
    page.wait_for_function("!document.querySelector('#history .tile') && !document.querySelector('#photo img')")


@pytest.mark.sweep
@strangers
@pytest.mark.browser
@pytest.mark.data
def test_in_the_browser_the_box_opens_the_check(served: Served, visit: Visits) -> None:
    page = visit(served.url)
    page.wait_for_selector("#compare .compare", state="attached")
    page.locator("#tabs button[role=tab]", has_text="Check").first.click()
    for field, name in (("j-original", "coleman_1.jpg"), ("j-other", "coleman_2.jpg")):
        page.set_input_files(f"#{field} input[type=file]", str(photo_path(name)))
    page.wait_for_selector(f"#j-compare >> text={FIRST}")
    assert page.locator("#j-compare img:is([src^=data], [src^=blob]), #j-report figure").count() == 0
    page.locator("#j-consent input").check()
    page.wait_for_selector("#j-compare .compare[data-state=ready]")
    page.wait_for_selector("#j-compare img[src^=blob]")
    page.locator("#j-consent input").uncheck()
    page.wait_for_selector(f"#j-compare >> text={FIRST}")
