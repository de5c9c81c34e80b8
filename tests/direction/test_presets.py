"""Presets, direction and prompt: strict files, one range table, 77 tokens."""

from __future__ import annotations

import gzip
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from headshot.direction.direct import direct
from headshot.direction.parse import parse
from headshot.direction.phrases import colour_name, light_words
from headshot.direction.preset_file import TAGS, Preset, to_toml
from headshot.direction.presets import load_presets, reload_presets
from headshot.direction.prompt import approximate_tokens, prompt
from headshot.direction.settings import SETTINGS
from headshot.errors import DirectionError
from headshot.text import clean
from headshot.types import (
    BACKDROPS,
    Backdrop,
    Crop,
    CutoutSettings,
    Direction,
    Generate,
    Light,
    Look,
    Posing,
    Retouch,
    Shape,
)
from tests import SHARED

BPE = SHARED / "data" / "weights" / "bpe_simple_vocab_16e6.txt.gz"

GOOD = """
title = "T"
summary = "S."
[look]
shot = "photo of a {person}"
[canvas]
light = { strength = 0.5 }
[engine]
faceid-sd15 = { steps = 8 }
"""


def one(tmp_path: Path, text: str, name: str = "mine") -> Preset:
    (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    reload_presets()
    return load_presets(tmp_path)[name]


# ------------------------------------------------------------------ the table


def test_every_field_has_its_bound_and_every_bound_its_field() -> None:
    groups = {"look": Look, "backdrop": Backdrop, "light": Light, "crop": Crop, "posing": Posing}
    groups |= {"retouch": Retouch, "generate": Generate, "cutout": CutoutSettings, "shape": Shape}
    expected = {f"{g}.{f.name}" for g, kind in groups.items() for f in fields(kind)}
    assert set(SETTINGS) == expected | {"change", "seed", "words", "person", "avoid", "keep"}


@pytest.mark.parametrize("key", [k for k, b in SETTINGS.items() if b.kind in ("number", "integer")])
def test_ends_are_allowed_and_beyond_is_refused_by_name(key: str) -> None:
    bound = SETTINGS[key]
    for end in (bound.low, bound.high):
        assert parse(key, end) == end == parse(key, str(end))
    for beyond in (bound.low - 1, bound.high + 1, "nan", "inf", "-inf", "much", "", True, None, [], 10**400):
        with pytest.raises(DirectionError, match=re.escape(key)) as caught:
            parse(key, beyond)
        assert f"{bound.high:g}"[:4] in caught.value.hint.replace(",", "")[:80] or bound.high > 1e6


def test_defaults_of_the_records_are_within_bounds() -> None:
    settings = Direction().settings()
    for key in SETTINGS:
        group, _, name = key.rpartition(".")
        value = settings[group][name] if group else settings[key]
        assert parse(key, value, strict=True) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("#1F3A5F", "#1f3a5f"),
        ("#abc", "#aabbcc"),
        ("navy", "#000080"),
        ("rgb(1, 2, 3)", "#010203"),
        ("rgba(31.4, 58, 95, 1)", "#1f3a5f"),
    ],
)
def test_colours_in_every_form(text: str, value: str) -> None:
    assert parse("backdrop.colour", text) == value


@pytest.mark.parametrize(
    "text", ["", "#12", "bleu", "rgba(1,2,3,0.5)", "rgb(1.2.3,4,5)", "#11223344", "rgb(999,0,0)", 7]
)
def test_bad_colours(text: object) -> None:
    with pytest.raises(DirectionError, match=r"backdrop\.colour"):
        parse("backdrop.colour", text)


# ------------------------------------------------------------------ the project's presets


