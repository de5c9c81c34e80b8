"""The contact sheet: what is planned, in which order it is made, and what ends up in its files."""

from __future__ import annotations

import csv
import io
import zipfile
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from headshot import files as provenance
from headshot.cli.main import main
from headshot.direction.diff import diff, with_changes
from headshot.direction.direct import direct
from headshot.direction.presets import load_presets
from headshot.errors import DirectionError, UserError
from headshot.studio.quick_report import QuickReport
from headshot.studio.result_report import judge
from headshot.studio.session import headshot
from headshot.studio.sheet.axis import Axis
from headshot.studio.sheet.files import direction_of, files, to_csv, to_zip
from headshot.studio.sheet.picture import draw_sheet
from headshot.studio.sheet.sheet import Cell, cells, plan, render, together
from tests.fixtures import stand_in
from tests.fixtures.shared_photos import photo_path, sitting

PHOTO = "coleman_1.jpg"
QUICK = {"likeness", "beyond_light", "skin_hue", "texture"}  # what a quick report measures
OVERRIDES = {
    "light.key_side": "right",
    "light.warmth": 0.3,
    "backdrop.kind": "seamless",
    "backdrop.colour": "#223344",
    "look.wardrobe": "green jumper",
    "crop.aspect": "3:4",
    "retouch.mono": 1.0,
    "seed": 7,
    "words": "calm, quiet",
    "generate.steps": 12,
    "person": "plumber",
}


# ------------------------------------------------------------------ planned


@pytest.mark.parametrize("engine", ["retouch", "faceid-sd15", "faceid-sdxl"])
@pytest.mark.parametrize("preset", list(load_presets()))
def test_changes_give_the_direction_again(preset: str, engine: str) -> None:
    for keys in ((), ("light.key_side",), ("backdrop.kind", "look.wardrobe"), tuple(OVERRIDES)):
        wanted = direct(preset, engine=engine, change=0.4, overrides={k: OVERRIDES[k] for k in keys})
        found = diff(wanted, engine)
        assert direct(preset, engine=engine, overrides=found) == wanted
        assert set(found) <= {*keys, "change"}


def test_another_preset_keeps_the_users_own_changes() -> None:
    base = direct("linkedin", overrides={"light.warmth": 0.3, "light.key_side": "right"})
    other = with_changes(base, {"preset": "academic"})
    assert (other.preset, other.light.warmth, other.light.key_side) == ("academic", 0.3, "right")
    assert other.backdrop == direct("academic").backdrop
    assert "right" in other.look.light and "left" not in other.look.light


def test_plan_holds_every_pair() -> None:
    base = direct("linkedin", overrides={"generate.candidates": 4, "retouch.mono": 1.0})
    sheet = plan(base, Axis.parse("preset=corporate,legal,mono"), Axis.parse("light.key_side=left, none"))
    assert [(p.row, p.column) for p in sheet.places] == [(r, c) for r in range(3) for c in range(2)]
    for place in sheet.places:
        assert place.direction.preset == ("corporate", "legal", "mono")[place.row]
        assert place.direction.light.key_side == ("left", "none")[place.column]
        assert place.direction.generate.candidates == 1 and place.direction.retouch.mono == 1.0
    assert sheet.rows.labels == ("Corporate", "Legal", "Black and white")
    assert not sheet.notes


