"""What was retouched and moved by the wish of whoever made the picture, in words: for its marks and its disclosure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from headshot.direction.feature_table import moved_words
from headshot.language import tr
from headshot.types import Headshot, Retouch

# What a look never does by itself; its finish is the program's own.
_DONE: Mapping[str, str] = MappingProxyType(
    {
        "shine": "less shine",
        "redness": "less redness",
        "under_eyes": "lighter under the eyes",
        "teeth": "whiter teeth",
        "red_eyes": "no red eyes",
        "glare": "less glare on the glasses",
        "stray_hairs": "fewer stray hairs",
        "heal": "spots healed",
    }
)


def retouched_words(retouch: Retouch, moved: Mapping[str, float], undone: Collection[str] = ()) -> str:
    """Say what was done, "nose narrower by 4%, spots healed"; "" for nothing. `moved` as in Canvas, `undone` as
    `undone_in` gives it."""
    done = [tr(words) for name, words in _DONE.items() if getattr(retouch, name) and name not in undone]
    return ", ".join([*([moved_words(moved)] if moved else []), *done])


def undone_in(recipe: Mapping[str, Any]) -> list[str]:
    """Read from a recipe, also a stranger's, which tools were asked for and found nothing to do."""
    undone = recipe.get("undone")
    return [name for name in _DONE if name in undone] if isinstance(undone, list) else []


def retouched_in(result: Headshot) -> str:
    """Say what was done to a result; what is painted anew is not retouched."""
    retouch = result.direction.retouch if result.direction.change < 1 else Retouch()
    return retouched_words(retouch, result.canvas.moved, undone_in(result.recipe))
