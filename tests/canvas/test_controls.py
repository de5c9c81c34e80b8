"""The photographer's controls: what each does to own pixels, that their defaults do nothing, and their words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from headshot.canvas.backdrop import make_backdrop
from headshot.canvas.lens import MOST_DEGREES, MOST_SCALE, NOTE, camera_move, moved_landmarks
from headshot.canvas.light import apply_stops, relight, side_light
from headshot.direction.applicability import why_ignored
from headshot.direction.diff import as_settings, diff
from headshot.direction.direct import direct
from headshot.direction.interpret import interpret
from headshot.direction.labels import CHOICES, value_of
from headshot.direction.phrases import expression_words
from headshot.direction.preset_file import to_toml
from headshot.direction.presets import load_presets
from headshot.direction.prompt import prompt
from headshot.direction.settings import SETTINGS
from headshot.files.recipe import recipe_of, restore
from headshot.imaging.colour import luminance, to_codes, to_linear
from headshot.studio.result_report import judge
from headshot.studio.session import headshot
from headshot.types import ASPECTS, Backdrop, Crop, Direction, Light
from headshot.ui.compare.sheet_axes import values_for
from headshot.ui.make.controls import GROUPS, KEYS
from headshot.ui.make.look_previews import thumbnails
from tests.fixtures.shared_photos import sitting

NEW = (
    "light.key_height",
    "light.fill",
    "backdrop.texture",
    "crop.lens",
    "crop.camera_height",
    "posing.attire",
    "posing.expression",
    "posing.gaze",
    "posing.turn",
)
SKINS = ("garan_1.jpg", "wilson_1.jpg", "whitson_1.jpg")


def stage_of(name: str, height: int = 400, **crop: float):  # type: ignore[no-untyped-def]
    return sitting(name).stage(direct(overrides={f"crop.{k}": v for k, v in crop.items()}), height)


# ------------------------------------------------------------------ light


def old_relight(form, light: Light) -> np.ndarray:  # type: ignore[no-untyped-def]
    """The key light as it was when the report's cuts were tuned: before height and fill."""
    side = -1.0 if light.key_side == "left" else 1.0
    way = np.array([0.62 * side, -0.42, 0.66], np.float32)
    way /= np.linalg.norm(way)
    cosine = cv2.transform(form.normals, way[None, :]).reshape(form.face.shape)
    wrap = 0.25 + 0.6 * light.softness
    stops = np.log2(1 + 2 * np.clip((cosine + wrap) / (1 + wrap), 0, 1))
    stops -= float(np.median(stops[form.face > 0.5]))
    limit = 0.7 * light.strength
    return (limit * np.tanh(stops / limit)).astype(np.float32)


@pytest.mark.data
@pytest.mark.parametrize("name", SKINS)
def test_the_default_key_light_is_the_one_the_cuts_were_tuned_on(name: str) -> None:
    form = stage_of(name).head_form
    for preset in ("linkedin", "corporate", "mono"):
        light = direct(preset).light
        assert np.array_equal(relight(form, light, 0.5), old_relight(form, light))


@pytest.mark.data
@pytest.mark.parametrize("name", SKINS)
def test_a_higher_key_light_darkens_what_faces_down(name: str) -> None:
    stage = stage_of(name)
    brow, chin = (stage.landmarks[i, :2].astype(int) for i in (151, 200))  # the forehead, and under the lips
    gaps = []
    for height in (0.0, 25.0, 45.0, 60.0):
        stops = relight(stage.head_form, Light(strength=0.8, key_height=height))
        assert np.isfinite(stops).all() and np.abs(stops).max() <= 0.7
        gaps.append(float(stops[brow[1], brow[0]] - stops[chin[1], chin[0]]))
    assert gaps == sorted(gaps) and gaps[-1] > gaps[0] + 0.1


