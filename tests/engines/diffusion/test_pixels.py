"""What happens to pixels on their way: the seam, previews, safety, and the plan for a device."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
import torch

from headshot.engines.diffusion import blend, device, latent_preview, lease, rates
from headshot.engines.diffusion.families import FAMILIES
from headshot.engines.diffusion.offload import Offloader
from headshot.engines.diffusion.safety import SafetyChecker
from headshot.errors import EngineUnavailable
from headshot.imaging.resize import resized
from tests import SHARED
from tests.fixtures import tiny
from tests.fixtures.shared_photos import first

WEIGHTS, PHOTOS = SHARED / "data" / "weights", SHARED / "data" / "photos"


# ------------------------------------------------------------------ seam

IED = 60.0


def scene():
    """Own pixels: a smooth picture with texture. Generated: the same, shifted in colour as a VAE does it."""
    rng = np.random.default_rng(1)
    y, x = np.mgrid[:240, :240].astype(np.float32)
    base = np.stack([150 + x / 6, 120 + y / 8, 100 + x / 12], -1) + rng.normal(0, 2, (240, 240, 1))
    shifted = base * np.array([1.07, 0.95, 0.9]) + rng.normal(0, 2, (240, 240, 1))
    keep = (np.hypot(x - 120, y - 110) < 70).astype(np.float32)
    return base.clip(0, 255).astype(np.uint8), shifted.clip(0, 255).astype(np.uint8), keep


def delta_e(a, b):
    lab = [cv2.cvtColor(p.astype(np.float32) / 255, cv2.COLOR_RGB2LAB) for p in (a, b)]
    return np.sqrt(((lab[0] - lab[1]) ** 2).sum(-1))


def step_across(picture, keep):
    """ΔE between the mean colours of two strips of .1 IED, each .05 IED away from the border."""
    outside = cv2.distanceTransform((keep < 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    inside = cv2.distanceTransform((keep > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    steps = []
    for angle in range(0, 360, 30):  # by sector: the picture's own gradient must not count
        y, x = np.mgrid[:240, :240]
        sector = np.abs((np.degrees(np.arctan2(y - 110, x - 120)) - angle + 180) % 360 - 180) < 15
        a, b = (picture[sector & (d > 0.05 * IED) & (d < 0.15 * IED)].mean(0)[None, None] for d in (inside, outside))
        steps.append(delta_e(a, b).item())
    return float(np.mean(steps))


def test_own_pixels_are_exact_and_the_seam_is_less_than_a_feather_alone():
    own, generated, keep = scene()
    got = blend.blend(own, generated, keep, IED)
    assert (got[keep > 0] == own[keep > 0]).all()
    outside = cv2.distanceTransform((keep < 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    alpha = np.clip(1 - outside / (0.03 * IED), 0, 1)[..., None]
    feathered = (alpha * own + (1 - alpha) * generated).astype(np.uint8)
    truth, plain, ours = (step_across(p, keep) for p in (own, feathered, got))
    assert plain > truth + 4, "the scene has no seam to hide"
    assert abs(ours - truth) < 0.25 * abs(plain - truth)


def test_the_correction_fades_and_keeps_generated_texture():
    own, generated, keep = scene()
    wide = [np.pad(a, ((0, 0), (0, 400), (0, 0)), mode="edge") for a in (own, generated)]
    got = blend.blend(*wide, np.pad(keep, ((0, 0), (0, 400))), IED)
    assert (np.abs(got[:, 560:].astype(int) - wide[1][:, 560:]) <= 1).all()  # 6 IED away: as generated
    ring = (cv2.distanceTransform((keep < 0.5).astype(np.uint8), cv2.DIST_L2, 5) > 5) & (keep < 0.5)
    fine = [
        p.astype(np.float32)[..., 1] - cv2.GaussianBlur(p.astype(np.float32)[..., 1], (0, 0), 2)
        for p in (generated, got[:, :240])
    ]
    assert np.corrcoef(fine[0][ring], fine[1][ring])[0, 1] > 0.95


def test_nothing_or_everything_kept():
    own, generated, keep = scene()
    assert (blend.blend(own, generated, keep * 0, IED) == generated).all()
    assert (blend.blend(own, generated, keep * 0 + 1, IED) == own).all()


def test_a_black_surround_does_not_blow_up():
    own, generated, keep = scene()
    got = blend.blend(own, np.zeros_like(generated), keep, IED)
    assert got[keep == 0].max() <= 255 and (got[keep > 0] == own[keep > 0]).all()


# --------------------------------------------------------------- previews


def stand_in(kind):
    """TAESD from the common stand-in weights: the encoder and the decoder of the original, renamed."""
    from diffusers import AutoencoderTiny
    from safetensors.torch import load_file

    state = {}
    for half, shift in (("encoder", 0), ("decoder", 1)):
        file = WEIGHTS / f"{kind}_{half}.safetensors"
        if not file.is_file():
            pytest.skip("no stand-in weights here")
        for key, value in load_file(file).items():
            layer, _, rest = key.partition(".")
            state[f"{half}.layers.{int(layer) - shift}.{rest}"] = value.float()
    model = AutoencoderTiny()
    model.load_state_dict(state, strict=True)
    return model.eval()


@pytest.mark.sweep
@pytest.mark.weights
@pytest.mark.parametrize("kind, family", [("taesdxl", "sdxl"), ("taesd", "sd15")])
def test_previews_show_the_picture_that_is_in_the_latents(kind, family):
    taesd = stand_in(kind)
    photo = cv2.imread(str(PHOTOS / "collins_1.png"))
    if photo is None:
        pytest.skip("no photos here")
    photo = cv2.resize(photo[..., ::-1], (256, 256), interpolation=cv2.INTER_AREA)
    with torch.inference_mode():
        x = torch.from_numpy(photo).permute(2, 0, 1)[None] / 127.5 - 1
        z = taesd.encode(x).latents[0]

    def psnr(picture):
        truth = resized(photo, picture.shape[1::-1]).astype(np.float64)
        return 10 * np.log10(255**2 / ((picture - truth) ** 2).mean())

    sharp, half = latent_preview.by_taesd(z, taesd), latent_preview.by_taesd(z, taesd, half=True)
    coarse = latent_preview.by_matrix(z, family)
    assert sharp.shape == (256, 256, 3) and half.shape == (128, 128, 3) and coarse.shape == (32, 32, 3)
    assert psnr(sharp) > 22 and psnr(coarse) > 17
    truth = resized(photo, (128, 128))
    assert np.corrcoef(half.ravel(), truth.ravel())[0, 1] > 0.8  # rough at 256 px: 16 × 16 latents
    wrong = latent_preview.by_matrix(z, "sdxl" if family == "sd15" else "sd15")
    assert psnr(wrong) < psnr(coarse) - 3, "any matrix would pass"


@pytest.mark.weights
@pytest.mark.parametrize("kind, family", first([("taesd", "sd15"), ("taesdxl", "sdxl")]))
def test_a_request_previews_real_latents_through_taesd(kind, family):
    """The engine's own preview path: x0 of a step → TAESD → the picture that is shown, own pixels laid over it."""
    from types import SimpleNamespace

    from headshot.engines.diffusion.denoise import Step
    from headshot.engines.diffusion.faceid_pipeline import FaceIDEngine
    from headshot.engines.diffusion.request import Request, Run
    from tests.fixtures.tiny_faceid import canvas, direction

    taesd, photo = stand_in(kind), cv2.imread(str(PHOTOS / "collins_1.png"))
    if photo is None:
        pytest.skip("no photos here")
    photo = np.ascontiguousarray(cv2.resize(photo[..., ::-1], (256, 256), interpolation=cv2.INTER_AREA))
    with torch.inference_mode():
        z = taesd.encode(torch.from_numpy(photo).permute(2, 0, 1)[None] / 127.5 - 1).latents
    shown = canvas(256)
    unet = torch.nn.Linear(1, 1)
    plan = device.Plan("cuda", "float32")  # a GPU's previews are of full size; nothing is sent to one here
    parts = SimpleNamespace(plan=plan, movable=[], unet=unet, taesd=taesd)
    engine = FaceIDEngine(FAMILIES[f"faceid-{family}"], parts, preview_every=0)  # type: ignore[arg-type]
    for change, kept in ((1.0, None), (0.5, shown.regions["face"] > 0.999)):
        request = Request.of(0, shown, direction(change), Run("ddim", 4, 1.0), (256, 256), (0.999, 0.749, 0.499, 0.249))
        (item,) = list(engine._watch(iter([Step(0, 1, z * 0, z)]), [request], shown=True))
        truth = photo.astype(np.float64)
        painted = np.ones((256, 256), bool) if kept is None else shown.regions["backdrop"] > 0.999
        error = ((item.picture - truth) ** 2)[painted].mean()
        assert 10 * np.log10(255**2 / error) > 20
        if kept is not None:
            assert np.abs(item.picture.astype(int) - shown.picture)[kept].max() <= 1


