"""Light own pixels: exposure, white balance, and a key light that follows the head's form.

All of it multiplies linear light by smooth fields, so that no pore moves and hue stays. The relighting is a
wrapped Lambert term in stops, centred on the face so that the face as a whole gets neither lighter nor darker,
and bounded by a soft limit.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from headshot.canvas.head_form import HeadForm
from headshot.imaging.colour import REC709, brightest, in_channels, luminance, to_codes
from headshot.imaging.median import median
from headshot.types import F32, F64, Light

_REC709 = np.array(REC709)
_MOST_STOPS = 0.7  # of the key light at strength 1, each way
_EXPOSURE = (-0.3, 0.6)  # stops: the automatic correction's bounds
_WARM, _COOL = 0.14, 0.18  # stops that the warmest light adds to red, and takes from blue
WARMEST = _WARM + _COOL  # stops of red over blue
_MOST_HUE = 1.0  # °: white balance may turn the skin's hue by no more
_PALEST = 17.0  # chroma of skin in Lab: white balance takes none of it from there on; four of five photos are above


def relight(form: HeadForm, light: Light, own_side: float = 0.0, shape: tuple[int, ...] | None = None) -> F32:
    """Work out the key light and the fill in stops, (h, w) float32; the key's median over the face is 0.

    `own_side`: from which side the photo itself is lit (see `side_light`); only the fill needs it. `shape` (h, w) of
    the frame, where `form` is one of few pixels.
    """
    height, width = (shape or form.face.shape)[:2]
    few, _ = form.few()
    stops = _key(few, light)
    if light.fill > 0:
        stops = stops + _fill(few, stops, light.fill, own_side)
    return np.asarray(cv2.resize(stops, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _key(form: HeadForm, light: Light) -> F32:
    if light.key_side == "none" or light.strength <= 0:
        return np.zeros(form.face.shape, np.float32)
    side = -1.0 if light.key_side == "left" else 1.0
    up = 0.42 * math.tan(math.radians(light.key_height)) / math.tan(math.radians(25.0))
    direction = np.array([0.62 * side, -up, 0.66], np.float32)  # at 25°, 43° to the side
    direction /= np.linalg.norm(direction)
    cosine = cv2.transform(form.normals, direction[None, :]).reshape(form.face.shape)
    wrap = 0.25 + 0.6 * light.softness  # a soft source reaches round the form
    stops = np.log2(1 + 2 * np.clip((cosine + wrap) / (1 + wrap), 0, 1))
    stops -= _face_median(form, stops)
    limit = _MOST_STOPS * light.strength
    return (limit * np.tanh(stops / limit)).astype(np.float32)


def _fill(form: HeadForm, key: F32, fill: float, own_side: float) -> F32:
    """The stops by which a fill light lifts the shadow side of the key light and of the photo's own light."""
    across = form.normals[..., 0]
    shade = key + np.float32(own_side) * (across - _face_median(form, across))
    # A smooth min(shade, 0), so that no line shows where light turns into shadow.
    dark = 0.5 * (shade - np.sqrt(shade * shade + np.float32(0.15**2)) + 0.15)
    return (-fill * _MOST_STOPS * np.tanh(dark / _MOST_STOPS)).astype(np.float32)


def _face_median(form: HeadForm, field: F32) -> float:
    face = form.face > 0.5
    return float(median(field[face])) if face.any() else float(median(field))


def side_light(linear: F32, form: HeadForm) -> float:
    """Measure from which side the photo is lit: stops for each unit of the normal's x, −.8 to .8, + from the right.

    The first-order term across of log luminance over the face (the head as a Lambertian form, after Ramamoorthi &
    Hanrahan 2001). Up and down is left out: a beard below would be taken for shadow. `linear` (h, w, 3), framed
    like the form.
    """
    face = form.face > 0.8
    if int(face.sum()) < 100:
        return 0.0
    across, stops = form.normals[face][:, 0], np.log2(luminance(linear)[face] + 1e-3)
    keep = np.ones(len(stops), bool)
    slope = 0.0
    for _ in range(3):  # eyes, brows and glints lie off the line and are left out of it
        slope, level = np.polyfit(across[keep], stops[keep], 1)
        off = np.abs(stops - (slope * across + level))
        keep = off <= 2 * float(median(off)) + 1e-3
    return float(np.clip(slope, -0.8, 0.8))


def apply_stops(linear: F32, stops: F32 | float) -> F32:
    """Multiply linear light (h, w, 3) by 2^stops, rolled off at the top: see `gain_of`."""
    before = brightest(linear)[..., 0]
    return linear * in_channels(gain_of(before, np.broadcast_to(np.float32(stops), before.shape)))


