"""The parser of Gradio's upload route: few files, each in a folder of its own under a plain name, no part left behind.

Gradio names an upload's folder by what is in the file, so two visitors with the same file would share one copy; here
nobody can tell a folder's name, nor the file's, from the file. It has no setting for any of this.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
from typing import Any

from gradio import route_utils
from starlette.datastructures import FormData

from headshot.language import tr
from headshot.ui.components.uploads import MOST

FULL = "There is no room for the file on the server's disk. Try again in a few minutes."
TOO_MANY = "At most {most} files are taken at a time. Choose fewer, and then the next ones."
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}\Z")


class UploadParser(route_utils.GradioMultiPartParser):  # type: ignore[misc]
    """As Gradio's own, at most `MOST` files; `parse` leaves no file when it fails or the client goes."""

    def __init__(self, *given: Any, **settings: Any) -> None:
        super().__init__(*given, **{**settings, "max_files": MOST, "max_fields": MOST})

    def on_headers_finished(self) -> None:
        """Begin a part: salt the hash that names its folder; of the client's name only the ending stays."""
        super().on_headers_finished()
        file: Any = self._current_part.file
        if file is not None:
            file.sha.update(secrets.token_bytes(32))
            ending = _ENDING.search(file.filename or "")
            file.filename = f"upload{ending.group().lower() if ending else ''}"

    async def parse(self) -> FormData:
        """Read the whole request. Raises what Gradio's parser raises; no part of a file is left then."""
        try:
            return await super().parse()
        except BaseException as fault:  # the client went, the disk is full, the request is none
            for part in self._files_to_close_on_error:
                with contextlib.suppress(OSError):
                    part.close()
                with contextlib.suppress(OSError):
                    os.unlink(part.name)
            if isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT):
                raise route_utils.MultiPartException(tr(FULL)) from None
            if self._current_files > MOST:
                raise route_utils.MultiPartException(tr(TOO_MANY, most=MOST)) from None
            raise


def install() -> None:
    """Let Gradio's upload route use `UploadParser`, in this process."""
    route_utils.GradioMultiPartParser = UploadParser
