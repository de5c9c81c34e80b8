"""The look gallery: one thumbnail for each preset, one of them chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import gradio as gr

from headshot.direction.preset_file import TAGS
from headshot.direction.presets import load_presets
from headshot.language import tr
from headshot.studio.look_choice import CHOSEN
from headshot.types import Direction
from headshot.ui.components.component import component
from headshot.ui.loaded_looks import GROUP, LoadedLook


def gallery_looks(
    presets: Iterable[Direction], thumbnails: Mapping[str, str] | None = None, own: Iterable[LoadedLook] = ()
) -> list[dict[str, Any]]:
    """The looks for `gallery`, or for `gr.update(looks=…)` as thumbnails become ready.

    `presets`: directions with their `preset` name, `title` and `summary`. `own`: the visitor's, which come first.
    `thumbnails`: data URLs by tile; a look without one shows a placeholder. Send all that exist each time: of two
    updates in one frame the browser keeps the last.
    """
    thumbnails, known = thumbnails or {}, load_presets()
    mine = [
        {
            "name": o.tile,
            "title": o.look.title,
            "summary": o.look.summary,
            "image": thumbnails.get(o.tile, ""),
            "tags": [GROUP[0]],
        }
        for o in own
    ]
    return mine + [
        {
            "name": p.preset,
            "title": tr(p.title),
            "summary": tr(p.summary),
            "adds": tr(p.look.wardrobe),
            "image": thumbnails.get(p.preset, ""),
            "tags": list(known[p.preset].tags) if p.preset in known else [],
            "words": tr(" ".join(known[p.preset].synonyms)) if p.preset in known else "",
        }
        for p in presets
    ]


def looks_coming(done: int, all: int, left: float | None = None) -> dict[str, Any]:
    """The property `coming` of `gallery`: `done` of `all` looks show this person, the others do in `left` seconds.

    With none done no tile shows anybody.
    """
    return {"done": done, "all": all, "left": left}


def gallery(value: str | None = None, looks: list[dict[str, Any]] | None = None, **settings: Any) -> gr.HTML:
    """A gr.HTML whose value is the chosen tile: a preset's name, or `yours.Own.tile`. Its property `chosen` names the
    looks that stand there at first; a button shows all.

    The user's choice fires `input` (data: value, title); `change` also follows values set by Python. `sought` (data:
    names) tells which looks are in sight after a filter, a search or a scroll. The chips above are the presets' tags;
    the field finds looks by title, summary, group and synonyms, in the browser alone, and offers the nearest on a miss.
    Its property `coming` (`looks_coming`) says how many of them show the visitor so far.
    `settings` go to gr.HTML. Thumbnails are shown 4:5, cropped to fill.
    """
    return component(
        __file__,
        value,
        looks=looks or [],
        chosen=[look["name"] for look in (looks or [])[:CHOSEN]],
        coming=None,
        groups=[[name, label] for name, label in (GROUP, *TAGS.items())],
        **settings,
    )