@pytest.mark.parametrize(
    ("rows", "columns", "said"),
    [
        ("seed=1,2", "seed=3", "both"),
        ("light.strength=0.1,2", "seed=1", "light.strength"),
        ("preset=nobody", "seed=1", "nobody"),
        ("sead=1", "seed=1", "seed"),
        ("seed=", "change=0", "no values"),
        ("generate.candidates=1,2", "seed=1", "one picture"),
        ("no sign", "seed=1", "KEY=a,b"),
        ("seed=1,2,3,4,5,6,7,8,9", "light.strength=0,.1,.2,.3,.4,.5,.6,.7", "72 cells"),
        ("engine=nothing", "seed=1", "nothing"),
    ],
)
def test_plan_refuses_with_the_reason(rows: str, columns: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        plan(direct("linkedin"), Axis.parse(rows), Axis.parse(columns))


def test_values_with_commas_and_stars() -> None:
    assert Axis.parse("words=calm, quiet|loud").values == ("calm, quiet", "loud")
    assert Axis.parse("crop.aspect=*").values == ("1:1", "4:5", "3:4")
    assert Axis.parse("preset=*").values == tuple(load_presets())
    assert Axis.parse("light.strength=0.5,.5,0.50").values == (0.5,)
    with pytest.raises(DirectionError):
        Axis.parse("light.strength=*")


def test_what_makes_no_difference_is_said() -> None:
    sheet = plan(direct("linkedin"), Axis.parse("seed=1,2"), Axis.parse("change=0,0.25,1"))
    assert len(sheet.notes) == 2
    assert "only a generator" in sheet.notes[0] and "new backdrop" in sheet.notes[1]


def test_a_base_that_own_pixels_do_not_hear_is_said() -> None:
    axes = Axis.parse("light.strength=0,1"), Axis.parse("crop.aspect=*")
    one = plan(direct("linkedin", overrides={"generate.steps": 12}), *axes)
    assert one.notes == ("“Number of steps” makes no difference to your own pixels: only a generator paints from it.",)
    several = plan(direct("linkedin", overrides={"posing.gaze": "left", "seed": 3, "change": 1.0}), *axes)
    (both, ladder) = several.notes
    assert "“Eyes look”" in both and "“Variation number”" in both and "rungs above it need a generator" in ladder
    assert plan(direct("linkedin", overrides={"light.warmth": 0.4}), *axes).notes == ()


def test_each_cell_is_painted_by_who_does_its_rung(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in.install(monkeypatch)
    base, rungs = direct("linkedin"), Axis.parse("change=0,0.25,0.5,0.75,1")
    ladder = plan(base, rungs, Axis.parse("light.strength=0.2"), engine="plain")
    assert [p.engine for p in ladder.places] == ["retouch"] * 2 + ["plain"] * 3 and ladder.painter == "plain"
    assert ladder.notes == ()  # nothing is left out: the generator paints what own pixels do not reach
    assert [p.direction.change for p in ladder.places] == [0, 0.25, 0.5, 0.75, 1]
    # Without a generator the rungs above own pixels are said to need one.
    assert "rungs above it need a generator" in plan(base, rungs, Axis.parse("light.strength=0.2")).notes[0]
    # A generator on an axis is lifted to where it paints, and that is said; own pixels stay where they were.
    both = plan(base, Axis.parse("engine=retouch,plain"), Axis.parse("light.strength=0.2,0.4"))
    assert [(p.engine, p.direction.change) for p in both.places] == [("retouch", 0.25)] * 2 + [("plain", 0.75)] * 2
    assert len(both.notes) == 1 and "“light face edit”" in both.notes[0]
    painted = plan(replace(base, change=1.0), Axis.parse("engine=plain"), Axis.parse("light.strength=0.2"))
    assert painted.places[0].direction.change == 1.0 and painted.notes == ()
    # Where both are axes, the ladder is asked for, and is left alone.
    low = plan(base, Axis.parse("engine=retouch,plain"), Axis.parse("change=0,0.25"))
    assert {p.engine for p in low.places} == {"retouch"} and "nothing here is by Plain" in " ".join(low.notes)


@pytest.mark.data
def test_painted_cells_are_as_large_as_their_engine_fills(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = stand_in.install(monkeypatch)
    monkeypatch.setattr(engine, "most_height", 320)
    made = cells(
        sitting(PHOTO),
        plan(direct("linkedin"), Axis.parse("change=0.25,1"), Axis.parse("seed=1"), engine="plain"),
        height=240,
    )
    assert [c.result.picture.shape[0] for c in made if c.result] == [240, 320]
    assert [c.result.engine for c in made if c.result] == ["retouch", "plain"]


def test_a_generators_rungs_that_make_no_difference_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in.install(monkeypatch)
    ladder, mono = Axis.parse("change=0.5,0.75,1"), Axis.parse("retouch.mono=0,1")
    assert plan(direct("linkedin"), mono, ladder, engine="plain").notes == ()
    level = plan(direct("linkedin"), Axis.parse("crop.level=0,1"), ladder, engine="plain").notes
    assert len(level) == 1 and level[0].startswith("In 2 of 6 cells: “Straighten a tilted head”")
    top = plan(direct("linkedin", change=1.0), Axis.parse("crop.level=0,1"), mono, engine="plain").notes
    assert len(top) == 1 and top[0].startswith("“Straighten")


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 5), (5, 1), (2, 4), (4, 2), (4, 4), (3, 5), (8, 8)])
def test_order_shows_every_value_first(height: int, width: int) -> None:
    rows = Axis.of("seed", range(height))
    columns = Axis.of("light.strength", [c / 10 for c in range(width)])
    order = [(p.row, p.column) for p in plan(direct("linkedin"), rows, columns).order()]
    assert sorted(order) == [(r, c) for r in range(height) for c in range(width)]
    first = order[: max(height, width)]
    assert {r for r, _ in first} == set(range(height)) and {c for _, c in first} == set(range(width))


