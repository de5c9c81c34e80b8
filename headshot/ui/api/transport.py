"""How a function becomes an endpoint, a program's request bytes and an answer text, and what it is told of faults."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, get_type_hints

import gradio as gr
from gradio.utils import get_function_description

from headshot.errors import UserError
from headshot.language import tr
from headshot.photo.decode import MAX_BYTES
from headshot.studio.job import Job
from headshot.ui.api.arguments import checked
from headshot.ui.api.types import PhotoCheck, Remarks
from headshot.ui.components.uploads import claim, is_upload

_LONGEST_PATH = 1000  # characters
_URL_ALPHABET = str.maketrans("-_", "+/")


class told:
    """Turns what the caller can mend into Gradio's own error, which reaches the client as one sentence."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, fault: BaseException | None, trace: Any) -> None:
        if isinstance(fault, UserError):
            raise gr.Error(str(fault), print_exception=False) from None


def photo_bytes(photo: str, agreed: bool) -> bytes:
    """The file that came as base64: in lines, in the URL alphabet, without its padding or as a data URL, too; or by the
    path that the upload route answered, once.

    Raises UserError where it did not come so, or where its use was not `agreed` to.
    """
    if not agreed:
        raise UserError("The photo's use was not agreed to.", "Send consent=True if it is you, or you may use it.")
    if len(photo) <= _LONGEST_PATH and is_upload(photo):
        return claim(photo).read()
    if len(photo) > MAX_BYTES * 3 // 2:  # a third more in base64, and its line ends
        raise UserError("The photo is too large.", tr("It may have {max_bytes} MB.", max_bytes=MAX_BYTES // 2**20))
    try:
        coded = photo.partition(",")[2] if photo.startswith("data:") else photo
        coded = "".join(coded.split()).translate(_URL_ALPHABET).rstrip("=")
        return base64.b64decode(coded + "=" * (-len(coded) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise UserError("The photo is not base64.", "Send base64.b64encode(file.read()).decode().") from None


def request_fields(
    agreed: bool, *, photo: str, more: Sequence[str], face: str, pose: str, **look: Any
) -> dict[str, Any]:
    """What a program sent as the fields of a studio Request. Raises as `photo_bytes`."""
    return {
        "photo": photo_bytes(photo, agreed),
        "more": [photo_bytes(str(one), agreed) for one in more],
        "face": str(face),
        "pose": photo_bytes(pose, agreed) if pose else None,
        **look,
    }


def remarks(job: Job[Any]) -> Remarks:
    """What a job has to say beside its pictures: `notes` and the photo's `checks`."""
    checks = [PhotoCheck(id=c.id, state=c.state, sentence=c.sentence, remedy=c.remedy) for c in job.checks]
    return {"notes": [*job.pose_lines, *job.notes()], "checks": checks}


def text(data: bytes) -> str:
    """Bytes as base64."""
    return base64.b64encode(data).decode()


def publish(function: Callable[..., Any], name: str = "", *, one_at_a_time: bool = False) -> None:
    """Add `function` to the open gr.Blocks as the endpoint /`name`, by default its own name.

    Its types and the sentences of its docstring (Args, each on one line, and Returns) are what programs are shown.
    """
    # Gradio reads the annotation of what is returned as it stands, and they are text in this house's modules.
    function.__annotations__ = get_type_hints(function)
    more: dict[str, Any] = {"concurrency_limit": 1} if one_at_a_time else {}
    made = gr.api(checked(function), api_name=name or function.__name__, api_visibility="public", **more)
    page = gr.context.Context.root_block
    assert page is not None
    endpoint = page.fns[made["id"]]
    _, arguments, returned = get_function_description(function)
    for part, told_of in zip(endpoint.inputs, arguments.values(), strict=True):
        part.api_info()["additional_description"] = told_of
    for part in endpoint.outputs:
        part.api_info()["description"] = " ".join(line.strip() for line in returned)
