"""The page's layout in another language: the words that stand in it from the first, which no handler has said.

A component's words are translated where they are sent, so that whoever writes a label writes plain English. What is
made of values while the page is built was said in that language already.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from headshot.language import tr
from headshot.ui.components.html import said_html

# The properties of Gradio's components that people read; of these `choices` are pairs of words and value.
_WORDS = ("label", "info", "placeholder")
# In our own components' values and properties: names that programs read.
_CODES = {"name", "key", "id", "state", "tags", "image", "seconds", "chosen", "languages", "engine"}
_PAIRS = {"groups"}  # lists of (name, words)
_SCRIPT = re.compile(r'\btr\(("(?:[^"\\]|\\.)*")')
Say = Callable[[str], str]


def translated(config: Mapping[str, Any], say: Say = tr) -> dict[str, Any]:
    """Of a page's config the components and the scripts of its events, with their words as `say` says them."""
    return {
        "components": [{**one, "props": _props(one["type"], one["props"], say)} for one in config["components"]],
        "dependencies": [
            {**one, "js": script(one["js"], say) if isinstance(one["js"], str) else one["js"]}
            for one in config["dependencies"]
        ],
    }


def _props(kind: str, props: dict[str, Any], say: Say) -> dict[str, Any]:
    if kind in ("api", "state"):
        return props
    other = {key: say(value) if key in _WORDS and isinstance(value, str) else value for key, value in props.items()}
    if isinstance(props.get("choices"), list):
        other["choices"] = [[say(pair[0]), *pair[1:]] for pair in props["choices"]]
    if kind == "button" and isinstance(props.get("value"), str):
        other["value"] = say(props["value"])
    if kind == "markdown" and isinstance(props.get("value"), str):
        other["value"] = "\n".join(markdown(props["value"], say))
    if kind == "html":
        value = props.get("value")
        other["value"] = said_html(value, say) if isinstance(value, str) else _deep(value, say)
        other["html_template"] = said_html(props["html_template"], say) if props.get("html_template") else ""
        other["js_on_load"] = script(props["js_on_load"], say) if props.get("js_on_load") else props.get("js_on_load")
        other["props"] = _deep(props.get("props"), say)
    return other


def script(text: str, say: Say) -> str:
    """JavaScript in which each `tr("…")` has the translated words."""
    return _SCRIPT.sub(lambda m: f"tr({json.dumps(say(json.loads(m[1])), ensure_ascii=False)}", text)


def markdown(text: str, say: Say) -> list[str]:
    """The lines of a Markdown text, one a paragraph or list item, comments left out, as `say` says them."""
    plain = re.sub(r"\s*<!--.*?-->", "", text, flags=re.DOTALL)
    items = [" ".join(item.split()) for item in re.split(r"\n(?=- )|\n\s*\n", plain.strip())]
    return ["- " + say(item[2:]) if item.startswith("- ") else say(item) + "\n" for item in items]


def _deep(value: Any, say: Say) -> Any:
    if isinstance(value, str):
        return said_html(value, say) if value.startswith("<") else say(value)
    if isinstance(value, list):
        return [_deep(one, say) for one in value]
    if isinstance(value, dict):
        pairs = {key: [[name, say(words)] for name, words in value[key]] for key in _PAIRS & value.keys()}
        rest = {key: one for key, one in value.items() if key not in _PAIRS}
        return {key: one if key in _CODES else _deep(one, say) for key, one in rest.items()} | pairs
    return value
