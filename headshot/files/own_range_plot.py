"""The person's own range as a strip plot: their own pairs as dots, the picture among them; and in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from headshot.authenticity import likeness_sentences
from headshot.authenticity.labels import STATES
from headshot.authenticity.recognition.own_range import OwnRange, Placed
from headshot.language import tr
from headshot.types import State

_ROWS = (44, 92)  # px from the top: own pairs, the picture
_HEIGHT = 132
_BAND = '<rect x="{x}" y="{y}" width="{width}" height="24" rx="5" fill="currentColor" opacity=".1"/>'


def strip_plot_svg(found: OwnRange) -> str:
    """Draw an inline SVG of fixed height that fills the width it is given; to the left is more alike.

    Colours are the page's custom properties with a fall-back, so that it prints as well.
    """
    top = 1.12 * max(*found.own, *found.to_picture, found.median)

    def x(value: float) -> str:
        return f"{2 + 96 * value / top:.2f}%"

    low, high = x(found.own[0]), found.own[-1]
    width = f"{96 * (high - found.own[0]) / top:.2f}%"
    mark = f"var(--hs-{found.state}, {STATES[found.state].colour})"
    return (
        f'<svg class="hs-strip" role="img" aria-label="{escape(strip_plot_text(found))}" width="100%" '
        f'height="{_HEIGHT}" style="font:13px system-ui,sans-serif" fill="currentColor">'
        f"{''.join(_BAND.format(x=low, y=y - 12, width=width) for y in _ROWS)}"
        f"{_label(18, tr('Your own photos, each with each'))}{_label(70, tr('This picture with your further photos'))}"
        f"{_dots(found.own, x, _ROWS[0], 'currentColor')}{_dots(found.to_picture, x, _ROWS[1], mark)}"
        f'<svg x="{x(found.median)}" y="{_ROWS[1]}" overflow="visible"><path d="M0-10 9 0 0 10-9 0Z" fill="{mark}" '
        f'stroke="var(--background-fill-primary, #fff)" stroke-width="2"/></svg>'
        f'<line x1="2%" x2="98%" y1="110" y2="110" stroke="currentColor" opacity=".35"/>'
        f'<text x="2%" y="127" opacity=".8">← {escape(tr("more alike"))}</text>'
        f'<text x="98%" y="127" text-anchor="end" opacity=".8">{escape(tr("less alike"))} →</text></svg>'
    )


def _label(y: int, text: str) -> str:
    return f'<text x="2%" y="{y}">{escape(text)}</text>'


def _dots(values: Sequence[float], x: Callable[[float], str], y: int, colour: str) -> str:
    return "".join(f'<circle cx="{x(v)}" cy="{y}" r="5" fill="{colour}" opacity=".6"/>' for v in values)


def strip_plot_text(found: OwnRange) -> str:
    """Say the same in words."""
    return tr(
        "This picture is {place}. Your own {count} pairs of photos lie {low:.2f} to {high:.2f} apart, this picture "
        "{median:.2f} (0 is the same picture).",
        place=found.place,
        count=len(found.own),
        low=found.own[0],
        high=found.own[-1],
        median=found.median,
    )


def own_range_html(placed: Placed | None, *, another_photo: bool) -> str:
    """Write the block under the report; empty where there is nothing to say. `another_photo`: only such a one can cling
    to a photo.
    """
    if placed is None:
        return ""
    warning = drawing = word = ""
    if another_photo and placed.clings:
        look = STATES[State.AMBER]
        warning = (
            f'<p class="hs-check hs-amber"><span class="hs-sign" aria-hidden="true">{look.symbol}</span><span>'
            f'<strong class="hs-word">{look.title}</strong> '
            f"{escape(tr(likeness_sentences.copy_paste(placed.copying, State.AMBER)))} "
            f"{escape(tr('Then a good likeness says little: a copied photo is always alike.'))}</span></p>"
        )
    if (found := placed.range) is not None:
        word = f' <span class="hs-word hs-{found.state}">{escape(found.place[:1].upper() + found.place[1:])}</span>'
        drawing = (
            f'{strip_plot_svg(found)}<p class="hs-quiet">{escape(strip_plot_text(found))} '
            f"{escape(tr('From {count} further photos: a rough yardstick.', count=len(found.to_picture)))}</p>"
        )
    if not warning and not drawing:
        return ""
    return (
        f'<figure class="hs-range"><figcaption><strong>{escape(tr("Among your own photos"))}</strong>{word}'
        f"</figcaption>"
        f"{warning}{drawing}</figure>"
    )
