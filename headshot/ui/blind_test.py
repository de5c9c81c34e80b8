"""The two questions before a report: whether a visitor wants them, how the two pictures lie, and what was answered."""

from __future__ import annotations

from headshot.authenticity.blind_test import BlindPair


class BlindTest:
    """The questions on one picture. `wanted`: the visitor judges by eye first; `sentence`: what was answered."""

    def __init__(self) -> None:
        self.wanted = False
        self.renew()

    def renew(self) -> None:
        """Begin again for another picture: a new order, nothing answered."""
        self.pair, self.answered, self.sentence = BlindPair.draw(), False, ""

    def answer(self, use: str | None, camera: str | None) -> None:
        """Take the answers ("A", "B", anything else for neither); from now on the report may be shown."""
        self.answered, self.sentence = True, self.pair.sentence(use, camera)

    @property
    def open(self) -> bool:
        """Whether the questions are wanted and not answered yet, so that nothing may name the pictures."""
        return self.wanted and not self.answered
