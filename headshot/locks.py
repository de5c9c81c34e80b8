"""The lock list: "keep my glasses, grey hair, freckles": words for the prompt, a region, and a check afterwards.

A lock never says what a person is; it repeats the user's own words. The check takes a measure of the report where there
is one. Where there is none it says so, unless the region was kept by construction: own pixels that no step may change.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from headshot.authenticity.quality import FACE_OVAL
from headshot.bounds import clean
from headshot.types import F32, AuthenticityReport, Canvas, Headshot

Place = Literal["eyes", "brows", "lower face", "face", "hair", "clothes", ""]
_NOSE_BASE = 2  # MediaPipe FaceMesh
_EYES = (33, 133, 159, 145, 263, 362, 386, 374, 70, 105, 107, 336, 334, 300, 168)  # lids and brows: what glasses cover
_BROWS = (70, 63, 105, 66, 107, 55, 65, 52, 53, 46, 300, 293, 334, 296, 336, 285, 295, 282, 283, 276)
_KEPT = 0.98  # of the region must be own pixels for "kept by construction"


@dataclass(frozen=True)
class Lock:
    """One thing to keep. `said`: the user's words; `prompt` and `avoid`: words for a generator; `place`: where it is;
    `measures`: ids of the report's findings that would see its loss, () where nothing measures it.
    """

    name: str
    said: str
    prompt: str
    avoid: str
    place: Place
    measures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kept:
    """The check of one lock. `state`: "kept", "lost", "look here" or "not measured"; `sentence` for people."""

    lock: Lock
    state: Literal["kept", "lost", "look here", "not measured"]
    sentence: str


# name, words that mean it, prompt ("{}" is what the user said), negative prompt, place, measures of the report
_TABLE: tuple[tuple[str, str, str, str, Place, tuple[str, ...]], ...] = (
    ("glasses", r"glasses|spectacles|eyeglasses", "wearing the same {}", "without glasses, sunglasses", "eyes", ()),
    ("hair", r"(?:\w+ )?(?:\w+ )?hair|curls|fringe|bangs|parting|braids|dreadlocks|locs|afro|bald(?: head)?|hairline",
     "the same {}", "different hair", "hair", ()),
    ("head covering", r"hijab|head ?scarf|turban|kippah?|yarmulke|patka|hat|cap|headwrap", "wearing the same {}",
     "uncovered head", "hair", ()),
    ("beard", r"(?:\w+ )?beard|moustache|mustache|stubble|goatee", "the same {}", "clean shaven", "lower face", ()),
    ("marks", r"freckles?|moles?|birthmarks?|beauty spots?|scars?|acne|spots", "visible {}", "flawless skin", "face",
     ("marks",)),
    ("wrinkles", r"wrinkles|lines|crow'?s feet|pores|skin texture", "natural {}", "airbrushed, plastic skin", "face",
     ("texture",)),
    ("skin colour", r"skin (?:colou?r|tone)|complexion|tan", "the same {}", "lightened skin, darkened skin", "face",
     ("beyond_light", "skin_hue")),
    ("eye colour", r"(?:\w+ )?eyes|eye colou?r", "the same {}", "different eye colour", "eyes", ("iris", "eye_size")),
    ("nose", r"nose", "the same {}", "different nose", "face", ("nose_width", "face_shape")),
    ("jaw", r"jaw(?:line)?|chin|face shape|double chin|cheeks", "the same {}", "slimmer face", "face",
     ("jaw_width", "face_shape")),
    ("asymmetry", r"asymmetry|crooked smile|uneven (?:face|smile)", "natural {}", "perfectly symmetric face", "face",
     ("asymmetry",)),
    ("eyebrows", r"(?:\w+ )?(?:eye)?brows", "the same {}", "different eyebrows", "brows", ()),
    ("clothes", r"(?:\w+ )?(?:shirt|jacket|tie|dress|uniform|scarf|blouse|jumper|sweater|suit|clothes)",
     "wearing the same {}", "other clothes", "clothes", ()),
    ("jewellery", r"(?:\w+ )?(?:earrings?|piercings?|necklace|jewell?ery|bindi)", "wearing the same {}",
     "without jewellery", "", ()),
)  # fmt: skip


def locks(words: str) -> tuple[tuple[Lock, ...], str]:
    """The locks in a list such as "keep my glasses, grey hair and freckles", and the words that none of them covers.

    The rest is still worth saying to a generator, and is never checked.
    """
    found: list[Lock] = []
    rest: list[str] = []
    text = re.sub(r"^\s*(?:please )?(?:keep|lock|don'?t change|leave)\s+", "", clean(words), flags=re.IGNORECASE)
    for part in re.split(r",|;|\band\b", text):
        said = re.sub(r"^(?:keep |my |the |a )+", "", part.strip(), flags=re.IGNORECASE).strip()
        if not said:
            continue
        for name, pattern, prompt, avoid, place, measures in _TABLE:
            if re.fullmatch(pattern, said, re.IGNORECASE):
                found.append(Lock(name, said, prompt.replace("{}", said), avoid, place, measures))
                break
        else:
            rest.append(said)
    return tuple(found), ", ".join(rest)


def prompt_words(kept: Sequence[Lock]) -> tuple[str, str]:
    """(words for the prompt, words for the negative prompt), each part once."""
    return ", ".join(dict.fromkeys(k.prompt for k in kept)), ", ".join(dict.fromkeys(k.avoid for k in kept))


def region(canvas: Canvas, lock: Lock) -> F32:
    """Where the locked thing is, (h, w) float32 0..1: for a generator's change map, 1 = keep. Empty for no place."""
    shape = canvas.matte.shape
    match lock.place:
        case "":
            return np.zeros(shape, np.float32)
        case "face" | "hair" | "clothes":
            return canvas.regions[lock.place]
        case "eyes":
            return _hull(canvas, _EYES, 0.16)
        case "brows":
            # Each brow for itself: one hull of both would take the bridge of the nose.
            half = len(_BROWS) // 2
            return np.maximum(_hull(canvas, _BROWS[:half], 0.06), _hull(canvas, _BROWS[half:], 0.06))
        case _:
            floor = canvas.landmarks[_NOSE_BASE, 1]
            points = [i for i in FACE_OVAL if canvas.landmarks[i, 1] > floor]
            return _hull(canvas, [_NOSE_BASE, *points], 0.05)