@pytest.mark.data
@pytest.mark.parametrize("name", SKINS)
def test_fill_lifts_the_shadow_side_alone_and_keeps_the_hue(name: str) -> None:
    stage = stage_of(name)
    person, form = to_linear(stage.original), stage.head_form
    light = Light(key_side="left", strength=1.0)
    key = relight(form, light)
    face = form.face > 0.8
    dark, bright = face & (key < np.quantile(key[face], 0.1)), face & (key > np.quantile(key[face], 0.9))
    ratios = []
    for fill in (0.0, 0.3, 0.6, 1.0):
        stops = relight(form, replace(light, fill=fill))
        assert np.isfinite(stops).all() and np.abs(stops).max() <= 1.4
        ratios.append(float(stops[bright].mean() - stops[dark].mean()))  # lighting ratio, stops
        lit = apply_stops(person, stops)
        clear = face & (lit.max(2) < 0.85) & (person.max(2) < 0.95) & (person.min(2) > 0.002)
        before, after = (cv2.cvtColor(to_codes(p) / 255, cv2.COLOR_RGB2LAB)[clear].mean(0) for p in (person, lit))
        assert abs(np.degrees(np.arctan2(after[2], after[1]) - np.arctan2(before[2], before[1]))) <= 1.0
    assert ratios == sorted(ratios, reverse=True) and ratios[-1] < 0.65 * ratios[0]
    assert np.abs(cv2.Laplacian(stops, cv2.CV_32F)).max() < 0.05  # no line where light turns into shadow


@pytest.mark.data
def test_fill_answers_the_photos_own_shadow() -> None:
    """A planted side light is found again, on the right side, and lifted; without it nothing much is done."""
    stage = stage_of("garan_1.jpg")
    plain = to_linear(stage.original)
    found = []
    for slope in (-0.5, 0.0, 0.5):
        planted = apply_stops(plain * 0.5, slope * stage.head_form.normals[..., 0])
        found.append(side_light(planted, stage.head_form))
    assert found[1] - found[0] == pytest.approx(0.5, abs=0.06) and found[2] - found[1] == pytest.approx(0.5, abs=0.06)
    none = Light(key_side="none", fill=1.0)
    lift = relight(stage.head_form, none, found[2])
    face, x = stage.head_form.face > 0.8, stage.head_form.normals[..., 0]
    assert lift[face & (x < -0.4)].mean() > 0.12 > 0.05 > lift[face & (x > 0.4)].mean()
    assert np.abs(relight(stage.head_form, none, 0.0)).max() < 1e-6


# ------------------------------------------------------------------ backdrop


