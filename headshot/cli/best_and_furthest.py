"""`python -m headshot best PHOTO` and `furthest PHOTO`: several seeds in order; as far as you stay you."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from headshot.cli.options import folder, overrides, write
from headshot.cli.pose import add_pose, posed
from headshot.direction.engine_table import OWN_PIXELS, is_own
from headshot.errors import UserError
from headshot.types import State


def add_choose(commands: Any) -> None:
    """Add both commands to the parser's `commands`."""
    best = commands.add_parser("best", help="several seeds of one look, ranked by the independent judge")
    best.add_argument("--n", type=int, default=4, metavar="N", help="how many, 2 to 8; %(default)s is usual")
    best.add_argument("--more", nargs="+", default=[], metavar="PHOTO", help="further photos of you: your own range")
    _shared(best, "faceid-sd15", "a generator; see: python -m headshot weights", "headshot-best")
    best.set_defaults(run=run_best)
    far = commands.add_parser("furthest", help="the strongest change that still passes as you")
    far.add_argument("--floor", choices=("green", "amber"), default="green", help="the worst verdict that is allowed")
    _shared(
        far,
        OWN_PIXELS,
        "a generator walks the ladder of change, retouch the strength of its finish",
        "headshot-furthest",
    )
    far.set_defaults(run=run_furthest)


def _shared(parser: Any, engine: str, about: str, out: str) -> None:
    parser.add_argument("photo", metavar="PHOTO", help="JPEG, PNG, WebP, HEIC or AVIF")
    parser.add_argument("--engine", default=engine, metavar="NAME", help=about)
    parser.add_argument("--preset", default="linkedin", metavar="NAME", help="see: python -m headshot presets")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="such as light.strength=0.5")
    parser.add_argument("--words", default="", help="your own words for the look")
    add_pose(parser)
    parser.add_argument("--out", type=Path, default=Path(out), metavar="DIR")


def run_best(arguments: argparse.Namespace) -> int:
    """Write best-1.jpg … in the judge's order, and print that order. Raises UserError."""
    from headshot.cli import notes as cli_words
    from headshot.direction.direct import direct
    from headshot.files.encode import headshot_file
    from headshot.photo.decode import read_photo
    from headshot.studio.best_of import FEWEST, MOST, SEEDLESS, candidates, order
    from headshot.studio.session import Sitting
    from headshot.types import Headshot

    if is_own(arguments.engine):
        raise SEEDLESS
    if not FEWEST <= arguments.n <= MOST:
        raise UserError(f"Best of {arguments.n} is not possible.", f"Give --n from {FEWEST} to {MOST}.")
    settings = posed(arguments.pose, overrides(arguments.set), [arguments.engine])
    direction = direct(arguments.preset, engine=arguments.engine, words=arguments.words, overrides=settings)
    sitting = Sitting.open(arguments.photo)
    sitting.add([read_photo(path) for path in arguments.more])
    for note in cli_words.notes(direction, arguments.engine):
        print(f"note: {note}", file=sys.stderr)
    results = []
    for item in candidates(sitting, direction, arguments.n, engine=arguments.engine):
        if isinstance(item, Headshot):
            results.append(item)
        else:
            print(f"step {item.step} of {item.steps} {item.note}".rstrip(), file=sys.stderr)
    ranking = order(sitting, results)
    place = folder(arguments.out)
    for number, ranked in enumerate(ranking.order, 1):
        result = results[ranked.index]
        write(place / f"best-{number}.jpg", headshot_file(result))
        print(f"{place / f'best-{number}.jpg'}  seed {result.direction.seed}  {ranked.sentence}")
    print(ranking.reason)
    return 0


def run_furthest(arguments: argparse.Namespace) -> int:
    """Print what was tried, and write furthest.jpg where something passed. Raises UserError."""
    from headshot.cli import notes as cli_words
    from headshot.direction.direct import direct
    from headshot.files.encode import headshot_file
    from headshot.studio.furthest import ONLY_FINISH, Far, Tried
    from headshot.studio.session import Sitting

    settings = posed(arguments.pose, overrides(arguments.set), [arguments.engine])
    direction = direct(arguments.preset, engine=arguments.engine, words=arguments.words, overrides=settings)
    far = Far(Sitting.open(arguments.photo), direction, engine=arguments.engine, floor=State(arguments.floor))
    for note in (*((ONLY_FINISH,) if far.own else ()), *cli_words.notes(direction, arguments.engine)):
        print(f"note: {note}", file=sys.stderr)
    for item in far.work():
        if isinstance(item, Tried):
            seen = item.seen
            print(f"{seen.at:4.0%}  {seen.state:<6} {item.name}. {seen.reason}".rstrip(), file=sys.stderr)
    print(far.sentence())
    if (result := far.final()) is not None:
        path = folder(arguments.out) / "furthest.jpg"
        write(path, headshot_file(result))
        print(path)
    return 0
