"""Write a contact sheet of all shared photos, to be looked at: `python -m benchmarks.contact_sheet OUT [NAME …]`.

One picture for each photo of data/people and data/photos: original, default, dark, white, park, framed alike, and under
them the photo check's and the headshot's own sentences. Nothing is scored by the machine: look at the hair at 100%.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from headshot.direction.direct import direct
from headshot.errors import UserError
from headshot.imaging.draw import fit_text, font
from headshot.studio.session import Sitting, headshot
from headshot.types import State
from tests import SHARED

LOOKS = {"default": "", "dark": "speaker", "white": "clean-white", "park": "outdoor"}
HEIGHT = 800  # px of each picture
_LINE = 22  # px


def photos(wanted: list[str]) -> Iterator[Path]:
    for folder in ("people", "photos"):
        for path in sorted((SHARED / "data" / folder).iterdir()):
            if path.suffix.lower() in (".jpg", ".jpeg", ".png") and (not wanted or path.stem in wanted):
                yield path


def sheet(path: Path) -> Image.Image:
    """Draw one photo's row. Raises UserError where there is no headshot to be had."""
    began = time.process_time()
    one = Sitting.open(path)
    made = {name: headshot(one, direct(look) if look else direct(), height=HEIGHT) for name, look in LOOKS.items()}
    spent = time.process_time() - began
    first = made["default"]
    pictures = [first.canvas.original, *(shot.picture for shot in made.values())]
    said = [f"{path.stem}: {first.picture.shape[1]} by {HEIGHT}, {spent:.1f} s of the processor"]
    said += [f"{c.state}: {c.sentence}" for c in one.subject.checks if c.state != State.GREEN]
    said += list(dict.fromkeys(note for shot in made.values() for note in shot.canvas.notes))
    width = sum(p.shape[1] for p in pictures)
    drawn = Image.new("RGB", (width, HEIGHT + _LINE * len(said) + 8), "white")
    x = 0
    for picture in pictures:
        drawn.paste(Image.fromarray(np.ascontiguousarray(picture)), (x, 0))
        x += picture.shape[1]
    pen = ImageDraw.Draw(drawn)
    for i, line in enumerate(said):
        pen.text((6, HEIGHT + 4 + i * _LINE), fit_text(line, width - 12, 16), fill="black", font=font(16))
    return drawn


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="a folder for the pictures")
    parser.add_argument("names", nargs="*", help="photos by name, without ending; default: all")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for path in photos(arguments.names):
        try:
            sheet(path).save(arguments.out / f"{path.stem}.jpg", quality=93)
            print(path.stem, flush=True)
        except UserError as error:
            print(f"{path.stem}: {error.message}", flush=True)


if __name__ == "__main__":
    main()
