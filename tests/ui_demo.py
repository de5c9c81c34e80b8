"""A page with every building block and no engine behind it, for the browser tests and for looking at.

`python tests/ui_demo.py [PORTRAIT]` serves it on 127.0.0.1:7861.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import cv2
import gradio as gr
import numpy as np

from headshot.files.data_url import data_url
from headshot.types import RUNGS, AuthenticityReport, Check, Direction, Finding
from headshot.ui.components.avatars.avatars import circles, circles_value
from headshot.ui.components.compare.compare import compare, compare_busy, compare_idle, compare_value
from headshot.ui.components.gallery.gallery import gallery, gallery_looks
from headshot.ui.components.html import engine_html, footer_html, header_html, step_html
from headshot.ui.components.ladder.ladder import ladder, ladder_rungs
from headshot.ui.report.html import checks_html, report_html
from headshot.ui.theme import PAGE_CSS, HeadshotTheme

TITLES = ["Corporate", "Startup", "Creative", "Academic", "Medical", "Legal", "Actor", "Speaker"]
PRESETS = [Direction(preset=t.lower(), title=t, summary=f"{t}: soft light, plain backdrop.") for t in TITLES]


def told(event: gr.EventData) -> str:
    """What the gallery says is in sight."""
    return f"sought {' '.join(event._data['names'])}"


NEEDS = "needs 4.1 GB of weights, non-commercial licence"
REASONS = {name: NEEDS for _, name in RUNGS[2:]}
EYES = (150.0, 180.0, 330.0, 250.0)

CHECKS = [
    Check("sharp", "green", "The photo is sharp."),
    Check("light", "amber", "The light comes from one side.", "Turn towards the window."),
    Check("size", "red", "The face is too small.", "Come closer, or take a larger photo."),
    Check("eyes", "grey", "Whether the eyes are open cannot be told under glasses."),
]
REPORT = AuthenticityReport(
    findings=(
        Finding(
            "likeness",
            0.07,
            "",
            "green",
            "Closer than 71% of ordinary photo pairs of one person.",
            "dlib ResNet, Euclidean distance, mean with the flipped crop",
            "green ≤ 0.10, red > 0.25",
            "https://github.com/davisking/dlib-models",
            "Likeness",
        ),
        Finding(
            "beyond_light",
            2.1,
            "L*",
            "amber",
            "Skin is lighter than the new light explains.",
            "Difference of CIELAB lightness beyond the fitted light",
            "amber > 1.5, red > 4",
            "recipe 6",
            "Skin",
        ),
        Finding(
            "eye_size",
            0.02,
            "%",
            "green",
            "Eyes, nose and mouth keep their size.",
            "Dense registration",
            "within 0.3%",
            "recipe 5",
            "Shape",
        ),
        Finding(
            "age",
            None,
            "years",
            "grey",
            "Not measured, because no such model is on this machine.",
            "",
            title="Age",
        ),
        Finding(
            "skin_lightness",
            -0.8,
            "L*",
            "grey",
            "Overall skin lightness, with the light.",
            "Two swatches",
            title="Skin lightness",
        ),
    ),
    regime="Compared with the same photo: sharp cuts.",
    axes=frozenset({"likeness", "beyond_light", "eye_size", "age"}),
)


@dataclass(frozen=True)
class Pictures:
    original: np.ndarray
    result: np.ndarray
    eyes: tuple[float, float, float, float] = EYES


def synthetic() -> Pictures:
    """A drawn head, 480×600: blue backdrop in the original, red in the result; a green mark in both."""
    pictures = []
    for backdrop in ((60, 90, 200), (200, 70, 60)):
        picture = np.full((600, 480, 3), backdrop, np.uint8)
        cv2.ellipse(picture, (240, 240), (115, 150), 0, 0, 360, (224, 180, 150), -1, cv2.LINE_AA)
        for x in (195, 285):
            cv2.circle(picture, (x, 215), 12, (40, 30, 30), -1, cv2.LINE_AA)
        cv2.rectangle(picture, (20, 20), (60, 60), (0, 180, 0), -1)
        pictures.append(picture)
    return Pictures(*pictures)


def thumbnails(pictures: Pictures, count: int) -> dict[str, str]:
    """A tinted small copy for each of the first `count` looks."""
    small = cv2.resize(pictures.result, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
    tints = np.linspace(0.8, 1.1, len(PRESETS))
    return {
        p.preset: data_url(np.clip(small * [t, 1, 1.9 - t], 0, 255).astype(np.uint8), 82, longest=220)
        for p, t in list(zip(PRESETS, tints, strict=True))[:count]
    }


def build(pictures: Pictures, filled: bool = True) -> gr.Blocks:
    """The demo. `filled`: start with pictures; otherwise empty."""

    def pair() -> dict[str, Any]:
        return compare_value(pictures.original, pictures.result, pictures.eyes, "Framed alike, eyes on one line.")

    def swapped() -> dict[str, Any]:
        brighter = np.clip(pictures.result.astype(np.int16) + 25, 0, 255).astype(np.uint8)
        return compare_value(pictures.original, brighter, pictures.eyes, "Second value.")

    with gr.Blocks(title="Headshot UI", analytics_enabled=False) as demo:
        gr.HTML(
            header_html("Headshot", "One photo in, a professional headshot beside it."),
            elem_classes=["hs-bare"],
        )
        with gr.Row(elem_classes=["hs-flow"]):
            with gr.Column(scale=4, min_width=320):
                with gr.Column(elem_classes=["hs-card", "hs-o1"]):
                    gr.HTML(step_html(1, "Your photo"), elem_classes=["hs-bare"])
                    gr.HTML(checks_html(CHECKS), elem_classes=["hs-bare"], apply_default_css=False)
                with gr.Column(elem_classes=["hs-card", "hs-o3"]):
                    gr.HTML(step_html(2, "Look", "preset"), elem_classes=["hs-bare"])
                    looks = gallery(
                        "corporate",
                        gallery_looks(PRESETS, thumbnails(pictures, 8 if filled else 0)),
                        elem_id="looks",
                    )
                with gr.Column(elem_classes=["hs-card", "hs-o4"]):
                    gr.HTML(step_html(3, "How much may we change you?", "strength"), elem_classes=["hs-bare"])
                    rungs = ladder(0.25, ladder_rungs(REASONS, "Set up"), elem_id="rungs")
                    words = gr.Textbox(
                        label="In your words", placeholder="calm professor, window light", elem_id="words"
                    )
                    with gr.Accordion("Light", open=False):
                        gr.Slider(0, 1, 0.35, label="Key light")
            with gr.Column(scale=7, min_width=320):
                with gr.Column(elem_classes=["hs-card", "hs-o2"]):
                    view = compare(pair() if filled else None, elem_id="view")
                    with gr.Row():
                        again = gr.Button("Make it again", variant="primary", elem_id="again")
                        busy = gr.Button("Busy", elem_id="busy")
                        preview = gr.Button("Preview", elem_id="preview")
                        idle = gr.Button("Idle", elem_id="idle")
                        free = gr.Button("Unlock", elem_id="free")
                        fill = gr.Button("Thumbnails", elem_id="fill")
                with gr.Column(elem_classes=["hs-card", "hs-o5"]):
                    gr.HTML(step_html(4, "Still you?"), elem_classes=["hs-bare"])
                    gr.HTML(
                        report_html(REPORT, "Your skin is lighter than the light explains. Look before you use it."),
                        elem_classes=["hs-bare"],
                        apply_default_css=False,
                    )
                with gr.Column(elem_classes=["hs-card", "hs-o6"]):
                    gr.HTML(step_html(5, "As a profile picture"), elem_classes=["hs-bare"])
                    circles(
                        circles_value(pictures.original, pictures.result, pictures.eyes) if filled else None,
                        elem_id="circles",
                    )
                log = gr.Textbox(label="Events", elem_id="log", elem_classes=["hs-o7"])
                # One of its own: it comes a moment after the others, and would stand in the place of what they said.
                seen = gr.Textbox(label="Looks in sight", elem_id="seen", elem_classes=["hs-o7"])
        gr.HTML(
            footer_html(
                "Photos stay on this machine and are deleted after 10 minutes.",
                "privacy",
                engine_html("own pixels", 0.4),
            ),
            elem_classes=["hs-bare"],
        )
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        again.click(swapped, None, view, **quiet)
        busy.click(lambda: compare_busy("Laying in the backdrop", 0.4), None, view, **quiet)
        preview.click(lambda: pair() | compare_busy("Step 3 of 8", 0.375), None, view, **quiet)
        idle.click(lambda: compare_idle("Stopped."), None, view, **quiet)
        free.click(lambda: gr.update(value=1.0, rungs=ladder_rungs()), None, rungs, **quiet)
        fill.click(lambda: gr.update(looks=gallery_looks(PRESETS, thumbnails(pictures, 3))), None, looks, **quiet)
        rungs.input(lambda v: f"ladder {v!r}", rungs, log, **quiet)
        looks.input(lambda name: f"gallery {name}", looks, log, **quiet)
        looks.sought(told, None, seen, **quiet)

        def on_setup(event: gr.EventData) -> str:
            return f"setup {event.rung}"

        rungs.setup(on_setup, None, log, **quiet)
        words.submit(lambda w: f"words {w}", words, log, **quiet)
    return demo


def serve(pictures: Pictures, filled: bool = True, port: int | None = None) -> tuple[gr.Blocks, str]:
    """Starts the demo on loopback without blocking: the app and its address."""
    demo = build(pictures, filled)
    _, url, _ = demo.launch(
        theme=HeadshotTheme(),
        css=PAGE_CSS,
        server_name="127.0.0.1",
        server_port=port,
        quiet=True,
        prevent_thread_lock=True,
        run_history=False,
        share=False,
    )
    return demo, url


def portrait(path: str) -> Pictures:
    """A photo beside a darker-backdrop copy of itself, only to look at the page with."""
    picture = cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)
    height, width = picture.shape[:2]
    tall = min(height, round(width * 1.25))
    picture = picture[:tall]
    y, x = np.mgrid[0:tall, 0:width]
    away = np.clip(np.hypot((x / width - 0.5) / 0.42, (y / tall - 0.5) / 0.6) - 0.6, 0, 1)[..., None]
    result = np.clip(picture * 1.06 * (1 - away) + np.array([112, 118, 124]) * away, 0, 255).astype(np.uint8)
    eyes = (0.36 * width, 0.27 * tall, 0.64 * width, 0.38 * tall)
    return Pictures(np.ascontiguousarray(picture), result, eyes)


if __name__ == "__main__":
    chosen = portrait(sys.argv[1]) if len(sys.argv) > 1 else synthetic()
    serve(chosen, port=7861)[0].block_thread()
