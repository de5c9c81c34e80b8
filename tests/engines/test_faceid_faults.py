"""What can go wrong with a generator, on the command line and the page's own functions: one line each that helps."""

from __future__ import annotations

import io
import shutil
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from headshot import engines
from headshot.cli.main import main
from headshot.direction.direct import direct
from headshot.engines.diffusion import memory_check, safety
from headshot.engines.identity import Identity
from headshot.errors import UserError, WeightsMissing
from headshot.studio import merged_identity
from headshot.studio.session import Sitting
from headshot.types import Preview
from headshot.ui.components.uploads import Upload
from headshot.ui.make import engine_panel, setup
from headshot.ui.make.further_photos import add_further
from headshot.ui.make.session import MakeSession
from headshot.weights import registry
from headshot.weights import store as weights
from tests.engines.test_identity import person
from tests.fixtures import tiny_machine
from tests.fixtures.hub_server import Hub
from tests.fixtures.shared_photos import photo_path, sitting
from tests.fixtures.weights_table import endpoint, home, server  # noqa: F401 - fixtures

torch.set_num_threads(1)
pytestmark = pytest.mark.data

DRAFT = ["--engine", "faceid-sd15", "--set", "change=1", "--set", "generate.mode=draft", "--set", "generate.steps=2"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("machine")
    return folder, tiny_machine.build(folder, ("sd15",))


@pytest.fixture
def machine(built: tuple[Path, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of its own of the tiny weights, for a test to damage; no network. Yields the hub's cache."""
    from diffusers.utils import logging as diffusers
    from huggingface_hub import constants
    from transformers.utils import logging as transformers

    folder, environment = built
    mine = tmp_path / "machine"
    shutil.copytree(folder, mine, ignore=shutil.ignore_patterns("made"))
    for name, value in environment.items():
        monkeypatch.setenv(name, value.replace(str(folder), str(mine)))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(mine / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    for log in (transformers, diffusers):  # as headshot.quiet does at the start of a process
        log.set_verbosity_error()
        log.disable_progress_bar()
    monkeypatch.setattr(engines, "_made", {})
    registry._read.cache_clear()
    yield mine / "hub"
    registry._read.cache_clear()


def one(cache: Path, name: str) -> Path:
    (found,) = cache.rglob(name)
    return found


def refused(capsys: pytest.CaptureFixture[str], out: Path, *words: str) -> str:
    """The one line of `make` that ends with 2; nothing is written."""
    capsys.readouterr()
    assert main(["make", str(photo_path("coleman_1.jpg")), "--out", str(out), *DRAFT, *words]) == 2
    said = capsys.readouterr()
    lines = [line for line in said.err.splitlines() if not line.startswith("step ")]
    assert len(lines) == 1 and lines[0].startswith("headshot: ") and said.out == ""
    assert not list(out.glob("headshot-*"))
    return lines[0]


# ------------------------------------------------------------------ the command line


@pytest.mark.sweep
def test_sdxl_from_the_hub_cache_to_a_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from huggingface_hub import constants
    from PIL import Image

    for name, value in tiny_machine.build(tmp_path / "machine", ("sdxl",)).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "machine" / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(engines, "_made", {})
    words = [w.replace("sd15", "sdxl") for w in DRAFT]
    assert main(["make", str(photo_path("coleman_1.jpg")), "--out", str(tmp_path / "out"), *words]) == 0
    with Image.open(tmp_path / "out" / "headshot-1.jpg") as image:
        assert image.height == engines.get_engine("faceid-sdxl").most_height
    assert "faceid-sdxl" in (tmp_path / "out" / "headshot-1.jpg").read_bytes().decode("latin-1")
    assert "report.json" in {p.name for p in (tmp_path / "out").iterdir()}


@pytest.mark.sweep
def test_a_sheet_of_painted_cells(machine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import csv

    words = ["sheet", str(photo_path("coleman_1.jpg")), "--rows", "seed=1,2", "--cols", "change=0.25,1", *DRAFT]
    assert main([*words, "--height", "240", "--out", str(tmp_path / "out")]) == 0
    with (tmp_path / "out" / "sheet.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [r["file"] for r in rows] == ["cell-1-1.jpg", "cell-1-2.jpg", "cell-2-1.jpg", "cell-2-2.jpg"]
    assert [r["engine"] for r in rows] == ["retouch", "faceid-sd15"] * 2 and not any(r["fault"] for r in rows)
    pictures = [(tmp_path / "out" / r["file"]).read_bytes() for r in rows]
    assert len(set(pictures)) == 4
    assert rows[0]["verdict"] == "green" != rows[1]["verdict"], "own pixels, and noise of random weights"


@pytest.mark.sweep
def test_hashes_are_worked_out_once_and_not_while_painting(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With weights in the hub's cache alone: read when they are loaded, and by the next start not at all."""
    import hashlib

    from headshot.engines.diffusion.weight_hashes import weight_hashes
    from headshot.engines.faceid import FaceIDGenerator
    from headshot.weights import checksum
    from tests.fixtures import tiny

    monkeypatch.setattr(checksum, "_known", {})
    shutil.rmtree(machine.parent / "own", ignore_errors=True)
    hashed: list[str] = []
    real = hashlib.file_digest
    monkeypatch.setattr(hashlib, "file_digest", lambda f, kind: hashed.append(f.name) or real(f, kind))
    generator = FaceIDGenerator("faceid-sd15")
    generator.load()
    assert 0 < len(hashed) == len(set(hashed))
    checksum._known.clear()
    hashed.clear()
    FaceIDGenerator("faceid-sd15").load()
    assert hashed == [], "noted on the disk"
    checksum._known.clear()
    shutil.rmtree(machine.parent / "own")
    canvas = visitor().canvas(direct("linkedin"), 96, with_foreground=True)
    hashed.clear()  # networks that the photo was read with
    wanted = direct("linkedin", change=1.0, overrides={"generate.steps": 1, "generate.mode": "draft"})
    made = [i for i in generator.render(canvas, tiny.face(1), wanted) if not isinstance(i, Preview)]
    assert hashed == [], "in a lent call each second is paid for"
    roles = (
        *FaceIDGenerator("faceid-sd15").family.speed_roles[:1],
        "sd15-base",
        "sd15-vae",
        "faceid-plusv2-sd15",
        "clip-vit-h",
        "buffalo_l",
    )
    assert made[0].recipe["weights"] == weight_hashes(roles)


def test_a_file_with_another_hash(machine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = one(machine, "ip-adapter-faceid-plusv2_sd15.bin")
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    line = refused(capsys, tmp_path / "out")
    assert "its sha256 is another one" in line and "weights --download faceid-plusv2-sd15" in line


def test_a_file_cut_short(machine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = one(machine, "unet/diffusion_pytorch_model.safetensors")
    size = file.stat().st_size
    file.write_bytes(file.read_bytes()[:-10])
    line = refused(capsys, tmp_path / "out")
    assert f"{size - 10:,} bytes instead of {size:,}" in line and "--download faceid-sd15" in line
    assert "cannot be used as it is" in engine_panel.about_html() and "Damaged" in setup.panel_html(may_download=True)


def test_a_file_that_is_not_there(machine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one(machine, "w600k_r50.onnx").unlink()
    line = refused(capsys, tmp_path / "out")
    assert "weights are not on this machine (buffalo_l)" in line and "--download faceid-sd15" in line


@pytest.mark.sweep
def test_memory_that_does_not_suffice(
    machine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_check, "has_room", lambda size, where: False)
    assert "of memory on this machine" in refused(capsys, tmp_path / "out")
    monkeypatch.undo()


@pytest.mark.sweep
def test_memory_that_runs_out_while_painting(
    machine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from diffusers import UNet2DConditionModel

    def full(*_: object, **__: object) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8589934592 bytes")

    monkeypatch.setattr(UNet2DConditionModel, "forward", full)
    line = refused(capsys, tmp_path / "out")
    assert "not enough memory" in line and "close other programs" in line


def test_a_blocked_picture(
    machine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safety.SafetyChecker, "allows", lambda self, picture: False)
    assert "blocked the picture" in refused(capsys, tmp_path / "out")


def test_a_checkpoint_that_would_run_code(
    machine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Trap:
        def __reduce__(self):  # type: ignore[no-untyped-def]
            return Path.touch, (tmp_path / "owned",)

    torch.save({"image_proj": Trap(), "ip_adapter": {}}, tmp_path / "trap.bin")
    monkeypatch.setenv("HEADSHOT_WEIGHTS_FACEID_PLUSV2_SD15", str(tmp_path / "trap.bin"))
    assert "trap.bin holds more than weights" in refused(capsys, tmp_path / "out")
    assert not (tmp_path / "owned").exists()
    monkeypatch.setenv("HEADSHOT_WEIGHTS_FACEID_PLUSV2_SD15", str(tmp_path / "nowhere.bin"))
    assert "nothing at" in refused(capsys, tmp_path / "out")


def test_damaged_weights_are_fetched_again(
    home: Path,
    server: Hub,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from tests.fixtures.weights_table import ADAPTER, put_in_cache

    file = put_in_cache(home, "tiny/adapter", {"adapter.bin": ADAPTER}) / "adapter.bin"
    for damaged in (ADAPTER[:-1], bytes(len(ADAPTER))):
        file.resolve().write_bytes(damaged)
        assert main(["weights", "--download", "adapter"]) == 0
        assert file.read_bytes() == ADAPTER
        assert "licence: research only" in capsys.readouterr().err
    assert server.gets == ["adapter.bin"] * 2


def test_no_network_and_a_full_disk(
    home: Path,
    server: Hub,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def line() -> str:
        assert main(["weights", "--download", "adapter"]) == 2
        lines = [s for s in capsys.readouterr().err.splitlines() if s.startswith("headshot: ")]
        assert len(lines) == 1
        (page, over), *rest = setup.fetch("faceid-sd15")  # the page says the same, in its place
        assert over and not rest and page in lines[0].replace("<", "&lt;")
        return lines[0]

    usage = namedtuple("usage", "total used free")
    with monkeypatch.context() as m:
        m.setattr(shutil, "disk_usage", lambda _: usage(10, 10, 1))
        assert "disk is too full" in line() and "HF_HUB_CACHE" in line()
    endpoint(monkeypatch, "http://127.0.0.1:9")
    assert "cannot be reached" in line() and "HF_ENDPOINT" in line()


def test_the_page_shows_how_far_a_download_is(home: Path, server: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = list(setup.fetch("faceid-sd15", True))
    assert lines[-1] == ("Everything is here. Choose a rung above.", True)
    assert weights.locate("clip").exists(), "the extras came too"
    said = setup.progress_html(weights.Progress("adapter", 10_000, 50_000, "<b>research</b>"), 2, 4)
    assert 'max="50000" value="10000"' in said and "2 of 4: Tiny adapter, 10 kB of 50 kB" in said
    assert "&lt;b&gt;research" in said


# ------------------------------------------------------------------ the page's choice


def test_the_choice_says_what_each_engine_needs(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headshot.engines.klein.generator.gpu_likely", lambda: False)
    labels = dict((name, label) for label, name in engine_panel.choices())
    assert labels["faceid-sd15"].endswith(": ready") and "not set up, " in labels["faceid-sdxl"]
    assert labels["klein"].endswith(": needs a GPU")
    assert "GB" in labels["faceid-sdxl"]
    html = engine_panel.about_html(engine_panel.times())
    own, first, second, third = html.split("<li>")[1:]
    assert "needs a GPU" in third and "Apache-2.0" in third and "to download" not in third
    assert "Own pixels" in own and "Apache-2.0" in own
    assert "installed, " in first and "not installed" not in first and "not installed" in second
    for line in (first, second):
        assert "a picture" in line and "a draft on this machine (" in line and "non-commercial" in line
    assert "on this machine" not in engine_panel.about_html(), "nothing is measured before it is asked for"
    assert setup.why_not("auto") == setup.why_not("faceid-sd15") == ""
    reason = setup.why_not("faceid-sdxl")
    assert "GB of weights are not on this machine" in reason and "press “Set up”" in reason


# ------------------------------------------------------------------ several photos


class Faces:
    """Stands for the recogniser: by the photo's first pixel, 255 shows no face."""

    def __init__(self, known: list[Identity]) -> None:
        self.known = known

    def embed(self, pixels: np.ndarray, box: object = None) -> Identity:
        from headshot.errors import NoFace

        which = 0 if box is not None else int(pixels[0, 0, 0])
        if which == 255:
            raise NoFace("The face recogniser finds no face in this photo.")
        return self.known[which]


@pytest.fixture
def recogniser(monkeypatch: pytest.MonkeyPatch) -> None:
    known = [*person(2, 2, 0.9), *person(3, 1, 0.9)]  # two photos of one person, one of another
    monkeypatch.setattr(merged_identity, "_embedder", lambda _: Faces(known))
    monkeypatch.setattr("headshot.weights.store.locate", lambda role, **_: Path("pack"))


def visitor() -> Sitting:
    one = sitting("coleman_1.jpg")
    return Sitting(one.photo, one.subject)


def photo_file(first: int) -> Upload:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(np.full((300, 300, 3), first, np.uint8)).save(file, "PNG")
    return Upload(file.getvalue())


@pytest.mark.sweep
def test_photos_of_somebody_else_are_named_when_they_are_added(
    recogniser: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = MakeSession(visitor())
    said = add_further(session, [photo_file(n) for n in (1, 2, 255)])
    assert said.startswith("1 more photo of you steers the generator.")
    assert "Photo 3 looks like somebody else and was left out." in said
    assert "Photo 4 shows no face" in said
    alone = visitor()
    alone.add(session.sitting.further[:1])
    assert np.allclose(alone.identity.embedding, session.sitting.merged[0].embedding)
    many = [photo_file(1)] * 6
    assert "At most 4 are used." in add_further(session, many)
    with pytest.raises(UserError, match=r"^Photo 3: "):
        add_further(session, [photo_file(1), Upload(b"no picture")])


def test_without_the_recogniser_they_wait_for_the_painting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(role: str, **_: object) -> Path:
        raise WeightsMissing("not here")

    monkeypatch.setattr("headshot.weights.store.locate", missing)
    said = add_further(MakeSession(visitor()), [photo_file(1)])
    # Only the recogniser's own sentences wait; what the report leaves out is named at once.
    assert said == "1 more photo of you steers the generator. No face was found in further photo 1. It is left out."


# ------------------------------------------------------------------ newest wins


@pytest.mark.sweep
def test_a_newer_request_ends_the_older_one_within_a_step(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from diffusers import UNet2DConditionModel

    calls = []
    inner = UNet2DConditionModel.forward
    monkeypatch.setattr(
        UNet2DConditionModel, "forward", lambda self, x, *a, **k: (calls.append(1), inner(self, x, *a, **k))[1]
    )
    session = MakeSession(visitor())
    wanted = direct("linkedin", change=1.0, overrides={"generate.steps": 9, "generate.scheduler": "ddim"})
    older = session.paint(wanted, "faceid-sd15")
    for item in older:
        if isinstance(item, Preview) and item.step == 2:
            break
    newer = session.paint(wanted, "faceid-sd15")
    assert isinstance(next(newer), Preview)
    before = len(calls)
    assert list(older) == [] and len(calls) <= before + 1, "at most the step that was under way"
    newer.close()
    assert session.last is None
