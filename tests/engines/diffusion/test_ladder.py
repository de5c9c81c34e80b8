"""The ladder in noise: the same place on it frees the same noise with every scheduler and mode, within one step."""

from __future__ import annotations

import numpy as np
import pytest

from headshot.canvas.change_map import LEAST_NOISE, allowance_map, free_steps, own_pixels, unchanged_share
from headshot.direction.ladder import POSED, allowances
from headshot.engines.diffusion import schedulers

# Scheduler, steps, spacing: the four by themselves at the default and few steps, then what draft and fast mode run.
FULL = [(name, steps, None) for name in schedulers.NAMES for steps in (12, 30)]
KINDS = [*FULL, ("ddim", 4, "trailing"), ("lcm", 4, None), ("ddim", 8, "trailing"), ("dpm++", 10, None)]
CHANGES = [round(0.05 * n, 2) for n in range(21)]
REGIONS = ("face", "hair", "clothes", "backdrop")


def begins(noise: tuple[float, ...], change: float, region: str) -> float:
    """The noise from which a region is painted; 0 where it stays own pixels."""
    free = int(free_steps(np.array(allowances(change)[region]), noise))
    return sorted(noise)[free - 1] if free else 0.0


def table() -> dict[tuple[str, int, str | None], tuple[float, ...]]:
    return {kind: schedulers.noise_shares(schedulers.make(kind[0], {}, kind[1], spacing=kind[2])) for kind in KINDS}


def test_each_place_on_the_ladder_begins_at_the_same_noise_within_one_step() -> None:
    for kind, noise in table().items():
        rising = [0.0, *sorted(noise)]
        for region in REGIONS:
            at = [begins(noise, change, region) for change in CHANGES]
            assert at == sorted(at), (kind, region)
            assert at[0] == 0 and at[-1] == max(noise)
            for change, began in zip(CHANGES, at, strict=True):
                wanted = allowances(change)[region]
                if wanted < LEAST_NOISE:
                    assert began == 0, (kind, region, change)
                    continue
                # The next step up would begin with more noise than is allowed: no scheduler gets nearer.
                above = next((t for t in rising if t > began), 1.0)
                assert began <= wanted + 1e-4 and (above > wanted or wanted == 1), (kind, region, change)


def test_a_draft_forecasts_its_final_within_one_step_of_the_draft() -> None:
    noise = table()
    final, drafts = noise["dpm++", 30, None], [("ddim", 4, "trailing"), ("lcm", 4, None), ("dpm++", 10, None)]
    for draft in drafts:
        gaps = np.diff([0.0, *sorted(noise[draft])])
        for region in REGIONS:
            for change in CHANGES:
                apart = abs(begins(noise[draft], change, region) - begins(final, change, region))
                assert apart <= gaps.max() + 1e-6, (draft, region, change)


def test_an_expression_is_promised_only_where_there_is_noise_enough_for_it() -> None:
    from headshot.direction.applicability import why_ignored

    for change in CHANGES:
        able = allowances(change)["face"] >= POSED
        for key in ("posing.expression", "posing.gaze", "posing.turn"):
            assert (why_ignored(key, "faceid-sd15", change) == "") == able, (key, change)
    assert allowances(0.75)["face"] == pytest.approx(POSED), "the rung that people are sent to for it"


def test_below_the_least_noise_own_pixels_stay_and_the_whole_person_is_laid_over() -> None:
    noise = table()["dpm++", 30, None]
    for change in (0.5, 0.53, 0.55):
        regions = {name: np.full((2, 2), float(name == "face"), np.float32) for name in REGIONS}
        assert own_pixels(allowance_map(regions, change), noise).all()
        assert unchanged_share(regions, change, noise).min() == 1
    regions = {name: np.full((2, 2), float(name == "face"), np.float32) for name in REGIONS}
    assert not own_pixels(allowance_map(regions, 0.6), noise).any()


def test_karras_sigmas_no_longer_decide_how_much_a_face_may_change() -> None:
    """Said in steps, “light face edit” began at 117 with DPM++ and at 298 with DDIM."""
    noise = table()
    at = [1000 * begins(noise[name, 30, None], 0.75, "face") for name in ("dpm++", "ddim", "euler")]
    assert max(at) - min(at) < 60 and min(at) > 390, at
