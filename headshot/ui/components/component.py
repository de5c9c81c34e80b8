"""A component of ours as a gr.HTML: its template, style and script are files beside the Python module."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from headshot.text import asset


def component(
    module: str, value: Any = None, *more_scripts: str, fixed: Mapping[str, str] | None = None, **settings: Any
) -> gr.HTML:
    """Build a gr.HTML from the files of `module` (its `__file__`): name.html, name.css, and dom.js before name.js.

    `more_scripts`: files that follow in the same script; `fixed`: the words for each [[name]] of the template;
    `settings` go to gr.HTML, properties for the script too. A property that Python never changes belongs in `fixed`: in
    a tab that was not opened yet, Gradio forgets the properties with the first answer to the component.
    """
    name = Path(module).stem
    scripts = [asset(__file__, "dom.js"), *(asset(module, script) for script in (f"{name}.js", *more_scripts))]
    return gr.HTML(
        value,
        html_template=template(module, f"{name}.html", fixed),
        css_template=template(module, f"{name}.css"),
        js_on_load="\n".join(scripts),
        apply_default_css=False,
        **{"elem_classes": ["hs-bare"], **settings},
    )


def template(module: str, name: str, fixed: Mapping[str, str] | None = None) -> str:
    """Read an HTML or CSS file that lies beside a module, with the words of `fixed` put in, checked to be inert.

    Gradio runs a template through Handlebars and then as a JavaScript template literal, so a backtick, a
    backslash, "${" or "{{" would be executed or eaten. Ours hold none: values that change are put in by scripts.
    """
    text = asset(module, name)
    for key, words in (fixed or {}).items():
        text = text.replace(f"[[{key}]]", escape(words))
    for forbidden in ("`", "\\", "${", "{{"):
        if forbidden in text:
            raise ValueError(f"{name} contains {forbidden!r}, which gr.HTML would evaluate.")
    return text
