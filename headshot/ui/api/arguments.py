"""What a program sent for each argument of an endpoint, checked against its type: one sentence on what is wrong."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Literal, get_args, get_origin

import gradio as gr

from headshot.errors import UserError
from headshot.language import tr
from headshot.photo.decode import MAX_BYTES

_LONGEST = 100_000  # characters of a text that is no photo
_FILES = frozenset({"photo", "original", "other", "more", "pose", "picture"})  # base64, bounded by `photo_bytes`
_MOST = 200  # entries of a list or a table
_BIGGEST = 2**53


def checked(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` (its annotations are types) with its arguments checked first. Raises gr.Error with one sentence."""
    signature = inspect.signature(function)

    @wraps(function)
    def endpoint(*given: Any, **named: Any) -> Any:
        bound = signature.bind_partial(*given, **named)
        try:
            for name, parameter in signature.parameters.items():
                value = bound.arguments.get(name)
                if value is None and parameter.default is not parameter.empty:
                    bound.arguments[name] = parameter.default
                else:
                    bound.arguments[name] = argument(name, value, parameter.annotation)
        except UserError as fault:
            raise gr.Error(str(fault), print_exception=False) from None
        return function(*bound.args, **bound.kwargs)

    return endpoint


def argument(name: str, value: Any, kind: Any) -> Any:
    """Check the value of one argument against its type; a whole float counts as an integer. Raises UserError.

    Yes or no is passed on as it came: consent is True itself or nothing.
    """
    if kind is bool:
        return value
    if value is None:
        raise UserError(tr("“{name}” is missing.", name=name), "See docs/api.md.")
    if kind is str:
        return _text(name, value)
    if kind is int:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) > _BIGGEST:
            raise UserError(tr("“{name}” is not a whole number.", name=name), "Send it as a JSON number.")
        if int(value) != value:
            raise UserError(tr("“{name}” is not a whole number.", name=name), "Send it without a fraction.")
        return int(value)
    if get_origin(kind) is Literal:
        if not isinstance(value, str) or value not in get_args(kind):
            raise UserError(
                tr("“{name}” does not fit.", name=name), tr("It takes {names}.", names=" or ".join(get_args(kind)))
            )
        return value
    if get_origin(kind) is list:
        if not isinstance(value, list) or len(value) > _MOST:
            raise UserError(tr("“{name}” is not a list of texts.", name=name), "Send [] for none.")
        return [_text(name, one) for one in value]
    return _table(name, value)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        what = "a list of texts" if name == "more" else "a text"
        raise UserError(
            tr("“{name}” is not {what}.", name=name, what=what), "Photos are sent in base64." if name in _FILES else ""
        )
    most = 2 * MAX_BYTES if name in _FILES else _LONGEST
    if len(value) > most:
        raise UserError(tr("“{name}” is too long.", name=name), tr("It may have {most} characters.", most=most))
    return value


def _table(name: str, value: Any) -> dict[str, Any]:
    """A JSON object of numbers, texts and truths by short keys."""
    if not isinstance(value, Mapping):
        raise UserError(tr("“{name}” is not a table of settings.", name=name), 'Send it as {"light.warmth": 0.3}.')
    for key, one in value.items():
        fits = isinstance(one, bool | int | float | str) or one is None
        small = len(one) <= _LONGEST if isinstance(one, str) else not isinstance(one, int) or abs(one) <= _BIGGEST
        if not isinstance(key, str) or len(key) > _MOST or not fits or not small or len(value) > _MOST:
            raise UserError(
                tr("“{name}” holds what is no setting.", name=name), "Keys and values are those of /choices."
            )
    return dict(value)