def test_presets_cover_what_people_buy() -> None:
    presets = load_presets()
    bought = {"corporate", "startup", "creative", "academic", "medical", "legal", "actor", "speaker"}
    assert bought | {"linkedin", "brand", "outdoor", "mono"} <= set(presets)
    assert len(presets) >= 12
    orders = [p.order for p in presets.values()]
    assert orders == sorted(orders) and len(set(orders)) == len(orders)
    assert len({p.title for p in presets.values()}) == len(presets)
    assert {p.backdrop.kind for p in presets.values()} == set(BACKDROPS)
    assert presets["mono"].retouch.mono == 1.0
    assert len(presets) >= 40 and all(p.tags for p in presets.values())
    for tag in TAGS:
        assert sum(tag in p.tags for p in presets.values()) >= 4
    for preset in presets.values():  # a tag says what is seen
        assert ("mono" in preset.tags) == (preset.retouch.mono == 1.0)
        assert ("canvas" in preset.tags) == (preset.backdrop.texture >= 0.4)
        assert preset.crop.lens == preset.crop.camera_height == 0  # no look moves a face unasked


@pytest.mark.parametrize("name", list(load_presets()))
def test_each_preset_keeps_the_house_rules(name: str) -> None:
    preset = load_presets()[name]
    assert 0.45 <= preset.crop.head_height <= 0.60 and 0.38 <= preset.crop.eye_line <= 0.45
    assert preset.retouch.skin == 0.0  # off unless asked for
    assert preset.summary.endswith(".") and preset.avoid
    assert set(preset.engines) == {"faceid-sd15", "faceid-sdxl"}
    assert preset.look.shot.count("{person}") == 1
    assert all(getattr(preset.look, f.name) for f in fields(Look))
    made = prompt(direct(name, engine="faceid-sdxl"))
    assert made.cut == made.cut_negative == ()
    words = " ".join([*vars(preset.look).values(), preset.title, preset.summary, preset.avoid]).lower()
    guessed = r"\b(man|men|woman|women|male|female|he|she|his|her|young|old|boy|girl|white man|black man|asian"
    assert not re.search(guessed + r"|african|caucasian|european|beard|makeup|lipstick|handsome|beautiful)\b", words)
    sides = set(re.findall(r"\b(left|right)\b", preset.look.light))
    assert sides <= {preset.light.key_side}


