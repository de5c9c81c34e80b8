"""500 malformed files: each gives a picture or a UserError with a remedy; no traceback, no hang, no flood of memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from headshot.errors import UserError
from headshot.photo.decode import open_photo
from headshot.studio.session import Sitting
from tests import ROOT
from tests.fixtures import malformed
from tests.fixtures.shared_photos import PHOTOS, photo_path

pytestmark = pytest.mark.data


@pytest.fixture(scope="module", autouse=True)
def _here() -> None:
    photo_path("photos.csv")


@pytest.mark.sweep
def test_500_malformed_files_give_a_picture_or_a_user_error(output: Path) -> None:
    script = Path(malformed.__file__)
    run = subprocess.run(
        [sys.executable, str(script), str(PHOTOS)],
        capture_output=True,
        text=True,
        timeout=240,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
    )
    assert run.returncode == 0, run.stderr[-2000:]  # a crash of a decoder ends here
    found = json.loads(run.stdout.splitlines()[-1])
    (output / "malformed.json").write_text(json.dumps(found, indent=1, ensure_ascii=False))
    assert found["faults"] == []
    assert sum(found["outcomes"].values()) == malformed.COUNT
    assert found["slowest"][0] < 10, found["slowest"]
    assert found["peak_mb"] < 1500
    assert 50 <= found["outcomes"]["photo"] <= 400  # the mutations are neither harmless nor all fatal


def test_the_files_are_the_same_on_each_run() -> None:
    first = [hash(data) for _, data in zip(range(24), (d for _, d in malformed.specimens(PHOTOS)), strict=False)]
    again = [hash(data) for _, data in zip(range(24), (d for _, d in malformed.specimens(PHOTOS)), strict=False)]
    assert first == again and len(set(first)) > 20


@pytest.mark.sweep  # the default run's share of mutated pictures is tests/test_fuzz.py
def test_damaged_pictures_go_through_the_whole_door() -> None:
    """What still opens must give a sitting or a UserError too: noise, stripes and odd sizes reach the detectors."""
    tried: list[str] = []
    for label, data in malformed.specimens(PHOTOS):
        try:
            photo = open_photo(data)
        except UserError:
            continue
        if photo.width * photo.height > 400_000 or int(label[:3]) % 3:
            continue
        try:
            sitting = Sitting.of(photo)
            assert sitting.subject.landmarks.shape == (478, 3)
            tried.append("sitting")
        except UserError as refusal:
            assert refusal.hint
            tried.append("refused")
        if len(tried) == 24:
            break
    assert len(tried) == 24 and {"sitting"} <= set(tried)
