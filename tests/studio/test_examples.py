"""The example photos: in packages that are installed, with their terms."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from headshot.errors import UserError
from headshot.photo.decode import open_photo
from headshot.photo.subject import find_subject
from headshot.studio import examples
from headshot.studio.examples import EXAMPLES, Example, first_example


def test_each_example_that_is_here_is_a_portrait_with_its_terms() -> None:
    here = examples.examples()
    assert first_example() is here[0]
    for example in here:
        subject = find_subject(open_photo(example.read()))
        assert len(subject.faces) == 1 and subject.eye_distance > 40, example.name
    assert all(e.title and e.credit and e.licence == "public domain" for e in EXAMPLES)
    assert len({e.name for e in EXAMPLES}) == len(EXAMPLES)


def test_the_first_one_comes_with_what_the_app_needs() -> None:
    assert metadata.version("scikit-image") and EXAMPLES[0].path is not None


def test_one_whose_package_is_not_here_is_left_out_and_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    absent = Example("nobody", "Nobody", "no_such_package", "nobody.jpg", "public domain", "nobody", (0.5, 0.5, 0.5))
    with pytest.raises(UserError, match="nobody is not installed"):
        absent.read()
    monkeypatch.setattr(examples, "EXAMPLES", (absent,))
    examples.examples.cache_clear()
    try:
        assert examples.examples() == ()
        with pytest.raises(UserError, match="No example photo"):
            first_example()
    finally:
        examples.examples.cache_clear()
