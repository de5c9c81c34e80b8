"""The example photo: found on this machine, never fetched."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

from headshot.errors import UserError


@cache
def example_path() -> Path:
    """Find scikit-image's astronaut (Eileen Collins, NASA, public domain) without importing the package.

    Raises UserError where it is not installed.
    """
    spec = importlib.util.find_spec("skimage")
    if spec is None or not spec.submodule_search_locations:
        raise UserError("The example photo is not installed.", "Run make setup.")
    folder = Path(next(iter(spec.submodule_search_locations)))
    for place in ("data/astronaut.png", "_skimage2/data/astronaut.png"):
        if (folder / place).is_file():
            return folder / place
    raise UserError("The example photo is not installed.", "Add a photo of your own.")
