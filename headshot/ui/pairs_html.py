"""Pictures in pairs and rows as HTML: the blind pair, the line-up, the closer look. Every word is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from headshot.blind import LETTERS
from headshot.closer import Closer, Feature
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
    """Features and single marks in both pictures, then where they differ. `name` of the picture beside the original."""
    rows = "".join(_feature(f, name) for f in closer.features)
    marks = "".join(_feature(f, name) for f in closer.marks)
    marks = (
        f'<div class="hs-feature"><p>Moles and marks</p><p class="hs-quiet">{escape(closer.marks_note)}</p>'
        f'<div class="hs-marks">{marks}</div></div>'
    )
    if closer.difference is None or closer.moved is None:
        maps = f'<p class="hs-quiet">{escape(closer.why)}</p>'
    else:
        seen = (
            "Where a viewer would see a difference: black is none, yellow the most. The background is left out. "
            f"Mean over the face: {closer.mean:.2f}, from 0 (none) to 1."
        )
        moved = "What moved in the face: an arrow is eight times as long as the motion; at a dot nothing moved."
        maps = (
            f'<div class="hs-two hs-maps">{_figure(closer.difference, "Map of differences", seen)}'
            f"{_figure(closer.moved, 'Arrows of what moved', moved)}</div>"
        )
    note = "Eyes level and equally far apart, twice as large as the smaller picture’s own pixels where there is room."
    return f'<div class="hs-closer"><p class="hs-quiet">{note}</p>{rows}{marks}{maps}</div>'


def _feature(feature: Feature, name: str) -> str:
    return (
        f'<div class="hs-feature"><p>{escape(feature.title)}</p><div class="hs-two">'
        f"{_figure(feature.original, f'{feature.title}, original', 'Original')}"
        f"{_figure(feature.picture, f'{feature.title}, {name}', name)}</div></div>"
    )


def _figure(picture: U8, alt: str, caption: str) -> str:
    height, width = picture.shape[:2]
    return (
        f'<figure><img src="{data_url(picture, 92)}" alt="{escape(alt)}" width="{width}" height="{height}" '
        f'draggable="false"><figcaption>{escape(caption)}</figcaption></figure>'
    )
