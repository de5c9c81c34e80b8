"""The time that ZeroGPU is asked for, and errors that pass between its processes."""

from __future__ import annotations

import pickle
import sys
from dataclasses import replace

import pytest
import torch

from headshot import engines
from headshot.engines.base import Batch, Done, EngineStatus
from headshot.engines.diffusion import fast_unets, lease, rates, zero_gpu
from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
from headshot.engines.diffusion.families import SD15
from headshot.engines.diffusion.loaded import unload_others
from headshot.engines.diffusion.request import Task
from headshot.engines.diffusion.safety import Blocked
from headshot.engines.faceid import FaceIDGenerator
from headshot.errors import EngineUnavailable, UserError
from tests.fixtures import tiny
from tests.fixtures.tiny_faceid import FACE, canvas, direction


class Spaces:
    """Stands for `spaces`: what goes in and out passes between two processes, and the worker's memory is lost."""

    def __init__(self):
        self.asked, self.sent, self.came = [], [], []

    def GPU(self, duration):
        def wrap(work):
            def lent(*args):
                self.asked.append(duration(*args))
                self.sent.append(pickle.dumps(args))
                learnt = dict(rates._learnt)
                for item in work(*pickle.loads(self.sent[-1])):
                    inside, rates._learnt = rates._learnt, learnt
                    self.came.append(pickle.dumps(item))
                    yield pickle.loads(self.came[-1])
                    learnt, rates._learnt = rates._learnt, inside
                rates._learnt = learnt

            return lent

        return wrap


@pytest.fixture
def spaces(monkeypatch):
    made = Spaces()
    monkeypatch.setitem(sys.modules, "spaces", made)
    monkeypatch.setenv("SPACES_ZERO_GPU", "1")
    monkeypatch.setattr(rates, "_learnt", {})
    monkeypatch.setattr(rates, "throughput", lambda *_: 2e12)  # a busy machine would ask for the most in all
    return made


def generator(sd15, **parts):
    made = FaceIDGenerator("faceid-sd15")
    family = replace(SD15, native=tiny.SIZE, over_canvas=tiny.SIZE)
    made._engine = FaceIDEngine(family, replace(sd15.parts, **parts), preview_every=9)
    return made


def task(engine, *directions, on=None):
    batch = Batch([on or canvas()] * len(directions), FACE, directions)
    return Task(engine.requests(batch), FACE, batch.cache)


def test_the_lease_grows_with_the_work_and_first_brings_the_models_over(sd15, spaces):
    made = generator(sd15)
    assert made._lease_seconds(task(made._engine, direction(mode="draft"))) >= lease.FIRST == 15
    rates.adopt(rates.Rates({("cpu", "float32", "faceid-sd15"): 1e13}))
    few, many = (made._lease_seconds(task(made._engine, direction(steps=s))) for s in (4, 100))
    assert lease.LEAST <= few < lease.FIRST < many
    assert few < made._lease_seconds(task(made._engine, *[direction(steps=4)] * 30))


def test_each_request_asks_for_its_own_seconds_and_learns_from_what_they_were(sd15, spaces):
    made = generator(sd15)
    rates.adopt(rates.Rates({("cpu", "float32", "faceid-sd15"): 1e14}))
    items = list(made.render_many(Batch([canvas()] * 2, FACE, [direction(seed=s) for s in (1, 2)])))
    done = [m.result for m in items if isinstance(m, Done)]
    assert len(done) == 2 and all(m.recipe["engine"] == "faceid-sd15" for m in done)
    assert len(spaces.asked) == 1 and lease.LEAST <= spaces.asked[0] <= lease.MOST
    assert rates._learnt[("cpu", "float32", "faceid-sd15")] != 1e14, "the worker's steps are known out here"
    assert made.batches([direction()] * 20)[0] == [0, 1], "four rows in its plan, two for each guided picture"
    made._engine = None
    assert made.batches([direction()] * 20)[0] == list(range(8)), "16 rows in ZeroGPU's"


def test_only_what_is_painted_goes_over_and_the_rest_is_done_outside(sd15, spaces, monkeypatch):
    """A canvas of 960 px stays here, blend and finish as well: 152 MB at full size and 2.5 s of a lent GPU."""
    made, big = generator(sd15), canvas(960)
    rates.adopt(rates.Rates({("cpu", "float32", "faceid-sd15"): 1e14}))
    wanted = direction(0.8, mode="draft")
    (shown,) = [m.result for m in made.render_many(Batch([big], FACE, [wanted])) if isinstance(m, Done)]
    whole = len(pickle.dumps(big))
    assert len(spaces.sent[0]) < whole / 8 and max(map(len, spaces.came)) < whole / 8
    assert shown.picture.shape == big.picture.shape
    own = big.regions["backdrop"] < 0.001
    monkeypatch.delenv("SPACES_ZERO_GPU")
    at_home = generator(sd15)
    (same,) = [m.result for m in at_home.render_many(Batch([big], FACE, [wanted])) if isinstance(m, Done)]
    assert (same.picture == shown.picture).all() and own.any(), "the same picture with and without a worker"


