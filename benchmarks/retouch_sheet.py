"""Write contact sheets of retouching, to be looked at at 100%: `python -m benchmarks.retouch_sheet OUT [NAME …]`.

Two pictures for each photo of data/people: NAME-skin.png (photo, each tool that takes something away at 1, a sensible
mix) and NAME-shape.png (photo, each feature at both its ends, the mix), before the photo's own background and in its
own light, so that nothing but the tool shows. Nothing is scored by the machine.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.contact_sheet import photos
from headshot.direction.direct import direct
from headshot.direction.settings import SETTINGS
from headshot.errors import UserError
from headshot.imaging.draw import font
from headshot.studio.session import Sitting, headshot
from headshot.types import U8, Direction

PLAIN = {"light.strength": 0, "light.balance": 0, "retouch.eyes": 0, "backdrop.kind": "own"}
TOOLS = ("shine", "redness", "under_eyes", "red_eyes", "glare", "teeth", "stray_hairs", "skin")
MIX = {
    **{f"retouch.{tool}": 0.5 for tool in ("shine", "redness", "under_eyes", "teeth", "stray_hairs", "glare")},
    "retouch.skin": 0.3,
    "shape.smile": 0.2,
    "shape.eyes": 0.3,
}
HEIGHT = 900  # px of each picture, of which the part round the head is shown
_ROOM = (2.0, 2.2, 2.0)  # eye distances shown beside the middle of the eyes, above and below it
_ACROSS = 4


def wishes(names: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """What each tile of a sheet asks for, by its label."""
    return {f"{name} {value:+g}": {name: value} for name in names for value in _ends(name)}


def _ends(name: str) -> tuple[float, ...]:
    return (-1.0, 1.0) if SETTINGS[name].low < 0 else (1.0,)


def sheets(path: Path, height: int = HEIGHT) -> Mapping[str, Image.Image]:
    """Draw one photo's sheets, by "skin" and "shape". Raises UserError where there is no headshot to be had."""
    one = Sitting.open(path)
    skin = wishes(tuple(f"retouch.{tool}" for tool in TOOLS))
    shape = wishes(tuple(key for key, setting in SETTINGS.items() if setting.moves))

    def made(wish: Mapping[str, float]) -> U8:
        # A tilted head before a sharp background of its own is not done: it gets the usual backdrop.
        plain = PLAIN if "shape.tilt" not in wish else {k: v for k, v in PLAIN.items() if k != "backdrop.kind"}
        asked: Direction = direct(overrides=plain | dict(wish))
        shot = headshot(one, asked, height=height)
        unit, (x, y) = shot.canvas.eye_distance, shot.canvas.original_landmarks[[468, 473], :2].mean(axis=0)
        beside, above, below = (room * unit for room in _ROOM)
        rows, columns = (slice(max(0, int(a)), int(b)) for a, b in ((y - above, y + below), (x - beside, x + beside)))
        return shot.picture[rows, columns]

    before, mix = made({}), made(MIX)
    return {
        name: _grid({"photo": before, **{label: made(wish) for label, wish in tiles.items()}, "mix": mix})
        for name, tiles in (("skin", skin), ("shape", shape))
    }


def _grid(tiles: Mapping[str, U8]) -> Image.Image:
    height, width = (max(t.shape[i] for t in tiles.values()) for i in (0, 1))
    drawn = Image.new("RGB", (_ACROSS * width, -(-len(tiles) // _ACROSS) * height), "white")
    pen = ImageDraw.Draw(drawn)
    for i, (label, tile) in enumerate(tiles.items()):
        at = (i % _ACROSS * width, i // _ACROSS * height)
        drawn.paste(Image.fromarray(np.ascontiguousarray(tile)), at)
        pen.text((at[0] + 4, at[1] + 2), label, fill="white", font=font(14), stroke_width=2, stroke_fill="black")
    return drawn


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="a folder for the pictures")
    parser.add_argument("names", nargs="*", help="photos by name, without ending; default: all of data/people")
    parser.add_argument("--height", type=int, default=HEIGHT, help="px of each picture")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for path in photos(arguments.names):
        if path.parent.name != "people" and not arguments.names:
            continue
        try:
            for name, drawn in sheets(path, arguments.height).items():
                drawn.save(arguments.out / f"{path.stem}-{name}.png")
            print(path.stem, flush=True)
        except UserError as error:
            print(f"{path.stem}: {error.message}", flush=True)


if __name__ == "__main__":
    main()
