"""The contact sheet on the page: a grid whose cells fill in as they are done and can be chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import gradio as gr

from headshot.authenticity.labels import STATES
from headshot.direction.labels import typeset
from headshot.files.data_url import data_url
from headshot.imaging.resize import scaled_to_height
from headshot.studio.sheet.picture import verdict_words
from headshot.studio.sheet.sheet import Cell, Sheet
from headshot.types import State
from headshot.ui.components.component import component

_HEIGHT = 420  # px of a cell's picture as it is sent


def sheet_value(
    number: int,
    sheet: Sheet,
    cells: Iterable[Cell],
    done: int,
    *,
    busy: bool,
    note: str = "",
    picked: Sequence[int] | None = None,
) -> dict[str, Any]:
    """The value of `sheet_grid`. `number` names the sheet: values of one number add their `cells` to those there are.

    `done` of the sheet's cells are finished; `picked`: (row, column) of the chosen one.
    """
    return {
        "id": number,
        "rows": [typeset(words) for words in sheet.rows.labels],
        "columns": [typeset(words) for words in sheet.columns.labels],
        "cells": [_cell(c) for c in cells],
        "busy": busy,
        "done": done,
        "total": len(sheet.places),
        "note": note,
        "picked": None if picked is None else list(picked),
    }


def sheet_grid(**settings: Any) -> gr.HTML:
    """A gr.HTML that shows a `sheet_value` or None (empty); `pick` fires with {row, column} of the cell clicked."""
    return component(__file__, **settings)


def _cell(cell: Cell) -> dict[str, Any]:
    state: State = cell.report.verdict if cell.report else State.GREY
    picture = cell.result.picture if cell.result else None
    height = min(_HEIGHT, picture.shape[0]) if picture is not None else 0
    return {
        "row": cell.place.row,
        "column": cell.place.column,
        "state": state,
        "sign": STATES[state].symbol,
        "image": data_url(scaled_to_height(picture, height), 84) if picture is not None else "",
        "words": verdict_words(cell, figure=False),
        "detail": cell.fault or (cell.worst.sentence if cell.worst else ""),
    }
