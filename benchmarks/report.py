"""How long the whole report takes: median and 90th percentile in seconds, after the models are loaded.

    python benchmarks/report.py [--size 1638 2048] [--times 9] [--alone]

A test portrait is enlarged to the size asked for and judged against its own JPEG (the same photo), against another
photo of the person, and against another person, each as the tab "Judge" does it: the faces are searched in both
pictures first, which is timed by itself too. Networks of AuraFace's and buffalo_l's size with random weights stand in
for the further judge and for the model that steers; --alone leaves them out and takes what is on this machine.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import random_iresnet  # noqa: E402
from headshot.authenticity.recognition import judges as panel  # noqa: E402
from headshot.photo.faces import find_faces  # noqa: E402
from headshot.studio.match import match_pair  # noqa: E402
from headshot.types import Photo  # noqa: E402
from tests.fixtures import edits, faces  # noqa: E402


def enlarged(name: str, size: tuple[int, int]) -> np.ndarray:
    return cv2.resize(faces.photo(name), size, interpolation=cv2.INTER_CUBIC)


def stand_ins(folder: Path) -> None:
    """Recognisers of the real size, found where the app looks for weights that are given by their path."""
    os.environ["HEADSHOT_WEIGHTS_AURAFACE"] = str(random_iresnet.build(folder / "r100.onnx", random_iresnet.R100))
    pack = folder / "pack"
    pack.mkdir()
    random_iresnet.build(pack / panel.STEERING_FILE, random_iresnet.R50)
    (pack / "det_10g.onnx").touch()  # the report finds faces by itself
    os.environ["HEADSHOT_WEIGHTS_BUFFALO_L"] = str(pack)
    here = panel.on_this_machine()
    assert [j.curve for j in here.judges][:1] == ["auraface"] and here.steering is not None


def timed(name: str, work: Callable[[], object], times: int) -> None:
    work()
    wall, processor = [], []
    for _ in range(times):
        start, busy = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - start)
        processor.append(time.process_time() - busy)
    figures = f"median {np.median(wall):.2f} s, p90 {np.percentile(wall, 90):.2f} s"
    print(f"{name}: {figures} (processor time {np.median(processor):.2f} s)", flush=True)


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
        timed("faces found in one picture", lambda: find_faces(original.pixels), options.times)
        for name, picture in others.items():
            other = Photo(picture, "PNG")
            timed(
                f"report with face search, {name}",
                lambda other=other: match_pair(original, other).report(),
                options.times,
            )


if __name__ == "__main__":
    main()
