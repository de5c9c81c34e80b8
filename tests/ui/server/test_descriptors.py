"""The soft limit of descriptors, raised at start."""

from __future__ import annotations

import subprocess
import sys

import pytest

from headshot.ui.server.descriptors import MOST
from tests import ROOT
from tests.fixtures.app_server import FEW, App

linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux's limits")

RAISED = """
import resource, sys
from headshot.ui.server.descriptors import allow_many
soft, hard = map(int, sys.argv[1:])
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
print(allow_many(), *resource.getrlimit(resource.RLIMIT_NOFILE))
"""


@linux
@pytest.mark.parametrize(("soft", "hard", "then"), [(256, 900, 900), (256, MOST + 1000, MOST), (700, 700, 700)])
def test_the_soft_limit_becomes_the_hard_one_up_to_a_bound(soft: int, hard: int, then: int) -> None:
    import resource

    if hard > resource.getrlimit(resource.RLIMIT_NOFILE)[1] >= 0:
        pytest.skip("this machine allows fewer")
    run = subprocess.run(
        [sys.executable, "-c", RAISED, str(soft), str(hard)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == [str(then), str(then), str(hard)]


@linux
def test_an_app_that_was_started_with_few_has_more(app: App) -> None:
    import resource

    soft, hard = resource.prlimit(app.pid, resource.RLIMIT_NOFILE)
    assert soft == (MOST if hard == resource.RLIM_INFINITY else min(hard, MOST)) and (soft > FEW or hard <= FEW)
