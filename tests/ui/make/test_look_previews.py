"""The gallery's previews."""

from __future__ import annotations

from pathlib import Path

import pytest

from headshot.direction.direct import direct
from headshot.direction.preset_file import to_toml
from headshot.direction.presets import load_presets
from headshot.direction.prompt import prompt
from headshot.types import Direction
from headshot.ui.make.look_previews import thumbnails
from tests.fixtures.shared_photos import sitting


@pytest.mark.data
def test_previews_begin_with_what_is_in_sight() -> None:
    """The chosen looks first; what comes into sight meanwhile overtakes; each is made once."""
    names = list(load_presets())
    one = sitting("garan_1.jpg")
    batches = list(thumbnails(one, names[10:14]))
    first = list(batches[0])
    assert first == names[10:14]
    assert [len(b) for b in batches[:3]] == [4, 12, 24]
    assert set(batches[-1]) == set(names)
    seen: list[str] = []
    work = thumbnails(one, names[:1], lambda: seen)
    assert list(next(work)) == names[:4]
    seen += [names[30], names[2], names[35]]  # one of them is there already
    assert list(next(work))[4:6] == [names[30], names[35]]


def test_a_directed_look_is_saved_with_what_was_directed(tmp_path: Path) -> None:
    """A look saved as a file and loaded back: the own-pixel controls are its settings, the posing is in its words."""
    given = {
        "posing.expression": "smile",
        "posing.attire": "formal",
        "light.key_height": 50.0,
        "light.fill": 0.6,
        "backdrop.texture": 0.7,
        "crop.lens": 0.5,
    }
    made = direct("corporate", engine="faceid-sdxl", overrides=given)
    (tmp_path / "mine.toml").write_text(to_toml(made, title="Mine"), encoding="utf-8")
    saved = load_presets(tmp_path)["mine"]
    assert (saved.light, saved.backdrop, saved.crop) == (made.light, made.backdrop, made.crop)
    again = Direction(look=saved.look, avoid=saved.avoid)
    assert prompt(again).text == prompt(made).text and "friendly smile" in prompt(again).text
