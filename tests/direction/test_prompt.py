"""The prompt: its order, and 77 tokens."""

from __future__ import annotations

import gzip

import pytest

from headshot.direction.direct import direct
from headshot.direction.presets import load_presets
from headshot.direction.prompt import approximate_tokens, prompt
from headshot.types import (
    Direction,
    Look,
)
from tests import SHARED

BPE = SHARED / "data" / "weights" / "bpe_simple_vocab_16e6.txt.gz"


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
