"""What people said: k of n, the interval that so few answers leave, and silence while they are too few."""

from __future__ import annotations

import math
from dataclasses import dataclass

from headshot.language import tr
from headshot.types import Finding, State

MIN_ANSWERS = 8
Z95 = 1.959963984540054  # the normal distribution's 97.5% point


def wilson(k: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Compute Wilson's score interval (0..1, 95% by default) for k successes in n trials.

    Wilson 1927 (https://doi.org/10.1080/01621459.1927.10502953). Raises ValueError unless 0 ≤ k ≤ n and n >
    0.
    """
    if n <= 0 or not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no count")
    share, square = k / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    reach = z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, middle - reach), min(1.0, middle + reach)


@dataclass(frozen=True)
class Answers:
    """`k` of `n` answers picked the AI picture out of `choices` pictures: chance alone is 1 / choices."""

    k: int
    n: int
    choices: int = 2

    @property
    def claims(self) -> bool:
        """Whether there are enough answers to say anything."""
        return self.n >= MIN_ANSWERS

    def sentence(self) -> str:
        """Say it in one plain sentence; nothing is claimed under 8 answers."""
        if not self.claims:
            return tr(
                "{n} of at least {min_answers} answers so far: too few to say anything.",
                n=self.n,
                min_answers=MIN_ANSWERS,
            )
        low, high = wilson(self.k, self.n)
        chance = 1 / self.choices
        span = tr(
            "{k} of {n} picked it out (the true share may be {low:.0f}% to {high:.0f}%), and guessing "
            "gives {chance:.0f}%",
            k=self.k,
            n=self.n,
            low=100 * low,
            high=100 * high,
            chance=100 * chance,
        )
        if low <= chance <= high:
            return tr("{span}: that they could tell is not shown.", span=span)
        return (
            tr("{span}: people could tell.", span=span)
            if low > chance
            else tr("{span}: they took a real photo for it instead.", span=span)
        )

    def finding(self) -> Finding:
        """Give the same for the report's JSON: information, without a figure while nothing is claimed."""
        return Finding(
            "people",
            self.k / self.n if self.claims else None,
            "share of answers",
            State.GREY,
            self.sentence(),
            tr(
                "A line-up of {choices} pictures without names, in a new order for each answer: which one "
                "was made or changed by a computer? Wilson's 95% interval.",
                choices=self.choices,
            ),
            tr(
                "guessing gives {choices:.0f}%; nothing is claimed under {min_answers} answers",
                choices=100 * (1 / self.choices),
                min_answers=MIN_ANSWERS,
            ),
            "Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953",
            tr("Could friends tell?"),
        )