# ----------------------------------------------------------------- device


def test_the_cpus_precision_is_the_one_that_was_measured_to_be_faster(monkeypatch):
    flags = "flags : fpu avx512_bf16"
    monkeypatch.setattr("pathlib.Path.read_text", lambda self: flags)
    for ratio, expected in ((2.0, "bfloat16"), (1.2, "float32"), (0.4, "float32")):
        rates.faster_on_cpu.cache_clear()
        monkeypatch.setattr(rates, "throughput", lambda _, dtype, r=ratio: r if dtype == "bfloat16" else 1.0)
        assert rates.faster_on_cpu() == expected
    flags = "flags : fpu"  # without instructions for it, it is not even measured
    rates.faster_on_cpu.cache_clear()
    monkeypatch.setattr(rates, "throughput", None)
    assert rates.faster_on_cpu() == "float32"
    rates.faster_on_cpu.cache_clear()


def test_the_vae_is_not_as_coarse_as_the_rest():
    """bfloat16 has 8 bits of mantissa: a code value off in every third pixel."""
    vae = [device.Plan(d, t).vae_dtype for d, t in (("cuda", "bfloat16"), ("cpu", "bfloat16"), ("cuda", "float32"))]
    assert vae == ["float16", "float32", "float32"]


def test_estimates_calibrate_themselves_by_real_steps(monkeypatch):
    monkeypatch.setattr(rates, "_learnt", {})
    monkeypatch.setattr(rates, "throughput", lambda *_: 2e12)
    here = ("cpu", "float32", "faceid-sd15")
    assert rates.seconds(1e12, *here) == 1.0
    rates.learn(1e12, 4.0, *here)
    assert rates.seconds(1e12, *here) == 4.0
    rates.learn(1e12, 2.0, *here)
    assert 2.0 < rates.seconds(1e12, *here) < 4.0
    for other in (("cpu", "bfloat16", "faceid-sd15"), ("cpu", "float32", "klein")):
        assert rates.seconds(1e12, *other) == 1.0, "each engine's own steps tell, in its own precision"