def test_looks_really_differ() -> None:
    canvases = {(p.backdrop, p.light) for p in load_presets().values()}
    assert len(canvases) == len(load_presets())
    plain = [p.backdrop.colour for p in load_presets().values() if p.backdrop.kind not in ("own", "blur")]
    rgb = [[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in plain]
    gaps = [max(abs(a - b) for a, b in zip(x, y, strict=True)) for i, x in enumerate(rgb) for y in rgb[:i]]
    assert min(gaps) >= 12


# ------------------------------------------------------------------ strict files


@pytest.mark.parametrize(
    ("old", "new", "key", "hint"),
    [
        ("strength = 0.5", "strenght = 0.5", "canvas.light.strenght", "Did you mean strength?"),
        ("strength = 0.5", "strength = 1.5", "canvas.light.strength", "0 to 1"),
        ("strength = 0.5", 'strength = "0.5"', "canvas.light.strength", "0 to 1"),
        ("strength = 0.5", "strength = true", "canvas.light.strength", "0 to 1"),
        ("strength = 0.5", "strength = nan", "canvas.light.strength", "0 to 1"),
        ("light = { strength = 0.5 }", "light = 3", "canvas.light", "presets/"),
        ('title = "T"', 'title = "T"\ntags = ["ofice"]', "tags: 'ofice'", "Did you mean office?"),
        ('title = "T"', 'title = "T"\ntags = ["mono", "mono"]', "tags: 'mono'", "mono"),
        ('title = "T"', 'title = "T"\ntags = "mono"', "tags must be a list", "canvas"),
        ("light = {", "lihgt = {", "canvas.lihgt", "Did you mean light?"),
        ("light = { strength = 0.5 }", 'backdrop = { colour = "navy" }', "canvas.backdrop.colour", "#8d9196"),
        (
            "light = { strength = 0.5 }",
            'backdrop = { kind = "bokhe" }',
            "canvas.backdrop.kind",
            "Did you mean bokeh?",
        ),
        ("steps = 8", "steps = 8.5", "engine.faceid-sd15.steps", "1 to 100"),
        ("faceid-sd15", "faceid-sd16", "engine.faceid-sd16", "Did you mean faceid-sd15?"),
        ('title = "T"', 'titel = "T"', "titel", "Did you mean title?"),
        ('title = "T"', "", "title", "needs title"),
        ('title = "T"', "title = 1", "title", ""),
        ('title = "T"', 'title = "T"\norder = "x"', "order", "first"),
        ("{person}", "{gender}", "look.shot", "own word"),
        ('shot = "photo of a {person}"', 'lens = "85mm"', "look.shot", "few words"),
        ('shot = "photo of a {person}"', 'shots = "x"', "look.shots", "Did you mean shot?"),
        ("[canvas]", "[canvas", "mine.toml", "toml.io"),
    ],
)
def test_a_bad_file_names_itself_and_the_key(tmp_path: Path, old: str, new: str, key: str, hint: str) -> None:
    assert one(tmp_path, GOOD).light == replace(Light(), strength=0.5)
    with pytest.raises(DirectionError) as caught:
        one(tmp_path, GOOD.replace(old, new))
    assert "mine.toml" in caught.value.message and key in caught.value.message
    assert hint in caught.value.hint


def test_files_that_are_no_text_and_names_that_are_no_names(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b"title = '\xff'")
    with pytest.raises(DirectionError, match=r"mine\.toml is not valid TOML"):
        load_presets(tmp_path)
    (tmp_path / "mine.toml").rename(tmp_path / "My Look.toml")
    with pytest.raises(DirectionError, match="small letters"):
        load_presets(tmp_path)
    (tmp_path / "My Look.toml").unlink()
    with pytest.raises(DirectionError, match="no presets"):
        load_presets(tmp_path)


def test_order_then_name_and_a_folder_is_read_once(tmp_path: Path) -> None:
    for name, order in (("b", 5), ("a", 5), ("c", 1)):
        one(tmp_path, GOOD.replace('"S."', f'"S."\norder = {order}'), name)
    assert list(load_presets(tmp_path)) == ["c", "a", "b"]
    load_presets(tmp_path).clear()  # a caller's copy: the cache is not theirs
    assert load_presets(tmp_path)["a"] is load_presets(tmp_path)["a"]
    (tmp_path / "c.toml").unlink()
    assert list(load_presets(tmp_path)) == ["c", "a", "b"]
    assert one(tmp_path, GOOD.replace('"T"', '"New"'), "a").title == "New"
    assert list(load_presets(tmp_path)) == ["b", "a"]


# ------------------------------------------------------------------ direction


def test_direct_merges_preset_words_and_overrides() -> None:
    base = load_presets()["corporate"]
    direction = direct("corporate", engine="faceid-sd15", words="window light", person="pilot", seed=4)
    assert direction.look == base.look and direction.light == base.light and direction.crop == base.crop
    assert direction.generate == base.engines["faceid-sd15"] and direction.title == base.title
    assert (direction.words, direction.person, direction.seed) == ("window light", "pilot", 4)
    given = {
        "light.strength": "0.1",
        "generate.steps": "8",
        "look.wardrobe": "green scarf",
        "change": "0.5",
        "seed": "9",
        "crop.aspect": "1:1",
        "words": "by the sea",
        "avoid": "hat",
        "person": "",
    }
    over = direct("corporate", engine="faceid-sd15", seed=4, change=0.2, words="no", overrides=given)
    assert over.light == replace(base.light, strength=0.1)
    assert over.generate == replace(base.engines["faceid-sd15"], steps=8)
    assert over.look == replace(base.look, wardrobe="green scarf", light=f"{base.look.light}, flat light")
    assert (over.change, over.seed, over.crop.aspect) == (0.5, 9, "1:1")
    assert (over.words, over.avoid, over.person) == ("by the sea", "hat", "person")


def test_default_place_on_the_ladder() -> None:
    assert direct().change == 0.25
    assert direct(engine="faceid-sdxl").change == 0.75
    assert direct(change=0.0).change == 0.0
    assert direct().generate == Generate()


@pytest.mark.parametrize(
    ("overrides", "key", "hint"),
    [
        ({"light.strenght": 1}, "light.strenght", "Did you mean light.strength?"),
        ({"strength": 1}, "strength", "Did you mean light.strength?"),
        ({"light.strength": "2"}, "light.strength", "from 0 to 1"),
        ({"generate.scheduler": "dpm"}, "generate.scheduler", "Did you mean dpm++?"),
        ({"look.shot": "{age} person"}, "look.shot", "own word"),
        ({"words": "x" * 501}, "words", "500"),
        ({"": 1}, "", "Known here"),
    ],
)
def test_override_errors_name_the_key_and_what_is_allowed(overrides: dict[str, object], key: str, hint: str) -> None:
    with pytest.raises(DirectionError) as caught:
        direct(overrides=overrides)
    assert key in caught.value.message and hint in caught.value.hint


def test_unknown_preset() -> None:
    with pytest.raises(DirectionError, match="corprate") as caught:
        direct("corprate")
    assert caught.value.hint == "Did you mean corporate?"


def test_words_follow_the_controls() -> None:
    look = direct("corporate", overrides={"light.key_side": "right", "backdrop.colour": "#8b1a1a"}).look
    assert "from the right" in look.light and "left" not in look.light
    assert "dark red" in look.backdrop and "grey" not in look.backdrop
    assert direct("corporate", overrides={"light.key_side": "none"}).look.light == "soft key light, gentle fill"
    assert direct("corporate", overrides={"backdrop.kind": "own"}).look.backdrop == ""
    spoken = {"light.key_side": "right", "look.light": "candle on the left"}
    assert direct("corporate", overrides=spoken).look.light == "candle on the left"
    assert direct("corporate", overrides={"backdrop.falloff": 0.1}).look == load_presets()["corporate"].look
    left = Light(key_side="left")
    assert light_words("bright light", replace(left, key_side="right"), left) == "bright light, light from the right"


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ("#ffffff", "white"),
        ("#000000", "black"),
        ("#808080", "grey"),
        ("#d0d2d3", "light grey"),
        ("#1f3a5f", "dark blue"),
        ("#3f7f7c", "teal"),
        ("#6f8b68", "green"),
        ("#5d4a3d", "dark brown"),
        ("#b22222", "red"),
        ("#f0c000", "yellow"),
        ("#ff8800", "orange"),
        ("#7030a0", "violet"),
    ],
)
def test_colour_names(colour: str, name: str) -> None:
    assert colour_name(colour) == name


