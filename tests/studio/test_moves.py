"""A slider that moves costs what it changes, and the picture is the one that would be made from the start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from headshot.canvas import canvas_of
from headshot.canvas.retouching import retouched
from headshot.canvas.retouching.smooth_tool import SmoothTool
from headshot.direction.direct import direct
from headshot.language import speaking
from headshot.studio.session import Sitting, headshot
from headshot.types import LastSteps
from tests.fixtures.shared_photos import sitting

pytestmark = pytest.mark.data

MIX = {
    **{f"retouch.{tool}": 0.5 for tool in ("shine", "redness", "under_eyes", "teeth", "glare", "stray_hairs", "skin")},
    "shape.smile": 0.2,
}
MOVES: tuple[dict[str, object], ...] = (
    {"retouch.shine": 0.8},
    {"retouch.skin": 0.2},
    {"retouch.eyes": 0.6},
    {"light.warmth": 0.3},
    {"retouch.under_eyes": 0.0},
    {"shape.smile": -0.2},
    {"retouch.heal": "0.5,0.4"},
    {"keep": "glasses"},
    {},
)


def fresh(one: Sitting) -> Sitting:
    """The same sitting with no stage and no step kept."""
    other = Sitting(one.photo, one.subject)
    other._cut = one._cut
    return other


def test_each_move_makes_the_picture_that_is_made_from_the_start() -> None:
    one = sitting("coleman_1.jpg")
    asked = dict(MIX)
    for move in MOVES:
        asked |= move
        moved = headshot(one, direct(overrides=asked), height=400)
        whole = headshot(fresh(one), direct(overrides=asked), height=400)
        assert (moved.picture == whole.picture).all() and moved.notes == whole.notes, move


def test_a_move_works_out_nothing_that_does_not_depend_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def counted(name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*args: Any, **more: Any) -> Any:
            done.append(name)
            return step(*args, **more)

        return counting

    for name in ("reshaped", "tidied", "compose"):
        monkeypatch.setattr(canvas_of, name, counted(name, getattr(canvas_of, name)))
    smooth = tuple(SmoothTool(t.name, counted(t.name, t.whole), t.adds) for t in retouched._SMOOTH)
    monkeypatch.setattr(retouched, "_SMOOTH", smooth)
    monkeypatch.setattr(retouched, "_FINE", tuple((name, counted(name, step)) for name, step in retouched._FINE))
    one = fresh(sitting("coleman_1.jpg"))

    def steps(**move: float) -> list[str]:
        done.clear()
        headshot(
            one, direct(overrides=MIX | {key.replace("__", "."): value for key, value in move.items()}), height=400
        )
        return list(done)

    # Redness and shadows are told with the shine and without it, and lie in between by how much of it goes.
    told = ["redness", "redness", "under_eyes", "under_eyes"]  # two at a time
    whole = steps()
    assert whole[:4] == ["tidied", "reshaped", "compose", "shine"] and whole[8:] == ["teeth", "glare"]
    assert sorted(whole[4:8]) == told
    assert steps() == [] == steps(retouch__sharpness=0.9)
    # What each tool takes is told by the photo, once, whatever the others take, or moves, or is lit.
    assert steps(retouch__under_eyes=0.7) == ["teeth", "glare"] == steps(retouch__shine=0.7)
    assert steps(light__warmth=0.2) == ["compose", "teeth", "glare"]
    assert steps(shape__smile=-0.2) == ["reshaped", "compose", "teeth", "glare"]
    steps()
    assert steps(retouch__stray_hairs=0.9)[0] == "tidied"


def test_notes_are_said_in_the_language_of_who_asks() -> None:
    one, asked = fresh(sitting("coleman_1.jpg")), direct(overrides={"shape.smile": 0.3})
    english = headshot(one, asked, height=300).notes
    with speaking("de"):
        german = headshot(one, asked, height=300).notes
    assert len(german) == len(english) and german != english


def test_steps_of_large_pictures_and_of_rested_sittings_are_not_kept() -> None:
    one = fresh(sitting("coleman_1.jpg"))
    small = one.canvas(direct(), 300)
    assert one.canvas(direct(), 300) is small and small.steps.keep
    large = one.canvas(direct(), 1600)
    assert one.canvas(direct(), 1600) is not large and not large.steps.keep
    one.rest()
    assert one.canvas(direct(), 300) is not small


def test_a_step_is_made_again_for_another_array_that_is_equal() -> None:
    steps, array = LastSteps(), np.zeros(3)
    first = steps.get("a", (array, 1.0), lambda: [1])
    assert steps.get("a", (array, 1.0), lambda: [2]) is first
    assert steps.get("a", (array.copy(), 1.0), lambda: [3]) == [3]
    assert LastSteps(keep=False).get("a", (), lambda: [4]) == [4]
