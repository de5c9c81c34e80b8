"""The frame, and where the camera stands."""

from __future__ import annotations

from functools import partial

from headshot.direction.phrases import frame_band
from headshot.direction.records.ends import end
from headshot.direction.records.groups import CROP
from headshot.direction.setting import Adjustment, HeededBy, Setting
from headshot.types import ASPECTS

_IN_WORDS, _PHOTO = HeededBy.ALL_IN_WORDS, HeededBy.PHOTO
_crop = partial(Setting, group=CROP)

RECORDS: dict[str, Setting] = {
    "crop.aspect": _crop("Shape of the picture", "aspect ratio", kind="choice", choices=ASPECTS),
    "crop.head_height": _crop(
        "Size of the head",
        "crown to chin",
        low=0.3,
        high=0.7,
        step=0.01,
        heeded_by=_IN_WORDS,
        band=frame_band,
        ways=("closer", "wider"),
        slider="Closer",
        spread=(0.42, 0.5, 0.58),
        adjustments=(
            Adjustment("closer", "Closer", 0.04, end("close"), 50),
            Adjustment("wider", "Wider", -0.04, end("wide"), 60),
        ),
    ),
    "crop.eye_line": _crop(
        "Height of the eyes",
        "eye line from the top",
        low=0.3,
        high=0.5,
        step=0.01,
        heeded_by=_PHOTO,
        spread=(0.38, 0.42, 0.46),
    ),
    "crop.level": _crop("Straighten a tilted head", "roll correction", heeded_by=_PHOTO),
    "crop.lens": _crop(
        "Nearer or farther camera",
        "lens feel: the nose grows or shrinks by at most 3.5% against the ears",
        low=-1.0,
        step=0.1,
        heeded_by=_IN_WORDS,
        spread=(-1, 0, 1),
    ),
    "crop.camera_height": _crop(
        "Lower or higher camera",
        "camera height, at most 1.5 degrees of tilt",
        low=-1.0,
        step=0.1,
        heeded_by=_IN_WORDS,
        spread=(-1, 0, 1),
    ),
}
