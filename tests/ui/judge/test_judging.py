"""What "Check a picture" answers while it judges, answer by answer."""

from __future__ import annotations

from typing import Any

import gradio as gr
import pytest

from headshot.authenticity.steps import COMPARING, FINDING, LOOKING, MEASURING
from headshot.photo.decode import read_photo
from headshot.ui.judge.judging import Judging
from headshot.ui.judge.session import JudgeSession
from headshot.ui.judge.tab import JudgeTab
from tests.fixtures.shared_photos import photo_path

pytestmark = pytest.mark.data


@pytest.fixture
def judging() -> Judging:
    with gr.Blocks(), gr.Tab("Check") as tab:
        return JudgeTab(tab, gr.HTML(), gr.State()).judging


@pytest.fixture
def session() -> JudgeSession:
    """One photo twice."""
    given = JudgeSession()
    photo = read_photo(photo_path("garan_1.jpg"))
    given.original = given.other = photo
    return given


def asked(judging: Judging, session: JudgeSession, *, by_eye: bool = False) -> Any:
    return judging.judged(session, True, by_eye, False)


@pytest.mark.sweep
def test_each_step_is_told_with_its_words_its_share_and_stop(judging: Judging, session: JudgeSession) -> None:
    *steps, last = asked(judging, session)
    views = [answer[judging.view] for answer in steps]
    order = (FINDING, COMPARING, MEASURING, LOOKING)
    assert [view["progress"] for view in views] == [step.share for step in order]
    for number, (view, step) in enumerate(zip(views, order, strict=True), 1):
        assert view["busy"] and view["note"].startswith(f"{step.words}: step {number} of 4")
    assert ["result" in view for view in views] == [False, True, True, True]  # the pair, once it is aligned
    assert all(answer[judging.stop]["visible"] for answer in steps)
    assert last[judging.verdict]["state"] == "green" and not last[judging.stop]["visible"]
    assert not last[judging.view]["busy"] and judging.seconds is not None
    # The next one knows from the first how long the last one took.
    judging.seconds = 7.0
    session.forget_results()
    assert "7 s left" in next(asked(judging, session))[judging.view]["note"]


@pytest.mark.sweep
def test_stop_ends_it_before_the_next_step_and_a_click_takes_it_up(judging: Judging, session: JudgeSession) -> None:
    work = asked(judging, session)
    next(work)
    next(work)
    halted = judging.interrupt(session)
    assert halted[judging.again]["visible"] and not halted[judging.stop]["visible"] and not halted[judging.view]["busy"]
    assert "Both pictures are still here" in halted[judging.says]
    (end,) = work
    assert end == gr.skip() and session.report is None  # nothing comes to stand over what Stop said
    assert list(asked(judging, session)) == [gr.skip()]  # the other photo's turn, which came at the same time
    answers = list(judging.taken_up(session, True, False, False))
    assert answers[0][judging.view]["progress"] == COMPARING.share  # the pair is known
    assert answers[-1][judging.verdict]["state"] == "green" and not answers[-1][judging.again]["visible"]


def test_by_eye_first_neither_pair_nor_figure_is_in_any_answer(judging: Judging, session: JudgeSession) -> None:
    answers = list(asked(judging, session, by_eye=True))
    assert session.report is None and all("result" not in answer.get(judging.view, {}) for answer in answers)
    assert answers[-1][judging.verdict] is None and not answers[-1][judging.stop]["visible"]
    report = list(judging.answered(session, "A", None))[-1]
    assert report[judging.verdict]["state"] == "green"
    # Asked for after a report, the questions come all the same.
    session.blind_test.renew()
    session.on_card = None
    assert list(asked(judging, session, by_eye=True))[-1][judging.verdict] is None
