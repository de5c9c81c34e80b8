"""A light meter and a level for the camera of the photo field, in the browser alone."""

from __future__ import annotations

from typing import Any

import gradio as gr

from headshot.ui.components.component import component


def camera_guide(**settings: Any) -> gr.HTML:
    """A gr.HTML that is in sight while the camera of `#photo` runs. It says whether the light in the oval will do, and
    where the device has a sensor, how far it is tilted.
    """
    return component(__file__, **settings)
