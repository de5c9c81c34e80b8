"""Templates, styles and scripts of our own components, kept as files beside the code that uses them."""

from __future__ import annotations

from headshot.text import asset


def template(module: str, name: str) -> str:
    """Read an HTML or CSS file that lies beside a module, checked to be inert for gr.HTML.

    Gradio runs a template through Handlebars and then as a JavaScript template literal, so a backtick, a
    backslash, "${" or "{{" would be executed or eaten. Ours hold none: all values are put in by scripts.
    """
    text = asset(module, name)
    for forbidden in ("`", "\\", "${", "{{"):
        if forbidden in text:
            raise ValueError(f"{name} contains {forbidden!r}, which gr.HTML would evaluate.")
    return text
