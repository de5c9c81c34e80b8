"""Templates, styles and scripts of our own components, kept as files beside the code that uses them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def asset(name: str) -> str:
    """The text of a package file, such as "compare.js"."""
    return (_FOLDER / name).read_text(encoding="utf-8")


def template(name: str) -> str:
    """An HTML or CSS file, checked to be inert for gr.HTML.

    Gradio runs a template through Handlebars and then as a JavaScript template literal, so a backtick, a
    backslash, "${" or "{{" would be executed or eaten. Ours hold none: all values are put in by scripts.
    """
    text = asset(name)
    for forbidden in ("`", "\\", "${", "{{"):
        if forbidden in text:
            raise ValueError(f"{name} contains {forbidden!r}, which gr.HTML would evaluate.")
    return text
