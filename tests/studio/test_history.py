"""Locks and history: what is kept, what is said of it, and the way back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headshot.authenticity.thresholds import measures_of_lock
from headshot.canvas.locked_regions import locked_map, locked_region
from headshot.direction.diff import as_settings, diff
from headshot.direction.direct import direct
from headshot.direction.locks import parse_locks, prompt_words
from headshot.direction.phrases import expression_of
from headshot.direction.prompt import prompt
from headshot.direction.settings import SETTINGS
from headshot.errors import DirectionError
from headshot.studio.adjustments import ADJUSTMENTS, KEYS, adjust, why_not
from headshot.studio.history import History, Step, difference, go_on
from headshot.studio.kept import check
from headshot.studio.result_report import judge
from headshot.studio.session import headshot
from headshot.types import AuthenticityReport, Canvas, Direction, Finding, Framing, Headshot, State
from headshot.ui.make.held_words import HeldWords
from tests.fixtures.shared_photos import sitting

LIST = "keep my glasses, grey hair, freckles, beard, hijab, mole and my lucky charm"


def made(direction: Direction, engine: str = "retouch", **recipe: object) -> Headshot:
    blank = np.zeros((4, 4, 3), np.uint8)
    canvas = Canvas(
        blank, blank, np.zeros((4, 4), np.float32), np.zeros((478, 3), np.float32), Framing(np.eye(2, 3), (4, 4))
    )
    return Headshot(blank, canvas, direction, engine, 1.0, recipe)


def report(**states: str) -> AuthenticityReport:
    found = tuple(Finding(k, 1.0, "", State(s), f"{k} is {s}.", "") for k, s in states.items())
    return AuthenticityReport(found, "generator", frozenset(states))


# ------------------------------------------------------------------ locks


def test_words_become_locks() -> None:
    found, rest = parse_locks(LIST)
    assert [k.name for k in found] == ["glasses", "hair", "marks", "beard", "head covering", "marks"]
    assert [k.said for k in found] == ["glasses", "grey hair", "freckles", "beard", "hijab", "mole"]
    assert rest == "lucky charm"
    prompt, avoid = prompt_words(found)
    assert "the same grey hair" in prompt and "wearing the same hijab" in prompt and "visible freckles" in prompt
    assert "clean shaven" in avoid and avoid.count("flawless skin") == 1
    assert parse_locks("") == ((), "")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("black-rimmed glasses", "glasses"),
        ("my round metal glasses", "glasses"),
        ("long curly grey hair", "hairstyle"),
        ("salt and pepper beard", "beard"),
        ("short grey beard", "beard"),
        ("salt-and-pepper hair", "hair"),
        ("mole on my left cheek", "marks"),
        ("small scar above the eyebrow", "marks"),
        ("birth mark", "marks"),
        ("nose ring", "jewellery"),
        ("dark brown eyes", "eye colour"),
        ("thick black eyebrows", "eyebrows"),
        ("blonde hair", "hair"),
        ("receding hairline", "hairstyle"),
    ],
)
def test_everyday_phrases_are_held(said: str, name: str) -> None:
    found, rest = parse_locks(f"keep {said} and my lucky charm")
    assert [(k.name, k.said) for k in found] == [(name, said.removeprefix("my "))] and rest == "lucky charm"
    # Whoever names the hair's form is not told that it was kept because its colour was.
    assert name != "hairstyle" or measures_of_lock(found[0].name) == ()


def test_the_check_says_what_was_measured_and_what_was_not() -> None:
    found, _ = parse_locks(LIST)
    painted = made(replace(direct("linkedin"), change=1.0), "faceid-sd15")
    states = {k.said: k.state for k in check(found, painted, report(marks="red", iris="green"))}
    assert states == {
        "glasses": "not measured",
        "grey hair": "not measured",
        "freckles": "lost",
        "mole": "lost",
        "beard": "not measured",
        "hijab": "not measured",
    }
    iris = check(parse_locks("brown eyes")[0], painted, report(iris="amber", eye_size="green"))[0]
    assert iris.state == "look here" and "iris is amber." in iris.sentence
    skin = check(parse_locks("my skin tone")[0], painted, report(beyond_light="green", skin_hue="grey"))[0]
    assert skin.state == "kept"
    grey = check(parse_locks("freckles")[0], painted, report(marks="grey"))[0]
    assert grey.state == "not measured" and "could not measure" in grey.sentence


def test_own_pixels_are_kept_by_construction() -> None:
    found, _ = parse_locks("glasses, hijab, earrings")
    assert {k.state for k in check(found, made(direct("linkedin")), report())} == {"kept"}


@pytest.mark.data
def test_regions_lie_where_the_things_are() -> None:
    one = sitting("coleman_1.jpg")
    canvas = one.canvas(direct("linkedin"), 400)
    ied = canvas.eye_distance
    eyes = canvas.landmarks[[468, 473], :2].astype(int)
    chin, nose = canvas.landmarks[152, :2].astype(int), canvas.landmarks[4, :2].astype(int)
    glasses, beard = (locked_region(canvas, parse_locks(w)[0][0]) for w in ("glasses", "beard"))
    for x, y in eyes:
        assert glasses[y, x] > 0.99 and beard[y, x] < 0.01
    assert beard[chin[1] - 5, chin[0]] > 0.9 and glasses[chin[1] - 5, chin[0]] < 0.01
    assert beard[nose[1], nose[0]] < 0.2
    assert ied**2 < glasses.sum() < 4 * ied**2
    both = locked_map(canvas, parse_locks("glasses, beard, grey hair")[0])
    assert np.array_equal(both, np.maximum(np.maximum(glasses, beard), canvas.regions["hair"]))
    assert locked_map(canvas, parse_locks("earrings")[0]).sum() == 0
    # On the rung "clothes" a generator may not touch face or hair; fully generated, it may.
    clothes = replace(headshot(one, direct("linkedin", change=0.5), height=400), engine="faceid-sd15")
    found = parse_locks("beard, blue shirt")[0]
    assert [k.state for k in check(found, clothes, report())] == ["kept", "not measured"]
    painted = replace(clothes, direction=replace(clothes.direction, change=1.0))
    assert [k.state for k in check(found, painted, report())] == ["not measured", "not measured"]


@pytest.mark.sweep
@pytest.mark.data
def test_a_lost_mole_is_lost() -> None:
    """A real mark of the photo, painted over in the picture: the lock says so."""
    import cv2

    from headshot.authenticity.measures.aligned_face import canonical
    from headshot.authenticity.measures.marks import find_marks

    one = sitting("whitson_1.jpg")
    result = headshot(one, direct("linkedin"), height=1000)
    face = canonical(result.canvas.original, result.canvas.landmarks)
    marks = find_marks(face)
    if not marks:
        pytest.skip("no mark in this photo")
    lock = parse_locks("moles")[0]
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
    assert past.go(1) is first and past.step_of(third.result) is third
    # The same picture again is no new step, and what was undone can still be had.
    assert past.add(made(base), "retouch").number == 1 and past.strip[1:] == (second, third) and past.can_redo
    first = past.strip[0]
    fourth = past.add(made(direct("legal")), "retouch")
    # Nothing that was made goes: what is made after an undo stands beside what was undone.
    assert past.strip == (first, second, third, fourth) and fourth.number == 4 and not past.can_redo
    assert past.undo() is first and past.redo() is fourth and past.go(2) is second and past.redo() is third
    with pytest.raises(KeyError):
        past.go(9)
    past.go(4)
    again = past.add(made(direct("legal")), "retouch")
    assert len(past.strip) == 4 and again.number == 4
    assert past.star(2).starred and not past.star(2).starred
    past.clear()
    assert past.now is None and past.strip == ()


def test_above_the_memory_the_oldest_are_kept_small_and_come_back() -> None:
    past, frame = History(memory=3 * 2 * 400 * 320 * 3), np.zeros((400, 320, 3), np.uint8)
    for i in range(6):
        one = warm(i / 10)
        canvas = replace(one.canvas, picture=frame, original=frame.copy())
        past.add(replace(one, picture=frame + i, canvas=canvas), "retouch")
    assert [s.small for s in past.strip] == [True, True, True, False, False, False]
    assert past.go(1).result.picture.shape[0] == 180 and past.go(1).result.direction.light.warmth == 0
    full = replace(past.go(1).result, picture=frame)
    assert past.renew(1, full).result.picture is frame and not past.strip[0].small and len(past.strip) == 6
    few = History(most=3)
    for i in range(6):
        few.add(warm(i / 10), "retouch")
        if i == 0:
            few.star(1)
    assert [s.number for s in few.strip] == [1, 5, 6]  # a star holds


def test_going_on_changes_only_what_was_said() -> None:
    past = History()
    base = direct("academic", engine="faceid-sd15", words="calm", overrides={"generate.steps": 12, "light.warmth": 0.2})
    step = past.add(made(base, "faceid-sd15", seed=77), "faceid-sd15")
    on, engine = go_on(step, {"light.warmth": 0.5})
    old, new = as_settings(base), as_settings(on)
    assert engine == "faceid-sd15" and {k for k in new if new[k] != old[k]} == {"light.warmth", "seed"}
    assert new["seed"] == 77  # the candidate's own seed is held
    assert difference(base, on) == "Variation number: 77, Cooler or warmer: +0.5"
    assert go_on(step, {"seed": 5})[0].seed == 5
    with pytest.raises(DirectionError):
        go_on(step, {"light.warmth": 9})


def warm(value: float) -> Headshot:
    return made(direct("linkedin", overrides={"light.warmth": value}))


def test_a_drag_is_one_step() -> None:
    past = History()
    first = past.add(made(direct("linkedin")), "retouch", drag=True, at=0.0)
    for i, value in enumerate((0.1, 0.2, 0.3)):
        step = past.add(warm(value), "retouch", drag=True, at=1.0 + i)
    assert [s.what for s in past.strip] == ["LinkedIn neutral", "Cooler or warmer: +0.3"] and step.number == 2
    later = past.add(warm(0.4), "retouch", drag=True, at=8.0)  # more than ONE_DRAG after the last
    assert len(past.strip) == 3 and later.what == "Cooler or warmer: +0.4"
    # Another slider is another step, however quickly; a click that is no drag too.
    both = direct("linkedin", overrides={"light.warmth": 0.4, "light.exposure": 0.5})
    past.add(made(both), "retouch", drag=True, at=8.1)
    past.add(warm(0.5), "retouch", at=8.2)
    assert len(past.strip) == 5
    # Back where it stood: no step is left of the drag.
    past = History()
    first = past.add(made(direct("linkedin")), "retouch", drag=True, at=0.0)
    past.add(warm(0.1), "retouch", drag=True, at=1.0)
    back = past.add(made(direct("linkedin")), "retouch", drag=True, at=2.0)
    assert past.strip == (back,) and back.number == first.number


def test_looks_and_choices_are_never_dragged_and_an_undone_step_is_left_alone() -> None:
    past = History()
    for i, name in enumerate(("linkedin", "mono", "legal")):
        past.add(made(direct(name)), "retouch", drag=True, at=0.1 * i)
    for i, kind in enumerate(("own", "blur")):
        past.add(made(direct("legal", overrides={"backdrop.kind": kind})), "retouch", drag=True, at=1 + 0.1 * i)
    assert len(past.strip) == 5
    past = History()
    for i, value in enumerate((0.0, 0.1)):
        past.add(warm(value), "retouch", drag=True, at=0.1 * i)
    past.add(made(direct("mono")), "retouch", drag=True, at=0.3)
    past.undo()
    past.add(warm(0.2), "retouch", drag=True, at=0.5)
    assert [s.what for s in past.strip][1:] == ["Cooler or warmer: +0.1", "Black and white", "Cooler or warmer: +0.2"]


def test_what_makes_no_difference_is_no_step() -> None:
    past = History()
    for settings in ({}, {"generate.mode": "draft"}, {"seed": 5}, {"words": "calm"}):
        past.add(made(direct("linkedin", overrides=settings)), "retouch")
    assert len(past.strip) == 1 and past.now is not None and past.now.result.direction.words == "calm"
    past.add(made(direct("linkedin", overrides={"change": 0.0})), "retouch")
    assert len(past.strip) == 2
    painted = History()
    for seed in (1, 2):
        painted.add(made(direct("linkedin", engine="faceid-sd15", seed=seed), "faceid-sd15"), "faceid-sd15")
    assert [s.what for s in painted.strip] == ["LinkedIn neutral", "Variation number: 2"]


def test_candidates_of_one_request_are_steps_of_their_own() -> None:
    past, wanted = History(), direct("linkedin", engine="faceid-sd15", seed=7, overrides={"generate.candidates": 3})
    three = [made(wanted, "faceid-sd15", seed=7 + i) for i in range(3)]
    for one in three:
        past.add(one, "faceid-sd15")
    assert [s.what for s in past.strip] == ["LinkedIn neutral", "Variation number: 8", "Variation number: 9"]
    assert past.step_of(three[0]) is past.strip[0]
    alone = replace(wanted, seed=9, generate=replace(wanted.generate, candidates=1))
    again = past.add(made(alone, "faceid-sd15", seed=9), "faceid-sd15")
    assert len(past.strip) == 3 and again.number == 3  # the last one asked for by its own seed
    for _ in range(2):
        past.add(made(replace(wanted, seed=9), "retouch"), "retouch")
        past.add(made(replace(wanted, seed=10), "retouch"), "retouch")
    assert len(past.strip) == 4  # own pixels have no seeds


@pytest.mark.sweep
@pytest.mark.data
def test_what_is_kept_is_light_and_can_be_judged() -> None:
    result = headshot(sitting("coleman_1.jpg"), direct("linkedin"), height=800)
    step = History().add(result, "retouch")
    canvas = step.result.canvas
    held = {
        id(a): a.nbytes
        for a in (
            step.result.picture,
            canvas.picture,
            canvas.original,
            canvas.matte,
            canvas.landmarks,
            *canvas.regions.values(),
        )
    }
    assert sum(held.values()) < 4e6 and canvas.foreground is None
    assert judge(step.result).to_json() == judge(result).to_json()


# ------------------------------------------------------------------ adjustments


def step_of(engine: str = "retouch", preset: str = "linkedin", **overrides: object) -> Step:
    settings = {k.replace("__", "."): v for k, v in overrides.items()}
    direction = direct(preset, engine=engine, overrides={"change": 0.75 if engine != "retouch" else 0.25, **settings})
    return History().add(made(direction, engine), engine)


RUNGS = [("retouch", 0.25), ("faceid-sd15", 0.75), ("faceid-sd15", 1.0)]


def heard(direction: Direction) -> object:
    """All that can reach a picture that is painted anew: the words, and what is laid over it."""
    return prompt(direction), direction.light.exposure, direction.light.warmth


@pytest.mark.parametrize(("engine", "change"), RUNGS)
@pytest.mark.parametrize("name", list(ADJUSTMENTS))
def test_an_adjustment_goes_on_until_its_end_and_says_so(name: str, engine: str, change: float) -> None:
    key, past = KEYS[name], History()
    step = past.add(made(step_of(engine, change=change).result.direction, engine), engine)
    if key == "posing.expression" and engine == "retouch":
        assert "generator" in why_not(name, step)
        return
    before: list[object] = []
    for _ in range(20):
        if why_not(name, step):
            break
        direction, painter = go_on(step, adjust(name, step.result.direction))
        moved = {k for k, v in as_settings(direction).items() if v != as_settings(step.result.direction)[k]}
        words = {k for k in moved if k.startswith("look.")}  # they follow
        assert painter == engine and key in moved and moved - words <= {key}
        assert change < 1 or heard(direction) != heard(step.result.direction)
        value = as_settings(direction)[key]
        bound = SETTINGS[key]
        assert bound.kind != "number" or bound.low <= value <= bound.high
        before.append(value)
        step = past.add(made(direction, engine), engine)
    if name == "other-side":
        assert before[:2] == ["right", "left"] and not why_not(name, step)
    else:
        assert len(before) == len(set(before)) >= 1 and why_not(name, step) == ADJUSTMENTS[name].end != ""


def test_adjustments_say_what_they_cannot_do() -> None:
    assert "no main light" in why_not("softer", step_of(light__key_side="none"))
    assert "no main light" in why_not("other-side", step_of(light__strength=0))
    assert "light face edit" in why_not("more-smile", step_of("faceid-sd15", change=0.5))
    assert "You keep “beard”" in why_not("more-smile", step_of("faceid-sd15", change=1.0, keep="beard"))


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("composed serious expression", "serious"),
        ("calm direct expression", "neutral"),
        ("calm expression, slight smile", "slight-smile"),
        ("natural friendly smile", "smile"),
        ("warm open smile", "broad-smile"),
    ],
)
def test_where_a_smile_stands(words: str, value: str) -> None:
    assert expression_of(words) == value


POSING = {
    "posing.expression": ("neutral", "mouth closed"),
    "posing.gaze": ("left", "to the left"),
    "posing.turn": ("slight-right", "turned slightly to the right"),
}


@pytest.mark.parametrize("control", POSING)
def test_after_an_adjustment_the_controls_are_not_dead(control: str) -> None:
    """Nor after a look was loaded whose file holds the words that a control had said."""
    value, words = POSING[control]
    adjusted, _ = go_on(step_of("faceid-sd15"), adjust("less-smile", direct("linkedin")))
    smiling = direct("legal", overrides={"look.expression": "friendly smile, looking into the camera"})
    for before in (adjusted, smiling):
        held = HeldWords()
        held.hold(before)
        plain = {k: v for k, v in diff(before).items() if not k.startswith("look.")}
        assert held.merge(direct(before.preset, overrides=plain)) == before
        moved = held.merge(direct(before.preset, overrides=plain | {control: value}))
        assert words in moved.look.expression and prompt(moved) != prompt(before)
        assert ("smile" in moved.look.expression) == (control != "posing.expression")
        held.hold(moved)  # as each picture is, once it is there
        assert held.merge(direct(before.preset, overrides=plain)).look == before.look  # and back
