"""The line of consent: whose photo it is, asked before anything is made or measured of one on an app that others reach.

Until the box is ticked no session with a photo's face exists, so that there is nothing a maker, a judge, a gallery or a
download could work on.
"""

from __future__ import annotations

import gradio as gr

from headshot.ui.components.events import QUIET

CONSENT = "This is me, or I may use this photo."
FIRST = "Tick “This is me, or I may use this photo.” first."
_READ = """() => { let known = false; try { known = localStorage.getItem('headshot-consent') === 'true'; } catch {}
  return MANY > 1 ? Array(MANY).fill(known) : known; }"""
_WRITE = "(given) => { try { localStorage.setItem('headshot-consent', String(given)); } catch {} }"
TAKEN_BACK = "You took your consent back: the photo and all that was made of it are forgotten."


def consent_box(elem_id: str, *, asked: bool) -> gr.Checkbox:
    """The box in the open container; unseen where nobody is `asked`."""
    return gr.Checkbox(False, label=CONSENT, visible=asked, elem_id=elem_id)


def remember(page: gr.Blocks, *boxes: gr.Checkbox) -> None:
    """Keep the answer in the visitor's browser, for each of `boxes`; the photo itself is never kept."""
    page.load(None, None, list(boxes), js=_READ.replace("MANY", str(len(boxes))), **QUIET)
    for box in boxes:
        box.input(None, box, None, js=_WRITE, **QUIET)


def given(consent: object, *, asked: bool) -> bool:
    """Whether a photo may be used: nobody is asked here, or the answer is True itself, not what counts as true."""
    return consent is True or not asked
