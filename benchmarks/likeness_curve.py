"""Make headshot/authenticity/recognition/dlib_curve.toml: distances of the embedded judge between free photos.

    python -m benchmarks.likeness_curve

dlib publishes one cut (0.6) and no curve, and the alignment here is not dlib's. These are the test photos,
each face as the app itself finds it, of at least 45 px between the eyes (below that the report
gives no likeness between two photos), no visor, no profile. They are few: the report says so. Pairs that are left
out as not ordinary are printed too.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np

from headshot.authenticity.likeness_findings import MIN_LIKENESS_PX
from headshot.authenticity.recognition import dlib_judge
from headshot.imaging.landmarks import eye_distance
from headshot.photo.decode import read_photo
from headshot.photo.faces import find_faces
from tests.fixtures import faces

MIN_EYE_PX = MIN_LIKENESS_PX["another photo"]
NOT_ORDINARY = {
    "herrington_2.jpg": "visor",
    "ham_2.jpg": "head rolled by 60-90°",
    "linteris_profile.jpg": "profile",
}
MAYBE_THE_SAME = {"azwhite", "azold", "vlado5"}
TWO_FACES = "curbeam_jones_two_faces.jpg"  # Curbeam on the right, T. Jones on the left


def gallery() -> list[tuple[str, str, bool, np.ndarray]]:
    """(person, photo, ordinary, descriptor) for each face whose person is known."""
    found = []
    for row in faces.rows():
        name = row["file"]
        if row["expected_faces"] != "1" and name != TWO_FACES:
            continue
        shown = [f.landmarks for f in find_faces(faces.photo(name)) if f.landmarks is not None]
        shown.sort(key=lambda marks: float(marks[:, 0].mean()))
        people = ("jones", "curbeam") if name == TWO_FACES else (row["person"],)
        for person, marks in zip(people, shown, strict=False):  # a profile has no mesh
            ordinary = name not in NOT_ORDINARY and eye_distance(marks) >= MIN_EYE_PX
            found.append((person, name, ordinary, dlib_judge.embed(faces.photo(name), marks)))
    return found


def others() -> list[tuple[str, str, bool, np.ndarray]]:
    """The same for further free photos of people whose names nobody knows: each face its own person, at least 45 px.

    Photos that may show somebody of another one are left out.
    """
    found = []
    for path in sorted((faces.PHOTOS.parent / "people").glob("*")):
        if path.suffix == ".csv" or path.suffix == ".md" or path.stem in MAYBE_THE_SAME:
            continue
        pixels = read_photo(path).pixels
        for i, face in enumerate(find_faces(pixels)):
            if face.landmarks is not None and eye_distance(face.landmarks) >= MIN_EYE_PX:
                found.append((f"{path.stem} {i}", path.name, True, dlib_judge.embed(pixels, face.landmarks)))
    return found


def rows_of(distances: list[float]) -> str:
    lines = [f"{d:.3f}" for d in sorted(distances)]
    return "".join("  " + ", ".join(lines[i : i + 14]) + ",\n" for i in range(0, len(lines), 14))


def main() -> None:
    everybody = gallery() + others()
    people = [face for face in everybody if face[2]]
    same, different = [], []
    for a, b in itertools.combinations(everybody, 2):
        d = dlib_judge.distance(a[3], b[3])
        if a[2] and b[2]:
            (same if a[0] == b[0] else different).append(d)
        if a[0] == b[0]:
            print(f"{a[1]} {b[1]} {d:.3f}{'' if a[2] and b[2] else ' (not ordinary)'}")
    text = f"""# Made by benchmarks/likeness_curve.py; do not edit. Euclidean distances of the embedded judge (mean with
# the mirrored crop) between faces of at least {MIN_EYE_PX:g} px between the eyes in free photos.
judge = "{dlib_judge.NAME}"
sha256 = "{dlib_judge.model_sha256()}"
faces = {len(people)}
persons = {len({person for person, *_ in people})}
# Every ordinary pair of one person that these photos give. They are very few.
same_person = [{", ".join(f"{d:.3f}" for d in sorted(same))}]
# Each pair of different persons: American astronauts, mostly men of light skin, and people of free test photos.
different_persons = [
{rows_of(different)}]
"""
    Path(dlib_judge.__file__).with_name("dlib_curve.toml").write_text(text, encoding="utf-8")
    print(len(same), "same,", len(different), "different; least", min(different))


if __name__ == "__main__":
    main()
