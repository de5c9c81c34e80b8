"""Which settings an engine takes notice of on a rung of the ladder, and in one sentence why it ignores the others."""

from __future__ import annotations

from headshot.direction.engine_table import engine_info, is_own
from headshot.direction.ladder import POSED, allowances
from headshot.direction.locks import Lock, parse_locks
from headshot.direction.setting import HeededBy
from headshot.direction.settings import SETTINGS
from headshot.language import tr


def why_ignored(key: str, engine: str, change: float = 0.75, keep: str = "") -> str:
    """Say in one sentence why `engine` ignores the setting `key`; "" where it does not.

    `change` 0..1: the place on the ladder; `keep`: the lock list. What only depends on a value is not told here.
    """
    setting = SETTINGS.get(key)
    if setting is None:  # "preset" and "engine" always count
        return ""
    may = allowances(change)
    if is_own(engine) or not (setting.repaints or any(may.values())):
        return tr(setting.own_pixels).format(tr(setting.label))
    if key in engine_info(engine).ignores:
        return tr("{engine} has no “{label}”.", engine=engine_info(engine).title, label=tr(setting.label))
    if "face" in setting.repaints and may["face"] < POSED:
        if may["face"] <= 0:
            return tr("On this rung your face stays your own pixels: go on to “light face edit” for it.")
        return tr("Here only your skin may change: go on to “light face edit” for it.")
    if "clothes" in setting.repaints and may["clothes"] <= 0:
        return "On this rung your clothes stay your own pixels: go on to “clothes” for it."
    if held := [lock.said for lock in _placed(keep) if lock.place in setting.repaints]:
        return tr("You keep “{held}”, and what holds it would have to be repainted for this.", held=held[0])
    if setting.heeded_by is HeededBy.PHOTO and fully_generated(change, keep):
        return "This works on your photo, and on this rung all of the picture is painted anew. One rung lower it does."
    return ""


def fully_generated(change: float, keep: str = "") -> bool:
    """Whether a generator paints all of the picture anew there: nothing of the photo's light and frame is in it."""
    return change >= 1 and not _placed(keep)


def only_in_words(key: str, change: float, keep: str = "") -> bool:
    """Whether a generator is told the setting `key` only in words there, in a few steps."""
    return SETTINGS[key].heeded_by is HeededBy.ALL_IN_WORDS and fully_generated(change, keep)


def _placed(keep: str) -> list[Lock]:
    """The locks that hold a place of the photo."""
    return [lock for lock in parse_locks(keep)[0] if lock.place]
