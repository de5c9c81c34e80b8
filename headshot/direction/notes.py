"""What of a direction its engine ignores: a sentence for each such setting and each such part of the words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from headshot.direction.applicability import why_ignored
from headshot.direction.diff import as_settings, diff
from headshot.direction.engine_table import engine_info, is_own, who_paints
from headshot.direction.labels import name_of
from headshot.direction.ladder import OWN_TOP
from headshot.language import tr
from headshot.types import Direction

_OTHERWISE = ("keep", "change")  # their sentences say more than that they make no difference


def notes_on(direction: Direction, engine: str, give: Callable[[Mapping[str, Any]], str] | None = None) -> list[str]:
    """List all of it: who makes the picture where it is not `engine`, then the settings, then the words (`give` as in
    `notes_on_words`).
    """
    own = not is_own(engine) and is_own(who_paints(direction, engine))
    rung = tr(
        "On this rung nothing is painted: these are your own pixels, not a picture by {title}.",
        title=engine_info(engine).title,
    )
    return [*([rung] if own else []), *notes_on_settings(direction, engine), *notes_on_words(direction, engine, give)]


def notes_on_settings(
    direction: Direction, engine: str, painters: Collection[str] = (), besides: Collection[str] = ()
) -> list[str]:
    """Write a sentence for each change of `engine`'s look that all `painters` ignore (by default `engine` alone).

    Own words aside. `besides`: keys that are told of already.
    """
    painters = painters or (engine,)

    def why(key: str, painter: str) -> str:
        return why_ignored(key, painter, direction.change, direction.keep)

    moved = [k for k in diff(direction, engine) if k != "words" and k not in besides]
    ignored = [k for k in moved if all(why(k, p) for p in painters)]
    if direction.change <= OWN_TOP and "change" in ignored:  # own pixels do what these rungs say
        ignored.remove("change")
    painter = next(iter(painters))
    alike = [k for k in ignored if k not in _OTHERWISE]
    lines = [why(k, painter) for k in ignored if k in _OTHERWISE]
    if is_own(painter) and len(alike) > 1:
        names = dict.fromkeys(f"“{name_of(k)}”" for k in alike)
        return [
            tr("No difference to your own pixels, only a generator paints from them: {names}.", names=", ".join(names)),
            *lines,
        ]
    return [*(why(k, painter) for k in alike), *lines]


def notes_on_words(
    direction: Direction, engine: str, give: Callable[[Mapping[str, Any]], str] | None = None
) -> list[str]:
    """A line for each part of the own words: the settings that it stands for, or who hears it, or why nobody.

    Nothing is set from words alone: `give` says for a program how to set what the line offers (as `settings={…}`).
    """
    if not direction.words:
        return []
    from headshot.direction.interpret import interpret  # a hundred patterns, which take .05 s

    reading, now = interpret(direction.words, engine, direction), as_settings(direction)
    lines = []
    for one in reading.suggestions:
        wanted = {key: value for key, value in one.settings.items() if now.get(key) != value}
        given = (give or _settings)(wanted)
        words = "“{said}” is a control: add {given}" if wanted else tr("“{said}” is a control, and set so.")
        lines.append(f"“{one.said}”: {one.reason}" if one.reason else tr(words, said=one.said, given=given))
    told = {phrase_text for phrase_text, _ in reading.unheard}
    lines += [f"“{phrase_text}”: {reason}" for phrase_text, reason in reading.unheard]
    if reading.prompt and reading.prompt not in told:
        lines.append(tr("“{prompt}” goes to the generator.", prompt=reading.prompt))
    lines += [
        tr("“{said}” goes to the generator, as what to leave out.", said=phrase_text) for phrase_text in reading.avoid
    ]
    return lines


def _settings(wanted: Mapping[str, Any]) -> str:
    return f"settings={dict(wanted)}"
