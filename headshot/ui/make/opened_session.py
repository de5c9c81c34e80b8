"""An upload as a session: a photo, or a headshot that this app saved, which also gives what made it."""

from __future__ import annotations

from headshot.files.opened_photo import opened
from headshot.studio.session import Sitting
from headshot.ui.components.uploads import Upload
from headshot.ui.make.saved_headshot import Restored, restore
from headshot.ui.make.session import MakeSession


def open_session(file: Upload, before: MakeSession | None = None) -> tuple[MakeSession, Restored | None]:
    """Open an upload. Raises UserError.

    A headshot that this app saved also gives what made it; dropped while there is a photo (`before`), it restores its
    settings and the photo stays.
    """
    data = file.read()
    photo = opened(data)  # first, in the process for it: what is hostile ends there
    restored = restore(data)
    if restored is not None and before is not None:
        return before, restored
    return MakeSession(Sitting.of(photo)), restored
