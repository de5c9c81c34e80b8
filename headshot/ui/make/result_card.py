"""What the result's card shows: a picture, a preview on its way, nothing yet, or nothing by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import gradio as gr

from headshot.types import Headshot, Preview
from headshot.ui.components.avatars.avatars import circles_value
from headshot.ui.components.compare.compare import compare_busy, compare_idle, compare_value
from headshot.ui.components.html import engine_html
from headshot.ui.make import session as desks
from headshot.ui.make.history_panel import history_updates
from headshot.ui.make.session import Desk

if TYPE_CHECKING:
    from headshot.ui.parts import Parts

VISIBLE, HIDDEN = gr.update(visible=True), gr.update(visible=False)


def picture(p: Parts, now: Desk, result: Headshot, number: int = 0) -> dict[Any, Any]:
    """The updates that show a result, the candidate `number` of its request."""
    if now.held_back:
        return held_back(p, now)
    eyes = desks.eyes_box(result.canvas)
    note = " ".join(result.notes) or "Framed alike, eyes on one line."
    own = result.engine == "retouch"
    made = "Made of your own pixels" if own else f"Painted by {result.engine}, {result.kept:.0%} of the face your own"
    several = len(now.candidates) > 1
    choices = [(f"Picture {i + 1}", i) for i in range(len(now.candidates))]
    return {
        p.desk: now,
        p.view: compare_value(result.canvas.original, result.picture, eyes, note),
        p.save: gr.update(interactive=True),
        p.badge: engine_html(made, result.seconds),
        p.door: circles_value(result.canvas.original, result.picture, eyes),
        p.make: gr.update(visible=not own),
        p.stop: HIDDEN,
        p.candidate: gr.update(choices=choices, value=number if several else None, visible=several),
        **history_updates(p.history, now),
    }


def held_back(p: Parts, now: Desk) -> dict[Any, Any]:
    """In the place of a picture that is to be judged by eye first: nothing that would name it."""
    return {
        p.desk: now,
        p.view: compare_busy("By eye first: two pictures without names"),
        p.badge: "",
        p.door: None,
        p.candidate: HIDDEN,
        p.stop: HIDDEN,
        **history_updates(p.history, None),
    }


def stopped(p: Parts, now: Desk) -> dict[Any, Any]:
    """What is there when painting has ended early: the last painted picture, of now or of before, if there is one."""
    last = now.last
    if last is None or last.engine == "retouch":
        idle = compare_idle("Stopped before the first picture was done.")
        return {p.desk: now, p.view: idle, p.make: VISIBLE, p.stop: HIDDEN}
    return picture(p, now, last, max(0, len(now.candidates) - 1))


def preview(p: Parts, now: Desk, item: Preview) -> dict[Any, Any]:
    """How far a generator is, with the picture as it stands."""
    share = item.step / item.steps if item.steps else None
    left = f"step {item.step} of {item.steps}" + (f", {item.remaining:.0f} s left" if item.remaining else "")
    busy = compare_busy(item.note or left, share)
    last, buttons = now.last, {p.make: HIDDEN, p.stop: VISIBLE}
    if item.picture is None or last is None or now.by_eye:
        return {p.view: busy, **buttons}
    height, width = item.picture.shape[:2]
    original = cv2.resize(last.canvas.original, (width, height), interpolation=cv2.INTER_AREA)
    return {p.view: compare_value(original, item.picture) | busy, **buttons}
