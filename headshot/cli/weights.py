"""`python -m headshot weights`: what is here, how large, on what terms; and the one place to fetch it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from headshot.environment import weights_folder
from headshot.errors import UserError
from headshot.weights import store as weights
from headshot.weights.hub import HubSource
from headshot.weights.registry import registry

_STATE = {"given": "given", "local": "here", "cache": "in the cache", "missing": "missing"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 on success, 2 with one line on standard error for what the user can mend."""
    parser = argparse.ArgumentParser(prog="headshot weights", description=__doc__)
    parser.add_argument(
        "--download", metavar="NAME", action="append", default=[], help="one of the names below, or an engine"
    )
    parser.add_argument(
        "--optional", action="store_true", help="with an engine: also what makes it faster, and further judges"
    )
    parser.add_argument("--setup", action="store_true", help="fetch what the app always needs, as `make setup` does")
    parser.add_argument("--space", metavar="ENGINE", help="what a Hugging Face Space's README must say to have it")
    parser.add_argument("--json", action="store_true", help="the table as JSON")
    args = parser.parse_args(argv)
    try:
        if args.space:
            print(space_keys(args.space, optional=args.optional))
            return 0
        _download(args.download, args.optional, quiet=args.json)
        if args.setup:
            _download(weights.fetched_at_setup(), optional=False, quiet=args.json)
            return 0
        table = weights.status()
    except UserError as error:
        print(f"headshot: {error}", file=sys.stderr)
        return 2
    if args.json:
        rows = [asdict(s) | {"path": str(s.path) if s.path else None} for s in table]
        print(json.dumps({"schema": 1, "folder": str(weights_folder()), "weights": rows}, indent=2))
    else:
        _print(table)
    return 0


def _download(names: Sequence[str], optional: bool, quiet: bool) -> None:
    roles: list[str] = []
    for name in names:
        if name not in registry().required:
            roles.append(name)
        else:
            roles += weights.needed(name, optional=True) if optional else weights.fetched(name)
    entries = [weights.weight(role) for role in dict.fromkeys(roles)]  # a wrong name is said before anything starts
    for entry in entries:
        if not quiet:
            use = {"yes": "", "no": "; not for commercial use", "unclear": "; commercial use unclear"}
            terms = f"licence: {entry.licence}{use[entry.commercial]}"
            print(f"{entry.role}: {entry.title}, {weights.size(entry.bytes)}, {terms}", file=sys.stderr)
        with _Bar(entry.role, entry.bytes, quiet) as bar:
            weights.locate(entry.role, download=True, progress=bar.show)


def held_to(entry: weights.Weight) -> str:
    """Say what a model's files are checked against: the table's sha256, or for how many of them nothing of ours."""
    trusted = sum(not file.sha256 for file in entry.files)
    return f"first use ({trusted} of {len(entry.files)})" if trusted else "sha256"


def space_keys(engine: str, *, optional: bool = False) -> str:
    """The front matter's lines that bring the weights of `engine` into a Space's hub cache when it is built.

    Format: https://huggingface.co/docs/hub/spaces-config-reference, `preload_from_hub`.
    """
    files: dict[str, list[str]] = {}
    for role in weights.needed(engine, optional=True) if optional else weights.fetched(engine):
        entry = weights.weight(role)
        if isinstance(entry.source, HubSource):
            files.setdefault(entry.source.repository, []).extend(entry.source.inside(f.path) for f in entry.files)
    return "\n".join(["preload_from_hub:", *(f"  - {repo} {','.join(paths)}" for repo, paths in files.items())])


class _Bar:
    """A progress bar on standard error that appears with the first byte."""

    def __init__(self, role: str, total: int, quiet: bool) -> None:
        from tqdm import tqdm  # type: ignore[import-untyped]

        look = {"unit": "B", "unit_scale": True, "desc": role, "leave": False, "delay": 0.5}
        self._bar = tqdm(total=total, file=sys.stderr, disable=quiet, **look)

    def __enter__(self) -> _Bar:
        return self

    def show(self, progress: weights.Progress) -> None:
        self._bar.update(progress.done - self._bar.n)

    def __exit__(self, *_: object) -> None:
        self._bar.close()


def _print(table: Sequence[weights.WeightStatus]) -> None:
    rows = [("NAME", "STATUS", "SIZE", "HELD TO", "COMMERCIAL USE", "LICENCE")]
    rows += [
        (
            s.role,
            "unusable" if s.note else _STATE[s.source],
            weights.size(s.bytes),
            held_to(weights.weight(s.role)),
            s.commercial,
            s.licence,
        )
        for s in table
    ]
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    for row in rows:
        print("  ".join([*(f"{cell:{w}}" for cell, w in zip(row[:5], widths, strict=True)), row[5]]).rstrip())
    for s in table:
        if s.note:
            print(f"\n{s.role}: {s.note}")
    print(
        "\nHeld to sha256: another file is refused. First use: what the hub has is trusted when it is fetched, and its"
        " large files are held to the hash that the hub gave then."
    )
    print(
        "\nTo fetch: --download NAME, into the cache of the model hub (HF_HUB_CACHE) or of headshot (XDG_CACHE_HOME)."
    )
    print(f"A folder of your own is looked in first: {weights_folder()} (HEADSHOT_WEIGHTS).")
    for engine in registry().required:
        roles = weights.needed(engine)
        extra = [r for r in weights.fetched(engine) if r not in roles]
        more = f"; with it come {', '.join(extra)}: {weights.size(weights.total_bytes(extra))}" if extra else ""
        print(f"{engine} needs {', '.join(roles)}: {weights.size(weights.total_bytes(roles))}{more}")
    print("IP-Adapter FaceID and buffalo_l are for non-commercial research only.")
