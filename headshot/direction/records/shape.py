"""Features of the face that move, on own pixels; 0 moves nothing. The bounds are `headshot.canvas.reshape`'s."""

from __future__ import annotations

from functools import partial

from headshot.direction.records.groups import EYES, MOUTH, SHAPE
from headshot.direction.setting import HeededBy, Setting

_moved = partial(
    Setting, low=-1.0, group=SHAPE, heeded_by=HeededBy.PHOTO, finish=True, moves=True, spread=(-1, -0.5, 0, 0.5, 1)
)

RECORDS: dict[str, Setting] = {
    "shape.smile": _moved("Corners of the mouth down or up", "at most 6% of the eye distance", group=MOUTH),
    "shape.eyes": _moved("Eyes narrower or more open", "height of the eyes, at most 10%", group=EYES),
    "shape.brows": _moved("Brows lower or higher", "at most 4% of the eye distance", group=EYES),
    "shape.level": _moved(
        "Eyes brought to one height", "at most 3% of the eye distance", group=EYES, low=0.0, spread=(0, 0.5, 1)
    ),
    "shape.tilt": _moved("Head tilted to the left or right", "roll, at most 3 degrees"),
    "shape.face": _moved("Face narrower or wider", "cheeks and jaw, at most 6%"),
    "shape.jaw": _moved("Jaw narrower or wider", "at most 8%"),
    "shape.nose": _moved("Nose narrower or wider", "at most 8%"),
}