def test_hostile_words() -> None:
    text = "  soft\x00 light\r\n\x1b[31m\u202e by\u200b the\tsea \ud800 {person} {0.__class__} %s "
    direction = direct("linkedin", words=text, person="a{person}b")
    assert direction.words == "soft light [31m by the sea {person} {0.__class__} %s"
    made = prompt(direction)
    assert "{0.__class__} %s" in made.text and made.text.isprintable()
    assert clean("e\u0301") == "é"
    with pytest.raises(DirectionError, match="words: the text is too long"):
        direct(words="\x00" * 10**6)
    with pytest.raises(DirectionError, match="person"):
        direct(person="x" * 41)


# ------------------------------------------------------------------ prompt


def test_prompt_joins_in_order_with_own_words_after_the_shot() -> None:
    look = Look("photo of a {person}", "suit", "smile", "soft light", "grey wall", "85mm")
    made = prompt(Direction(look=look, person="nurse", words=" in Rome, ", avoid="text,  hat,"))
    assert made.text == "photo of a nurse, in Rome, suit, smile, soft light, grey wall, 85mm"
    assert made.negative == "text, hat" and made.cut == made.cut_negative == () and made.tokens <= 77
    assert prompt(Direction()).text == ""


def test_own_words_outlast_the_preset() -> None:
    def count(text: str) -> int:
        return 2 + len(text.split())  # a plain stand-in: one token a word

    look = Look("photo of {person}", "blue suit, tie", "smile", "soft light", "grey wall", "85mm lens")
    direction = Direction(look=look, words="one two three four", person="me")
    full = prompt(direction, count)
    assert (full.tokens, full.cut, full.cut_negative) == (19, (), ())
    for limit in range(19, 1, -1):
        made = prompt(direction, count, limit)
        assert made.tokens <= limit
        if made.cut and "one two three four" not in made.text:  # own words touched: the preset's are gone
            assert made.cut[-6:] == ("blue suit", "tie", "smile", "soft light", "grey wall", "85mm lens")
    assert prompt(direction, count, 16).cut == ("grey wall", "85mm lens")
    assert prompt(direction, count, 7).text == "photo of me, one two"
    assert prompt(direction, count, 7).cut[0] == "three four"
    assert prompt(direction, count, 4).text == "photo of"
    assert prompt(direction, count, 2).text == ""


