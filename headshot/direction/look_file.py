"""A look as a file to share: the strict preset form, written from a direction and read back as one.

What comes in is untrusted: its size is bounded, its form is that of presets/, and every value is held to `SETTINGS`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from headshot.direction.diff import as_settings
from headshot.direction.direct import direct
from headshot.direction.engine_table import OWN_PIXELS
from headshot.direction.preset_file import Preset, read_preset, to_toml
from headshot.direction.presets import load_presets
from headshot.errors import DirectionError
from headshot.language import tr
from headshot.text import clean
from headshot.types import Direction

MAX_BYTES = 16_384  # those in presets/ have under 2,000
MAX_TITLE = 40  # characters, as in a preset
_DEVICE = re.compile(r"con|prn|aux|nul|(com|lpt)\d")  # no file of such a name can be saved on Windows
_PARTS = ("look", "backdrop", "light", "crop", "retouch")


@dataclass(frozen=True)
class Loaded:
    """`direction`: what the file asks for, laid over the nearest of the app's own looks; `title`, `summary`: the
    file's own.
    """

    title: str
    direction: Direction
    summary: str = ""

    @property
    def note(self) -> str:
        """One line for people."""
        return tr(
            "“{title}” is loaded. Of the looks here, “{title2}” is the nearest to it.",
            title=self.title,
            title2=self.direction.title,
        )


def save(direction: Direction, title: str) -> tuple[str, bytes]:
    """(file name, bytes) of the look of a direction. Raises DirectionError for a title that does not fit."""
    title = clean(title)
    if not 0 < len(title) <= MAX_TITLE:
        raise DirectionError(
            "The look needs a name.", tr("Give it one of at most {max_title} characters.", max_title=MAX_TITLE)
        )
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "my-look"
    name = f"look-{name}" if _DEVICE.fullmatch(name) else name
    return f"{name}.toml", to_toml(direction, title=title).encode()


def load(data: bytes, *, engine: str = OWN_PIXELS) -> Loaded:
    """A look from the bytes of a file. The person, the seed and the place on the ladder are no part of it.

    Raises DirectionError naming what is wrong, and where.
    """
    if len(data) > MAX_BYTES:
        raise DirectionError(
            "This file is too large to be a look.",
            tr("A look has at most {max_bytes} KB.", max_bytes=MAX_BYTES // 1024),
        )
    preset = read_preset(data, "look", tr("This look"))
    wanted = _settings(preset, engine)
    known = load_presets()
    near = min(known, key=lambda name: _unlike(wanted, name))
    return Loaded(preset.title, direct(near, engine=engine, overrides=wanted), preset.summary)


def _settings(preset: Preset, engine: str) -> dict[str, Any]:
    """All that a preset says, by the keys of `SETTINGS`."""
    found: dict[str, Any] = {"avoid": preset.avoid}
    groups = {part: getattr(preset, part) for part in _PARTS}
    if engine in preset.engines:
        groups["generate"] = preset.engines[engine]
    for group, record in groups.items():
        found |= {f"{group}.{name}": value for name, value in vars(record).items()}
    return found


def _unlike(wanted: Mapping[str, Any], name: str) -> int:
    own = as_settings(direct(name))
    return sum(own[key] != value for key, value in wanted.items() if not key.startswith("generate."))
