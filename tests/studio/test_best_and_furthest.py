"""As far as you stay you, best of several, any two: with own pixels, with stand-ins, and with tiny FaceID weights."""

from __future__ import annotations

import base64
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from headshot import engines
from headshot.cli.main import main
from headshot.direction.direct import direct
from headshot.direction.finish_strength import FINISH, finish_name, finished
from headshot.direction.ladder import OWN_TOP
from headshot.errors import UserError
from headshot.studio import BestRequest, FurthestRequest, FurthestSearch, furthest_search
from headshot.studio.best_of import order
from headshot.studio.bisection import walk
from headshot.studio.furthest_search import Trial
from headshot.studio.session import Sitting
from headshot.types import AuthenticityReport, Direction, Finding, Headshot, State
from headshot.ui.compare.best_of_session import BestSession
from headshot.ui.compare.furthest import far_items
from headshot.ui.make.session import MakeSession
from headshot.ui.make.starred import packed, together
from headshot.ui.make.tray_panel import take_step
from tests.fixtures import stand_in, tiny_machine
from tests.fixtures.ladder_search import furthest
from tests.fixtures.shared_photos import photo_path, sitting
from tests.studio.test_bisection import Stand

# ------------------------------------------------------------------ as far as you stay you


def test_the_walk_can_be_ended() -> None:
    engine = Stand(lambda at: 0.3 * at)
    whole = furthest(engine)
    places = walk()
    tried = [next(places)]
    tried.append(places.send(engine.__class__(engine.distance)(tried[0])))
    with pytest.raises(StopIteration) as over:
        places.send(None)
    assert tried == [s.at for s in whole.seen[:2]]
    assert [s.at for s in over.value.value.seen] == tried[:1] and over.value.value.best.at == tried[0]
    with pytest.raises(ValueError, match="colour"):
        next(walk(State.GREY))


def test_the_finish_goes_from_none_over_what_is_set_to_the_end() -> None:
    base = direct("creative", overrides={"retouch.skin": 0.4})
    assert finished(base, 0.5) == base
    none, half, end = (finished(base, share) for share in (0, 0.25, 1))
    for key in FINISH:
        group, _, name = key.partition(".")
        values = [getattr(getattr(d, group), name) for d in (none, half, base, end)]
        assert values[0] == 0 and values[1] == pytest.approx(values[2] / 2) and values[3] == 1
    assert replace(end, light=base.light, retouch=base.retouch) == base
    moved = direct("creative", overrides={"shape.nose": -0.2})
    assert [finished(moved, share).shape.nose for share in (0, 0.25, 0.5, 1)] == pytest.approx([0, -0.1, -0.2, -1])
    assert finished(moved, 1).shape.smile == 0  # what nobody moved stays in its place
    assert "as it is set" in finish_name(0.5) and "no finish" in finish_name(0) and "40%" in finish_name(0.2)


@pytest.mark.sweep
@pytest.mark.data
def test_own_pixels_walk_their_finish_and_the_answer_was_seen() -> None:
    search = FurthestSearch(FurthestRequest(photo=sitting("curbeam_1.jpg"), direction=direct("creative")))
    seen = [item for item in search.work() if isinstance(item, Trial)]
    assert search.own and seen == search.tried and 2 <= len(seen) <= 6
    good = [t.seen.at for t in seen if t.seen.state == "green"]
    assert search.best is not None and search.best.seen.at == max(good)
    assert search.found is not None and search.found.stopped_by is not None
    assert search.found.stopped_by.reason in search.sentence()
    assert search.best.seen.at < search.found.stopped_by.at and search.best.name == finish_name(search.best.seen.at)
    strip = far_items(search, waits=False)
    assert [i["mark"] for i in strip["items"]].count("The farthest") == 1
    final = search.final()
    assert final is not None and final.picture.shape[0] > search.best.result.picture.shape[0]


@pytest.mark.data
def test_a_search_that_is_stopped_keeps_what_is_done() -> None:
    search = FurthestSearch(FurthestRequest(photo=sitting("coleman_1.jpg"), direction=direct("linkedin")))
    for item in search.work():
        if isinstance(item, Trial) and len(search.tried) == 2:
            search.stop()
    assert len(search.tried) == 2 and search.sentence().startswith("Stopped after 2 of at most 6.")
    assert search.best in search.tried


