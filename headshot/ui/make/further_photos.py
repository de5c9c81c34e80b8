"""Further photos of the same person, added on the page: read, counted, and named where they show somebody else."""

from __future__ import annotations

from collections.abc import Sequence

from headshot.authenticity.recognition.own_range import MAX_FURTHER
from headshot.errors import UserError, WeightsMissing
from headshot.files.opened_photo import opened
from headshot.language import tr, tr_count
from headshot.ui.components.uploads import Upload
from headshot.ui.make.session import MakeSession


def add_further(session: MakeSession, files: Sequence[Upload]) -> str:
    """Take further photos of the same person. Returns the sentences to show.

    These name the photos that no generator is steered by (the first photo is number 1; where the face recogniser is
    not here, they come with the next painted picture), and those that the report leaves out. Raises UserError.
    """
    photos = []
    for number, file in enumerate(files[:MAX_FURTHER], 2):
        try:
            photos.append(opened(file.read()))
        except UserError as fault:
            raise UserError(tr("Photo {number}: {message}", number=number, message=fault.message), fault.hint) from None
    session.sitting.add(photos)
    try:
        left_out = session.sitting.merged[1]
    except WeightsMissing:
        left_out = ()
    count = len(photos) - len(left_out)
    message = tr_count(
        "{count} more photo of you steers the generator.", "{count} more photos of you steer the generator.", count
    )
    if len(files) > MAX_FURTHER:
        message += " " + tr("At most {most} are used.", most=MAX_FURTHER)
    return " ".join(dict.fromkeys([message, *left_out, *session.sitting.left_out]))
