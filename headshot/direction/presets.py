"""The looks of presets/, by name, read once."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from headshot.direction.preset_file import Preset, read_preset
from headshot.errors import DirectionError
from headshot.language import suggest, tr
from headshot.text import clean

_INSTALLED = Path(__file__).resolve().parents[1] / "presets"  # a wheel carries them inside the package
PRESETS = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).resolve().parents[2] / "presets"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def load_presets(folder: Path = PRESETS) -> dict[str, Preset]:
    """Read all presets of `folder` (default: the project's own): by name, in the order in which to show them.

    A folder is read once; after `reload_presets` again. Raises DirectionError naming the file and the key.
    """
    return dict(_presets(folder.resolve()))


def find_preset(name: str) -> Preset:
    """Read the preset of the project called `name` alone. Raises DirectionError with the likest name there is."""
    path = PRESETS / f"{name}.toml"
    if _NAME.fullmatch(name) and path.is_file():
        return _read(path)
    raise DirectionError(
        tr("There is no preset called {preset!r}.", preset=clean(name)[:60]), suggest(name, load_presets())
    )


def reload_presets() -> None:
    """Forget what was read, so that the next call reads the files again."""
    _presets.cache_clear()
    _read.cache_clear()


@cache
def _presets(folder: Path) -> dict[str, Preset]:
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise DirectionError(
            tr("There are no presets in {name}/.", name=folder.name), "Each look is one .toml file there."
        )
    presets = sorted((_read(f) for f in files), key=lambda p: (p.order, p.name))
    return {p.name: p for p in presets}


@cache
def _read(path: Path) -> Preset:
    file = f"{path.parent.name}/{path.name}"
    if not _NAME.fullmatch(path.stem):
        raise DirectionError(
            tr("{file}: a preset's name is small letters, digits and hyphens.", file=file), "Rename the file."
        )
    return read_preset(path.read_bytes(), path.stem, file)
