"""The IPTC digital source type: how much of a picture an AI painted.

NewsCodes: https://cv.iptc.org/newscodes/digitalsourcetype/
"""

from __future__ import annotations

from headshot.direction.engine_table import is_own
from headshot.types import Headshot

SCHEME = "http://cv.iptc.org/newscodes/digitalsourcetype/"
OWN_PIXELS = SCHEME + "algorithmicallyEnhanced"
COMPOSITE = SCHEME + "compositeWithTrainedAlgorithmicMedia"
GENERATED = SCHEME + "trainedAlgorithmicMedia"

WORDS = {
    OWN_PIXELS: "own pixels, enhanced by software",
    COMPOSITE: "partly painted by an AI model, the rest a photo",
    GENERATED: "painted by an AI model",
    SCHEME + "digitalCapture": "a photo from a camera",
    SCHEME + "computationalCapture": "a photo from a camera, computed from several exposures",
    SCHEME + "compositeSynthetic": "put together from parts, some of them synthetic",
    SCHEME + "humanEdits": "edited by a person",
}


def source_type(result: Headshot) -> str:
    """Choose one of the three for a result. `kept` counts the face alone, so a new backdrop makes a composite."""
    if is_own(result.engine) or result.picture is result.canvas.picture:
        return OWN_PIXELS
    return COMPOSITE if result.kept > 0.5 else GENERATED
