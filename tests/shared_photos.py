"""The shared test photos: where they are, what photos.csv says of each, and one sitting for each in this process."""

from __future__ import annotations

import csv
import functools
import os
from pathlib import Path

import pytest

from headshot.studio.session import Sitting

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("HEADSHOT_SHARED", ROOT.parent / "shared"))
PHOTOS = SHARED / "data" / "photos"

# Studio portraits: one person who looks into the lens.
PORTRAITS = (
    "coleman_1.jpg",
    "collins_1.png",
    "curbeam_1.jpg",
    "ferguson_1.jpg",
    "garan_1.jpg",
    "ham_1.jpg",
    "herrington_1.jpg",
    "higginbotham_1.jpg",
    "hopper_1.png",
    "poindexter_1.jpg",
    "robinson_1.jpg",
    "walheim_1.jpg",
    "walz_1.jpg",
    "whitson_1.jpg",
    "wilson_1.jpg",
    "yamazaki_1.jpg",
)
# One person too, but a snapshot: busy background, turned or rolled head, visor, tiny face.
SNAPSHOTS = (
    "coleman_2.jpg",
    "ferguson_2.jpg",
    "ham_2.jpg",
    "herrington_2.jpg",
    "walheim_2.jpg",
    "walz_2.jpg",
    "whitson_2.jpg",
)
SINGLES = PORTRAITS + SNAPSHOTS
DARK_SKIN = ("curbeam_1.jpg", "higginbotham_1.jpg", "wilson_1.jpg")


def photo_path(name: str) -> Path:
    """The path of a shared photo; skips the test where the shared data is not on this machine."""
    path = PHOTOS / name
    if not path.is_file():
        pytest.skip(f"the shared photo {name} is not here (HEADSHOT_SHARED)")
    return path


@functools.cache
def rows() -> dict[str, dict[str, str]]:
    """photos.csv by file name."""
    with photo_path("photos.csv").open(newline="", encoding="utf-8") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


@functools.cache
def sitting(name: str) -> Sitting:
    """The sitting of a shared photo: read, searched and (once asked for) cut out once for the whole run."""
    return Sitting.open(photo_path(name))
