"""What the page's handlers answer when something newer came meanwhile: nothing that would stand over it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from headshot.direction.direct import direct
from headshot.studio import BestRequest, FurthestSearch
from headshot.studio.session import headshot
from headshot.types import Headshot
from headshot.ui.compare.best_of_session import BestSession
from headshot.ui.compare.sheet_session import SheetSession
from headshot.ui.components.events import streaming
from headshot.ui.loaded_looks import LoadedLooks
from headshot.ui.make import setup, wiring
from headshot.ui.make.session import MakeSession
from headshot.ui.page import build
from tests.fixtures import stand_in
from tests.fixtures.shared_photos import sitting


@pytest.fixture(scope="module")
def blocks() -> gr.Blocks:
    return build()


def handler(blocks: gr.Blocks, name: str) -> Any:
    """The first of the page's handlers of that name, as Gradio knows it."""
    return next(f for f in blocks.fns.values() if f.name == name)


def given(handler: Any, now: MakeSession) -> list[Any]:
    """The handler's inputs: a visitor's session, the consent, and all else as the page has it at first."""
    values = [block.value for block in handler.inputs]
    assert isinstance(handler.inputs[0], gr.State) and isinstance(handler.inputs[1], gr.Checkbox)
    return [now, True, *values[2:]]


def test_a_handler_without_an_answer_changes_nothing() -> None:
    @streaming
    def three(a: int, event: gr.EventData | None = None) -> Iterator[int]:
        yield from range(a)

    assert inspect.isgeneratorfunction(three) and list(inspect.signature(three).parameters) == ["a", "event"]
    assert list(three(2)) == [0, 1] and list(three(0)) == [gr.skip()]


def test_each_handler_of_the_page_that_answers_more_than_once_is_in_parts(blocks: gr.Blocks) -> None:
    several = [f for f in blocks.fns.values() if inspect.isgeneratorfunction(f.fn) and f.api_visibility == "private"]
    assert {f.name for f in several} >= {"live", "painted", "everyone", "adjusted", "judged", "made", "search", "paint"}
    assert [f.name for f in several if not hasattr(f.fn, "__wrapped__")] == []