def test_own_pixels_do_not_wait_for_a_generator(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in.install(monkeypatch)
    sheet = plan(direct("linkedin", change=1.0), Axis.parse("seed=1,2"), Axis.parse("engine=plain,retouch"))
    groups = together(sheet.order())
    assert [[p.engine for p in group] for group in groups] == [["retouch"]] * 2 + [["plain"]] * 2
    places = [p for group in groups for p in group]
    assert sorted(map(sheet.places.index, places)) == [0, 1, 2, 3]


# ------------------------------------------------------------------ made


@pytest.mark.sweep
@pytest.mark.data
def test_cells_equal_their_own_runs_and_the_reports_figures() -> None:
    one = sitting(PHOTO)
    sheet = plan(direct("linkedin"), Axis.parse("preset=linkedin,mono"), Axis.parse("light.strength=0,0.9"))
    made = cells(one, sheet, height=400)
    assert len(made) == 4
    for cell in made:
        alone = headshot(one, cell.place.direction, height=400)
        assert cell.result is not None and np.array_equal(cell.result.picture, alone.picture)
        if cell.place.row == cell.place.column:  # the full report is slow: two of the four
            continue
        full = judge(alone)
        assert cell.report is not None and {f.id for f in cell.report.findings} == QUICK
        for finding in cell.report.findings:
            other = full.get(finding.id)
            assert other is not None and (finding.value is None) == (other.value is None)
            if finding.id == "likeness":
                assert finding.value == pytest.approx(other.value, abs=1e-9) and finding.state == other.state
    mono = made[3].report
    assert mono is not None and mono.get("skin_hue").value is None  # grey has no hue: said, not guessed
    assert made[0].likeness < made[1].likeness  # more light, farther


@pytest.mark.sweep
@pytest.mark.data
def test_quick_look_sees_what_the_report_sees() -> None:
    one = sitting(PHOTO)
    for overrides in ({"retouch.skin": 1.0, "light.warmth": 1.0}, {"light.exposure": 1.5}):
        result = headshot(one, direct("linkedin", overrides=overrides), height=800)
        quick, full = QuickReport(sitting(PHOTO))(result), judge(result)
        for finding in quick.findings:
            other = full.get(finding.id)
            assert other is not None and finding.value is not None and other.value is not None
            near = {"skin_hue": 0.8, "texture": 0.1}.get(finding.id, 0.06)
            assert finding.value == pytest.approx(other.value, abs=near) and finding.state == other.state


@pytest.mark.data
def test_closing_stops_and_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = stand_in.install(monkeypatch)
    base = direct("linkedin", change=1.0)
    sheet = plan(base, Axis.parse("seed=1,2,3,4"), Axis.parse("light.strength=0,1"), engine="plain")
    kept = []
    with closing(render(sitting(PHOTO), sheet, height=240)) as work:
        for item in work:
            if isinstance(item, Cell):
                kept.append(item)
            if len(kept) == 3:
                break
    assert len(kept) == 3 and len(engine.made) == 2  # the third was seed 3
    refused = kept[2]
    assert refused.result is None and "Three is refused" in refused.fault and refused.worst is None


@pytest.mark.data
def test_every_cell_lies_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in.install(monkeypatch)
    base = direct("linkedin", change=1.0)
    sheet = plan(base, Axis.parse("seed=1,2,3"), Axis.parse("light.strength=0,1"), engine="plain")
    made = cells(sitting(PHOTO), sheet, height=240)
    made = [c for c in made if (c.place.row, c.place.column) != (0, 1)]
    picture = draw_sheet(sheet, made, height=100)
    # Where each colour stands says the place: columns of seed 1's colour lie left, seed 2's lower.
    one = np.argwhere((picture == (40, 100, 200)).all(-1))
    two = np.argwhere((picture == (80, 100, 200)).all(-1))
    assert len(one) == 100 * 100 and len(two) == 2 * 100 * 100  # 1:1, 100 px; (0, 1) was left out
    assert one[:, 0].max() < two[:, 0].min() and one[:, 1].max() < two[:, 1].max()
    frames = np.argwhere((picture == (237, 235, 231)).all(-1))
    assert len(frames) == 3 * 100 * 100  # the empty place and the two that were refused


@pytest.mark.data
def test_files_hold_what_is_needed_to_go_on() -> None:
    base = direct("linkedin", overrides={"words": "=cmd, “quoted”", "light.warmth": 0.2})
    sheet = plan(base, Axis.parse("preset=linkedin,academic"), Axis.parse("change=0,0.25"))
    made = cells(sitting(PHOTO), sheet, height=240)
    rows = list(csv.DictReader(io.StringIO(to_csv(sheet, made))))
    assert [r["file"] for r in rows] == ["cell-1-1.jpg", "cell-1-2.jpg", "cell-2-1.jpg", "cell-2-2.jpg"]
    assert (rows[2]["row"], rows[2]["column"]) == ("Academic", "own pixels")
    packed = zipfile.ZipFile(io.BytesIO(to_zip(sheet, made)))
    assert packed.namelist() == ["sheet.png", "sheet.csv", *(r["file"] for r in rows)]
    for row, cell in zip(rows, made, strict=True):
        assert direction_of(row) == (cell.place.direction, "retouch")
        assert float(row["likeness"]) == pytest.approx(cell.likeness, abs=1e-4)
        recipe = provenance.read(packed.read(row["file"])).recipe
        assert recipe is not None and provenance.restore(recipe) == cell.place.direction
    with Image.open(io.BytesIO(packed.read("sheet.png"))) as image:
        assert image.width > 500
    for name in packed.namelist():
        if name != "sheet.csv":
            assert provenance.read(packed.read(name)).source_type == provenance.OWN_PIXELS, name
    assert dict(files(sheet, []))["sheet.csv"].decode().count("\n") == 1


@pytest.mark.sweep
@pytest.mark.data
def test_command(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    words = [
        "sheet",
        str(photo_path(PHOTO)),
        "--rows",
        "light.key_side=left,right",
        "--cols",
        "retouch.mono=0,1",
        "--preset",
        "corporate",
        "--set",
        "light.strength=0.8",
        "--height",
        "240",
        "--out",
        str(out),
    ]
    assert main(words) == 0
    assert sorted(p.name for p in out.iterdir()) == [
        "cell-1-1.jpg",
        "cell-1-2.jpg",
        "cell-2-1.jpg",
        "cell-2-2.jpg",
        "sheet.csv",
        "sheet.png",
    ]
    rows = list(csv.DictReader((out / "sheet.csv").open()))
    assert {r["light.strength"] for r in rows} == {"0.8"} and {r["preset"] for r in rows} == {"corporate"}
    with Image.open(out / "cell-1-2.jpg") as image:
        grey = np.asarray(image.convert("RGB")).astype(int)
    assert np.abs(grey[..., 0] - grey[..., 2]).mean() < 2
    capsys.readouterr()
    few = [*words[:2], "--rows", "light.key_side=left", "--cols", "retouch.mono=0", "--height", "240"]
    assert main([*few, "--words", "warmer, an owl", "--set", "posing.gaze=left", "--out", str(out)]) == 0
    said = capsys.readouterr().err
    assert "“warmer” is a control: add --set light.warmth=0.4" in said and "“owl”: " in said and "“Eyes look”" in said
    assert main([*words[:2], "--rows", "light.key_side=up"]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert main([*words[:2], "--height", "10"]) == 2


@pytest.mark.sweep
@pytest.mark.data
def test_generated_cells_equal_their_own_runs(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """The real FaceID engine on tiny random weights: seeds across, guidance down, each as made alone."""
    pytest.importorskip("torch")
    import torch

    from headshot.engines.diffusion.device import Plan
    from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
    from headshot.engines.diffusion.families import SD15
    from headshot.engines.diffusion.pipeline_parts import load_parts
    from headshot.errors import WeightsMissing
    from headshot.studio.session import Sitting
    from headshot.types import CutoutSettings
    from tests.fixtures import tiny

    torch.set_num_threads(1)
    roles = tiny.save("sd15", tmp_path)

    def locate(role: str):
        if role not in roles:
            raise WeightsMissing(f"{role} is not here.")
        return roles[role]

    faceid = FaceIDEngine(SD15, load_parts(SD15, locate, Plan("cpu", "float32", rows=4)), preview_every=9)
    plain = stand_in.install(monkeypatch)
    monkeypatch.setattr(plain, "needs_identity", True, raising=False)
    monkeypatch.setattr(plain, "render", lambda c, i, d: faceid.render(c, i, d, size=(tiny.SIZE, tiny.SIZE)))
    one = sitting(PHOTO)
    fresh = Sitting(one.photo, one.subject)
    fresh._cut = (CutoutSettings(), one.cutout)
    fresh.__dict__["merged"] = (tiny.face(1), ())
    base = direct("linkedin", change=1.0, overrides={"generate.steps": 2, "generate.scheduler": "ddim"})
    rows, columns = Axis.parse("generate.guidance=1,6"), Axis.parse("seed=1,2")
    made = cells(fresh, plan(base, rows, columns, engine="plain"), height=240)
    assert [c.fault for c in made] == [""] * 4
    for cell in made[1:3]:
        alone = headshot(fresh, cell.place.direction, engine="plain", height=240)
        assert cell.result is not None and np.array_equal(cell.result.picture, alone.picture)
    assert not np.array_equal(made[0].result.picture, made[1].result.picture)
    assert not np.array_equal(made[0].result.picture, made[2].result.picture)
