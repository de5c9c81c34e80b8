"""The example before and after, made once for all visitors; and an example as if somebody had brought it."""

from __future__ import annotations

import threading
from contextlib import closing
from functools import cache
from typing import Any

from headshot.direction.direct import direct
from headshot.errors import UserError
from headshot.studio.examples import examples, first_example
from headshot.studio.session import Sitting, headshot
from headshot.ui.components.before_after.before_after import before_after_value
from headshot.ui.components.events import QUIET
from headshot.ui.components.uploads import Upload
from headshot.ui.make.parts import Parts

_LOOK, _HEIGHT = "corporate", 720  # px
_FRAME = {"crop.aspect": "1:1", "crop.head_height": 0.56, "crop.eye_line": 0.35}  # inside the photo on all sides
_making = threading.Lock()


def connect(parts: Parts) -> None:
    """Wire the before and after."""
    parts.before_after.wanted(before_and_after, None, parts.before_after, **QUIET)


def before_and_after() -> dict[str, Any] | None:
    """The first example and its headshot; None where no example is installed."""
    with _making:  # visitors who come at once wait for one
        return _before_and_after()


@cache
def _before_and_after() -> dict[str, Any] | None:
    try:
        example = first_example()
        with closing(Sitting.open(example.read())) as sitting:
            made = headshot(sitting, direct(_LOOK, overrides=_FRAME), height=_HEIGHT)
    except UserError:
        return None
    return before_after_value(made, f"{example.title.partition(',')[0]}. {example.credit}, {example.licence}.")


def example_upload(name: object) -> Upload:
    """The example of that name, else the first, as an upload."""
    try:
        chosen = next((e for e in examples() if e.name == name), None) or first_example()
        return Upload(chosen.read())
    except UserError as fault:
        return Upload(fault=fault)
