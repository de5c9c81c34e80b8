"""`python -m headshot best PHOTO` and `furthest PHOTO`: several seeds in order; as far as you stay you."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from headshot.cli.notes import NotePrinter, print_step
from headshot.cli.options import add_label, request_of, results, shared
from headshot.direction.engine_table import OWN_PIXELS
from headshot.language import tr


def add_choose(commands: Any) -> None:
    """Add both commands to the parser's `commands`."""
    best = commands.add_parser(
        "best",
        help="several seeds of one look, ranked by the independent judge",
        parents=[shared(engine="faceid-sd15", out="headshot-best")],
    )
    best.add_argument("--n", type=int, default=4, metavar="N", help="how many, 2 to 8; %(default)s is usual")
    add_label(best)
    best.set_defaults(run=run_best)
    furthest = commands.add_parser(
        "furthest",
        help="the strongest change that still passes as you",
        description="A generator walks the ladder of change, retouch the strength of its finish.",
        parents=[shared(engine=OWN_PIXELS, out="headshot-furthest")],
    )
    floor = "the worst verdict that is allowed"
    furthest.add_argument("--floor", choices=("green", "amber"), default="green", help=floor)
    add_label(furthest)
    furthest.set_defaults(run=run_furthest)


def run_best(arguments: argparse.Namespace) -> int:
    """Write best-1.jpg … in the judge's order, and print that order. Raises UserError."""
    from headshot.files.encode import headshot_file
    from headshot.studio import BestJob, BestRequest

    request = BestRequest(**request_of(arguments), count=arguments.n)
    with BestJob(request) as job, results(arguments, "best-1.jpg") as files:
        notes = NotePrinter(job)
        notes()
        ranking = job.run(print_step).ranking
        assert ranking is not None
        for number, ranked in enumerate(ranking.order, 1):
            result = job.results[ranked.index]
            path = files.write(f"best-{number}.jpg", headshot_file(result, label=arguments.label))
            print(f"{path}  seed {result.direction.seed}  {ranked.sentence}")
        notes()
        print(ranking.reason)
    return 0


def run_furthest(arguments: argparse.Namespace) -> int:
    """Print what was tried, and write furthest.jpg where something passed. Raises UserError."""
    from headshot.files.encode import headshot_file
    from headshot.studio import FurthestRequest, FurthestSearch
    from headshot.studio.furthest_search import Trial

    with FurthestSearch(FurthestRequest(**request_of(arguments), floor=arguments.floor)) as search:
        notes = NotePrinter(search)
        notes()
        for item in search.work():
            if isinstance(item, Trial):
                seen = item.seen
                print(f"{seen.at:4.0%}  {tr(seen.state):<6} {item.name}. {seen.reason}".rstrip(), file=sys.stderr)
        print(search.sentence())
        if (result := search.final()) is not None:
            with results(arguments, "furthest.jpg") as files:
                print(files.write("furthest.jpg", headshot_file(result, label=arguments.label)))
        notes()
    return 0