def test_a_cpu_plan_and_estimates_that_grow_with_work():
    if torch.cuda.is_available() or torch.backends.mps.is_available():
        pytest.skip("not a machine without accelerator")
    plan = device.choose(resident_gb=4, row_gb=0.4)
    assert (plan.device, plan.dtype, plan.offload) == ("cpu", rates.cpu_dtype(), False)
    here = ("cpu", "float32", "klein")
    assert rates.seconds(2e12, *here) == pytest.approx(2 * rates.seconds(1e12, *here))


class Recorder(torch.nn.Linear):
    """A module that remembers where it was sent; it stays on the CPU."""

    def __init__(self, log, name):
        super().__init__(1, 1)
        self.log, self.title = log, name

    def to(self, where):
        self.log.append((self.title, where))
        return self


def test_offloader_moves_modules_and_swaps_unets():
    log = []
    vae, base, quick = (Recorder(log, n) for n in ("vae", "base", "quick"))
    roomy = Offloader("cuda", False, [vae], base)
    assert roomy.run_with(lambda: roomy.bind(base)(torch.ones(1, 1)).shape, vae) == (1, 1)
    assert log == []

    assert roomy.start_offloading() and log == [("vae", "cpu")]
    assert not roomy.start_offloading(), "there is nothing more to move"
    log.clear()
    with pytest.raises(KeyError), roomy.modules_loaded(vae):
        raise KeyError
    assert log == [("vae", "cuda"), ("vae", "cpu")]
    log.clear()
    for unet in (base, quick, quick, base):
        roomy.bind(unet)(torch.ones(1, 1))
    assert log == [("base", "cpu"), ("quick", "cuda"), ("quick", "cpu"), ("base", "cuda")]
    assert not Offloader("cpu", False, [vae], base).start_offloading()


def test_a_visit_makes_room_step_by_step():
    """Memory runs out in an encoder's turn: first the others leave, then the UNet, at last it is said."""
    log, said, fits = [], [], []
    vae, base = (Recorder(log, n) for n in ("vae", "base"))
    tight = Offloader("cuda", False, [vae], base)

    def work():
        fits.append(list(log))
        if len(fits) < 3:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
        return 5

    assert tight.run_with(work, vae, notes=said) == 5 and said == [device.OFFLOADED]
    assert fits[0] == [] and fits[1] == [("vae", "cpu"), ("vae", "cuda")] and ("base", "cpu") in fits[2]
    log.clear()
    tight.bind(base)(torch.ones(1, 1))
    assert log == [("base", "cuda")], "it comes back for its own turn"

    def never():
        raise torch.cuda.OutOfMemoryError("CUDA out of memory.")

    with pytest.raises(EngineUnavailable, match="not enough memory"):
        tight.run_with(never, vae)
    with pytest.raises(KeyError):
        tight.run_with(lambda: {}["no"], vae)


