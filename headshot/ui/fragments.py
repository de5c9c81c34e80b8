"""Small pieces of the page as HTML. Pure functions; every word is escaped."""

from __future__ import annotations

from html import escape


def header_html(title: str, line: str) -> str:
    """The name of the page and one line on it."""
    return f'<header class="hs-header"><h1>{escape(title)}</h1><p>{escape(line)}</p></header>'


def step_html(number: int, title: str, term: str = "") -> str:
    """A card's heading. `term`: the technical name, small at the side, for people from other tools."""
    side = f'<span class="hs-term">{escape(term)}</span>' if term else ""
    return (
        f'<div class="hs-step"><span class="hs-n" aria-hidden="true">{number}</span>'
        f"<h2>{escape(title)}</h2>{side}</div>"
    )


def engine_html(engine: str, seconds: float | None = None) -> str:
    """The badge of the engine that made the picture, with the time that it took."""
    time = "" if seconds is None else f" · {seconds:.1f} s"
    return f'<span class="hs-engine">{escape(engine)}{time}</span>'


def footer_html(privacy: str, link: str = "", engine: str = "") -> str:
    """The privacy sentence, a link to more (https or #anchor), and the engine badge (from `engine_html`)."""
    more = f' <a href="{escape(link)}" target="_blank" rel="noopener">Privacy</a>' if link else ""
    return f'<div class="hs-footer"><p>{escape(privacy)}{more}</p>{engine}</div>'