def keep_map(canvas: Canvas, kept: Sequence[Lock]) -> F32:
    """All locked regions together, (h, w) float32 0..1."""
    total = np.zeros(canvas.matte.shape, np.float32)
    for lock in kept:
        total = np.maximum(total, region(canvas, lock))
    return total


def check(kept: Sequence[Lock], result: Headshot, report: AuthenticityReport) -> tuple[Kept, ...]:
    """Each lock in the finished picture: by the report's measures, by construction, or honestly not measured."""
    return tuple(_check(lock, result, report) for lock in kept)


def _check(lock: Lock, result: Headshot, report: AuthenticityReport) -> Kept:
    findings = [f for f in (report.get(m) for m in lock.measures) if f is not None and f.state != "grey"]
    for state, name in (("red", "lost"), ("amber", "look here")):
        bad = [f for f in findings if f.state == state]
        if bad:
            return Kept(lock, "lost" if name == "lost" else "look here", f"Your {lock.said}: {bad[0].sentence}")
    if findings:
        return Kept(lock, "kept", f"Your {lock.said}: {findings[0].sentence}")
    if _untouched(lock, result):
        return Kept(lock, "kept", f"Your {lock.said}: kept. These are your photo's own pixels.")
    why = "the report could not measure it here" if lock.measures else "nothing here measures it. Look for yourself"
    return Kept(lock, "not measured", f"Your {lock.said}: not measured, {why}.")


def _untouched(lock: Lock, result: Headshot) -> bool:
    """Whether no step of the engine could change the lock's region."""
    if result.engine == "retouch":
        return True
    if not lock.place or not result.canvas.regions:
        return False
    from headshot.engines.ladder import allowance_map

    where = region(result.canvas, lock)
    if where.sum() < 1:
        return False
    free = allowance_map(result.canvas.regions, result.direction.change)
    return float((where * (free <= 1e-4)).sum() / where.sum()) >= _KEPT


def _hull(canvas: Canvas, points: Sequence[int], margin: float) -> F32:
    """The convex hull of landmarks, grown by `margin` IED, with a soft edge."""
    mask = np.zeros(canvas.matte.shape, np.float32)
    hull = cv2.convexHull(np.round(canvas.landmarks[list(points), :2]).astype(np.int32))
    cv2.fillConvexPoly(mask, hull, 1.0)
    reach = max(1, round(margin * canvas.eye_distance))
    grown = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1)))
    return np.asarray(cv2.GaussianBlur(grown, (0, 0), max(0.8, 0.02 * canvas.eye_distance)), np.float32)
