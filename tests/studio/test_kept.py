"""What the lock list holds stays the photo's own pixels at every rung, and the report says what became of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from headshot import files as provenance
from headshot.canvas import change_map as ladder
from headshot.canvas.locked_regions import locked_map, with_locked
from headshot.direction.diff import diff
from headshot.direction.direct import direct
from headshot.direction.locks import added, dropped, parse_locks, said
from headshot.direction.preset_file import to_toml
from headshot.engines.base import Batch
from headshot.engines.finish import finish
from headshot.files.encode import headshot_file
from headshot.files.printable_report import report_page
from headshot.studio import session as studio
from headshot.studio.history import difference
from headshot.studio.kept import checked
from headshot.studio.result_report import judge
from headshot.types import AuthenticityReport, Canvas, Direction, Finding, Framing, Generate, Headshot, Retouch, State
from headshot.ui.report.table import report_html
from tests import ROOT
from tests.fixtures import stand_in
from tests.fixtures.shared_photos import first, sitting

SIZE = 64  # px: tiny models paint 64 × 64


def canvas(held: bool = True) -> Canvas:
    """Noise for a picture, a round face, and a held band of 20 px with a soft edge of 8 px."""
    picture = np.random.default_rng(4).integers(40, 216, (SIZE, SIZE, 3), dtype=np.uint8)
    y, x = np.mgrid[:SIZE, :SIZE].astype(np.float32)
    face = np.clip((14 - np.hypot(x - 32, y - 26)) / 2, 0, 1).astype(np.float32)
    nothing = np.zeros_like(face)
    regions = {"face": face, "hair": nothing, "clothes": nothing, "backdrop": 1 - face}
    landmarks = np.zeros((478, 3), np.float32)
    landmarks[468, :2], landmarks[473, :2] = (27, 26), (37, 26)
    band = np.clip((28 - x) / 8, 0, 1).astype(np.float32) if held else None
    return Canvas(picture, picture, face, landmarks, Framing(np.eye(2, 3), (SIZE, SIZE)), regions, locked=band)


# ------------------------------------------------------------------ through the engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Any:
    torch = pytest.importorskip("torch")
    from headshot.engines.diffusion.device import Plan
    from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
    from headshot.engines.diffusion.families import SD15
    from headshot.engines.diffusion.pipeline_parts import load_parts
    from tests.fixtures import tiny

    torch.set_num_threads(1)
    roles = tiny.save("sd15", tmp_path_factory.mktemp("sd15"))
    return FaceIDEngine(SD15, load_parts(SD15, roles.__getitem__, Plan("cpu", "float32", rows=4)), preview_every=9)


def painted(engine: Any, on: Canvas, change: float) -> Headshot:
    from tests.fixtures import tiny

    d = Direction(change=change, seed=3, generate=Generate(steps=4, scheduler="ddim", guidance=4.0))
    return next(i for i in engine.render(on, tiny.face(1), d, size=(SIZE, SIZE)) if isinstance(i, Headshot))


@pytest.mark.parametrize("change", first([1.0, 0.5, 0.75]))
def test_what_is_held_comes_out_exactly_as_it_went_in(engine: Any, change: float) -> None:
    on = canvas()
    assert on.locked is not None
    result = painted(engine, on, change)
    locked, open_ = on.locked >= 1, on.locked <= 0
    # As without a generator: own pixels and the finish; at the top nobody knows where eyes and skin are.
    own = finish(on, replace(Retouch(), skin=0.0, eyes=0.0) if change == 1 else Retouch())
    assert locked.sum() > 1000 and np.array_equal(result.picture[locked], own[locked])
    moved = np.abs(result.picture[open_].astype(int) - on.picture[open_]).mean()
    assert moved > 5, "the rest was to be painted"
    free = painted(engine, canvas(held=False), change).picture
    assert not np.array_equal(free[locked], own[locked]), "without the lock it would have changed"


def test_the_whole_picture_held_is_the_canvas(engine: Any) -> None:
    on = replace(canvas(), locked=np.ones((SIZE, SIZE), np.float32))
    result = painted(engine, on, 1.0)
    assert np.array_equal(result.picture, finish(on, Retouch())) and result.kept == 1.0
    assert engine.seconds(engine.requests(Batch([on], None, [result.direction]))[0]) == 0.0


def test_the_map_is_taken_away_at_every_rung() -> None:
    on = canvas()
    assert on.locked is not None
    for change in (0.5, 0.9, 1.0):
        free = ladder.allowance_map(on.regions, change)
        assert np.allclose(ladder.allowance_map(on.regions, change, on.locked), free * (1 - on.locked), atol=1e-6)
    share = ladder.unchanged_share(on.regions, 1.0, (0.8, 0.5, 0.2), on.locked)
    # The person's part of the band alone: the backdrop's pixels have no colours of the person to lay over.
    assert np.allclose(share, on.locked * on.regions["face"], atol=1e-6)


# ------------------------------------------------------------------ through the studio


@pytest.mark.data
def test_the_studio_hands_the_map_to_a_generator_and_to_the_retouching_of_own_pixels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = sitting("coleman_1.jpg")
    seen: list[Canvas] = []

    class Painter:
        most_height, needs_identity = 400, True

        def status(self) -> Any:
            return SimpleNamespace(available=True)

        def render(self, on: Canvas, identity: object, direction: Direction) -> Iterator[Headshot]:
            seen.append(on)
            yield Headshot(on.picture, on, direction, "faceid-sd15", 1.0)

    stand_in.register(monkeypatch, "faceid-sd15", Painter())
    monkeypatch.setitem(vars(one), "merged", (None, ()))
    direction = direct("linkedin", change=1.0, overrides={"keep": "glasses, beard, earrings, lucky charm"})
    result = studio.headshot(one, direction, engine="faceid-sd15", height=400)
    found, _ = parse_locks(direction.keep)
    assert seen[0].locked is not None and np.array_equal(seen[0].locked, locked_map(seen[0], found))
    # The picture did not change at all, so the measures say kept; earrings have no place and no measure.
    states = {k.said: k.state for k in judge(result).kept}
    assert states == {"glasses": "kept", "beard": "kept", "earrings": "not measured", "lucky charm": "not measured"}
    studio.headshot(one, replace(direction, keep="earrings"), engine="faceid-sd15", height=400)
    assert seen[1].locked is None
    own = studio.headshot(one, direction, height=400).canvas.locked  # no spot in there is healed
    assert own is not None and own.any()


def test_by_construction_at_the_top_of_the_ladder() -> None:
    on, nothing = canvas(held=False), AuthenticityReport((), "no face", frozenset())
    wanted = direct("linkedin", change=1.0, overrides={"keep": "freckles"})  # their place is the whole face
    held = Headshot(on.picture, with_locked(on, wanted.keep), wanted, "faceid-sd15", 1.0)
    assert [k.state for k in checked(held, nothing).kept] == ["kept"]
    assert [k.state for k in checked(replace(held, canvas=on), nothing).kept] == ["not measured"]


def test_the_reports_own_measures_see_glasses_and_hair() -> None:
    def report(**states: Any) -> AuthenticityReport:
        found = tuple(Finding(k, 1.0, "", State(s), f"{k} is {s}.", "m") for k, s in states.items())
        return AuthenticityReport(found, "generator", frozenset(states))

    on = canvas(held=False)
    d = direct("linkedin", change=1.0, overrides={"keep": "thin glasses, grey hair, curly hair"})
    made = Headshot(on.picture, on, d, "faceid-sd15", 0.0)
    changed = checked(made, report(glasses="amber", hair="amber"))
    assert [(k.name, k.state) for k in changed.kept] == [
        ("glasses", "look here"),
        ("hair", "look here"),
        ("hairstyle", "not measured"),
    ]
    assert changed.verdict == "amber" and changed.kept[0].sentence == "glasses is amber."
    assert [k.state for k in checked(made, report(glasses="green", hair="green")).kept] == [
        "kept",
        "kept",
        "not measured",
    ]


# ------------------------------------------------------------------ wherever a Direction goes


def test_the_list_is_edited_thing_by_thing() -> None:
    assert said("Please keep my glasses, the grey hair and my mole.") == ["glasses", "grey hair", "mole"]
    assert added("keep my glasses", "beard") == "glasses, beard" == added("glasses, beard", "beard")
    assert dropped("my glasses, beard, mole", "beard") == "glasses, mole"
    assert added("", "mole") == "mole" and dropped("mole", "mole") == ""


def test_recipes_changes_and_history_carry_it_and_a_look_does_not() -> None:
    d = direct("legal", overrides={"keep": "glasses, mole"})
    assert diff(d)["keep"] == "glasses, mole"
    assert "Always keep: glasses, mole" in difference(direct("legal"), d)
    on = canvas(held=False)
    data = headshot_file(Headshot(on.picture, on, d, "retouch", 1.0))
    recipe = provenance.read(data).recipe
    assert recipe is not None and provenance.restore(recipe) == d
    del recipe["settings"]["keep"]  # a file of an older version
    assert provenance.restore(recipe).keep == ""
    assert "mole" not in to_toml(d)  # it says something of the person, not of the look


def test_the_json_fits_the_published_schema_with_and_without_it() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
    on = canvas(held=False)
    finding = Finding("marks", 1.0, "marks", State.RED, "One mole is gone.", "m", "c", "s")
    report = AuthenticityReport((finding,), "generator", frozenset({"marks"}))
    d = direct("linkedin", change=1.0, overrides={"keep": "mole, lucky charm"})
    told = checked(Headshot(on.picture, on, d, "faceid-sd15", 0.0), report)
    for one in (report, told):
        jsonschema.validate(one.to_json(), schema)
    assert [k["state"] for k in told.to_json()["kept"]] == ["lost", "not measured"] and "kept" not in report.to_json()
    spoilt = told.to_json()
    spoilt["kept"][0]["state"] = "green"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(spoilt, schema)
    assert told.verdict == report.verdict == "red"


def test_the_page_and_the_print_say_it_in_words_and_escaped() -> None:
    on = canvas(held=False)
    d = direct("linkedin", change=1.0, overrides={"keep": "mole, <b>charm</b>"})
    finding = Finding("marks", 1.0, "marks", State.RED, "One mole is gone.", "m", "c", "s")
    report = checked(
        Headshot(on.picture, on, d, "faceid-sd15", 0.0),
        AuthenticityReport((finding,), "generator", frozenset({"marks"})),
    )
    for text in (report_html(report, "Summary."), report_page(report, "Summary.")):
        assert "What you asked to keep" in text and "Lost" in text and "One mole is gone." in text
        assert "Not measured" in text and "<b>charm</b>" not in text and "&lt;b&gt;charm" in text
    for write in (report_html, report_page):
        assert "What you asked to keep" not in write(replace(report, kept=()), "Summary.")
