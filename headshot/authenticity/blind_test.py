"""Blind before numbers: pictures without names in random order, so that no figure steers the eye.

Pure records; the order is drawn from the system's random source and stays on this side of the page.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from headshot.authenticity.line_up_answers import Answers
from headshot.language import tr
from headshot.types import U8

LETTERS = "ABCDEF"


@dataclass(frozen=True)
class BlindPair:
    """An original and a picture shown as A and B. `picture_first`: A is the picture, B the original."""

    picture_first: bool

    @classmethod
    def draw(cls) -> BlindPair:
        """Draw a new order, each as likely as the other."""
        return cls(secrets.randbelow(2) == 1)

    def order(self, original: U8, picture: U8) -> tuple[U8, U8]:
        """Give the two as A and B."""
        return (picture, original) if self.picture_first else (original, picture)

    def is_picture(self, letter: str) -> bool:
        """Tell whether A or B is the picture."""
        return (letter == "A") == self.picture_first

    def sentence(self, use: str | None, camera: str | None) -> str:
        """Say what was answered ("A", "B", or anything else for neither) and what it was."""
        sentences = []
        if use in ("A", "B"):
            words = (
                "you would use {letter}, which is the headshot"
                if self.is_picture(use)
                else "you would use {letter}, which is your photo"
            )
            sentences.append(tr(words, letter=use))
        elif use:
            sentences.append(tr("you would use neither"))
        if camera in ("A", "B"):
            words = (
                "you took {letter} for the camera's, and that is wrong: it is the headshot"
                if self.is_picture(camera)
                else "you took {letter} for the camera's, and that is right"
            )
            sentences.append(tr(words, letter=camera))
        elif camera:
            sentences.append(tr("you could not tell which one is the camera's"))
        return tr("By eye, before any figure: {names}.", names="; ".join(sentences)) if sentences else ""


@dataclass(frozen=True)
class LineUp:
    """The picture among the person's own photos, for friends: where it stands now, and what was answered so far."""

    choices: int
    order: tuple[int, ...]
    answers: Answers

    @classmethod
    def begin(cls, own_photos: int) -> LineUp:
        """Begin with one made picture among `own_photos` (1 to 5). Raises ValueError for other numbers."""
        if not 1 <= own_photos <= len(LETTERS) - 1:
            raise ValueError(f"a line-up needs 1 to {len(LETTERS) - 1} own photos, not {own_photos}")
        choices = own_photos + 1
        return cls(choices, _shuffled(choices), Answers(0, 0, choices))

    @property
    def letters(self) -> tuple[str, ...]:
        return tuple(LETTERS[: self.choices])

    @property
    def picture_at(self) -> str:
        """The letter under which the made picture (number 0 in `order`) is shown."""
        return LETTERS[self.order.index(0)]

    def answer(self, letter: str) -> LineUp:
        """Count a friend's answer; the next one sees a new order. Raises ValueError for a letter that is not shown."""
        if letter not in self.letters:
            raise ValueError(f"{letter!r} is not in the line-up")
        hit = letter == self.picture_at
        answers = replace(self.answers, k=self.answers.k + hit, n=self.answers.n + 1)
        return replace(self, order=_shuffled(self.choices), answers=answers)


def _shuffled(count: int) -> tuple[int, ...]:
    order = list(range(count))
    secrets.SystemRandom().shuffle(order)
    return tuple(order)
