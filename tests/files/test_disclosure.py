"""The label in the corner and the sentence to paste: worded for what was really done."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from headshot.cli.main import main
from headshot.direction.direct import direct
from headshot.files.disclosure import LABELS, labelled, sentences
from headshot.files.retouched_words import retouched_in, undone_in
from headshot.files.source_type import COMPOSITE, GENERATED, OWN_PIXELS, RETOUCHED, source_type
from tests.fixtures.stamped import made, stamped


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


def test_a_tool_that_found_nothing_to_do_is_not_said_to_have_done_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for shine, said, source in ((0.5, "less shine", RETOUCHED), (0.0, "", OWN_PIXELS)):
        wish = direct(overrides={"retouch.shine": shine, "retouch.glare": 1.0})
        result = made(direction=wish, undone=["glare"])
        assert (retouched_in(result), source_type(result)) == (said, source)
        assert "glare" in retouched_in(made(direction=wish))
        (tmp_path / "made.jpg").write_bytes(stamped("jpeg", result))
        assert main(["marks", str(tmp_path / "made.jpg")]) == 0
        printed = capsys.readouterr().out
        assert "Retouched: less shine." in printed if said else "Retouched:" not in printed
        assert "less glare" not in printed


@pytest.mark.parametrize("undone", ["glare", {"glare": 1}, [["glare"], {}, None, "nothing such"], 3, None])
def test_what_a_stranger_s_file_calls_undone_is_read_with_care(undone: object) -> None:
    assert undone_in({"undone": undone}) == []
