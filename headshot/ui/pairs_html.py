"""Pictures in pairs and rows as HTML: the blind pair, the line-up, the closer look. Every word is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from headshot.blind import LETTERS
from headshot.closer import Closer
from headshot.types import U8
from headshot.ui.data_url import data_url


def unnamed_html(pictures: Sequence[U8], label: str, *, ask: bool = False) -> str:
    """Pictures named by letters alone, in the order given; `label` for screen readers. Sizes should be equal.

    `ask`: the tab hides everything that could answer the question while this stands (judge.css).
    """
    figures = "".join(
        f'<figure><img src="{data_url(p, 88, 640)}" alt="Picture {letter}" draggable="false">'
        f"<figcaption>{letter}</figcaption></figure>"
        for letter, p in zip(LETTERS, pictures, strict=False)
    )
    open_question = " hs-ask" if ask else ""
    return f'<div class="hs-unnamed{open_question}" role="group" aria-label="{escape(label)}">{figures}</div>'


def closer_html(closer: Closer, name: str = "Headshot") -> str:
    """The features in both pictures, then where they differ. `name` of the picture beside the original."""
    rows = "".join(
        f'<div class="hs-feature"><p>{escape(f.title)}</p><div class="hs-two">'
        f"{_figure(f.original, f'{f.title}, original', 'Original')}{_figure(f.picture, f'{f.title}, {name}', name)}"
        "</div></div>"
        for f in closer.features
    )
    if closer.difference is None or closer.moved is None:
        maps = f'<p class="hs-quiet">{escape(closer.why)}</p>'
    else:
        seen = (
            "Where a viewer would see a difference: black is none, yellow the most. Background left out. "
            f"Mean over the face: {closer.mean:.3f} of 1."
        )
        moved = "What moved in the face: an arrow is eight times as long as the motion; at a dot nothing moved."
        maps = (
            f'<div class="hs-two hs-maps">{_figure(closer.difference, "Map of differences", seen)}'
            f"{_figure(closer.moved, 'Arrows of what moved', moved)}</div>"
        )
    note = "Eyes level and equally far apart, twice as large as the smaller picture’s own pixels where there is room."
    return f'<div class="hs-closer"><p class="hs-quiet">{note}</p>{rows}{maps}</div>'


def _figure(picture: U8, alt: str, caption: str) -> str:
    height, width = picture.shape[:2]
    return (
        f'<figure><img src="{data_url(picture, 92)}" alt="{escape(alt)}" width="{width}" height="{height}" '
        f'draggable="false"><figcaption>{escape(caption)}</figcaption></figure>'
    )