@pytest.mark.parametrize("shrinks", [True, False])
def test_what_a_failed_try_had_made_is_let_go_before_the_next(shrinks):
    """The traceback of an error holds its frames: relief inside the handler would have found the memory still taken."""
    import weakref

    made, alive = [], []

    def part(rows):
        big = np.ones(1000)
        made.append(weakref.ref(big))
        if len(made) == 1:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
        alive.append(made[0]() is not None)
        return torch.ones(rows.stop - rows.start)

    def relief():
        alive.append(made[0]() is not None)
        return True

    device.RowBudget(4 if shrinks else 1, relief).run(part, 2 if shrinks else 1)
    Offloader("cuda", False, [], None).retry(lambda: part(slice(0, 1)), relief)
    assert alive and not any(alive)


def test_nobody_moves_a_module_that_somebody_is_inside():
    """Two threads: offloading begins while the other one's VAE is at work, before which nothing was offloaded."""
    log, inside, go_on = [], threading.Event(), threading.Event()
    vae, base = (Recorder(log, n) for n in ("vae", "base"))
    common = Offloader("cuda", False, [vae], base)

    def slow():
        inside.set()
        assert go_on.wait(10)
        return list(log)

    with ThreadPoolExecutor(3) as pool:
        for turn in (lambda: common.run_with(slow, vae), lambda: common.bind(slow)()):
            inside.clear()
            go_on.clear()
            common.offload, common._unet_on_device = False, slow
            log.clear()
            first = pool.submit(turn)
            assert inside.wait(10)
            second = pool.submit(common.start_offloading)
            time.sleep(0.05)  # it would have moved the VAE by now
            assert not second.done()
            go_on.set()
            assert first.result(10) == [] and second.result(10) and log == [("vae", "cpu")]


def test_a_lease_is_only_where_there_is_one(monkeypatch):
    def work(task):
        yield task

    monkeypatch.delenv("SPACES_ZERO_GPU", raising=False)
    assert lease.leased(work, lambda _: 10) is work


@pytest.mark.parametrize(
    ("title", "message", "said"),
    [
        ("ZeroGPU quota exceeded", "You have exceeded it. <a href='x'>Sign in</a>.", "exceeded it. Sign in. Try again"),
        ("ZeroGPU worker error", "GPU task aborted", "not for long enough: GPU task aborted. Try again"),
        ("ZeroGPU worker error", "KeyError", None),  # a fault of our own stays loud
        ("Error", "anything", None),
    ],
)
def test_a_gpu_that_is_not_lent_is_said_and_a_bug_stays_loud(monkeypatch, title, message, said):
    import sys
    from types import SimpleNamespace

    import gradio

    def work(task):
        yield task
        raise gradio.Error(message, title=title)

    monkeypatch.setitem(sys.modules, "spaces", SimpleNamespace(GPU=lambda duration: lambda f: f))
    monkeypatch.setenv("SPACES_ZERO_GPU", "1")
    with pytest.raises(EngineUnavailable if said else gradio.Error) as caught:
        list(lease.leased(work, lambda _: 10)(1))
    assert said is None or said in str(caught.value)


# ----------------------------------------------------------------- safety


def test_the_checker_of_diffusers_blocks_what_it_finds():
    """The real class on random weights: thresholds decide, set once to find all and once to find nothing."""
    picture = np.full((64, 64, 3), 128, np.uint8)
    for threshold, allowed in ((-2.0, False), (2.0, True)):
        assert SafetyChecker(*tiny.safety_checker(threshold)).allows(picture) is allowed
    assert (picture == 128).all(), "the checker must not paint over our array"


def test_room_is_read_from_the_machine():
    assert device.has_room(1, "cpu") and not device.has_room(1 << 50, "cpu")


def test_soft_pixels_along_hair_lie_over_what_was_generated() -> None:
    """Half-covered pixels mix the person with the generated backdrop; the canvas's own backdrop leaves no outline."""
    height, width, hair, old, new = 60, 120, 40.0, 230.0, 90.0
    share = np.clip((np.arange(width) - 40) / 20, 0, 1).astype(np.float32)[None, :].repeat(height, 0)

    def linear(code: float) -> float:
        return ((code / 255 + 0.055) / 1.055) ** 2.4

    def over(backdrop: float) -> np.ndarray:
        light = share * linear(hair) + (1 - share) * linear(backdrop)
        code = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055) * 255
        return np.repeat((code + 0.5).astype(np.uint8)[..., None], 3, axis=2)

    person = np.full((height, width, 3), int(hair), np.uint8)
    keep = (share >= 1).astype(np.float32)
    got = blend.blend(over(old), np.full_like(person, int(new)), keep, 400.0, person=person, share=share)
    assert (got[:, 60:] == person[:, 60:]).all()
    # The generated side is led to the own colours near the border, so it may be darker than `new`, never lighter:
    # light pixels there could only be the old backdrop.
    assert got[:, :60].max() <= new + 1
