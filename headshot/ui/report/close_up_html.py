"""Pictures in pairs and rows as HTML: the blind pair, the line-up, the closer look. Every word is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from headshot.authenticity.aligned_pair import TURNED_BACK
from headshot.authenticity.blind_test import LETTERS
from headshot.authenticity.close_up import CloseUp, Feature
from headshot.files.data_url import data_url
from headshot.language import tr
from headshot.types import U8


def unnamed_html(pictures: Sequence[U8], label: str, *, ask: bool = False) -> str:
    """Show pictures named by letters alone, in the order given; `label` for screen readers. Sizes should be equal.

    `ask`: the tab hides everything that could answer the question while this stands (judge.css).
    """
    figures = "".join(
        f'<figure><img src="{data_url(p, 88, 640)}" alt="{escape(tr("Picture {letter}", letter=letter))}" '
        'draggable="false">'
        f"<figcaption>{letter}</figcaption></figure>"
        for letter, p in zip(LETTERS, pictures, strict=False)
    )
    open_question = " hs-ask" if ask else ""
    return f'<div class="hs-unnamed{open_question}" role="group" aria-label="{escape(label)}">{figures}</div>'


def close_up_html(found: CloseUp, name: str = "Headshot") -> str:
    """Show features and single marks in both pictures, then where they differ. `name` of the picture compared."""
    captions = [
        tr("{who}, {share:.0f}%", who=tr(who), share=100 * share)
        for who, share in zip(("Original", name), found.enlarged, strict=True)
    ]
    rows = "".join(_feature(f, captions) for f in found.features)
    marks = "".join(_feature(f, (tr("Original"), tr(name))) for f in found.marks)
    marks = (
        f'<div class="hs-feature"><p>{escape(tr("Moles and marks"))}</p>'
        f'<p class="hs-quiet">{escape(found.marks_note)}</p>'
        f'<div class="hs-marks">{marks}</div></div>'
    )
    if found.difference is None or found.moved is None:
        maps = f'<p class="hs-quiet">{escape(found.why)}</p>'
    else:
        changed = "" if found.changed is None else _changed(found.changed)
        maps = f'<div class="hs-maps">{changed}{_difference(found.difference, found.mean)}{_moved(found.moved)}</div>'
    note = f"{tr(TURNED_BACK)} " if found.mirrored else ""
    note += tr(
        "Eyes level and equally far apart. At 100% each pixel of a picture is one on the page; wide patches scroll "
        "sideways, both together."
    )
    return f'<div class="hs-closer"><p class="hs-quiet">{escape(note)}</p>{rows}{marks}{maps}</div>'


def _changed(picture: U8) -> str:
    words = tr(
        "A line goes round all of you that is not as in your photo, light and a shift of a pixel allowed for. "
        "No line: nothing of the kind was found."
    )
    return _map(tr("Changed here"), picture, f'<p class="hs-quiet">{escape(words)}</p>')


def _difference(picture: U8, mean: float) -> str:
    words = tr(
        "Only the face is compared; what is black around it is left out. On average over the face {mean:.2f}, on a "
        "scale from 0 (no difference) to 1 (FLIP).",
        mean=mean,
    )
    scale = (
        f'<div class="hs-scale"><span>{escape(tr("none"))}</span><i aria-hidden="true"></i>'
        f'<span>{escape(tr("much"))}</span></div><p class="hs-quiet">{escape(words)}</p>'
    )
    return _map(tr("How strongly a viewer sees a difference"), picture, scale)


def _moved(picture: U8) -> str:
    legend = (
        '<ul class="hs-legend"><li><span class="hs-arrow" aria-hidden="true">→</span> '
        f"{escape(tr('moved in your photo to here, drawn eight times as far'))}</li>"
        f'<li><span class="hs-dot" aria-hidden="true"></span> {escape(tr("did not move"))}</li></ul>'
    )
    return _map(tr("What moved in the face"), picture, legend)


def _map(title: str, picture: U8, legend: str) -> str:
    return f'<div class="hs-feature"><p>{escape(title)}</p>{_figure(picture, title)}{legend}</div>'


def _feature(feature: Feature, captions: Sequence[str]) -> str:
    pair = zip((feature.original, feature.picture), captions, strict=True)
    figures = "".join(_figure(p, f"{feature.title}, {caption}", caption) for p, caption in pair)
    # Too wide for the page, the two stand one above the other and scroll as one.
    return (
        f'<div class="hs-feature"><p>{escape(feature.title)}</p>'
        f'<div class="hs-two" tabindex="0" role="group" aria-label="{escape(feature.title)}">{figures}</div></div>'
    )


def _figure(picture: U8, alt: str, caption: str = "") -> str:
    height, width = picture.shape[:2]
    figcaption = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return (
        f'<figure><img src="{data_url(picture, 92)}" alt="{escape(alt)}" width="{width}" height="{height}" '
        f'draggable="false">{figcaption}</figure>'
    )
