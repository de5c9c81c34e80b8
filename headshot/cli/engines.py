"""`python -m headshot engines`: who can paint, how long it takes here, how much memory, on what terms, for how much."""

from __future__ import annotations

import argparse
import json
from typing import Any


def add_parser(commands: Any) -> None:
    """Add the command to the parser of the command line."""
    parser = commands.add_parser("engines", help="list who can paint: seconds here, memory, terms, price")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=_engines)


def _engines(arguments: argparse.Namespace) -> int:
    from headshot.engines.diffusion.request import duration_words
    from headshot.studio.engine_costs import engine_costs, hosted_gpus

    costs = engine_costs()
    if arguments.json:
        print(json.dumps({"schema": 1, "engines": [c.to_json() for c in costs]}, ensure_ascii=False, indent=2))
        return 0
    for cost in costs:
        info, status = cost.info, cost.status
        print(f"{info.name}: {info.title}{'' if status.available else ' (not ready)'}")
        if not status.available:
            print(f"  {status.reason} {status.hint}")
        use = "commercial use allowed" if info.commercial else "no commercial use"
        print(f"  terms: {info.licence}; {use}")
        if cost.seconds:
            took = ", ".join(f"about {duration_words(s)} a {what}" for what, s in cost.seconds.items())
            print(f"  here ({cost.device}): {took} (estimated until it has painted)")
        elif info.own:
            print("  here: a second or two, on any machine")
        if cost.memory_gb:
            print(f"  memory: {cost.memory_gb:g} GB on a GPU, {cost.offloaded_gb:g} GB with parts in main memory")
        for gpu, row in cost.hosted.items():
            print(f"  {gpu}: " + ", ".join(f"${price:.4f} a {what}" for what, price in row.items()))
    prices = hosted_gpus()[0]
    print(f"Dollars are estimates: list prices of {prices.read} ({prices.source}) times counted work.")
    return 0
