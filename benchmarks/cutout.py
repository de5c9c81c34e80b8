"""Measure the cut-out against true alpha: `python -m benchmarks.cutout [--json FILE] [--pictures FOLDER]`.

People whose alpha is known (data/mattes of the shared folder) are laid over two photos and a drawn wall, cut out again
by each way, and compared: ours, ours led by each matting network whose weights have been fetched (`python -m headshot
weights --download rvm`), U²-NetP's answer alone, and Robust Video Matting's alone.

SAD: sum of |error| / 1000. MSE: mean error² × 1000. Gradient: sum of squared differences of the gradients' lengths
(σ = 1.4 px) / 1000 (Rhemann et al. 2009). Hair band: mean |error| within .1 eye distances of mixed pixels, in %.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from benchmarks.timing import publish
from headshot.canvas.cutout.cut_out import ask, cut_out
from headshot.canvas.cutout.witnesses import ask_witnesses
from headshot.canvas.cutout.working_copy import working_copy
from headshot.direction.matting_table import MATTINGS
from headshot.errors import WeightsMissing
from headshot.photo.decode import read_photo
from headshot.photo.networks import rvm
from headshot.photo.subject import find_subject
from headshot.types import F32, U8, Photo, Subject
from tests import SHARED

REAL = ("noface_desert.jpg", "noface_coffee.png")
Way = Callable[[Photo, Subject], tuple[F32, tuple[int, int]]]


class Composite(NamedTuple):
    """`pixels` (h, w, 3) uint8; `alpha` (h, w) 0..1, true where `valid`; `eye_px` between the eyes."""

    name: str
    pixels: U8
    alpha: F32
    valid: U8
    eye_px: float


def backgrounds(folder: Path, size: tuple[int, int]) -> Iterator[tuple[str, U8]]:
    """Give three backgrounds of (width, height): two photos without people, and a wall with a hard shadow."""
    width, height = size
    for name in REAL:
        pixels = read_photo(folder / "photos" / name).pixels
        scale = max(width / pixels.shape[1], height / pixels.shape[0])
        whole = (max(width, round(pixels.shape[1] * scale)), max(height, round(pixels.shape[0] * scale)))
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        yield name.split(".")[0], cv2.resize(pixels, whole, interpolation=method)[:height, :width]
    wall = np.full((height, width, 3), (205, 190, 168), np.float32)
    wall *= np.linspace(1.05, 0.85, width, dtype=np.float32)[None, :, None]
    x, y = np.meshgrid(np.arange(width) / width, np.arange(height) / height)
    wall[(x > 0.55) & (y > 0.25 + 0.3 * (x - 0.55))] *= 0.72
    wall += np.random.default_rng(3).normal(0, 2.5, wall.shape)
    yield "wall", wall.clip(0, 255).astype(np.uint8)


def composites(folder: Path) -> Iterator[Composite]:
    """Lay each known person over each background."""
    for path in sorted((folder / "mattes").glob("*.npz")):
        with np.load(path) as known:
            alpha, own = known["a"].astype(np.float32), known["fg"].astype(np.float32)
            valid, eye_px = known["valid"].astype(np.uint8), float(known["ied"])
        for name, behind in backgrounds(folder, (alpha.shape[1], alpha.shape[0])):
            mixed = own * alpha[..., None] + behind * (1 - alpha[..., None])
            yield Composite(f"{path.stem} on {name}", mixed.round().astype(np.uint8), alpha, valid, eye_px)


def ours(photo: Photo, subject: Subject) -> tuple[F32, tuple[int, int]]:
    made = cut_out(ask(photo, subject))
    return made.matte, made.origin


def led_by(name: str) -> Way:
    """Ours with a matting network of the user's choice in the lead, where its weights are here."""

    def way(photo: Photo, subject: Subject) -> tuple[F32, tuple[int, int]]:
        made = cut_out(ask(photo, subject, name))
        return made.matte, made.origin

    return way


