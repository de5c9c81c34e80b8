"""The label in the corner and the sentence to paste: worded for what was really done."""

from __future__ import annotations

import numpy as np
import pytest

from headshot.files.disclosure import LABELS, labelled, sentences
from headshot.files.source_type import COMPOSITE, GENERATED, OWN_PIXELS


@pytest.mark.parametrize("size", [(400, 400), (1350, 1080), (60, 48)])
def test_the_label_is_small_in_the_corner_and_legible(size: tuple[int, int]) -> None:
    picture = np.full((*size, 3), 128, np.uint8)
    for source in LABELS:
        out = labelled(picture, source)
        changed = np.argwhere((out != picture).any(axis=-1))
        assert out.shape == picture.shape and len(changed)
        top, left = changed.min(axis=0)
        if min(size) >= 400:  # nothing of it reaches the middle, and the text stands out
            assert top > 0.9 * size[0] and left > 0.6 * size[1]
            assert out.max() > 220 and out.min() < 70
    assert (picture == 128).all()


def test_the_sentence_says_what_was_done_and_no_more() -> None:
    own, part, painted = (sentences(s) for s in (OWN_PIXELS, COMPOSITE, GENERATED))
    assert set(own) == set(part) == set(painted) == {"profile", "application", "law firm"}
    assert all("no AI painted" in s for s in own.values())
    assert all("an AI painted parts" in s for s in part.values())
    assert all("painted by an AI" in s for s in painted.values())
    assert "of me" not in painted["law firm"] + own["law firm"] + part["law firm"]
