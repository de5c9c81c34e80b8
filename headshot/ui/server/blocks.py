"""The page as Gradio runs it: what a request may bring in, and what the log and the caller are told when it fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import gradio as gr
from gradio.components.api_component import Api
from gradio.context import Context
from gradio_client.utils import is_file_obj_with_meta, traverse

from headshot.errors import PhotoError, UserError
from headshot.files.asker import asked_by
from headshot.language import ENGLISH, current, languages, speaking, tr
from headshot.ui.components.upload_field import UploadField
from headshot.ui.components.uploads import Upload
from headshot.ui.server import pictures, waiting
from headshot.ui.server.log import log_fault
from headshot.ui.server.metrics import REQUESTS
from headshot.ui.server.spoken import language_of_request
from headshot.ui.server.translated import translated
from headshot.ui.server.visitors import Visitors

BUG = "Something went wrong here. The app's log says what."
FULL_HOUSE = PhotoError(
    "Too many photos are being worked on here just now.", "Try again in a few minutes; your settings stay."
)
_INCOMPLETE = UserError("The request is incomplete or of a wrong form.", "Reload the page.")


class Page(gr.Blocks):  # type: ignore[misc]
    """A gr.Blocks to which every request is hostile: paths only where files are taken, no payload in the log.

    Its `config`, which the browser lays the page out from, is in the language of whoever asks for it.
    """

    _pages: Mapping[str, dict[str, Any]] = {}
    _config: dict[str, Any]

    @property
    def config(self) -> dict[str, Any]:
        """The layout as Gradio sends it."""
        return {**self._config, **self._pages.get(current(), {})}

    @config.setter
    def config(self, config: dict[str, Any]) -> None:
        self._config = config

    def get_config_file(self) -> dict[str, Any]:
        """As Gradio's, with the state of events that show no progress told to one part of the page, not to all their
        outputs.

        At each turn of any event the browser tells every part that was ever an output so, and looks for each in the
        whole tree: half of what a slider's move takes there.
        """
        config: dict[str, Any] = super().get_config_file()
        unseen = next((part["id"] for part in config["components"] if part["type"] == "state"), None)
        for event in config["dependencies"]:
            if unseen is not None and event["show_progress"] == "hidden" and event["outputs"]:
                event["show_progress_on"] = [unseen]
        return config

    def learn(self, build: Callable[[], gr.Blocks]) -> None:
        """Have the layout in each other language. `build` makes the page once more: the same parts, other words."""
        pages, after = {}, Context.id
        for code in languages():
            if code == ENGLISH:
                continue
            Context.id = self._id  # a part's number is what a request names it by
            with speaking(code):
                pages[code] = translated(build().get_config_file())
        Context.id = after
        self._pages = pages

    async def preprocess_data(
        self, block_fn: Any, inputs: list[Any], state: Any, *more: Any, **named: Any
    ) -> list[Any]:
        """As Gradio's, with left out arguments filled in, and files refused where the field is none for files, or
        where the house is full.

        Raises UserError for a request that Gradio cannot read: its own errors quote what came.
        """
        missing = block_fn.inputs[len(inputs) :]
        if any(not isinstance(block, Api) for block in missing):
            raise _INCOMPLETE
        inputs = [*inputs, *(block.value for block in missing)]
        for place, block in enumerate(block_fn.inputs):
            if isinstance(block, Api):  # for programs, whose files come by the path of their upload
                inputs[place] = traverse(inputs[place], _path, is_file_obj_with_meta)
            elif not isinstance(block, UploadField):
                traverse(inputs[place], _refuse, is_file_obj_with_meta)
        try:
            read = await super().preprocess_data(block_fn, inputs, state, *more, **named)
            return read if _has_room(self, state) else [_without_room(value) for value in read]
        except (gr.Error, UserError):
            raise
        except Exception as fault:
            raise _INCOMPLETE from fault

    async def postprocess_data(self, block_fn: Any, predictions: Any, state: Any) -> list[Any]:
        """As Gradio's, with pictures for the page put aside: it is told their addresses."""
        if state is not None and block_fn.api_visibility != "public":
            predictions = pictures.named(predictions, state)
        return list(await super().postprocess_data(block_fn, predictions, state))

    async def process_api(self, block_fn: Any, inputs: list[Any], *more: Any, **named: Any) -> dict[str, Any]:
        """As Gradio's, in the visitor's language. What fails is told as one sentence; a bug is logged here, without
        what the caller sent.
        """
        began, bug = time.monotonic(), False
        asker = waiting.asker_of(named.get("session_hash"), named.get("event_id"), self)
        with speaking(language_of_request(named.get("request"))), asked_by(asker):
            try:
                return await super().process_api(block_fn, inputs, *more, **named)
            except gr.Error as fault:
                fault.print_exception = False
                raise
            except UserError as fault:
                raise gr.Error(str(fault), print_exception=False) from None
            except Exception as fault:  # noqa: BLE001 (whatever it is, Gradio would print what came)
                bug = True
                log_fault(fault)
                raise gr.Error(tr(BUG), print_exception=False) from None
            finally:
                kind = "program" if block_fn.api_visibility == "public" else "page"
                REQUESTS.count(kind, time.monotonic() - began, bug=bug)


def _has_room(page: gr.Blocks, state: Any) -> bool:
    holder = page.app.state_holder
    return not isinstance(holder, Visitors) or state is None or holder.has_room_for(state)


def _without_room(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_room(one) for one in value]
    return Upload(fault=FULL_HOUSE) if isinstance(value, Upload) else value


def _path(file: Any) -> str:
    return str(file.get("path") or "")


def _refuse(_: object) -> None:
    raise UserError("A file was sent where none is taken.")
