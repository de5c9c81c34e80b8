"""One identity from all photos of a person, for the generators: the mean of those that show the same face."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from headshot.errors import NoFace
from headshot.language import tr
from headshot.types import Photo, Subject

if TYPE_CHECKING:
    from headshot.engines.identity import Embedder, Identity


def merged_identity(photo: Photo, subject: Subject, further: Sequence[Photo]) -> tuple[Identity, tuple[str, ...]]:
    """Embed the subject of `photo` and the face of each further one, and give a sentence for each that was left out.

    Raises WeightsMissing, and NoFace where the first photo shows none to the recogniser.
    """
    from headshot.engines.identity import merge
    from headshot.weights.store import locate

    embedder = _embedder(locate("buffalo_l"))
    found = {1: embedder.embed(photo.pixels, subject.face.box)}
    left_out = []
    for number, one in enumerate(further, 2):
        try:
            found[number] = embedder.embed(one.pixels)
        except NoFace:
            left_out.append(
                tr("Photo {number} shows no face that the recogniser finds, and was left out.", number=number)
            )
    identity, others = merge(list(found.values()))
    left_out += [tr("Photo {list} looks like somebody else and was left out.", list=list(found)[n - 1]) for n in others]
    return identity, tuple(left_out)


@cache
def _embedder(folder: Path) -> Embedder:
    from headshot.engines.identity import Embedder

    return Embedder(folder)
