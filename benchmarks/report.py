"""Time the whole report: median and 90th percentile in seconds, after the models are loaded.

    python -m benchmarks.report [--size 1638 2048] [--times 9] [--alone]

A test portrait is enlarged to the size asked for and judged against its own JPEG (the same photo), against another
photo of the person, and against another person, each as the tab "Judge" does it: the faces are searched in both
pictures first, which is also timed alone. Networks of AuraFace's and buffalo_l's size with random weights stand in
for the further judge and for the model that steers; --alone leaves them out and takes what is on this machine.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from benchmarks import random_iresnet
from benchmarks.timing import in_turns
from headshot.authenticity.recognition import judges
from headshot.photo.faces import find_faces
from headshot.studio.match import match_pair
from headshot.types import Photo
from tests.fixtures import edits, faces


def enlarged(name: str, size: tuple[int, int]) -> np.ndarray:
    return cv2.resize(faces.photo(name), size, interpolation=cv2.INTER_CUBIC)


def stand_ins(folder: Path) -> None:
    """Write recognisers of the real size, and name them as weights that are given by their path."""
    os.environ["HEADSHOT_WEIGHTS_AURAFACE"] = str(random_iresnet.build(folder / "r100.onnx", random_iresnet.R100))
    pack = folder / "pack"
    pack.mkdir()
    random_iresnet.build(pack / judges.STEERING_FILE, random_iresnet.R50)
    (pack / "det_10g.onnx").touch()  # the report finds faces by itself
    os.environ["HEADSHOT_WEIGHTS_BUFFALO_L"] = str(pack)
    here = judges.on_this_machine()
    assert [j.curve for j in here.judges][:1] == ["auraface"] and here.steering is not None


def timed(name: str, work: Callable[[int], object], times: int) -> None:
    found = in_turns({name: work}, times)[name]
    figures = f"median {found.median:.2f} s, p90 {found.p90:.2f} s"
    print(f"{name}: {figures} (processor time {np.median(found.processor):.2f} s)", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, nargs=2, default=(1638, 2048), metavar=("WIDTH", "HEIGHT"))
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument("--alone", action="store_true", help="without stand-ins for recognisers that are not here")
    options = parser.parse_args()
    size = (options.size[0], options.size[1])
    original = Photo(enlarged("whitson_1.jpg", size), "PNG")
    height, width = faces.photo("whitson_2.jpg").shape[:2]
    others = {
        "same photo": edits.jpeg(original.pixels),
        "another photo": enlarged("whitson_2.jpg", (size[1], round(size[1] * height / width))),
        "another person": enlarged("ham_1.jpg", size),
    }
    with tempfile.TemporaryDirectory() as folder:
        if not options.alone:
            stand_ins(Path(folder))
        print(f"{size[0]}×{size[1]}, {'as this machine has them' if options.alone else 'R100 and R50 stand in'}")
        timed("faces found in one picture", lambda _: find_faces(original.pixels), options.times)
        for name, picture in others.items():
            other = Photo(picture, "PNG")
            timed(
                f"report with face search, {name}",
                lambda _, other=other: match_pair(original, other).report(),
                options.times,
            )


if __name__ == "__main__":
    main()
