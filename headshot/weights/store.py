"""Where the weights of an engine are: given, in our folder, in the hub's cache, or fetched.

What weights there are is `weights.toml`. They are looked for in this order:

1. a path given in HEADSHOT_WEIGHTS_<ROLE> (HEADSHOT_WEIGHTS_SD15_BASE …): taken as it is;
2. our folder: HEADSHOT_WEIGHTS, or ~/.cache/headshot/weights (under XDG_CACHE_HOME where that is set), as
   <role>/<file>; a single file may also lie in the folder itself. Downloads land here;
3. the hub's cache (HF_HOME, HF_HUB_CACHE), which is only read;
4. a download, where the caller allows it.

Copies found in 2 and 3 are checked against the table's sizes and hashes before they are used. A file without a
hash in the table is trusted at its first download, and from then on held to the hash it had (`pins.json`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from headshot.errors import UserError, WeightsMissing
from headshot.text import suggest
from headshot.weights import download as hub
from headshot.weights import pins
from headshot.weights.checksum import fault, sha256
from headshot.weights.download import Progress, Report, size
from headshot.weights.registry import Weight, WeightFile, zoo

__all__ = [
    "Progress",
    "Report",
    "Weight",
    "WeightFile",
    "WeightStatus",
    "digest",
    "fetched",
    "load_state",
    "locate",
    "needed",
    "sha256",
    "size",
    "status",
    "total_bytes",
    "weight",
    "weights_folder",
]

Source = Literal["given", "local", "cache", "missing"]


@dataclass(frozen=True)
class WeightStatus:
    """How one model stands. `note` says what is wrong with a copy that was found and cannot be used."""

    role: str
    title: str
    present: bool
    path: Path | None
    source: Source
    bytes: int
    licence: str
    commercial: Literal["yes", "no", "unclear"]
    repository: str
    note: str = ""


def weight(role: str) -> Weight:
    """The table's entry; UserError for a role that is not in it."""
    table = zoo().weights
    if role not in table:
        raise UserError(f"There are no weights called {role!r}.", suggest(role, table))
    return table[role]


def needed(engine: str, *, optional: bool = False) -> tuple[str, ...]:
    """Roles that `engine` cannot do without; with `optional` all that it can use."""
    table = zoo()
    if engine not in table.required:
        raise UserError(f"No weights are listed for an engine {engine!r}.", suggest(engine, table.required))
    return table.required[engine] + (table.usual[engine] + table.optional[engine] if optional else ())


def fetched(engine: str) -> tuple[str, ...]:
    """Roles that are downloaded where `engine` is asked for: the needed ones, the safety checker, previews."""
    return needed(engine) + zoo().usual[engine]


def total_bytes(roles: Iterable[str]) -> int:
    """Sum of the sizes, near enough to tell somebody what a download means."""
    return sum(weight(role).bytes for role in dict.fromkeys(roles))


def weights_folder() -> Path:
    """Our own folder, where downloads land. It need not exist yet."""
    if own := os.environ.get("HEADSHOT_WEIGHTS", ""):
        return Path(own).expanduser()
    cache = os.environ.get("XDG_CACHE_HOME", "") or "~/.cache"
    return Path(cache).expanduser() / "headshot" / "weights"


def status() -> list[WeightStatus]:
    """How every model of the table stands. Quick: sizes are looked at, contents are not hashed."""
    return [_status(w) for w in zoo().weights.values()]


def _status(entry: Weight) -> WeightStatus:
    path, source, note = None, "missing", ""
    try:
        path, source, note = _find(entry, thorough=False)
    except UserError as error:  # a given path that does not hold: shown in the table, not fatal to it
        note = error.message
    terms = (entry.bytes, entry.licence, entry.commercial, entry.repository)
    return WeightStatus(entry.role, entry.title, path is not None, path, source, *terms, note)  # type: ignore[arg-type]


def locate(role: str, *, download: bool = False, progress: Report | None = None) -> Path:
    """The file or folder of `role` (`weight(role).kind` says which), verified.

    With `download` it is fetched if it is not here, `progress` being called a few times a second from
    another thread. Raises WeightsMissing naming weights, size, licence and what to type.
    """
    entry = pins.applied(weight(role), weights_folder())
    path, _, note = _find(entry)
    if path is not None:
        return path
    if not download:
        what = f"is on this machine but cannot be used ({note})" if note else "is not on this machine"
        raise WeightsMissing(
            f"{entry.title} {what}: {size(entry.bytes)}, licence: {entry.licence}.",
            f"To fetch it, type: python -m headshot weights --download {role}",
        )
    return _download(entry, progress)


