"""Matting networks of the user's choice: what each is given and answers, where it is fetched from, what it changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from headshot.canvas.cutout.cut_out import ask
from headshot.canvas.cutout.matting import mattings_here, network_matte
from headshot.canvas.cutout.witnesses import Witnesses
from headshot.canvas.cutout.working_copy import WorkingCopy
from headshot.direction.direct import direct
from headshot.direction.matting_table import BUILT_IN, MATTINGS, MattingInfo
from headshot.direction.settings import SETTINGS
from headshot.errors import WeightsMissing
from headshot.files.recipe import recipe_of, restore
from headshot.photo.networks import session as networks
from headshot.studio.result_report import judge
from headshot.studio.session import headshot
from headshot.ui.make.saved_headshot import within_reach
from headshot.weights import source
from headshot.weights.registry import registry
from headshot.weights.store import locate
from tests import ROOT
from tests.direction.test_adding_a_setting import constants
from tests.fixtures.hub_server import Hub
from tests.fixtures.shared_photos import sitting
from tests.fixtures.tiny_matting import TINY

PHOTO = "yamazaki_1.jpg"
ON_REQUEST = [name for name in MATTINGS if name != BUILT_IN]


@pytest.fixture
def none_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine that has fetched no matting network."""
    from huggingface_hub import constants

    monkeypatch.setenv("HEADSHOT_WEIGHTS", str(tmp_path / "weights"))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    rvm = registry().weights["rvm"].source
    monkeypatch.setattr(type(rvm), "cached", _not_rvm(type(rvm).cached))
    networks._opened.cache_clear()
    yield
    networks._opened.cache_clear()


def _not_rvm(cached):  # type: ignore[no-untyped-def]
    return lambda self, weight: None if weight.role == "rvm" else cached(self, weight)


