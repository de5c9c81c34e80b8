"""Small pieces of the page as HTML. Pure functions; every word is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape, unescape
from typing import Any

from headshot.language import tr
from headshot.types import Preview

# Of a gr.HTML that is a part of our own layout: no frame, no padding, none of Gradio's text styles.
_TEXT = re.compile(r'(?<!translate="no")>([^<>]*[^\W\d_][^<>]*)<')
_ATTRIBUTE = re.compile(r'\b(aria-label|title|placeholder|alt)="([^"]*[^\W\d_][^"]*)"')
_STYLE = re.compile(r"(<(?:style|script|svg)\b.*?</(?:style|script|svg)>)", re.DOTALL)
BARE: dict[str, Any] = {"elem_classes": ["hs-bare"], "apply_default_css": False}


def header_html(title: str) -> str:
    """The page's first line: a link past everything to the picture, the name, the way to the keys."""
    return (
        '<header class="hs-header"><a class="hs-skip" href="#compare">Skip to the picture</a>'
        f'<h1 translate="no">{escape(title)}</h1></header>'
    )


def heading_html(title: str) -> str:
    """The heading of a part."""
    return f'<h2 class="hs-heading">{escape(title)}</h2>'


def said_html(text: str, say: Callable[[str], str] = tr) -> str:
    """Give HTML with the words between its tags, and in attributes that are read, as `say` says them."""

    def words(match: re.Match[str]) -> str:
        inner = match[1]
        bare = inner.strip()
        return f">{inner.replace(bare, escape(say(unescape(bare)), quote=False))}<"

    parts = _STYLE.split(text)
    for i, part in enumerate(parts):
        if not _STYLE.fullmatch(part):
            part = _TEXT.sub(words, part)
        parts[i] = _ATTRIBUTE.sub(lambda m: f'{m[1]}="{escape(say(unescape(m[2])))}"', part)
    return "".join(parts)


def engine_html(engine: str, seconds: float | None = None) -> str:
    """The badge of the engine that made the picture, with the time that it took."""
    time = "" if seconds is None else tr(" · {seconds:.1f} s", seconds=seconds)
    return f'<span class="hs-engine">{escape(engine)}{time}</span>'


def ticks_html(ticks: Sequence[tuple[bool, str]]) -> str:
    """What was read back from a saved file: a line each, ticked or not."""
    lines = "".join(
        f'<li><span aria-hidden="true">{"✓" if good else "○"}</span> {escape(text)}</li>' for good, text in ticks
    )
    head = escape(tr("Read back from the saved file:"))
    return f'<div class="hs-marks" role="status"><p>{head}</p><ul>{lines}</ul></div>'


def step_words(item: Preview) -> str:
    """How far an engine is, in words."""
    if not item.remaining:
        return tr("step {step} of {steps}", step=item.step, steps=item.steps)
    return tr("step {step} of {steps}, {left:.0f} s left", step=item.step, steps=item.steps, left=item.remaining)


def note_html(text: str) -> str:
    """One quiet line that a screen reader says."""
    return f'<p class="hs-quiet" role="status">{escape(text)}</p>'


def notice_html(text: str) -> str:
    """A line to be seen at once, that a screen reader says too."""
    return f'<p class="hs-notice" role="status">{escape(text)}</p>'


def footer_html(privacy: str) -> str:
    """The privacy sentence, and the way to language and appearance (keys.js), which nobody needs before a photo."""
    globe = '<circle cx="10" cy="10" r="7.5"/><path d="M2.5 10h15M10 2.5c5 5 5 10 0 15M10 2.5c-5 5-5 10 0 15"/>'
    pen = 'width="18" height="18" fill="none" stroke="currentColor" stroke-width="1.5" aria-hidden="true"'
    button = f'<svg viewBox="0 0 20 20" {pen}>{globe}</svg><span>Language and appearance</span>'
    return (
        f'<div class="hs-footer"><p>{escape(privacy)}</p>'
        f'<button type="button" class="hs-settings" aria-haspopup="dialog">{button}</button></div>'
    )


def section(markdown: str, title: str) -> str:
    """The text below the heading `## title` of a Markdown document, up to the next heading; "" if there is none."""
    _, found, rest = markdown.partition(f"\n## {title}\n")
    return rest.partition("\n## ")[0].strip() if found else ""
