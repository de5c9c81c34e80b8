"""Make headshot/authenticity/dlib_curve.toml: how far apart the embedded judge puts pairs of free photos.

    python benchmarks/likeness_curve.py

dlib publishes one cut (0.6) and no curve, and the alignment here is not dlib's. These are the test photos
(public domain), each face of at least 45 px between the eyes, no visor, no profile. They are few: the
report says so.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from headshot.authenticity import likeness  # noqa: E402
from headshot.authenticity.align import eye_centres  # noqa: E402
from tests import faces  # noqa: E402

MIN_EYE_PX = 45.0
NOT_ORDINARY = {
    "herrington_2.jpg": "visor",
    "ham_2.jpg": "head rolled by 60-90°",
    "linteris_profile.jpg": "profile",
}
TWO_FACES = "curbeam_jones_two_faces.jpg"  # Curbeam on the right, T. Jones on the left


def gallery() -> list[tuple[str, str, np.ndarray]]:
    """(person, photo, descriptor) for each usable face."""
    found = []
    for row in faces.rows():
        name = row["file"]
        if row["expected_faces"] != "1" or name in NOT_ORDINARY:
            continue
        points = faces.landmarks(name)
        if np.hypot(*np.diff(eye_centres(points), axis=0)[0]) >= MIN_EYE_PX:
            found.append((row["person"], name, likeness.embed(faces.photo(name), points)))
    picture = faces.photo(TWO_FACES)
    boxes = sorted(faces.boxes(picture)[:2])
    for person, box in zip(("jones", "curbeam"), boxes, strict=True):
        points = faces.find_landmarks(picture, box)
        if points is not None and np.hypot(*np.diff(eye_centres(points), axis=0)[0]) >= MIN_EYE_PX:
            found.append((person, TWO_FACES, likeness.embed(picture, points)))
    return found


def main() -> None:
    people = gallery()
    same, different = [], []
    for a, b in itertools.combinations(people, 2):
        d = likeness.distance(a[2], b[2])
        (same if a[0] == b[0] else different).append(d)
        if a[0] == b[0]:
            print(f"{a[1]} {b[1]} {d:.3f}")
    text = f"""# Made by benchmarks/likeness_curve.py; do not edit. Euclidean distances of the embedded
    judge (mean with the
# mirrored crop) between {len(people)} faces of {len({p for p, _, _ in people})} persons in public-domain
# photos.
judge = "{likeness.NAME}"
sha256 = "{likeness.model_sha256()}"
same_person = [{", ".join(f"{d:.3f}" for d in sorted(same))}]
# Each pair of different persons: this is a small, mostly male, mostly light-skinned group of American
# astronauts.
different_persons = [
"""
    lines = [f"{d:.3f}" for d in sorted(different)]
    text += "".join("  " + ", ".join(lines[i : i + 14]) + ",\n" for i in range(0, len(lines), 14)) + "]\n"
    (ROOT / "headshot" / "authenticity" / "dlib_curve.toml").write_text(text, encoding="utf-8")
    print(len(same), "same,", len(different), "different; least", min(different))


if __name__ == "__main__":
    main()
