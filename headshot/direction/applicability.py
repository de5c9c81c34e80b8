"""Which settings an engine hears at a place on the ladder, and in one sentence why it does not hear the others."""

from __future__ import annotations

from collections.abc import Mapping

from headshot.direction.ladder import allowances
from headshot.direction.locks import Lock, Place, parse_locks

# Settings that are words for a generator: own pixels are framed, lit and finished, and nothing is painted.
_PAINTED = ("look.", "posing.", "generate.")
_PAINTED_TOO = frozenset({"words", "avoid", "person", "seed"})
# What a generator must repaint for a setting: where a lock lies there, or the rung leaves it out, nothing would move.
_REPAINTS: Mapping[str, tuple[Place, ...]] = {
    "look.expression": ("face", "lower face"),
    "posing.expression": ("face", "lower face"),
    "posing.gaze": ("face", "eyes"),
    "posing.turn": ("face",),
    "look.wardrobe": ("clothes",),
    "posing.attire": ("clothes",),
}
# Work on your own pixels, and have no words: where all is painted anew there is nothing for them to work on.
_OF_THE_PHOTO = frozenset(
    {
        "light.balance",
        "crop.eye_line",
        "crop.level",
        "backdrop.falloff",
        "backdrop.blur",
        "retouch.skin",
        "retouch.eyes",
    }
)
# Told to the generator in a few words where all is painted anew: a small move may change none of them.
_IN_WORDS = frozenset(
    {
        "light.strength",
        "light.softness",
        "light.key_height",
        "light.fill",
        "backdrop.texture",
        "crop.head_height",
        "crop.lens",
        "crop.camera_height",
    }
)


def why_ignored(key: str, engine: str, change: float = 0.75, keep: str = "") -> str:
    """ "" where `engine` heeds the setting `key`, else the reason for people.

    `change` 0..1: the place on the ladder; `keep`: the lock list. What only depends on a value is not told here.
    """
    if engine == "retouch":
        return _own(key)
    may = allowances(change)
    if key in _REPAINTS:
        if "face" in _REPAINTS[key] and may["face"] <= 0:
            return "On this rung your face stays your own pixels: go on to “light face edit” for it."
        if "clothes" in _REPAINTS[key] and may["clothes"] <= 0:
            return "On this rung your clothes stay your own pixels: go on to “clothes” for it."
        held = [lock.said for lock in _placed(keep) if lock.place in _REPAINTS[key]]
        return f"You keep “{held[0]}”, and what holds it would have to be repainted for this." if held else ""
    if not any(may.values()):
        return _own(key)
    if key in _OF_THE_PHOTO and fully_generated(change, keep):
        return "This works on your photo, and on this rung all of the picture is painted anew. One rung lower it does."
    return ""


def fully_generated(change: float, keep: str = "") -> bool:
    """Whether a generator paints all of the picture anew there: nothing of the photo's light and frame is in it."""
    return change >= 1 and not _placed(keep)


def only_in_words(key: str, change: float, keep: str = "") -> bool:
    """Whether a generator hears `key` only in words there, in a few steps."""
    return key in _IN_WORDS and fully_generated(change, keep)


def _own(key: str) -> str:
    from headshot.direction.labels import name_of

    name = name_of(key)
    if key.startswith("posing."):
        return f"“{name}” needs a generator: own pixels keep you as you were photographed."
    if key in _PAINTED_TOO or key.startswith(_PAINTED):
        return f"“{name}” makes no difference to your own pixels: only a generator paints from it."
    if key == "keep":
        return "Your own pixels are kept in any case: “Always keep” binds a generator, and the report looks after it."
    if key == "change":
        return "Your own pixels end at “new backdrop”: the rungs above it need a generator."
    return ""


def _placed(keep: str) -> list[Lock]:
    """The locks that hold a place of the photo."""
    return [lock for lock in parse_locks(keep)[0] if lock.place]
