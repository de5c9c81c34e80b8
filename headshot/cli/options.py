"""What the commands share: their options, the request that these make, the folder for their results."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from headshot.cli.results import Results
from headshot.direction.engine_table import ENGINES
from headshot.direction.matting_table import MATTINGS
from headshot.direction.places import SUGGESTED
from headshot.errors import UserError
from headshot.language import tr


def shared(*, engine: str, out: str) -> argparse.ArgumentParser:
    """The parent parser of make, sheet, best and furthest, with this command's defaults."""
    parser = argparse.ArgumentParser(add_help=False)
    add = parser.add_argument
    add("photo", metavar="PHOTO", help="JPEG, PNG, WebP, HEIC or AVIF")
    add("--face", default="", metavar="X,Y|N", help="whom of several: a point in pixels, or the Nth from the left")
    add("--keep-at", nargs="+", action="extend", default=[], metavar="X,Y", help="pixels that the cut-out must keep")
    add("--drop-at", nargs="+", action="extend", default=[], metavar="X,Y", help="pixels that it must leave out")
    networks = f"who cuts you out: one of {', '.join(MATTINGS)}; all but the first are fetched on request"
    add("--matting", metavar="NAME", help=networks)
    heal_help = f"spots to be healed; {SUGGESTED} tells which might be"
    add("--heal", dest="heal_at", nargs="+", action="extend", default=[], metavar="X,Y", help=heal_help)
    add("--more", nargs="+", action="extend", default=[], metavar="PHOTO", help="up to 4 further photos of you")
    add("--preset", default="linkedin", metavar="NAME", help="see: python -m headshot presets")
    add("--engine", default=engine, metavar="NAME", help=f"one of {', '.join(ENGINES)}; %(default)s is usual")
    set_help = 'such as light.strength=0.5 or keep="glasses, mole"'
    add("--set", action="append", default=[], metavar="KEY=VALUE", help=set_help)
    add("--words", default="", help="your own words for the look: what they stand for is told")
    pose = "take turn of the head, expression, gaze and framing from this photo; --set wins over it"
    add("--pose", metavar="PHOTO", help=pose)
    add("--seed", type=int, metavar="N", help="the same as --set seed=N")
    add("--out", type=Path, default=Path(out), metavar="DIR", help="the folder for the files; %(default)s is usual")
    add("--force", action="store_true", help="replace earlier results, in place of numbering on")
    return parser


def add_label(parser: argparse.ArgumentParser) -> None:
    """Add --label, for commands that write pictures to give away."""
    parser.add_argument("--label", action="store_true", help="write what was done into the picture's corner, small")


def request_of(arguments: argparse.Namespace) -> dict[str, Any]:
    """The options of `shared` as the fields of a studio Request. Raises UserError."""
    settings = overrides(arguments.set)
    if arguments.seed is not None:
        settings["seed"] = arguments.seed
    if arguments.matting is not None:
        settings["cutout.matting"] = arguments.matting
    same = ("photo", "face", "keep_at", "drop_at", "heal_at", "more", "preset", "engine", "words", "pose")
    return {"settings": settings, **{name: getattr(arguments, name) for name in same}}


def overrides(pairs: Sequence[str]) -> dict[str, Any]:
    """KEY=VALUE words as a dict; the last of one key wins. Raises UserError."""
    settings: dict[str, Any] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key.strip():
            raise UserError(tr("“{pair}” is not KEY=VALUE.", pair=pair[:60]), "Write it like --set light.strength=0.5")
        settings[key.strip()] = value.strip()
    return settings


def results(arguments: argparse.Namespace, main: str) -> Results:
    """The folder for a command's files, of which `main` is the one to look for first. Raises UserError."""
    inputs = (arguments.photo, *arguments.more, arguments.pose)
    return Results(arguments.out, main, inputs=inputs, force=arguments.force)
