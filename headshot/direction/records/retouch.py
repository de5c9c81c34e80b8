"""What is retouched: skin, eyes, mouth, and the finish of the whole picture."""

from __future__ import annotations

from functools import partial

from headshot.direction.records.groups import EYES, FINISHING, HAIR, MOUTH, SKIN
from headshot.direction.setting import HeededBy, Setting

_WAYS = ("more", "less")
_face = partial(Setting, heeded_by=HeededBy.PHOTO, finish=True, ways=_WAYS)
_finishing = partial(Setting, group=FINISHING)

RECORDS: dict[str, Setting] = {
    "retouch.heal": Setting("Healed spots", "spot healing", kind="places", heeded_by=HeededBy.PHOTO),
    "retouch.shine": _face("Less shine", "specular highlights", group=SKIN),
    "retouch.redness": _face("Less redness", "hue of the skin", group=SKIN),
    "retouch.under_eyes": _face("Lighter under the eyes", "under-eye shadows", group=EYES),
    "retouch.red_eyes": _face("Red of a flash out of the eyes", "red-eye removal", group=EYES),
    "retouch.glare": _face("Less glare on glasses", "reflections, off the skin behind them", group=EYES),
    "retouch.stray_hairs": _face("Fewer stray hairs", "single strands outside the outline", group=HAIR),
    "retouch.teeth": _face("Whiter teeth", "teeth, no whiter than the whites of the eyes", group=MOUTH),
    "retouch.skin": _face("Even out the skin", "frequency separation", group=SKIN, slider="Smoother skin"),
    "retouch.eyes": Setting("Clearer eyes", group=EYES, heeded_by=HeededBy.PHOTO, finish=True),
    "retouch.sharpness": _finishing("Sharpness", "unsharp mask", finish=True, ways=("sharper", "less sharp")),
    "retouch.contrast": _finishing("Contrast", "tone curve", finish=True, ways=_WAYS),
    "retouch.mono": _finishing("Black and white", "desaturation"),
    "retouch.grain": _finishing("Film grain", ways=_WAYS),
}