@pytest.fixture
def all_here(none_here: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that has them all, tiny ones."""
    for role, made in TINY.items():
        path = tmp_path / "given" / role / registry().weights[role].files[0].path
        path.parent.mkdir(parents=True)
        path.write_bytes(made())
        monkeypatch.setenv(f"HEADSHOT_WEIGHTS_{role.upper().replace('-', '_')}", str(path))


def working(pixels: np.ndarray) -> WorkingCopy:
    """A copy of a picture whose part is all of it, three times as large."""
    return WorkingCopy(pixels, pixels, (0, 0), np.ascontiguousarray(pixels[1::3, 1::3]), np.zeros((478, 3), np.float32))


def test_each_network_is_given_what_it_was_made_for(all_here: None) -> None:
    """Brightness in, brightness out: a wrong range, order or size of the input or output would show."""
    rng = np.random.default_rng(1)
    pixels = np.kron(rng.integers(20, 236, (10, 14)), np.ones((60, 60))).astype(np.uint8)
    copy = working(np.dstack([pixels] * 3))
    brightness = copy.picture[..., 0].astype(np.float32) / 255
    assert mattings_here() == tuple(MATTINGS)
    assert network_matte(copy, BUILT_IN) is None
    for name in ON_REQUEST:
        found = network_matte(copy, name)
        assert found is not None and found.shape == brightness.shape and found.dtype == np.float32
        expected = brightness
        if "birefnet" in name:  # its logits are 8 times what ImageNet's mean and deviation make of the brightness
            mean, deviation = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
            logits = 8 * ((brightness[..., None] - mean) / deviation).mean(-1)
            expected = 1 / (1 + np.exp(-logits))
        middle = np.zeros(brightness.shape, bool)  # of the 60 px squares, away from what resizing blends
        middle.reshape(10, 20, 14, 20)[:, 8:12, :, 8:12] = True
        assert np.abs(found - expected)[middle].max() < 0.03, name


def test_a_network_that_is_not_here_says_how_to_fetch_it(none_here: None) -> None:
    one = sitting(PHOTO)
    assert mattings_here() == (BUILT_IN,)
    for name in ON_REQUEST:
        with pytest.raises(WeightsMissing) as told:
            ask(one.photo, one.subject, name)
        entry = registry().weights[MATTINGS[name].role]
        assert MATTINGS[name].licence in told.value.message and entry.licence == MATTINGS[name].licence
        assert f"--download {entry.role}" in told.value.hint
    assert within_reach(direct(overrides={"cutout.matting": "rvm"}), "retouch").cutout.matting == BUILT_IN


def test_gpl_is_never_a_default() -> None:
    assert direct().cutout.matting == BUILT_IN and next(iter(MATTINGS)) == BUILT_IN
    for name in ON_REQUEST:
        assert not registry().weights[MATTINGS[name].role].setup, name
    assert MATTINGS["rvm"].licence == "GPL-3.0"


def test_those_of_the_hub_come_from_it_and_run(
    none_here: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real way from the hub to a matte, on a hub of our own with tiny files under the real names."""
    from huggingface_hub import constants

    roles = ("modnet", "birefnet-lite", "birefnet-portrait")
    known = registry().weights
    rows, repositories = [], {}
    for role in roles:
        data, entry = TINY[role](), known[role]
        origin = entry.source
        repositories[origin.origin] = {origin.inside("model.onnx"): data}  # type: ignore[attr-defined]
        rows.append(
            f'[[weights]]\nrole = "{role}"\ntitle = "{role}"\nrepository = "{origin.origin}"\nroot = "onnx"\n'
            f'licence = "{entry.licence}"\ncommercial = "yes"\nkind = "file"\nfiles = [{{ path = "model.onnx", '
            f'bytes = {len(data)}, sha256 = "{hashlib.sha256(data).hexdigest()}" }}]\n'
        )
    (tmp_path / "table.toml").write_text("\n".join(rows))
    monkeypatch.setenv("HEADSHOT_WEIGHTS_TABLE", str(tmp_path / "table.toml"))
    monkeypatch.setattr(source, "SPARE", 0)
    grey = working(np.full((90, 120, 3), 128, np.uint8))
    with Hub(repositories) as hub:
        monkeypatch.setattr(constants, "ENDPOINT", hub.url)
        template = hub.url + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        for role in roles:
            locate(role, download=True)
    assert mattings_here() == (BUILT_IN, *roles)
    for role in roles:
        found = network_matte(grey, role)
        assert found is not None and 0.4 < float(found.mean()) < 0.9, role


def nobody(picture: np.ndarray, role: str) -> np.ndarray:
    """A network that sees no person at all."""
    return np.zeros(picture.shape[:2], np.float32)


@pytest.mark.data
def test_the_one_that_is_chosen_leads_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the picture, under it, in the report and in the recipe. The face stays the person's whatever it says."""
    one = sitting(PHOTO)
    monkeypatch.setitem(MATTINGS, "modnet", MattingInfo("modnet", "Nobody's", "MIT", f"{__name__}:nobody"))
    chosen, plain = direct(overrides={"cutout.matting": "modnet"}), direct()
    led, alone = (headshot(one, direction, height=400) for direction in (chosen, plain))
    assert led.canvas.matte.mean() < 0.8 * alone.canvas.matte.mean()
    x, y = led.canvas.landmarks[:468, :2].mean(0).astype(int)
    assert led.canvas.matte[y, x] == 1
    assert "You were cut out by Nobody's (MIT)." in led.notes and not any("cut out by" in n for n in alone.notes)
    by_led, by_alone = judge(led).get("cutout"), judge(alone).get("cutout")
    assert by_led is not None and by_alone is not None
    assert by_led.method.startswith("Cut out by MODNet") and by_alone.method.startswith("Cut out by Built in")
    assert restore(recipe_of(led)).cutout.matting == "modnet" and restore(recipe_of(alone)) == plain
    one.cut(plain.cutout)  # as other tests expect it


def test_one_that_is_worse_in_hair_leads_elsewhere() -> None:
    """As measured on true alpha: Robust Video Matting takes frizz away that the built-in networks keep."""
    said, nothing = np.full((2, 3), 0.9, np.float32), np.zeros((2, 3), np.float32)
    hair = np.array([[1, 1, 1], [0, 0, 0]], np.float32)
    led = Witnesses(said, said, None).led_by(nothing, but_in=hair)
    for heard in (led.selfie, led.saliency):
        assert heard is not None and np.allclose(heard, [[0.9] * 3, [0.3] * 3])
    assert [name for name, info in MATTINGS.items() if not info.in_hair] == ["rvm"]


@pytest.mark.data
def test_its_weights_stand_in_the_recipe(all_here: None) -> None:
    one = sitting(PHOTO)
    made = headshot(one, direct(overrides={"cutout.matting": "modnet"}), height=240)
    assert recipe_of(made)["weights"] == {"modnet": hashlib.sha256(TINY["modnet"]()).hexdigest()}
    one.cut(direct().cutout)


@pytest.mark.sweep
def test_another_one_is_a_file_and_a_row() -> None:
    """No code but its own file and the table knows a network's name."""
    assert SETTINGS["cutout.matting"].choices == tuple(MATTINGS)
    package = ROOT / "headshot"
    strings = {str(p.relative_to(package)): constants(p) for p in package.rglob("*.py") if p.stat().st_size}
    for info in (MATTINGS[name] for name in ON_REQUEST):
        own = info.network.split(":")[0].removeprefix("headshot.").replace(".", "/") + ".py"
        named = {name for name, found in strings.items() if {info.name, info.title, info.network} & found}
        assert named <= {"direction/matting_table.py", own}, f"{info.name}: {named}"
