"""The compare view: original and headshot as a slider, side by side with linked zoom, or blinking.

The view's template never changes; its script takes each new value and keeps mode, zoom and split.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from headshot.files.data_url import data_url
from headshot.imaging import landmarks
from headshot.imaging.face_regions import face_regions
from headshot.language import tr
from headshot.types import U8, Canvas, Headshot
from headshot.ui.components.component import component


def compare_value(
    original: U8,
    result: U8,
    eyes: Sequence[float] | None = None,
    note: str = "",
    quality: int = 90,
    longest: int | None = None,
    names: Sequence[str] | None = None,
    more: Sequence[U8] = (),
    regions: Mapping[str, Sequence[float]] | None = None,
) -> dict[str, Any]:
    """The value of `compare` for two pictures of equal size, (h, w, 3) uint8, framed alike.

    `eyes`: (x0, y0, x1, y1), the box round the eyes in picture px, for "zoom to the eyes"; None: the
    picture's upper middle. `note`: one line under the pictures. `quality`, `longest`: see `data_url`; a
    picture that is scaled down is quicker on its way, and "100%" then means the scaled one. `names` of the two where
    they are not the original and the headshot; `more`: a third and a fourth; `regions`: boxes of the face
    (face_regions) that a table's "Show me" flies to. Raises ValueError where sizes differ.
    """
    for other in (result, *more):
        if original.shape != other.shape:
            raise ValueError(f"The pictures differ in size: {original.shape} and {other.shape}.")
    height, width = original.shape[:2]
    box = eyes if eyes is not None else (0.32 * width, 0.3 * height, 0.68 * width, 0.5 * height)
    scale = min(1.0, longest / max(height, width)) if longest else 1.0
    return {
        "original": data_url(original, quality, longest),
        "result": data_url(result, quality, longest),
        "width": round(width * scale),
        "height": round(height * scale),
        "eyes": [float(v) * scale for v in box],
        "busy": False,
        "note": note,
        "names": None if names is None else list(names),
        "more": [data_url(one, quality, longest) for one in more],
        "regions": {name: [round(float(v) * scale, 1) for v in box] for name, box in (regions or {}).items()},
    }


def result_value(result: Headshot, note: str = "") -> dict[str, Any]:
    """The value of `compare` for a made picture beside its photo, with the zoom at the eyes."""
    canvas = result.canvas
    return compare_value(
        canvas.original, result.picture, eyes_box(canvas), note, regions=face_regions(canvas.landmarks)
    )


def eyes_box(canvas: Canvas) -> tuple[float, float, float, float]:
    """The box (x0, y0, x1, y1) around both eyes, canvas px."""
    return landmarks.eyes_box(canvas.landmarks[landmarks.IRISES, :2], canvas.eye_distance)


def compare_busy(note: str = "", progress: float | None = None) -> dict[str, Any]:
    """A value that keeps the pictures that are there, dimmed, under a progress line.

    `progress` 0..1, or None while it is not known. To show an engine's preview undimmed, with the line
    below it: `compare_value(…) | compare_busy(…)`.
    """
    return {"busy": True, "note": note or tr("Making your headshot"), "progress": progress}


def compare_idle(note: str = "", *, older: bool | None = None) -> dict[str, Any]:
    """A value that keeps the pictures that are there and ends `compare_busy`, after an error say.

    `older`: whether they are marked as made with other settings; None leaves the mark as it is.
    """
    return {"busy": False, "note": note, **({} if older is None else {"older": older})}


def compare(
    value: dict[str, Any] | None = None,
    empty: str = "Add a photo, and your headshot appears here beside it.",
    *,
    mends: bool = False,
    **settings: Any,
) -> gr.HTML:
    """A gr.HTML that shows a `compare_value`, a `compare_busy`, a `compare_idle`, or None (empty).

    `empty`: the words where there is nothing yet; `mends`: clicks mend the cut-out. `settings` go to gr.HTML. Use it
    as an output only, with `show_progress="hidden"`: it shows its own progress. Keys, when no text field has the focus:
    holding Space shows the original, B and C blink, Z zooms to the eyes and back, F fills the screen.
    A button `.hs-show` in the same tab flies to its `data-region`. Fires `mended` with {x, y} (shares of the picture)
    and {keep} for a place that the cut-out has wrong.
    """
    return component(
        __file__,
        value,
        "compare_input.js",
        "compare_mend.js",
        "compare_show.js",
        fixed={"empty": empty, "mends": str(mends).lower()},
        **settings,
    )
