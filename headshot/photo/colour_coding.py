"""What a picture file says of its colours: an ICC profile, or code points and a gamma in place of one.

Code points: ITU-T H.273, as in PNG's cICP and in the nclx boxes of HEIC and AVIF. Curves: SMPTE ST 2084 (PQ), ITU-R
BT.2100 (HLG), with white at 203 cd/m² (BT.2408). A curve gives linear light, 1 is white.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from PIL import Image

from headshot.imaging.colour import srgb_to_linear
from headshot.imaging.pillow_faults import PILLOW_FAULTS
from headshot.photo.png_file import PngFile
from headshot.types import F64

WHITE = 203.0  # cd/m² of white paper in an HDR picture
SYSTEM_GAMMA = 1.2  # of HLG, on the scene's luminance
_D65 = (0.3127, 0.3290)
_BT709 = (0.640, 0.330, 0.300, 0.600, 0.150, 0.060)
_ADOBE = (0.640, 0.330, 0.210, 0.710, 0.150, 0.060)
# Chromaticities x, y of red, green and blue by code point; those with a white other than D65 are not in it.
_PRIMARIES = {
    1: _BT709,
    5: (0.640, 0.330, 0.290, 0.600, 0.150, 0.060),
    6: (0.630, 0.340, 0.310, 0.595, 0.155, 0.070),
    7: (0.630, 0.340, 0.310, 0.595, 0.155, 0.070),
    9: (0.708, 0.292, 0.170, 0.797, 0.131, 0.046),
    12: (0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
    22: (0.630, 0.340, 0.295, 0.605, 0.155, 0.077),
}
_EXIF, _COLOUR_SPACE, _INTEROPERABILITY = 0x8769, 0xA001, 0xA005


class Coding(NamedTuple):
    """`profile`: an ICC profile; else `curve`, code values 0..1 → linear light, and `matrix` (3, 3) from its primaries
    to those of sRGB. `hdr`: it holds light above white too; `gamma`: a display's, on luminance.
    """

    profile: bytes = b""
    curve: Callable[[F64], F64] | None = None
    matrix: F64 | None = None
    hdr: bool = False
    gamma: float = 1.0


def coding_of(image: Image.Image, data: bytes, png: PngFile | None) -> Coding:
    """Read what an opened file says; an empty Coding where its numbers are sRGB's or it says nothing that holds."""
    if png is not None:
        return _of_png(png)
    profile = image.info.get("icc_profile") or b""
    points = _nclx(image, data) if image.format in ("HEIF", "AVIF") else None
    if points is not None and (points[1] in (16, 18) or not profile):
        return of_points(*points)
    if not profile and image.format == "JPEG" and _is_adobe_rgb(image):
        return Coding(curve=_power(2.19921875), matrix=_matrix(_ADOBE))
    return Coding(profile if isinstance(profile, bytes) else b"")


def of_points(primaries: int, transfer: int) -> Coding:
    """The coding of H.273's code points for primaries and transfer; what is not known counts as sRGB's."""
    curves = {4: _power(2.2), 5: _power(2.8), 8: _power(1.0), 16: pq, 18: hlg}
    curve, matrix = curves.get(transfer), _matrix(_PRIMARIES.get(primaries, _BT709))
    if curve is None and matrix is None:
        return Coding()
    return Coding(
        curve=curve or srgb_to_linear,
        matrix=matrix,
        hdr=transfer in (16, 18),
        gamma=SYSTEM_GAMMA if transfer == 18 else 1.0,
    )