@pytest.mark.data
def test_a_generator_walks_the_ladder_and_own_pixels_stay_below(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = stand_in.install(monkeypatch)

    def report(_: Sitting, result: Headshot) -> AuthenticityReport:
        state = State.GREEN if result.direction.change <= 0.6 else State.RED
        found = Finding("likeness", result.direction.change / 3, "", state, f"It is {state}.", "")
        return AuthenticityReport((found,), "generator", frozenset({"likeness"}))

    monkeypatch.setattr(furthest_search, "report_on", report)
    search = FurthestSearch(
        FurthestRequest(photo=sitting("coleman_1.jpg"), direction=direct("linkedin"), engine="plain")
    )
    painted = [t for t in search.work() if isinstance(t, Trial)]
    assert search.best is not None and search.best.seen.at == pytest.approx(7 / 12)
    assert "clothes" in search.sentence() and "It is red." in search.sentence()
    assert {t.result.engine for t in painted if t.seen.at > OWN_TOP} == {"plain"}
    assert all(d.change > OWN_TOP and d.generate.candidates == 1 for d in engine.made)


# ------------------------------------------------------------------ best of several


def best_of(one: Sitting, direction: Direction, count: int, engine: str) -> BestSession:
    return BestSession(BestRequest(photo=one, direction=direction, count=count, engine=engine))


@pytest.mark.data
def test_each_candidate_is_its_own_seed_and_the_judge_orders_them(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in.register(monkeypatch, "plain", stand_in.SeveralEngine())
    one = sitting("coleman_1.jpg")
    base = direct("linkedin", seed=4, change=1.0)
    made = best_of(one, base, 3, "plain").run().results
    assert [m.direction.seed for m in made] == [4, 5, 6] and all(m.direction.generate.candidates == 1 for m in made)
    # A plain colour shows no face; own pixels in their place do, and are copies of the one photo.
    own = MakeSession(one).draw(direct("linkedin"))
    ranking = order(one, [made[0], replace(own, direction=base)])
    assert [r.index for r in ranking.order] == [1, 0] and ranking.best.copied and ranking.order[1].value is None
    assert not order(one, [own]).best.copied  # below “fully generated” the picture is meant to be the photo
    # A lock that holds the face keeps it near, also where all the rest is painted: no copy.
    held = replace(own, direction=base, kept=0.4)
    assert not order(one, [held]).best.copied and order(one, [replace(held, kept=0.0)]).best.copied
    # On "Make" each candidate is a picture of the session, and choosing one goes back to it.
    make = MakeSession(one)
    several = replace(base, generate=replace(base.generate, candidates=3))
    assert len([i for i in make.paint(several, "plain") if isinstance(i, Headshot)]) == 3
    assert [s.number for s in make.history.strip] == [1, 2, 3] and make.choose(0) is make.last
    assert [s.number for s in make.history.strip] == [1, 2, 3] and len(make.candidates) == 3
    assert make.history.now is make.history.strip[0] and make.history.can_redo
    several_seeds = best_of(one, base, 2, "plain")
    assert len(list(several_seeds.work())) >= 2 and several_seeds.ranking is not None
    assert [i["words"] for i in several_seeds.items()["items"]] == ["no face found"] * 2
    several_seeds.close()
    assert several_seeds.results == [] and several_seeds.items()["items"] == []


@pytest.mark.data
def test_best_of_says_what_it_cannot_do(capsys: pytest.CaptureFixture[str]) -> None:
    one = sitting("coleman_1.jpg")
    with pytest.raises(UserError, match="no difference"):
        best_of(one, direct("linkedin"), 4, "retouch")
    with pytest.raises(UserError, match="2 to 8"):
        best_of(one, direct("linkedin"), 9, "faceid-sd15")
    with pytest.raises(UserError, match="nothing is painted"):
        best_of(one, direct("linkedin", change=OWN_TOP), 4, "faceid-sd15")
    photo = str(photo_path("coleman_1.jpg"))
    for words, said in (("--engine retouch", "no difference"), ("--n 1", "2 to 8")):
        assert main(["best", photo, *words.split()]) == 2
        assert said in capsys.readouterr().err


@pytest.mark.sweep
@pytest.mark.data
def test_furthest_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--words", "warmer, an owl", "--set", "generate.steps=9"]
    assert main(["furthest", str(photo_path("coleman_1.jpg")), "--floor", "amber", *words, "--out", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert "You stay you up to" in said.out and "Without a generator" in said.err
    assert "add --set light.warmth=0.4" in said.err and "“owl”: " in said.err and "“Number of steps”" in said.err
    assert (tmp_path / "furthest.jpg").read_bytes()[:2] == b"\xff\xd8"


@pytest.mark.sweep
@pytest.mark.data
def test_tiny_faceid_weights_paint_rank_and_go_on(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real generator's code: two seeds ranked, and one adjustment on, which holds the seed."""
    for name, value in tiny_machine.build(tmp_path_factory.mktemp("machine"), ("sd15",)).items():
        monkeypatch.setenv(name, value)
        if name == "HF_HUB_CACHE":  # read once, when the hub's library is loaded
            monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", value)
    monkeypatch.setattr(engines, "_made", {})
    one = Sitting.open(photo_path("coleman_1.jpg"))
    base = direct("linkedin", engine="faceid-sd15", seed=11, change=0.75, overrides={"generate.mode": "draft"})
    made = best_of(one, base, 2, "faceid-sd15").run().results
    assert [m.direction.seed for m in made] == [11, 12] and not np.array_equal(made[0].picture, made[1].picture)
    ranking = order(one, made)
    assert len(ranking.order) == 2 and "copies" not in ranking.reason  # a rung that keeps parts of the photo
    session = MakeSession(one)
    session.keep(made[1])
    on = [i for i in take_step(session, "more-smile") if isinstance(i, Headshot)]
    assert len(on) == 1 and on[0].direction.seed == 12 and "broad" in on[0].direction.look.expression
    assert on[0].recipe["seed"] == 12 and session.history.now is not None and session.history.now.number == 2
    assert list(take_step(session, "more-smile")) == []  # its end
    with pytest.raises(UserError):
        best_of(one, base, 2, "retouch")


# ------------------------------------------------------------------ several of the tray


@pytest.mark.sweep
@pytest.mark.data
def test_pictures_of_the_tray_side_by_side_and_in_a_zip() -> None:
    now = MakeSession(sitting("coleman_1.jpg"))
    now.draw(direct("linkedin"))
    now.draw(direct("linkedin", overrides={"light.warmth": 0.6}))
    now.draw(direct("mono", overrides={"crop.head_height": 0.4}))
    value = together(now, [1, 2, 3])
    pictures = [decode(value[key]) for key in ("original", "result")] + [decode(url) for url in value["more"]]
    assert len({p.shape for p in pictures}) == 1 and [n[0] for n in value["names"]] == ["A", "B", "C"]
    nose, eyes = value["regions"]["nose"], value["eyes"]  # what "Show me" flies to, on the frame of all three
    assert eyes[0] < (nose[0] + nose[2]) / 2 < eyes[2] and eyes[1] < nose[3] and nose[1] < eyes[3] < nose[3]
    with pytest.raises(KeyError):
        together(now, [1, 9])
    # What was kept small is made again, equal to the byte.
    before, steps = now.history.strip[0].result.picture, now.history
    steps._memory = 1
    now.draw(direct("legal"))
    assert steps.strip[0].small and np.array_equal(now.picture_of(steps.strip[0]).picture, before)
    for number in (1, 2):
        now.history.star(number)
    name, mime, data = packed(now, [s for s in now.history.strip if s.starred])
    files = zipfile.ZipFile(io.BytesIO(data))
    assert files.namelist() == ["headshot-linkedin.jpg", "headshot-linkedin-2.jpg", "report.html"]
    assert name == "headshots.zip"
    assert mime == "application/zip" and b"algorithmicallyEnhanced" in files.read("headshot-linkedin.jpg")


def decode(url: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))))