@pytest.mark.data
def test_a_picture_of_the_photo_before_does_not_come_to_stand_beside_the_new_one(
    blocks: gr.Blocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, live, arrive = (
        MakeSession(sitting("coleman_1.jpg")),
        handler(blocks, "live"),
        handler(blocks, "receive_example"),
    )
    values = given(live, now)
    usual = list(live.fn(*values))
    assert now.last is not None and now in usual[-1].values()

    def late(*rest: Any, **more: Any) -> Headshot:
        arrive.fn(
            now, True, False, LoadedLooks(), "linkedin", SimpleNamespace(_data={})
        )  # another photo comes meanwhile
        return headshot(*rest, **more)

    monkeypatch.setattr("headshot.ui.make.session.headshot", late)
    assert list(live.fn(*values)) == [gr.skip()]


@pytest.mark.data
def test_an_overtaken_step_ends_without_a_picture(blocks: gr.Blocks, monkeypatch: pytest.MonkeyPatch) -> None:
    now, adjusted = MakeSession(sitting("coleman_1.jpg")), handler(blocks, "adjusted")
    now.draw(direct("linkedin"))
    click: Any = SimpleNamespace(_data={"name": "warmer"})
    usual = list(adjusted.fn(now, LoadedLooks(), click))
    assert len(usual) == 1 and usual[0] != gr.skip() and now.last is not None

    def late(*rest: Any, **more: Any) -> Headshot:
        now.begin()
        return headshot(*rest, **more)

    monkeypatch.setattr("headshot.ui.make.session.headshot", late)
    assert list(adjusted.fn(now, LoadedLooks(), click)) == [gr.skip()]
    assert list(adjusted.fn(None, LoadedLooks(), click)) == [gr.skip()]


@pytest.mark.sweep
@pytest.mark.data
def test_an_overtaken_generator_does_not_end_on_its_preview(blocks: gr.Blocks, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in.install(monkeypatch)
    monkeypatch.setattr(setup, "generator_for", lambda _: "plain")
    now, painted = MakeSession(sitting("coleman_1.jpg")), handler(blocks, "painted")
    values = given(painted, now)
    change = next(i for i, block in enumerate(painted.inputs) if block.elem_id == "ladder")
    assert values[change] == 0.25
    values[change] = 1.0
    usual = list(painted.fn(*values))
    assert len(usual) >= 2 and now in usual[-1].values()
    late = painted.fn(*values)
    next(late)
    next(late)
    now.begin()
    assert list(late) == [gr.skip()]


def shown(answer: dict[Any, Any]) -> dict[str, bool]:
    """Of "Paint it" and "Stop" what an answer makes visible or hides."""
    return {b.elem_id: v["visible"] for b, v in answer.items() if b.elem_id in ("make", "make-stop")}


@pytest.mark.data
@pytest.mark.parametrize("how", ["moved", "stopped", "consent", "stopped after the first"])
def test_painting_ends_where_a_control_is_moved_or_it_is_stopped(
    blocks: gr.Blocks, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    engine = stand_in.install(monkeypatch)
    monkeypatch.setattr(setup, "generator_for", lambda _: "plain")
    monkeypatch.setattr(wiring, "cost", lambda *_: "")
    now, painted, live = MakeSession(sitting("coleman_1.jpg")), handler(blocks, "painted"), handler(blocks, "live")
    values = given(painted, now)
    ladder, many = (
        next(i for i, b in enumerate(painted.inputs) if b.elem_id == e) for e in ("ladder", "set-generate-candidates")
    )
    values[ladder], values[many] = 1.0, 2 if how == "stopped after the first" else 1
    running = painted.fn(*values)
    first, second = next(running), next(running)  # getting ready, and a step
    assert shown(first) == shown(second) == {"make": False, "make-stop": True}
    if how == "stopped after the first":
        picture = next(running)
        assert len(engine.made) == 1 and shown(picture) == {"make": False, "make-stop": True}, "one more is to come"
    if how.startswith("stopped"):
        answer = handler(blocks, "halt").fn(now)
    else:
        values[1] = how != "consent"
        (answer,) = live.fn(*values) if how == "moved" else _asking_consent(now, values)
    assert shown(answer)["make-stop"] is False
    before = len(engine.made)
    assert list(running) == [gr.skip()], "what was begun under the settings before does not come"
    assert len(engine.made) <= before + 1, "the step that was under way"
    assert len(now.candidates) == before and (now.last is None) == (before == 0)


def _asking_consent(now: MakeSession, values: list[Any]) -> list[Any]:
    return list(handler(build(ask_consent=True), "live").fn(*values))


@pytest.mark.sweep
@pytest.mark.data
def test_when_painting_is_over_it_can_be_begun_again(blocks: gr.Blocks, monkeypatch: pytest.MonkeyPatch) -> None:
    """Done, refused, and with fewer pictures than were asked for."""
    stand_in.install(monkeypatch)
    monkeypatch.setattr(setup, "generator_for", lambda _: "plain")
    now, painted = MakeSession(sitting("coleman_1.jpg")), handler(blocks, "painted")
    values = given(painted, now)
    places = {b.elem_id: i for i, b in enumerate(painted.inputs)}
    values[places["ladder"]] = 1.0
    for seed, candidates, fault in ((1, 1, ""), (3, 1, "Three is refused"), (1, 2, "")):
        values[places["set-seed"]], values[places["set-generate-candidates"]] = seed, candidates
        last = list(painted.fn(*values))[-1]
        assert shown(last) == {"make": True, "make-stop": False}
        assert fault in str(last)


@pytest.mark.data
def test_an_emptied_tab_stays_empty_while_its_work_runs_out(blocks: gr.Blocks) -> None:
    """A sheet and a search whose photo is gone say nothing more than that their button is free again."""
    now = MakeSession(sitting("coleman_1.jpg"))
    for name, kind in (("made", "sheet"), ("search", "far")):
        work = handler(blocks, name)
        answers = work.fn(*given(work, now))
        held = next(v for v in next(answers).values() if isinstance(v, SheetSession | FurthestSearch))
        next(answers)
        held.close()
        left = list(answers)
        assert len(left) == 1 and {k.elem_id for k in left[0]} == {f"{kind}-{b}" for b in ("make", "stop")}
        assert not (held.cells if isinstance(held, SheetSession) else held.tried)


@pytest.mark.data
def test_best_of_several_that_is_closed_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in.install(monkeypatch)
    direction = direct("linkedin", change=1.0)
    best = BestSession(BestRequest(photo=sitting("coleman_1.jpg"), direction=direction, count=3, engine="plain"))
    for _ in best.work():
        best.close()
    assert best.results == [] and best.ranking is None


def test_the_browser_tells_the_state_of_quiet_events_to_one_part_alone(blocks: gr.Blocks) -> None:
    """At each turn of an event it looks for every part that was ever told so, in the whole page."""
    config = blocks.get_config_file()
    states = {part["id"] for part in config["components"] if part["type"] == "state"}
    events = {
        seen: [e for e in config["dependencies"] if (e["show_progress"] == "hidden") is seen] for seen in (True, False)
    }
    told = {tuple(e["show_progress_on"] or ()) for e in events[True] if e["outputs"]}
    assert len(events[True]) > 150 and len(told) == 1 and set(*told) <= states
    assert events[False] and all(not states & set(e["show_progress_on"] or e["outputs"]) for e in events[False])


def test_a_slider_s_move_begins_one_event(blocks: gr.Blocks) -> None:
    """Each gathers all controls in the browser before the picture can come."""
    config = blocks.get_config_file()
    sliders = {part["id"] for part in config["components"] if part["props"].get("elem_id") == "set-light-exposure"}
    begun = [
        (blocks.fns[event["id"]].name, kind)
        for event in config["dependencies"]
        for part, kind in event["targets"]
        if part in sliders
    ]
    assert len(sliders) == 1 and begun == [("live", "input")]