def pq(codes: F64) -> F64:
    """Convert PQ code values 0..1 to linear light, 1 is white."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    root = np.clip(codes, 0, 1) ** (1 / m2)
    light: F64 = (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1)
    return light * (10_000 / WHITE)


def hlg(codes: F64) -> F64:
    """Convert HLG code values 0..1 to the scene's linear light, so that a display of 1,000 cd/m² shows white as 1.

    The display's own gamma is left to `SYSTEM_GAMMA`.
    """
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene: F64 = np.where(codes <= 0.5, codes**2 / 3, (np.exp((codes - c) / a) + b) / 12)
    return scene * (1_000 / WHITE) ** (1 / SYSTEM_GAMMA)


def _power(gamma: float) -> Callable[[F64], F64]:
    def curve(codes: F64) -> F64:
        return np.asarray(codes**gamma, np.float64)

    return curve


def _of_png(png: PngFile) -> Coding:
    """By the order of PNG's third edition, 4.3: cICP, iCCP, sRGB, then gAMA with cHRM."""
    points = png.colour.get(b"cICP", b"")
    if len(points) == 4 and points[2] == 0 and points[3] == 1:
        return of_points(points[0], points[1])
    if profile := png.profile():
        return Coding(profile)
    if b"sRGB" in png.colour or b"gAMA" not in png.colour:
        return Coding()
    try:
        gamma = struct.unpack(">I", png.colour[b"gAMA"])[0] / 100_000
        where = [n / 100_000 for n in struct.unpack(">8I", png.colour.get(b"cHRM", bytes(32)))]
    except struct.error:
        return Coding()
    matrix = _matrix(where[2:], (where[0], where[1])) if all(where) else None
    if not 0.1 <= gamma <= 5 or (abs(gamma - 1 / 2.2) < 0.01 and matrix is None):
        return Coding()  # 0.45455 stands for sRGB's own curve
    curve = srgb_to_linear if abs(gamma - 1 / 2.2) < 0.01 else _power(1 / gamma)
    return Coding(curve=curve, matrix=matrix)


def _nclx(image: Image.Image, data: bytes) -> tuple[int, int] | None:
    """Primaries and transfer of a HEIC or AVIF file's nclx box. Pillow does not tell those of AVIF."""
    told = image.info.get("nclx_profile")
    if isinstance(told, dict):
        return int(told.get("color_primaries", 2)), int(told.get("transfer_characteristics", 2))
    at = data.find(b"colrnclx", 0, 2**16)
    if at < 0 or len(data) < at + 12:
        return None
    primaries, transfer = struct.unpack_from(">HH", data, at + 8)
    return primaries, transfer


def _is_adobe_rgb(image: Image.Image) -> bool:
    """Whether a camera says so by EXIF (DCF 2.0, the option file): no sRGB, interoperability "R03"."""
    try:
        exif = image.getexif()
        space, known = exif.get_ifd(_EXIF).get(_COLOUR_SPACE), exif.get_ifd(_INTEROPERABILITY).get(1)
    except PILLOW_FAULTS:
        return False
    return space in (2, 65535) and known in ("R03", "R03\0", b"R03\0")


def _matrix(primaries: tuple[float, ...] | list[float], white: tuple[float, float] = _D65) -> F64 | None:
    """Linear RGB of these chromaticities → that of sRGB, (3, 3); None where they are its own, or none.

    A white other than D65 is adapted by scaling XYZ.
    """
    if np.allclose(primaries, _BT709, atol=0.002) and np.allclose(white, _D65, atol=0.002):
        return None
    try:
        to_xyz, srgb = _to_xyz(primaries, white), _to_xyz(_BT709, _D65)
        adapted = np.diag(_xyz(_D65) / _xyz(white))
        matrix = np.asarray(np.linalg.solve(srgb, adapted @ to_xyz), np.float64)
    except (np.linalg.LinAlgError, ZeroDivisionError):
        return None
    return matrix if np.isfinite(matrix).all() and np.abs(matrix).max() < 10 else None


def _to_xyz(primaries: tuple[float, ...] | list[float], white: tuple[float, float]) -> F64:
    columns = np.stack([_xyz((primaries[i], primaries[i + 1])) for i in (0, 2, 4)], 1)
    return columns * np.linalg.solve(columns, _xyz(white))


def _xyz(xy: tuple[float, float]) -> F64:
    """XYZ of a chromaticity, Y is 1."""
    x, y = xy
    return np.array([x / y, 1.0, (1 - x - y) / y])