def test_what_changes_nothing_or_would_take_a_day_asks_for_no_gpu(sd15, spaces):
    made = generator(sd15)
    (own,) = [m.result for m in made.render_many(Batch([canvas()], FACE, [direction(0.0)])) if isinstance(m, Done)]
    assert own.engine == "retouch" and spaces.asked == []
    rates.adopt(rates.Rates({("cpu", "float32", "faceid-sd15"): 1e12}))
    with pytest.raises(EngineUnavailable, match="Ask for fewer pictures"):
        list(made.render(canvas(), FACE, direction(steps=30, candidates=8)))
    assert spaces.asked == []


def test_what_prevented_a_picture_arrives_with_its_words(sd15, spaces, monkeypatch):
    rates.adopt(rates.Rates({("cpu", "float32", "faceid-sd15"): 1e14}))
    made = generator(sd15, safety=_Blocks())
    with pytest.raises(Blocked, match=r"not shown\. It errs at times"):
        list(made.render(canvas(), FACE, direction()))
    monkeypatch.setattr(made._engine, "paint", lambda *a, **k: (_ for _ in ()).throw(MemoryError()))
    with pytest.raises(EngineUnavailable, match="Choose the SD1"):
        list(made.render(canvas(), FACE, direction()))


def test_one_family_alone_lives_on_a_lent_gpu(sd15, spaces, monkeypatch):
    """All that is loaded goes over to each new worker: the best is loaded before the first call, and no other."""
    loaded = []

    class Engine:
        def __init__(self, name):
            self.name = name

        def status(self):
            return EngineStatus(self.name, self.name, self.name != "klein")

        def render(self, *_):
            raise NotImplementedError

        def load(self):
            loaded.append(self.name)

        def estimate(self, _):
            raise NotImplementedError

        needs_identity, most_height = True, None

    monkeypatch.setattr(engines, "_made", {name: Engine(name) for name in engines.GENERATORS})
    engines.load_best()
    assert loaded == ["faceid-sdxl"]
    first, second = generator(sd15), generator(sd15)
    unload_others(second)
    assert first._engine is None and second._engine is not None


def test_a_torch_that_zero_gpu_does_not_take_is_named(monkeypatch):
    for here, named in (("2.10.0+cu128", ""), ("2.11.0", ""), ("2.13.0", "2.13.0")):
        monkeypatch.setattr(zero_gpu, "version", lambda _, here=here: here)
        assert zero_gpu.other_torch() == named


class _Blocks:
    checker = torch.nn.Linear(1, 1)

    def allows(self, picture):
        return False


def _kinds(of):
    return [of, *(k for sub in of.__subclasses__() for k in _kinds(sub))]


@pytest.mark.parametrize("kind", _kinds(UserError))
def test_every_error_passes_between_processes_with_its_words(kind):
    fault = kind("It is wrong.", "Mend it.")
    for item in (fault, Done(3, None, fault)):
        back = pickle.loads(pickle.dumps(item))
        back = back if item is fault else back.fault
        assert type(back) is kind and (back.message, back.hint) == ("It is wrong.", "Mend it.")
    blocked = pickle.loads(pickle.dumps(Blocked()))
    assert "not shown" in blocked.message and "another seed" in blocked.hint


def test_on_zero_gpu_the_quick_unets_are_made_before_a_call_is_lent(sd15, monkeypatch):
    """One for each mode, kept side by side: a worker begins as a copy of this process, and ends with its own."""
    made = []
    monkeypatch.setattr(fast_unets, "with_speed_lora", lambda unet, path, family: made.append(path) or unet)
    for zero, kept in ((True, 2), (False, 1)):
        monkeypatch.setattr(fast_unets, "on_zero_gpu", lambda zero=zero: zero)
        fresh = FaceIDEngine(sd15.family, sd15.parts)
        made.clear()
        fresh.prepare()
        assert len(made) == 2 and len(fresh.fast_unets._made) == kept
    assert set(made) == {sd15.parts.speed_loras[r] for r in ("hyper-sd15-4step", "hyper-sd15-8step-cfg")}