@pytest.mark.data
@pytest.mark.parametrize("kind", ["seamless", "gradient", "brand"])
def test_mottling_grows_is_centred_and_the_same_at_every_size(kind: str) -> None:
    light, colour = Light(key_side="none"), "#7b7269"
    small, large = stage_of("garan_1.jpg", 400), stage_of("garan_1.jpg", 1200)
    plain = make_backdrop(small, Backdrop(kind, colour), light)
    assert np.array_equal(plain, make_backdrop(small, Backdrop(kind, colour, texture=0.0), light))
    spreads = []
    for texture in (0.25, 0.5, 1.0):
        made = make_backdrop(small, Backdrop(kind, colour, texture=texture), light)
        assert made.min() >= 0 and made.max() <= 1 and np.isfinite(made).all()
        stops = np.log2(luminance(made) / luminance(plain))
        spreads.append(float(stops.std()))
        assert abs(float(stops.mean())) < 0.12 and np.abs(stops).max() < 0.65
    assert spreads == sorted(spreads) and spreads[-1] > 0.15
    final = make_backdrop(large, Backdrop(kind, colour, texture=1.0), light)
    again = cv2.resize(final, made.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(to_codes(again) - to_codes(made)).mean() < 1.5  # code values
    assert np.array_equal(made, make_backdrop(small, Backdrop(kind, colour, texture=1.0), light))


@pytest.mark.data
@pytest.mark.parametrize("kind", ["bokeh", "blur", "own"])
def test_mottling_is_for_plain_backdrops(kind: str) -> None:
    stage = stage_of("garan_1.jpg", 300)
    with_it, without = (make_backdrop(stage, Backdrop(kind, texture=t), Light()) for t in (1.0, 0.0))
    assert np.array_equal(with_it, without)


# ------------------------------------------------------------------ the camera


@pytest.mark.data
def test_no_camera_move_is_no_move_at_all() -> None:
    stage = stage_of("garan_1.jpg")
    assert stage.unmoved_original is None and stage.unmoved_landmarks is None and stage.unmoved_share == 1.0
    assert camera_move(stage.landmarks, stage.matte.shape, Crop()) is None
    assert moved_landmarks(stage.landmarks, stage.matte.shape, Crop()) is stage.landmarks
    made = headshot(sitting("garan_1.jpg"), direct(), height=400)
    assert made.canvas.unmoved_share == 1.0 and NOTE not in made.notes
    assert made.canvas.original_landmarks is made.canvas.landmarks


@pytest.mark.data
@pytest.mark.parametrize("name", SKINS)
def test_a_farther_camera_makes_the_nose_smaller_within_the_stated_bound(name: str) -> None:
    still = stage_of(name)
    marks, shape = still.landmarks, still.matte.shape

    def spans(points: np.ndarray) -> tuple[float, float]:
        """Width of the nose's wings, and from ear to ear."""
        return tuple(float(np.hypot(*(points[a, :2] - points[b, :2]))) for a, b in ((48, 278), (234, 454)))

    nose, ears = spans(marks)
    ratios = []
    for lens in (-1.0, -0.5, 0.0, 0.5, 1.0):
        n, e = spans(moved_landmarks(marks, shape, Crop(lens=lens)))
        ratios.append((n / e) / (nose / ears) - 1)
    assert ratios == sorted(ratios, reverse=True) and ratios[2] == 0
    assert 0.008 < ratios[0] <= MOST_SCALE + 1e-3 and 0.008 < -ratios[4] <= MOST_SCALE + 1e-3


@pytest.mark.data
@pytest.mark.parametrize("name", [*SKINS, "herrington_2.jpg", "ham_2.jpg"])
def test_the_camera_tears_and_folds_nothing(name: str) -> None:
    """Extremes: the map is monotone, bounded, still at the frame's edge, and carries landmarks and pixels alike."""
    still = stage_of(name)
    for lens, up in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        crop = Crop(lens=lens, camera_height=up)
        move = camera_move(still.landmarks, still.matte.shape, crop)
        assert move is not None and np.isfinite(move.x).all() and np.isfinite(move.y).all()
        assert np.diff(move.x, axis=1).min() > 0.8 and np.diff(move.y, axis=0).min() > 0.8
        assert move.shift.max() < 0.1 * still.eye_distance
        there = moved_landmarks(still.landmarks, still.matte.shape, crop)
        inside = [
            i
            for i in range(468)
            if 1 < there[i, 0] < still.matte.shape[1] - 2 and 1 < there[i, 1] < still.matte.shape[0] - 2
        ]
        x, y = there[inside, 0][None].copy(), there[inside, 1][None].copy()
        back = np.stack([cv2.remap(f, x, y, cv2.INTER_LINEAR)[0] for f in (move.x, move.y)], 1)
        assert np.abs(back - still.landmarks[inside, :2]).max() < 0.15  # px
        moved = stage_of(name, lens=lens, camera_height=up)
        assert moved.matte.min() >= 0 and moved.matte.max() <= 1 and np.isfinite(moved.matte).all()
        assert moved.unmoved_original is not None and np.array_equal(moved.unmoved_original, still.original)
        assert abs(float(moved.matte.mean()) - float(still.matte.mean())) < 0.01
        corner = np.s_[:20, :20]
        assert np.abs(moved.original[corner].astype(int) - still.original[corner]).max() <= 1


@pytest.mark.data
@pytest.mark.parametrize("name", [SKINS[0], *(pytest.param(name, marks=pytest.mark.sweep) for name in SKINS[1:])])
def test_the_report_tells_the_drift_and_never_calls_it_another_face(name: str) -> None:
    shapes = []
    for overrides in ({}, {"crop.lens": 1.0}, {"crop.lens": -1.0, "crop.camera_height": 1.0}):
        made = headshot(sitting(name), direct(overrides=overrides), height=640)
        report = judge(made)
        shape, jaw, same = (report.get(k) for k in ("face_shape", "jaw_width", "same_photo"))
        assert shape is not None and jaw is not None and same is not None and same.state == "green"
        assert "red" not in {f.state for f in report.deciding_findings}
        shapes.append(shape.value)
        if overrides:
            assert shape.state == "amber" and NOTE in made.notes
            unmoved = report.get("kept_pixels")
            assert unmoved is not None and unmoved.value == made.canvas.unmoved_share < 0.5
    assert shapes[0] is not None and shapes[0] < 0.3 < min(s for s in shapes[1:] if s is not None)


def test_the_bounds_stand_where_the_control_is() -> None:
    assert f"{MOST_SCALE:.1%}" in SETTINGS["crop.lens"].technical
    assert f"{MOST_DEGREES} degrees" in SETTINGS["crop.camera_height"].technical


# ------------------------------------------------------------------ words


SAID = {
    "posing.attire": {
        "casual": "casual everyday",
        "smart-casual": "smart casual",
        "business": "business jacket",
        "formal": "formal dark suit",
    },
    "posing.expression": {
        "serious": "serious expression",
        "neutral": "neutral relaxed",
        "slight-smile": "slight closed-mouth smile",
        "smile": "friendly",
        "broad-smile": "broad open smile",
    },
    "posing.gaze": {"lens": "into the camera", "left": "to the left", "right": "to the right"},
    "posing.turn": {
        "straight": "head straight",
        "slight-left": "turned slightly to the left",
        "slight-right": "turned slightly to the right",
        "three-quarter": "three-quarter view",
    },
}


@pytest.mark.parametrize("preset", list(load_presets()))
def test_posing_replaces_the_looks_words_and_fits_the_budget(preset: str) -> None:
    base = direct(preset, engine="faceid-sdxl")
    for key, values in SAID.items():
        assert set(values) | {"look"} == set(SETTINGS[key].choices)
        assert direct(preset, engine="faceid-sdxl", overrides={key: "look"}) == base
        for value, words in values.items():
            made = direct(preset, engine="faceid-sdxl", overrides={key: value})
            text = prompt(made)
            assert words in text.text and text.tokens <= 77
            assert not base.look.wardrobe or key != "posing.attire" or base.look.wardrobe not in text.text
            assert diff(made, "faceid-sdxl") == {key: value, "change": base.change}
    everything = {key: list(values)[-1] for key, values in SAID.items()}
    everything |= {"crop.lens": 1.0, "crop.camera_height": 1.0, "light.key_height": 60.0, "light.fill": 1.0}
    text = prompt(direct(preset, engine="faceid-sdxl", words="x " * 60, overrides=everything))
    assert text.tokens <= 77 and text.cut  # what found no room is told


def test_words_for_light_camera_and_backdrop() -> None:
    def look(**overrides: object):  # type: ignore[no-untyped-def]
        return direct("corporate", overrides={k.replace("__", "."): v for k, v in overrides.items()}).look

    plain = look()
    assert look(light__key_height=50.0).light == f"{plain.light}, light from high above"
    assert look(light__key_height=5.0).light.endswith("light at eye level")
    assert look(light__key_height=30.0).light == plain.light
    assert "bright fill light" in look(light__fill=0.7).light
    assert look(crop__lens=1.0).lens.startswith("135mm lens") and "85mm" not in look(crop__lens=1.0).lens
    assert look(crop__lens=-1.0).lens.startswith("35mm lens") and look(crop__lens=0.1).lens == plain.lens
    assert look(crop__camera_height=-1.0).lens.endswith("camera slightly below eye level")
    assert "mottled" in look(backdrop__texture=0.6).backdrop and look(backdrop__texture=0.1).backdrop == plain.backdrop
    assert look(light__fill=0.7, look__light="candle").light == "candle"  # somebody's own words stay
    side = look(light__key_side="right", light__key_height=60.0).light
    assert "from the right" in side and "high above" in side
    posing = direct(overrides={"posing.turn": "three-quarter"}).posing
    assert expression_words("", posing) == "three-quarter view of the face"


WORDS = {
    "light from above, more fill, softer shadows": {"light.key_height": 50.0, "light.fill": 0.4},
    "muslin backdrop, formal, looking left": {
        "backdrop.kind": "gradient",
        "backdrop.texture": 0.6,
        "posing.attire": "formal",
        "posing.gaze": "left",
    },
    "long lens, camera slightly above eye level": {"crop.lens": 0.8, "crop.camera_height": 0.7},
    "wide-angle, deep shadows, less formal": {"crop.lens": -0.8, "light.fill": 0.0, "posing.attire": "casual"},
    "three-quarter view, no smile, eye contact": {
        "posing.turn": "three-quarter",
        "posing.expression": "neutral",
        "posing.gaze": "lens",
    },
    "head turned slightly to the right, smiling, light from the left": {
        "posing.turn": "slight-right",
        "posing.expression": "smile",
        "light.key_side": "left",
    },
}


@pytest.mark.parametrize("words", WORDS)
def test_plain_words_find_the_new_controls(words: str) -> None:
    reading = interpret(words, "faceid-sd15")
    assert {k: v for s in reading.suggestions for k, v in s.settings.items()} == WORDS[words]
    assert reading.prompt == "" and not any(s.reason for s in reading.suggestions)
    own = {s.said: bool(s.reason) for s in interpret(words).suggestions}
    painted = {s.said: any(k.startswith("posing.") for k in s.settings) for s in interpret(words).suggestions}
    assert own == painted


@pytest.mark.parametrize("key", [k for k in NEW if k.startswith("posing.")])
def test_own_pixels_say_why_they_do_not_pose(key: str) -> None:
    assert "generator" in why_ignored(key, "retouch") and why_ignored(key, "faceid-sd15") == ""
    assert all(value_of(key, choice) == CHOICES[choice] for choice in SETTINGS[key].choices)


# ------------------------------------------------------------------ carried everywhere


@pytest.mark.data
def test_new_settings_come_back_from_a_saved_picture() -> None:
    given = {
        "light.key_height": 45.0,
        "light.fill": 0.35,
        "backdrop.texture": 0.6,
        "crop.lens": -0.4,
        "crop.camera_height": 0.3,
        "posing.attire": "formal",
        "posing.gaze": "left",
    }
    made = headshot(sitting("garan_1.jpg"), direct("corporate", overrides=given), height=300)
    again = restore(recipe_of(made))
    assert again == made.direction and {k: as_settings(again)[k] for k in given} == given


@pytest.mark.parametrize("key", NEW)
def test_each_is_on_the_page_and_on_a_sheet_with_sensible_values(key: str) -> None:
    assert key in KEYS and any(key in keys for _, keys in GROUPS)
    choices, chosen = values_for(key)
    assert 3 <= len(chosen) <= 4 and set(chosen) <= {v for _, v in choices}
    assert len({label for label, _ in choices}) == len(choices)
    neutral = as_settings(Direction())[key]
    assert str(neutral) in chosen or f"{neutral:g}" in chosen  # one of them is how it was


@pytest.mark.data
@pytest.mark.parametrize("aspect", ASPECTS)
def test_all_extremes_at_once_make_a_picture(aspect: str) -> None:
    ends = {
        "light.key_height": 60.0,
        "light.fill": 1.0,
        "light.strength": 1.0,
        "backdrop.texture": 1.0,
        "backdrop.kind": "seamless",
        "crop.lens": -1.0,
        "crop.camera_height": 1.0,
        "crop.aspect": aspect,
    }
    made = headshot(sitting("wilson_1.jpg"), direct(overrides=ends), height=320)
    assert made.picture.dtype == np.uint8 and made.picture.std() > 10
    total = sum(made.canvas.regions.values())
    assert np.abs(np.asarray(total) - 1).max() < 1e-4


# ------------------------------------------------------------------ the gallery's previews


@pytest.mark.data
def test_previews_begin_with_what_is_in_sight() -> None:
    """The chosen looks first; what comes into sight meanwhile overtakes; each is made once."""
    names = list(load_presets())
    one = sitting("garan_1.jpg")
    batches = list(thumbnails(one, names[10:14]))
    first = list(batches[0])
    assert first == names[10:14]
    assert [len(b) for b in batches[:3]] == [4, 12, 24]
    assert set(batches[-1]) == set(names)
    seen: list[str] = []
    work = thumbnails(one, names[:1], lambda: seen)
    assert list(next(work)) == names[:4]
    seen += [names[30], names[2], names[35]]  # one of them is there already
    assert list(next(work))[4:6] == [names[30], names[35]]


def test_a_directed_look_is_saved_with_what_was_directed(tmp_path: Path) -> None:
    """A look saved as a file and loaded back: the own-pixel controls are its settings, the posing is in its words."""
    given = {
        "posing.expression": "smile",
        "posing.attire": "formal",
        "light.key_height": 50.0,
        "light.fill": 0.6,
        "backdrop.texture": 0.7,
        "crop.lens": 0.5,
    }
    made = direct("corporate", engine="faceid-sdxl", overrides=given)
    (tmp_path / "mine.toml").write_text(to_toml(made, title="Mine"), encoding="utf-8")
    saved = load_presets(tmp_path)["mine"]
    assert (saved.light, saved.backdrop, saved.crop) == (made.light, made.backdrop, made.crop)
    again = Direction(look=saved.look, avoid=saved.avoid)
    assert prompt(again).text == prompt(made).text and "friendly smile" in prompt(again).text
