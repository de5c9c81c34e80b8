"""The IPTC digital source type: how much of a picture an AI painted.

NewsCodes: https://cv.iptc.org/newscodes/digitalsourcetype/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from headshot.direction.engine_table import is_own
from headshot.files.retouched_words import retouched_in
from headshot.language import Said
from headshot.types import Headshot

SCHEME = "http://cv.iptc.org/newscodes/digitalsourcetype/"
OWN_PIXELS = SCHEME + "algorithmicallyEnhanced"
RETOUCHED = SCHEME + "humanEdits"  # by a person's wish, "using non-generative tools"
COMPOSITE = SCHEME + "compositeWithTrainedAlgorithmicMedia"
GENERATED = SCHEME + "trainedAlgorithmicMedia"

CAPTURED = frozenset({SCHEME + "digitalCapture", SCHEME + "computationalCapture"})

WORDS: Mapping[str, str] = Said(
    {
        OWN_PIXELS: "own pixels, enhanced by software",
        COMPOSITE: "partly painted by an AI model, the rest a photo",
        GENERATED: "painted by an AI model",
        SCHEME + "digitalCapture": "a photo from a camera",
        SCHEME + "computationalCapture": "a photo from a camera, computed from several exposures",
        SCHEME + "compositeSynthetic": "put together from parts, some of them synthetic",
        RETOUCHED: "a photo, retouched by a person’s wish, no part of it painted by an AI",
    }
)


# How much an AI painted, least first. What is not listed says nothing of it.
_PAINTED = {OWN_PIXELS: 0, COMPOSITE: 1, SCHEME + "compositeSynthetic": 1, GENERATED: 2}


def source_type(result: Headshot) -> str:
    """Choose one of the four for a result: never a weaker one than its photo claimed.

    `kept` counts the face alone, so a new backdrop makes a composite.
    """
    if is_own(result.engine) or result.picture is result.canvas.picture:
        made = RETOUCHED if retouched_in(result) else OWN_PIXELS
    else:
        made = COMPOSITE if result.kept > 0.5 else GENERATED
    return strongest(made, result.claimed) or made


def source_type_of_all(results: Iterable[Headshot]) -> str:
    """Choose the one that says most for several results in one file."""
    sources = {source_type(result) for result in results}
    most = strongest(OWN_PIXELS, *sources)
    return RETOUCHED if most == OWN_PIXELS and RETOUCHED in sources else most


def strongest(*sources: str) -> str:
    """Give the one of OWN_PIXELS, COMPOSITE and GENERATED that says most of what an AI painted; "" if none says any."""
    most = max((_PAINTED.get(source, -1) for source in sources), default=-1)
    return (OWN_PIXELS, COMPOSITE, GENERATED)[most] if most >= 0 else ""
