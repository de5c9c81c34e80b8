"""Two of Ray's workers make what one process makes, also where one of them is killed. Needs the extra "cluster"."""

from __future__ import annotations

import contextlib
import os
import signal
from dataclasses import replace

import pytest

from headshot.direction.direct import direct
from headshot.studio.people import team_of
from headshot.studio.team.workers import shots
from tests.fixtures.shared_photos import photo_path

pytest.importorskip("ray")
psutil = pytest.importorskip("psutil")


@pytest.mark.sweep
def test_two_workers_one_killed_give_the_same_bytes() -> None:
    names = ("curbeam_1.jpg", "garan_1.jpg", "noface_cat.png", "walz_2.jpg")
    people = team_of((f"{n} {name}", photo_path(name)) for n in range(3) for name in names)
    look = direct("linkedin")
    alone = {shot.row.file: shot for shot in shots(people[:4], look, "retouch")}
    alone = {f"{n} {file[2:]}": shot for n in range(3) for file, shot in alone.items()}
    made, killed = {}, []
    for shot in shots(people, look, "retouch", workers=2):
        made[shot.row.file] = shot
        if not killed:
            killed = _workers()[:1]
            os.kill(killed[0], signal.SIGKILL)
    assert killed and made.keys() == alone.keys()
    for file, shot in made.items():
        assert (shot.picture, shot.report) == (alone[file].picture, alone[file].report)
        assert shot.row.line() == replace(alone[file].row, name=shot.row.name, file=file).line()


def _workers() -> list[int]:
    """Process numbers of Ray's workers that shoot."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if "Shooter" in " ".join(process.cmdline()):
                found.append(process.pid)
    return found