def gain_of(before: F32, stops: F32) -> F32:
    """What multiplies linear light whose largest channel is `before` (h, w) for so many `stops`, (h, w) float32.

    Above .85 that channel rolls off, so that hue stays at the top.
    """
    gain = cv2.exp(stops * np.float32(math.log(2)))
    top = before * gain
    high = np.flatnonzero(top > 0.85)
    over, was = top.ravel()[high], before.ravel()[high]
    # A curve with slope 1 at .85 that reaches 1 only at infinity.
    rolled = 0.85 + 0.15 * (1 - np.exp(-(over - np.float32(0.85)) / 0.15))
    # What was bright before and is not pushed up keeps its value: no grey over a white collar.
    gain.ravel()[high] *= np.where(over <= was, over, np.maximum(rolled, np.minimum(over, was))) / over
    return np.asarray(gain, np.float32)


def exposure(linear: F32, matte: F32) -> float:
    """Measure the automatic exposure in stops, from the highlights of person and photo, never from the skin's tone.

    The 99th percentile of luminance should lie near .8: a dark face beside a white collar stays as it is.
    """
    stops = full_exposure(linear, matte)
    stops = float(np.sign(stops) * max(0.0, abs(stops) - 0.25))  # near enough is left alone
    return float(np.clip(stops, *_EXPOSURE))


def full_exposure(linear: F32, matte: F32) -> float:
    """Measure by how many stops the highlights lie below .8, unbounded; 0 where hardly anybody is seen."""
    light = luminance(linear)
    person = light[matte > 0.5]
    if person.size < 100:
        return 0.0
    white = max(float(np.percentile(person, 99)), 0.7 * float(np.percentile(light, 99)))
    return float(np.log2(0.8 / max(white, 1e-3)))


def matching_exposure(linear: F32, matte: F32) -> float:
    """Measure the exposure in stops that sets a person beside others: as `exposure`, but near enough is not enough."""
    return float(np.clip(full_exposure(linear, matte), *_EXPOSURE))


def white_balance(linear: F32, skin: F32) -> F32:
    """Measure the channel gains (3,) towards a neutral light, as far as the skin stays skin.

    Its hue turns by 1° at most, and it gets no paler than skin is: warm walls and red clothes look like warm light.
    `skin` (h, w): weights.
    """
    cast = light_colour(linear)
    if cast is None:
        return np.ones(3, np.float32)
    full = np.clip(cast.mean() / np.maximum(cast, 1e-6), 0.8, 1.25)
    weights = skin > 0.8
    if not weights.any():
        return np.ones(3, np.float32)
    tone = linear[weights].astype(np.float64).mean(0)
    hue, chroma = _hue_and_chroma(tone)
    gains = full
    for share in (1.0, 0.7, 0.5, 0.35, 0.25, 0.15, 0.1, 0.05, 0.0):
        gains = full**share
        gains = gains * float(tone @ _REC709) / float((tone * gains) @ _REC709)
        turned, left = _hue_and_chroma(tone * gains)
        if abs(turned - hue) <= _MOST_HUE and left >= min(chroma, _PALEST):
            break
    return gains.astype(np.float32)


def light_colour(linear: F32) -> F64 | None:
    """Estimate the light's colour, (3,) linear, by shades of grey over a picture (h, w, 3); None as there."""
    small = cv2.resize(linear, (64, 64), interpolation=cv2.INTER_AREA).reshape(-1, 3)
    return shades_of_grey(small)


def shades_of_grey(pixels: F32) -> F64 | None:
    """Estimate the light's colour, (3,) linear, over pixels (n, 3) (Finlayson & Trezzi 2004, Minkowski norm 6).

    None where nearly all is burnt out.
    """
    usable = pixels[pixels.max(1) < 0.95].astype(np.float64)
    return (usable**6).mean(0) ** (1 / 6) if len(usable) >= 100 else None


def warmth(amount: float) -> F32:
    """The channel gains (3,) for −1 (cool) to 1 (warm): .14 stops on red, .18 on blue, luminance of grey kept."""
    gains = np.array([2 ** (_WARM * amount), 1.0, 2 ** (-_COOL * amount)])
    return (gains / float(gains @ _REC709)).astype(np.float32)


def _hue_and_chroma(linear: F64) -> tuple[float, float]:
    """Measure a linear colour's (3,) hue, °, and chroma in Lab."""
    codes = to_codes(linear.astype(np.float32)[None, None, :]) / 255
    _, a, b = (float(value) for value in cv2.cvtColor(codes, cv2.COLOR_RGB2LAB)[0, 0])
    return math.degrees(math.atan2(b, a)), math.hypot(a, b)