def test_negative_is_bounded_too() -> None:
    made = prompt(direct(overrides={"avoid": ", ".join(["blurred faces"] * 30)}))
    assert approximate_tokens(made.negative) <= 77
    assert not made.cut and made.cut_negative and set(made.cut_negative) == {"blurred faces"}


@pytest.fixture(scope="module")
def clip_tokens():  # type: ignore[no-untyped-def]
    """CLIP's tokenizer, rebuilt from OpenAI's merges as openai/CLIP simple_tokenizer.py does it."""
    if not BPE.exists():
        pytest.skip("the CLIP vocabulary is not here")
    from tokenizers import Regex as R
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    merges = gzip.open(BPE, "rt", encoding="utf-8").read().split("\n")[1 : 49152 - 256 - 2 + 1]
    pairs = [tuple(m.split()) for m in merges]
    letters = pre_tokenizers.ByteLevel.alphabet()
    visible = sorted((c for c in letters if ord(c) < 256), key=ord) + sorted(
        (c for c in letters if ord(c) > 255), key=ord
    )
    tokens = [
        *visible,
        *(c + "</w>" for c in visible),
        *("".join(p) for p in pairs),
        "<|startoftext|>",
        "<|endoftext|>",
    ]
    assert len(tokens) == 49408
    bpe = models.BPE({t: i for i, t in enumerate(tokens)}, pairs, end_of_word_suffix="</w>", unk_token="<|endoftext|>")
    tokenizer = Tokenizer(bpe)
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(R(r"\s+"), " "), normalizers.Lowercase()]
    )
    pattern = R(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(pattern, "removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    assert tokenizer.encode("a photo of a cat").ids == [320, 1125, 539, 320, 2368]  # known from CLIP itself
    return lambda text: len(tokenizer.encode(text).ids) + 2


@pytest.mark.weights
def test_exact_tokens(clip_tokens) -> None:  # type: ignore[no-untyped-def]
    own = "calm university professor by a tall window, late afternoon light, reading glasses kept as they are, "
    own += "silver hair, a brass telescope and a globe out of focus on the right, quiet colours"
    for name in load_presets():
        plain = prompt(direct(name, engine="faceid-sd15"), clip_tokens)
        assert plain.cut == plain.cut_negative == () and plain.tokens == clip_tokens(plain.text) <= 77
        direction = direct(name, engine="faceid-sd15", words=own)
        made = prompt(direction, clip_tokens)
        assert own in made.text and made.tokens <= 77 and made.cut
        longer = prompt(direction, clip_tokens, limit=1000)
        assert longer.cut == longer.cut_negative == () and longer.tokens > 77
        # Greedy to the brim: the next phrase would not have fitted.
        assert clip_tokens(f"{made.text}, {made.cut[0]}") > 77


@pytest.mark.weights
def test_the_approximation_errs_on_the_high_side(clip_tokens) -> None:  # type: ignore[no-untyped-def]
    texts = [prompt(direct(n, engine="faceid-sd15")).text for n in load_presets()]
    texts += [p.avoid for p in load_presets().values()] + [p.summary for p in load_presets().values()]
    texts += [
        "Straße, naïve café, Łódź",
        "東京の先生",
        "مهندس",
        "врач у окна",
        "🙂🙂 👩🏽‍⚕️",
        "f/1.8 at 1/250 s, ISO 400!!! -- (soft)",
        "it's the doctor's coat, we'll keep it",
        "a_b __c__ 2026-11-24",
    ]
    for text in texts:
        exact, guess = clip_tokens(text), approximate_tokens(text)
        assert exact <= guess, text
        if text.isascii() and len(text) > 100:
            assert guess <= 1.45 * exact


# ------------------------------------------------------------------ saving a look


@pytest.mark.parametrize("name", list(load_presets()))
def test_a_preset_survives_the_round_trip(tmp_path: Path, name: str) -> None:
    assert one(tmp_path, to_toml(load_presets()[name]), name) == load_presets()[name]


def test_a_direction_saved_as_a_look_makes_the_same_prompt(tmp_path: Path) -> None:
    given = {"light.strength": 0.6, "backdrop.colour": "navy", "generate.steps": 8}
    words = 'say "cheese" \\ {x} 100%'
    direction = direct("outdoor", engine="faceid-sdxl", words=words, person="vet", overrides=given)
    text = to_toml(direction, title="My own")
    assert "vet" not in text and "seed" not in text
    saved = one(tmp_path, text)
    assert saved.title == "My own" and saved.light == direction.light and saved.backdrop == direction.backdrop
    assert saved.engines["faceid-sdxl"] == direction.generate
    again = Direction(look=saved.look, person="vet", avoid=saved.avoid)
    assert prompt(again).text == prompt(direction).text.replace("{x}", "x")


# ------------------------------------------------------------------ the lock list


def test_what_must_stay_is_in_both_prompts_and_goes_after_the_wishes() -> None:
    words = "like a calm university professor in a wood-panelled library with tall windows and old leather books " * 4
    long = direct("linkedin", words=words.strip(), overrides={"keep": "my glasses, grey hair and a lucky charm"})
    made = prompt(long)
    assert made.tokens <= 77
    for said in ("wearing the same glasses", "the same grey hair", "lucky charm"):
        assert said in made.text
    assert made.text.startswith("professional headshot") and "library" in " ".join(made.cut)
    assert "without glasses" in made.negative and "different hair" in made.negative
    plain = prompt(direct("linkedin"))
    assert "glasses" not in plain.text + plain.negative


def test_the_safety_words_stand_first_and_the_list_before_the_looks_own() -> None:
    crowded = direct(
        overrides={
            "keep": "glasses, grey hair, freckles, beard, brown eyes",
            "avoid": ", ".join(["blurred faces"] * 30),
        }
    )
    made = prompt(crowded, always="never this")
    assert made.negative.startswith("never this, without glasses")
    assert "clean shaven" in made.negative and set(made.cut_negative) == {"blurred faces"}


def test_a_list_too_long_for_the_encoder_is_cut_and_told() -> None:
    crowded = direct(overrides={"keep": ", ".join(f"thing {n}" for n in range(10, 29))})
    made = prompt(crowded)
    assert made.tokens <= 77 and made.text.startswith("professional headshot photo of a person, thing 10")
    assert "thing 28" in made.cut
    with pytest.raises(DirectionError, match="too long"):
        direct(overrides={"keep": "x" * 201})
