"""Where the weights of an engine are: given, in the user's folder, in a cache, or fetched.

What weights there are is `weights.toml`. They are looked for in this order:

1. a path given in HEADSHOT_WEIGHTS_<ROLE> (HEADSHOT_WEIGHTS_SD15_BASE …): taken as it is;
2. the user's own folder (environment.weights_folder), as <role>/<file>, a single file also in itself;
3. the cache of the source, such as huggingface_hub's (HF_HOME, HF_HUB_CACHE);
4. a download into that cache, where the caller allows it.

Copies found in 2 and 3 are checked against the table's sizes and hashes before they are used, and large files in the
hub's cache against the hash that the hub gave. A small file without a hash in the table is only as good as its source.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from headshot.environment import weights_folder, weights_path
from headshot.errors import UserError, WeightsDamaged, WeightsMissing
from headshot.language import suggest, tr
from headshot.weights.checksum import fault, sha256
from headshot.weights.registry import registry
from headshot.weights.source import Progress, Report, Weight, size

__all__ = [
    "Progress",
    "Report",
    "Weight",
    "WeightStatus",
    "digest",
    "fetched",
    "fetched_at_setup",
    "load_state",
    "locate",
    "locate_or_fetch",
    "needed",
    "size",
    "status",
    "total_bytes",
    "weight",
]

Place = Literal["given", "local", "cache", "missing"]


@dataclass(frozen=True)
class WeightStatus:
    """What is here of one model. `note` says what is wrong with a copy that was found and cannot be used."""

    role: str
    title: str
    present: bool
    path: Path | None
    source: Place
    bytes: int
    licence: str
    commercial: Literal["yes", "no", "unclear"]
    repository: str
    note: str = ""


def weight(role: str) -> Weight:
    """Return the table's entry; UserError for a role that is not in it."""
    table = registry().weights
    if role not in table:
        raise UserError(tr("There are no weights called {role!r}.", role=role), suggest(role, table))
    return table[role]


def needed(engine: str, *, optional: bool = False) -> tuple[str, ...]:
    """List the roles that `engine` cannot do without; with `optional` all that it can use."""
    table = registry()
    if engine not in table.required:
        message = tr("No weights are listed for an engine {engine!r}.", engine=engine)
        raise UserError(message, suggest(engine, table.required))
    return table.required[engine] + (table.usual[engine] + table.optional[engine] if optional else ())


def fetched(engine: str) -> tuple[str, ...]:
    """List the roles that are downloaded where `engine` is asked for: the needed ones, the safety checker, previews."""
    return needed(engine) + registry().usual[engine]


def fetched_at_setup() -> tuple[str, ...]:
    """List the roles that `make setup` brings: what the app needs whatever it is asked for."""
    return tuple(role for role, entry in registry().weights.items() if entry.setup)


def total_bytes(roles: Iterable[str]) -> int:
    """Sum up the sizes, near enough to tell somebody what a download means."""
    return sum(weight(role).bytes for role in dict.fromkeys(roles))


def status(roles: Iterable[str] | None = None) -> list[WeightStatus]:
    """List what is here of these models, of all in the table without `roles`.

    Quick: sizes are looked at, contents are not hashed.
    """
    return [_status(w) for w in (registry().weights.values() if roles is None else map(weight, roles))]


def _status(entry: Weight) -> WeightStatus:
    path, source, note = None, "missing", ""
    try:
        path, source, note = _find(entry, thorough=False)
    except UserError as error:  # a given path that does not hold: shown in the table, not fatal to it
        note = error.message
    terms = (entry.bytes, entry.licence, entry.commercial, entry.source.origin)
    return WeightStatus(entry.role, entry.title, path is not None, path, source, *terms, note)  # type: ignore[arg-type]


