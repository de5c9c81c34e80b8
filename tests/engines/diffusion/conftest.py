"""The engine on tiny weights, made once for each worker."""

from __future__ import annotations

import pytest

from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
from headshot.engines.diffusion.families import SD15
from headshot.engines.diffusion.pipeline_parts import load_parts
from tests.fixtures import tiny
from tests.fixtures.tiny_faceid import PLAN, locator, saved_engine


@pytest.fixture(scope="session")
def sd15(tmp_path_factory):
    return saved_engine("sd15", tmp_path_factory.mktemp("sd15"))


@pytest.fixture(scope="session")
def sdxl(tmp_path_factory):
    return saved_engine("sdxl", tmp_path_factory.mktemp("sdxl"))


@pytest.fixture(params=["sd15", pytest.param("sdxl", marks=pytest.mark.sweep)])
def engine(request):
    """Both families; tests of what does not depend on the family ask for `sd15`."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def bare(tmp_path_factory):
    """SD1.5 with nothing but what it cannot do without."""
    roles = tiny.save("sd15", tmp_path_factory.mktemp("bare"))
    needed = ("sd15-base", "faceid-plusv2-sd15", "clip-vit-h")
    return FaceIDEngine(SD15, load_parts(SD15, locator({r: roles[r] for r in needed}), PLAN), preview_every=0)
