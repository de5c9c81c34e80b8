"""The faces of a group photo as buttons, equally large however small they are in it."""

from __future__ import annotations

from typing import Any

import gradio as gr

from headshot.authenticity.aligned_pair import portrait
from headshot.files.data_url import data_url
from headshot.photo.subject import face_centre
from headshot.studio.session import Sitting
from headshot.types import Face
from headshot.ui.components.component import component

MOST = 24  # the largest; of a crowd the others are chosen by a click on the photo
_HEIGHT = 150  # px of a tile's picture, twice as it is shown


def faces_value(sitting: Sitting) -> dict[str, Any] | None:
    """The value of `faces` for a photo of several people, from left to right; None where there is one alone."""
    shown = shown_faces(sitting)
    if len(shown) < 2:
        return None
    photo, chosen = sitting.photo.pixels, sitting.subject.face
    images = [data_url(portrait(photo, face.landmarks, _HEIGHT), 82) for face in shown if face.landmarks is not None]
    return {"images": images, "now": next((i for i, face in enumerate(shown) if face is chosen), None)}


def shown_faces(sitting: Sitting) -> list[Face]:
    """The faces of `faces_value`, in its order."""
    clear = [face for face in sitting.subject.faces if face.landmarks is not None]
    return sorted(sorted(clear, key=lambda face: -face.size)[:MOST], key=face_centre)


def faces(**settings: Any) -> gr.HTML:
    """A gr.HTML that shows a `faces_value` or None (nothing); `choose` fires with {index} of the face clicked."""
    return component(__file__, **settings)
