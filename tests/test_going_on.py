"""Locks and history: what is kept, what is said of it, and the way back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headshot.changes import flat
from headshot.direction import direct
from headshot.errors import DirectionError
from headshot.history import History, difference, go_on
from headshot.locks import check, keep_map, locks, prompt_words, region
from headshot.studio import headshot, judge
from headshot.types import AuthenticityReport, Canvas, Direction, Finding, Framing, Headshot
from tests.shared_photos import sitting

LIST = "keep my glasses, grey hair, freckles, beard, hijab, mole and my lucky charm"


def made(direction: Direction, engine: str = "retouch", **recipe: object) -> Headshot:
    blank = np.zeros((4, 4, 3), np.uint8)
    canvas = Canvas(blank, blank, np.zeros((4, 4), np.float32), np.zeros((478, 3), np.float32),
                    Framing(np.eye(2, 3), (4, 4)))  # fmt: skip
    return Headshot(blank, canvas, direction, engine, 1.0, recipe)


def report(**states: str) -> AuthenticityReport:
    found = tuple(Finding(k, 1.0, "", s, f"{k} is {s}.", "") for k, s in states.items())  # type: ignore[arg-type]
    return AuthenticityReport(found, "generator", frozenset(states))


# ------------------------------------------------------------------ locks


def test_words_become_locks() -> None:
    found, rest = locks(LIST)
    assert [k.name for k in found] == ["glasses", "hair", "marks", "beard", "head covering", "marks"]
    assert [k.said for k in found] == ["glasses", "grey hair", "freckles", "beard", "hijab", "mole"]
    assert rest == "lucky charm"
    prompt, avoid = prompt_words(found)
    assert "the same grey hair" in prompt and "wearing the same hijab" in prompt and "visible freckles" in prompt
    assert "clean shaven" in avoid and avoid.count("flawless skin") == 1
    assert locks("") == ((), "")


def test_the_check_says_what_was_measured_and_what_was_not() -> None:
    found, _ = locks(LIST)
    painted = made(replace(direct("linkedin"), change=1.0), "faceid-sd15")
    states = {k.lock.said: k.state for k in check(found, painted, report(marks="red", iris="green"))}
    assert states == {"glasses": "not measured", "grey hair": "not measured", "freckles": "lost", "mole": "lost",
                      "beard": "not measured", "hijab": "not measured"}  # fmt: skip
    iris = check(locks("brown eyes")[0], painted, report(iris="amber", eye_size="green"))[0]
    assert iris.state == "look here" and "iris is amber." in iris.sentence
    skin = check(locks("my skin tone")[0], painted, report(beyond_light="green", skin_hue="grey"))[0]
    assert skin.state == "kept"
    grey = check(locks("freckles")[0], painted, report(marks="grey"))[0]
    assert grey.state == "not measured" and "could not measure" in grey.sentence


def test_own_pixels_are_kept_by_construction() -> None:
    found, _ = locks("glasses, hijab, earrings")
    assert {k.state for k in check(found, made(direct("linkedin")), report())} == {"kept"}


@pytest.mark.data
def test_regions_lie_where_the_things_are() -> None:
    one = sitting("coleman_1.jpg")
    canvas = one.canvas(direct("linkedin"), 400)
    ied = canvas.eye_distance
    eyes = canvas.landmarks[[468, 473], :2].astype(int)
    chin, nose = canvas.landmarks[152, :2].astype(int), canvas.landmarks[4, :2].astype(int)
    glasses, beard = (region(canvas, locks(w)[0][0]) for w in ("glasses", "beard"))
    for x, y in eyes:
        assert glasses[y, x] > 0.99 and beard[y, x] < 0.01
    assert beard[chin[1] - 5, chin[0]] > 0.9 and glasses[chin[1] - 5, chin[0]] < 0.01
    assert beard[nose[1], nose[0]] < 0.2
    assert ied**2 < glasses.sum() < 4 * ied**2
    both = keep_map(canvas, locks("glasses, beard, grey hair")[0])
    assert np.array_equal(both, np.maximum(np.maximum(glasses, beard), canvas.regions["hair"]))
    assert keep_map(canvas, locks("earrings")[0]).sum() == 0
    # On the rung "clothes" a generator may not touch face or hair; fully generated, it may.
    clothes = replace(headshot(one, direct("linkedin", change=0.5), height=400), engine="faceid-sd15")
    found = locks("beard, blue shirt")[0]
    assert [k.state for k in check(found, clothes, report())] == ["kept", "not measured"]
    painted = replace(clothes, direction=replace(clothes.direction, change=1.0))
    assert [k.state for k in check(found, painted, report())] == ["not measured", "not measured"]


@pytest.mark.data
def test_a_lost_mole_is_lost() -> None:
    """A real mark of the photo, painted over in the picture: the lock says so."""
    import cv2

    from headshot.authenticity.align import canonical
    from headshot.authenticity.marks import find_marks

    one = sitting("whitson_1.jpg")
    result = headshot(one, direct("linkedin"), height=1000)
    face = canonical(result.canvas.original, result.canvas.landmarks)
    marks = find_marks(face)
    if not marks:
        pytest.skip("no mark in this photo")
    lock = locks("moles")[0]
    assert check(lock, result, judge(result))[0].state == "kept"
    back = np.linalg.inv(np.vstack([face.matrix, [0, 0, 1]]))
    cover = np.zeros(result.picture.shape[:2], np.uint8)
    for mark in marks:
        x, y, _ = back @ [mark.x, mark.y, 1]
        cv2.circle(cover, (round(x), round(y)), max(3, round(2.5 * mark.radius / face.scale)), 255, -1)
    healed = np.asarray(cv2.inpaint(result.picture, cover, 3, cv2.INPAINT_TELEA), np.uint8)
    gone = replace(result, picture=healed)
    assert check(lock, gone, judge(gone))[0].state in ("lost", "look here")


# ------------------------------------------------------------------ history


def test_undo_redo_and_the_strip() -> None:
    past = History()
    assert past.undo() is None and past.redo() is None and not past.can_undo and past.now is None
    base = direct("linkedin")
    first = past.add(made(base), "retouch")
    second = past.add(made(direct("linkedin", overrides={"light.warmth": 0.4})), "retouch")
    third = past.add(made(direct("mono")), "retouch")
    assert [s.what for s in past.strip] == ["LinkedIn neutral", "Cooler or warmer: +0.4", "Black and white"]
    assert past.undo() is second and past.undo() is first and past.undo() is first and not past.can_undo
    assert past.redo() is second and past.redo() is third and past.redo() is third and not past.can_redo
    assert past.go(1) is first and past.pair(3, 1) == (third, first)
    fourth = past.add(made(direct("legal")), "retouch")
    assert past.strip == (first, fourth) and fourth.number == 4 and not past.can_redo
    with pytest.raises(KeyError):
        past.go(2)
    again = past.add(made(direct("legal")), "retouch")
    assert len(past.strip) == 2 and again.number == 4
    past.clear()
    assert past.now is None and past.strip == ()


def test_the_oldest_go_first() -> None:
    past = History(most=3)
    for i in range(6):
        past.add(made(direct("linkedin", seed=i)), "retouch")
    assert [s.number for s in past.strip] == [4, 5, 6] and past.now is past.strip[-1]
    past.undo()
    assert past.now is past.strip[1]


def test_going_on_changes_only_what_was_said() -> None:
    past = History()
    base = direct("academic", engine="faceid-sd15", words="calm", overrides={"generate.steps": 12, "light.warmth": 0.2})
    step = past.add(made(base, "faceid-sd15", seed=77), "faceid-sd15")
    on, engine = go_on(step, {"light.warmth": 0.5})
    old, new = flat(base), flat(on)
    assert engine == "faceid-sd15" and {k for k in new if new[k] != old[k]} == {"light.warmth", "seed"}
    assert new["seed"] == 77  # the candidate's own seed is held
    assert difference(base, on) == "Variation number: 77, Cooler or warmer: +0.5"
    assert go_on(step, {"seed": 5})[0].seed == 5
    with pytest.raises(DirectionError):
        go_on(step, {"light.warmth": 9})
