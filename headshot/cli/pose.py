"""`--pose PHOTO` on the command line: the pose of a photo as settings, and what was read printed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Mapping
from typing import Any

from headshot.errors import UserError


def add_pose(parser: argparse.ArgumentParser) -> None:
    """Add the option to a command."""
    about = "read turn of the head, expression, gaze and framing from this photo; --set wins over it"
    parser.add_argument("--pose", metavar="PHOTO", help=about)


def posed(path: str | None, settings: Mapping[str, Any], engines: Collection[str]) -> dict[str, Any]:
    """`settings` over those of the pose in the photo at `path` (None: there is none) that one of `engines` heeds.

    What was read, and what it sets, is printed to standard error. Raises UserError.
    """
    if path is None:
        return dict(settings)
    from headshot.direction.applicability import why_ignored
    from headshot.photo.decode import read_photo
    from headshot.studio.pose_reference import read_pose

    try:
        seen = read_pose(read_photo(path)).seen
    except UserError as fault:
        raise UserError(f"--pose: {fault.message}", fault.hint) from None
    taken: dict[str, Any] = {}
    for one in seen:
        reasons = {key: [why_ignored(key, engine) for engine in engines] for key in one.settings}
        heeded = {key: value for key, value in one.settings.items() if not all(reasons[key])}
        deaf = next((why[0] for key, why in reasons.items() if key not in heeded), "")
        said = ", ".join(f"{key}={value}" for key, value in heeded.items() if key not in settings)
        print(f"pose: {one.about}: {one.sentence} {f'({said})' if said else deaf}".rstrip(), file=sys.stderr)
        taken |= heeded
    return {**taken, **settings}