def _download(entry: Weight, progress: Report | None) -> Path:
    from filelock import FileLock

    folder = weights_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / f".{entry.role}.lock")
        lock.acquire()
    except OSError as error:
        raise UserError(
            f"The folder for weights {folder} cannot be written: {error.strerror or error}.",
            "Choose another one with HEADSHOT_WEIGHTS.",
        ) from None
    try:
        # Somebody else may have fetched it while we waited for the lock.
        path, _, _ = _find(entry)
        if path is None:
            _remove_damaged(entry, folder)
            hub.fetch(entry, folder, progress)
            path, _, note = _find(entry)
            if path is None:
                raise WeightsMissing(f"{entry.title} was fetched but cannot be used: {note}.", "Try again.")
            pins.remember(entry.role, {f.path: digest(p) for f, p in _places(entry, path) if not f.sha256}, folder)
        return path
    finally:
        lock.release()


def _remove_damaged(entry: Weight, folder: Path) -> None:
    """Only in our own folder, and only what is not what it should be."""
    for file, path in _places(entry, folder / entry.role):
        if path.exists() and fault(path, file, _sidecar()):
            path.unlink()


# ------------------------------------------------------------------ looking


def _find(entry: Weight, *, thorough: bool = True) -> tuple[Path | None, Source, str]:
    """Path, source, and what was wrong with copies that were passed over."""
    if own := os.environ.get("HEADSHOT_WEIGHTS_" + entry.role.upper().replace("-", "_"), ""):
        return _given(entry, Path(own).expanduser()), "given", ""
    notes = []
    for source, folder in _folders(entry):
        wrong = _fault(entry, folder, thorough)
        if not wrong:
            return (folder / entry.files[0].path if entry.kind == "file" else folder), source, ""
        if not wrong.endswith("missing"):
            notes.append(f"{folder / wrong}")
    return None, "missing", "; ".join(notes)


def _folders(entry: Weight) -> Iterator[tuple[Source, Path]]:
    folder = weights_folder()
    yield "local", folder / entry.role
    if entry.kind == "file":
        yield "local", folder
    if (found := hub.cached(entry)) is not None:
        yield "cache", found


def _fault(entry: Weight, folder: Path, thorough: bool) -> str:
    if not folder.is_dir():
        return "missing"
    faults = {file.path: fault(path, file, thorough=False) for file, path in _places(entry, folder)}
    if any(f == "missing" for f in faults.values()):
        damaged = [p for p, f in faults.items() if f and f != "missing"]
        return f"{damaged[0]} is {faults[damaged[0]]}" if damaged else "missing"
    for file, path in _places(entry, folder):
        if wrong := fault(path, file, _sidecar(), thorough=thorough):
            return f"{file.path} is {wrong}"
    return ""


def _places(entry: Weight, folder: Path) -> list[tuple[WeightFile, Path]]:
    return [(file, folder / file.path) for file in entry.files]


def _given(entry: Weight, path: Path) -> Path:
    """A path of the user's own choice: any model that fits may lie there, so hashes are not asked for."""
    first = entry.files[0].path
    if entry.kind == "file" and path.is_dir():
        path = path / first
    if not path.exists():
        raise UserError(f"{entry.title}: there is nothing at {path}.", "Mend the path, or leave it out.")
    if entry.kind == "folder":
        # Of a model folder the first file is its index; a pack of ONNX files is needed whole.
        wanted = [first] if first.endswith(".json") else [f.path for f in entry.files]
        for name in wanted:
            if not (path / name).is_file():
                raise UserError(f"{entry.title}: {path} has no {name}.", "It must be the model's folder.")
    return path


def digest(path: Path) -> str:
    """The sha256 of one of the files, in hex; remembered beside our own downloads."""
    return sha256(path, _sidecar())


def _sidecar() -> Path:
    return weights_folder() / ".verified.json"


def load_state(path: str | Path) -> dict[str, Any]:
    """The tensors of a .safetensors or a torch file (.bin, .pt, .pth), on the CPU. No code in it runs."""
    path = Path(path)
    if path.suffix == ".safetensors":
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        try:
            return dict(load_file(path))
        except SafetensorError as error:
            raise UserError(f"{path.name} is not a whole safetensors file: {error}.", "Fetch it again.") from None
    import pickle

    import torch

    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UserError(f"{path.name} holds more than weights, or is damaged: {reason}", "Fetch it again.") from None
    if not isinstance(state, dict):
        raise UserError(f"{path.name} holds no table of weights.", "Is it the right file?")
    return state
