"""The time that ZeroGPU is asked for, and errors that pass between its processes."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest
import torch

from headshot.engines.base import Batch, Done
from headshot.engines.diffusion import fast_unets, rates
from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
from headshot.engines.diffusion.families import SD15
from headshot.engines.diffusion.safety import Blocked
from headshot.errors import EngineUnavailable, UserError
from tests.fixtures import tiny
from tests.fixtures.tiny_faceid import FACE, canvas, direction


def test_the_lease_grows_with_the_work(sd15, monkeypatch):
    monkeypatch.setattr(rates, "_learnt", {})
    monkeypatch.setattr(rates, "throughput", lambda *_: 2e12)  # a busy machine would ask for the most in both
    big = canvas(512)
    few, many = (sd15.gpu_seconds(Batch([big], FACE, [direction(steps=s)])) for s in (1, 100))
    assert 5 <= few < many <= 120
    assert few < sd15.gpu_seconds(Batch([big] * 8, FACE, [direction(steps=1)] * 8)) <= 120


def test_on_zero_gpu_the_quota_is_asked_for_by_the_same_arguments(sd15, monkeypatch):
    """The decorator gets a function of the work's own arguments, and the work comes through it."""
    import sys
    from types import SimpleNamespace

    from headshot.engines import base
    from headshot.engines.faceid import FaceIDGenerator

    asked = []

    def gpu(duration):
        def wrap(work):
            def lent(*args):  # as `spaces` does it: what goes in and out passes between two processes
                asked.append(duration(*args))
                for item in work(*pickle.loads(pickle.dumps(args))):
                    yield pickle.loads(pickle.dumps(item))

            return lent

        return wrap

    monkeypatch.setitem(sys.modules, "spaces", SimpleNamespace(GPU=gpu))
    monkeypatch.setenv("SPACES_ZERO_GPU", "1")
    generator = FaceIDGenerator("faceid-sd15")
    family = replace(SD15, native=tiny.SIZE, over_canvas=tiny.SIZE)
    generator._engine = FaceIDEngine(family, sd15.parts, preview_every=9)
    monkeypatch.setattr(rates, "_learnt", {})
    monkeypatch.setattr(rates, "throughput", lambda *_: 2e12)
    made = list(generator.render_many(Batch([canvas()] * 2, FACE, [direction(seed=s) for s in (1, 2)])))
    assert sum(isinstance(m, base.Done) for m in made) == 2
    assert len(asked) == 1 and 5 <= asked[0] <= 120
    assert all(m.result.recipe["engine"] == "faceid-sd15" for m in made if isinstance(m, base.Done))
    assert generator.batches([direction()] * 20)[0] == [0, 1], "four rows in its plan, two for each guided picture"
    generator._engine = None
    assert generator.batches([direction()] * 20)[0] == list(range(8)), "16 rows in ZeroGPU's"

    # What prevented a picture arrives with its words: one picture's, and what ends the work for all of them.
    generator._engine = FaceIDEngine(family, replace(sd15.parts, safety=_Blocks()), preview_every=9)
    with pytest.raises(Blocked, match=r"not shown\. It errs at times"):
        list(generator.render(canvas(), FACE, direction()))
    monkeypatch.setattr(generator._engine, "render_many", lambda *a, **k: (_ for _ in ()).throw(MemoryError()))
    with pytest.raises(EngineUnavailable, match="Choose the SD1"):
        list(generator.render(canvas(), FACE, direction()))


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
