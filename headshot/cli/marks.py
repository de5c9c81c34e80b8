"""`python -m headshot marks FILE`: what a picture says of itself, read from its bytes."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from headshot.language import tr


def add_parser(commands: Any) -> None:
    """Add the command to the subparsers of `headshot.cli`."""
    marks = commands.add_parser("marks", help="what does this file say of how it was made?")
    marks.add_argument("file", metavar="FILE", type=Path, help="a JPEG, PNG, WebP, HEIC or AVIF file")
    marks.add_argument("--json", action="store_true", help="print what was read as JSON")
    marks.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read and print. Raises UserError for what the user can mend."""
    from headshot import files
    from headshot.errors import UserError
    from headshot.files.claimed import claimed
    from headshot.files.disclosure import LABELS, sentences
    from headshot.files.source_type import WORDS, strongest

    try:
        with arguments.file.open("rb") as file:
            data = file.read(files.MAX_BYTES + 1)
    except OSError as fault:
        raise UserError(
            tr("“{file}” cannot be read: {strerror}.", file=arguments.file, strerror=fault.strerror), "Check the path."
        ) from None
    found, claim = files.read(data), claimed(data)
    if arguments.json:
        print(json.dumps({**asdict(found), "claimed": claim}, ensure_ascii=False, indent=2))
        return 0
    for there, line in files.ticks(found):
        print(f"{'yes' if there else 'no':<5}{line}")
    print(
        f"{'yes' if claim else 'no':<5}"
        + (tr("It says that it is {words}.", words=WORDS[claim]) if claim else tr("No word of an AI in it."))
    )
    if (source := strongest(found.source_type, claim) or found.source_type) in LABELS:
        print("\nTo paste beside it:")
        for place, sentence in sentences(source, _retouched(found.recipe)).items():
            print(f"  {place}: {sentence}")
    return 0


def _retouched(recipe: dict[str, Any] | None) -> str:
    """What the recipe in a file says was retouched; "" for one that is not this app's."""
    from headshot.errors import UserError
    from headshot.files.recipe import restore
    from headshot.files.retouched_words import retouched_words, undone_in

    if recipe is None:
        return ""
    try:
        direction = restore(recipe)
    except UserError:
        return ""
    moved = {k: v for k, v in vars(direction.shape).items() if v}
    return retouched_words(direction.retouch, moved, undone_in(recipe))
