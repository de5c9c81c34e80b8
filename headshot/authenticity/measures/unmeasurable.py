"""The normal case that something cannot be measured: it becomes a grey finding, with the reason."""

from __future__ import annotations

from headshot.language import tr


class Unmeasurable(Exception):
    """A measure's precondition fails. The message, said in the current language, ends the sentence "Could not be
    measured: …".
    """

    def __str__(self) -> str:
        return tr(str(self.args[0]))