def saliency(photo: Photo, subject: Subject) -> tuple[F32, tuple[int, int]]:
    copy = working_copy(photo, subject)
    said = ask_witnesses(copy).saliency
    if said is None:
        raise WeightsMissing("U²-NetP is not here.", "python -m headshot weights --download u2netp")
    size = (copy.full.shape[1], copy.full.shape[0])
    return np.asarray(cv2.resize(said, size, interpolation=cv2.INTER_CUBIC).clip(0, 1), np.float32), copy.origin


def robust_video_matting(photo: Photo, subject: Subject) -> tuple[F32, tuple[int, int]]:
    copy = working_copy(photo, subject)
    return rvm.matte(copy.full), copy.origin


NETWORKS = {f"ours, {info.title}": led_by(name) for name, info in MATTINGS.items() if info.role}
WAYS: dict[str, Way] = {"ours": ours, **NETWORKS, "U²-NetP": saliency, "RVM alone": robust_video_matting}


def errors(found: F32, true: Composite) -> dict[str, float]:
    """Compare a matte of the whole picture with the truth, where it holds."""
    holds = true.valid > 0
    off = np.abs(found - true.alpha)
    mixed = ((true.alpha > 0.02) & (true.alpha < 0.98)).astype(np.uint8)
    reach = 2 * max(1, round(0.1 * true.eye_px)) + 1
    band = (cv2.dilate(mixed, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))) > 0) & holds
    slopes = (_slope(found) - _slope(true.alpha)) ** 2
    return {
        "SAD": float(off[holds].sum()) / 1000,
        "MSE": float((off[holds] ** 2).mean()) * 1000,
        "gradient": float(slopes[holds].sum()) / 1000,
        "band": float(off[band].mean()) * 100,
    }


def _slope(matte: F32) -> F32:
    smooth = cv2.GaussianBlur(matte, (0, 0), 1.4)
    return np.hypot(cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=0.125), cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=0.125))


def measure(folder: Path, pictures: Path | None) -> dict[str, dict[str, dict[str, float]]]:
    """Cut out every composite by every way: way → composite → figures, with the processor's seconds."""
    result: dict[str, dict[str, dict[str, float]]] = {}
    for one in composites(folder):
        photo = Photo(one.pixels, "test")
        subject = find_subject(photo)
        for name, way in WAYS.items():
            began = time.process_time()
            try:
                part, (x, y) = way(photo, subject)
            except WeightsMissing:
                continue
            found = np.zeros_like(one.alpha)
            found[y : y + part.shape[0], x : x + part.shape[1]] = part
            figures = {**errors(found, one), "seconds": time.process_time() - began}
            result.setdefault(name, {})[one.name] = figures
            if pictures is not None:
                pictures.mkdir(parents=True, exist_ok=True)
                shown = np.hstack([one.pixels, np.dstack([(found * 255).astype(np.uint8)] * 3)])
                cv2.imwrite(str(pictures / f"{one.name} {name}.jpg".replace(" ", "_")), shown[..., ::-1])
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, help="write every figure of every composite")
    parser.add_argument("--pictures", type=Path, help="a folder for the composites and their mattes")
    arguments = parser.parse_args()
    result = measure(SHARED / "data", arguments.pictures)
    figures = ("SAD", "MSE", "gradient", "band", "seconds")
    print(f"{'':<48}" + "".join(f"{f:>10}" for f in figures))
    for way, rows in result.items():
        for name, row in rows.items():
            print(f"{way + ', ' + name:<52}" + "".join(f"{row[f]:>10.3f}" for f in figures))
    print()
    for way, rows in result.items():
        means = [float(np.mean([row[f] for row in rows.values()])) for f in figures]
        print(f"{way + ', mean':<48}" + "".join(f"{m:>10.3f}" for m in means))
    if arguments.json:
        publish(result, arguments.json)


if __name__ == "__main__":
    main()
