"""A strip of pictures to choose from, each with a few words: the session's history, a search's tries, candidates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

import gradio as gr

from headshot.authenticity.labels import STATES
from headshot.files.data_url import data_url
from headshot.imaging.resize import scaled_to_height
from headshot.types import Headshot, State
from headshot.ui.components.component import component

THUMBNAIL = 180  # px high: twice what a tile of the strip shows
LARGE = 420


# The thumbnails of each result, by height; they go with the result.
_thumbnails: WeakKeyDictionary[Headshot, dict[int, str]] = WeakKeyDictionary()


def thumbnail(result: Headshot, height: int = THUMBNAIL) -> str:
    """A result's picture as the strip shows it: a data URL, at most `height` px high, made once."""
    known = _thumbnails.setdefault(result, {})
    if height not in known:
        known[height] = data_url(scaled_to_height(result.picture, min(height, result.picture.shape[0])), 82)
    return known[height]


def film_item(
    name: str,
    title: str,
    image: str,
    *,
    mark: str = "",
    state: State | None = None,
    words: str = "",
    detail: str = "",
    waits: str = "",
) -> dict[str, Any]:
    """One picture of `film_value`: `name` is what `pick` says of it, `image` a data URL or "" (then it says `waits`).

    `mark`: a word on the picture; `state` with `words`: a verdict below; `detail`: more of it.
    """
    item: dict[str, Any] = {
        "id": name,
        "title": title,
        "image": image,
        "mark": mark,
        "detail": detail,
        "waits": waits,
    }
    return item | ({"state": state, "sign": STATES[state].symbol, "words": words} if state is not None else {})


def film_value(items: Iterable[dict[str, Any]], now: str | None = None) -> dict[str, Any]:
    """The value of `film_strip`; `now`: the name of the current one."""
    return {"items": list(items), "now": now}


def film_strip(label: str, empty: str = "", *, large: bool = False, **settings: Any) -> gr.HTML:
    """A gr.HTML that shows a `film_value` or None (`empty` is said); `pick` fires with {id} of the picture clicked.

    `label` for a screen reader; `large`: tiles that wrap instead of a strip.
    """
    return component(__file__, fixed={"label": label, "empty": empty, "large": str(large).lower()}, **settings)