def locate(role: str, *, download: bool = False, progress: Report | None = None) -> Path:
    """Find the file or folder of `role` (`weight(role).kind` says which), verified.

    With `download` it is fetched if it is not here, `progress` being called a few times a second from
    another thread. Raises WeightsMissing naming weights, size, licence and what to type.
    """
    entry = weight(role)
    path, _, note = _find(entry)
    if path is not None:
        return path
    if not download:
        what = tr("is on this machine but cannot be used ({note})", note=note) if note else tr("is not on this machine")
        kind = WeightsDamaged if note else WeightsMissing
        raise kind(
            f"{entry.title} {what}: {size(entry.bytes)}, {tr('licence: {licence}.', licence=tr(entry.licence))}",
            tr("To fetch it, type: python -m headshot weights --download {role}", role=role),
        )
    entry.source.fetch(entry, weights_folder() / role, progress or (lambda _: None))
    path, _, note = _find(entry)
    if path is None:
        what = tr("{title} was fetched but cannot be used: {note}.", title=entry.title, note=note)
        raise WeightsMissing(what, "Try again.")
    if progress is not None:
        progress(Progress(role, entry.bytes, entry.bytes, entry.licence))
    return path


_fetching = threading.Lock()


def locate_or_fetch(role: str) -> Path:
    """Find what set-up brings; where it did not run, fetch it now and say so on standard error.

    Visitors who need it at the same time wait for one download. Raises what `locate` raises.
    """
    entry = weight(role)
    with _fetching:
        path, _, _ = _find(entry)
        if path is None:
            message = tr("headshot: fetching {title}, once ({origin}) …", title=entry.title, origin=entry.source.origin)
            print(message, file=sys.stderr)
            path = locate(role, download=True)
    return path


# ------------------------------------------------------------------ looking


def _find(entry: Weight, *, thorough: bool = True) -> tuple[Path | None, Place, str]:
    """Return path, place, and what was wrong with copies that were passed over."""
    if (own := weights_path(entry.role)) is not None:
        return _given(entry, own), "given", ""
    notes = []
    for source, folder in _folders(entry):
        wrong = _fault(entry, folder, thorough)
        if not wrong:
            return (folder / entry.files[0].path if entry.kind == "file" else folder), source, ""
        if not wrong.endswith("missing"):
            notes.append(f"{folder / wrong}")
    return None, "missing", "; ".join(notes)


def _folders(entry: Weight) -> Iterator[tuple[Place, Path]]:
    folder = weights_folder()
    yield "local", folder / entry.role
    if entry.kind == "file":
        yield "local", folder
    if (found := entry.source.cached(entry)) is not None:
        yield "cache", found


def _fault(entry: Weight, folder: Path, thorough: bool) -> str:
    if not folder.is_dir():
        return "missing"
    for careful in dict.fromkeys((False, thorough)):
        faults = {f.path: fault(folder / f.path, f, thorough=careful) for f in entry.files}
        wrong = [f"{name} is {what}" for name, what in faults.items() if what]
        if wrong:
            return min(wrong, key=lambda w: w.endswith("missing"))
    return ""


def _given(entry: Weight, path: Path) -> Path:
    """Check a path of the user's own choice: any model that fits may lie there, so hashes are not asked for."""
    first = entry.files[0].path
    if entry.kind == "file" and path.is_dir():
        path = path / first
    if not path.exists():
        raise UserError(
            tr("{title}: there is nothing at {path}.", title=entry.title, path=path), "Mend the path, or leave it out."
        )
    if entry.kind == "folder":
        # Of a model folder the first file is its index; a pack of ONNX files is needed whole.
        wanted = [first] if first.endswith(".json") else [f.path for f in entry.files]
        for name in wanted:
            if not (path / name).is_file():
                message = tr("{title}: {path} has no {name}.", title=entry.title, path=path, name=name)
                raise UserError(message, "It must be the model's folder.")
    return path


def digest(path: Path) -> str:
    """Hash one of the files, sha256 in hex; remembered on the disk."""
    return sha256(path, remember=True)


def load_state(path: str | Path) -> dict[str, Any]:
    """Load the tensors of a .safetensors or a torch file (.bin, .pt, .pth), on the CPU. No code in it runs."""
    path = Path(path)
    if path.suffix == ".safetensors":
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        try:
            return dict(load_file(path))
        except SafetensorError as error:
            raise UserError(
                tr("{name} is not a whole safetensors file: {error}.", name=path.name, error=error), "Fetch it again."
            ) from None
    import pickle

    import torch

    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        message = tr("{name} holds more than weights, or is damaged: {reason}", name=path.name, reason=reason)
        raise UserError(message, "Fetch it again.") from None
    if not isinstance(state, dict):
        raise UserError(tr("{name} holds no table of weights.", name=path.name), "Is it the right file?")
    return state
