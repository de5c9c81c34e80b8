"""A look as a link: "?look=NAME" opens the page with it; else it opens with the look that this browser had last."""

from __future__ import annotations

from typing import Any

import gradio as gr

from headshot.direction.presets import load_presets
from headshot.ui.components.events import QUIET
from headshot.ui.make.parts import Parts

# The address is the browser's: a proxy may have put the page anywhere.
_ADDRESS = "(look) => location.origin + location.pathname + '?look=' + encodeURIComponent(String(look).split('/')[0])"

_LAST = """(_, ...rest) => { let last = ''; try { last = localStorage.getItem('headshot-look') || ''; } catch {}
  return [last, ...rest]; }"""
_REMEMBER = "(look) => { try { localStorage.setItem('headshot-look', String(look).split('/')[0]); } catch {} }"


def link_panel(parts: Parts) -> None:
    """Lay the field out in the open container; `connect` wires it."""
    parts.link = gr.Textbox(
        "",
        label="This look as a link",
        info="It holds the look's name alone, never your photo",
        interactive=False,
        buttons=["copy"],
        elem_id="look-link",
    )


def look_asked_for(request: gr.Request | None) -> str | None:
    """The look that the page's address asks for, if there is one of that name."""
    wanted = str(dict(request.query_params).get("look", "")) if request is not None else ""
    return wanted if wanted in load_presets() else None


def connect(blocks: gr.Blocks, parts: Parts, choose: Any) -> None:
    """Wire the link. `choose` (session, loaded looks, tile, engine) answers with a look's values for the controls."""

    def arrive(last: str, loaded_looks: Any, engine: str, request: gr.Request) -> Any:
        look = look_asked_for(request) or (last if last in load_presets() else None)
        return gr.skip() if look is None else {parts.look: look, **choose(None, loaded_looks, look, engine)}

    last = gr.Textbox("", visible=False)
    blocks.load(arrive, [last, parts.loaded_looks, parts.engine], [parts.look, *parts.controls], js=_LAST, **QUIET)
    parts.look.input(None, parts.look, None, js=_REMEMBER, **QUIET)
    gr.on([parts.look.change, blocks.load], None, parts.look, parts.link, js=_ADDRESS, **QUIET)
