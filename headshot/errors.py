"""Errors that a person can act on. Everything else is a bug and stays loud."""

from __future__ import annotations

import re
from collections.abc import Callable

# What could steer a terminal, turn a line round or break one: it comes in with names and values that a sentence quotes.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


_say: Callable[[str], str] = str


def speak_by(say: Callable[[str], str]) -> None:
    """Have the words of errors said by `say` (language.tr) from now on: this module itself knows no language."""
    global _say
    _say = say


class UserError(Exception):
    """Something the user can mend: shown as one line, without a traceback.

    `message` says what is wrong in plain words, `hint` what to do about it, each in the language that is spoken when it
    is read; in both a control character is shown as �.
    It passes between processes whole
    (ZeroGPU paints in another one): a kind with an `__init__` of its own takes the same two.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(*(_UNSEEN.sub("�", text) for text in (message, hint)))

    @property
    def message(self) -> str:
        return _say(str(self.args[0]))

    @property
    def hint(self) -> str:
        return _say(str(self.args[1]))

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class PhotoError(UserError):
    """The file cannot be used as a photo."""


class NoFace(UserError):
    """No face was found in the photo."""


class DirectionError(UserError):
    """A preset or a setting is not understood."""


class WeightsMissing(UserError):
    """A model that an engine needs is not on this machine and could not be fetched."""


class WeightsDamaged(WeightsMissing):
    """A copy of the model is on this machine, and cannot be used."""


class EngineUnavailable(UserError):
    """The engine cannot run here as things stand."""
