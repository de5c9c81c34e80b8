"""What was retouched and moved by the wish of whoever made the picture, in words: for its marks and its disclosure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

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


def retouched_words(retouch: Retouch, moved: Mapping[str, float]) -> str:
    """Say what was done, "nose narrower by 4%, spots healed"; "" for nothing. `moved` as in Canvas."""
    done = [tr(words) for name, words in _DONE.items() if getattr(retouch, name)]
    return ", ".join([*([moved_words(moved)] if moved else []), *done])


def retouched_in(result: Headshot) -> str:
    """Say what was done to a result; what is painted anew is not retouched."""
    retouch = result.direction.retouch if result.direction.change < 1 else Retouch()
    return retouched_words(retouch, result.canvas.moved)
