"""The bench that holds the report against the eye, on a folder of three pairs."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from benchmarks.judge_bench import main
from tests.fixtures import edits, faces


def test_a_table_that_is_missing_or_wrong_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2 and "pairs.csv" in capsys.readouterr().err
    for text in ("name_a,name_b,saw\na.png,b.png,\n", "name_a,name_b,saw\na.png,../b.png,same\n"):
        (tmp_path / "pairs.csv").write_text(text)
        assert main([str(tmp_path)]) == 2 and "line 2" in capsys.readouterr().err


@pytest.mark.sweep
@pytest.mark.data
@pytest.mark.skipif(not faces.PHOTOS.is_dir(), reason="no shared photos")
def test_the_table_counts_what_the_eye_saw(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photo = faces.photo("whitson_1.jpg")
    for name, pixels in (("a", photo), ("b", edits.jpeg(photo)), ("c", faces.photo("garan_1.jpg"))):
        Image.fromarray(pixels).save(tmp_path / f"{name}.png")
    Image.new("RGB", (200, 200)).save(tmp_path / "none.png")
    rows = ("a.png,b.png,saved again", "a.png,c.png,two people", "a.png,none.png,nobody")
    (tmp_path / "pairs.csv").write_text("name_a,name_b,saw\n" + "\n".join(rows))
    assert main([str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "| saved again | 1 | 1 | 0 | 0 | 0 |" in printed and "| two people | 1 | 0 | 0 | 1 | 0 |" in printed
    assert "| nobody | 1 | 0 | 0 | 0 | 1 |" in printed and "two people: likeness 1" in printed
