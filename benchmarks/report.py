"""How long the whole report takes: median and 90th percentile in seconds, after the models are loaded.

    python benchmarks/report.py [--size 1638 2048] [--times 15]

A test portrait is enlarged to the size asked for and judged against its own JPEG (same photo) and against
another photo of the person, recogniser included. Landmarks are given, as the studio has them.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from headshot.authenticity.report import judge  # noqa: E402
from tests import edits, faces  # noqa: E402


def enlarged(name: str, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    photo, points = faces.photo(name), faces.landmarks(name)
    kx, ky = size[0] / photo.shape[1], size[1] / photo.shape[0]
    picture = cv2.resize(photo, size, interpolation=cv2.INTER_CUBIC)
    return picture, (points * np.array([kx, ky, kx])).astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, nargs=2, default=(1638, 2048), metavar=("WIDTH", "HEIGHT"))
    parser.add_argument("--times", type=int, default=15)
    options = parser.parse_args()
    size = (options.size[0], options.size[1])
    photo, points = enlarged("wilson_1.jpg", size)
    pairs = {
        "same photo": (edits.jpeg(photo), points, True),
        "another person": (*enlarged("ham_1.jpg", size), False),
    }
    for name, (picture, theirs, own) in pairs.items():
        judge(photo, points, picture, theirs, own_pixels=own)
        wall, processor = [], []
        for _ in range(options.times):
            start, busy = time.perf_counter(), time.process_time()
            judge(photo, points, picture, theirs, own_pixels=own)
            wall.append(time.perf_counter() - start)
            processor.append(time.process_time() - busy)
        figures = f"median {np.median(wall):.2f} s, p90 {np.percentile(wall, 90):.2f} s"
        print(f"report, {name}, {size[0]}×{size[1]}: {figures} (processor time {np.median(processor):.2f} s)")


if __name__ == "__main__":
    main()
