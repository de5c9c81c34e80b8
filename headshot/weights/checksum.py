"""Is a file whole, and the one that was meant? Sizes, sha256, and safetensors' own header.

A hash of gigabytes is worked out once: the result is remembered under path, size and time of change, in
memory and in a small file beside our own downloads.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import tempfile
from pathlib import Path

from headshot.weights.registry import WeightFile

_known: dict[str, tuple[int, int, str]] = {}


def sha256(path: Path, sidecar: Path | None = None) -> str:
    """The file's sha256 in hex; `sidecar` is a JSON file that keeps the result for the next start."""
    stat = path.stat()
    key, stamp = str(path.resolve()), (stat.st_size, stat.st_mtime_ns)
    for known in (_known, _load(sidecar)):
        entry = known.get(key)
        if entry and entry[:2] == stamp:
            _known[key] = entry
            return entry[2]
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    _known[key] = (*stamp, digest)
    if sidecar is not None:
        _store(sidecar, {**_load(sidecar), key: _known[key]})
    return digest


def fault(path: Path, file: WeightFile, sidecar: Path | None = None, *, thorough: bool = True) -> str:
    """What is wrong with `path` as a copy of `file`, in words, or "". `thorough` False reads no content."""
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return "missing"
    if file.bytes and not file.about and size != file.bytes:
        return f"damaged: {size:,} bytes instead of {file.bytes:,}"
    if size == 0:
        return "damaged: empty"
    if path.suffix == ".safetensors" and not _whole_safetensors(path, size):
        return "damaged: cut short or not a safetensors file"
    if thorough and file.sha256 and sha256(path, sidecar) != file.sha256:
        if file.pinned:
            return f"not the one that was downloaded first: to accept it, take {file.path} out of pins.json"
        return "damaged or not the expected file: its sha256 is another one"
    return ""


def _whole_safetensors(path: Path, size: int) -> bool:
    """Header length and last offset against the file's size (format: huggingface.co/docs/safetensors)."""
    with path.open("rb") as file:
        head = file.read(8)
        if len(head) < 8:
            return False
        (length,) = struct.unpack("<Q", head)
        if length > min(size - 8, 100_000_000):
            return False
        try:
            header = json.loads(file.read(length))
            ends = [t["data_offsets"][1] for name, t in header.items() if name != "__metadata__"]
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            return False
    return bool(8 + length + max(ends, default=0) == size)


def _load(sidecar: Path | None) -> dict[str, tuple[int, int, str]]:
    if sidecar is None:
        return {}
    try:
        data = json.loads(sidecar.read_text(encoding="utf-8"))
        return {str(k): (int(v[0]), int(v[1]), str(v[2])) for k, v in data.items()}
    except (OSError, ValueError, TypeError, IndexError, AttributeError, KeyError):
        return {}  # a lost note costs one more hash, nothing else


def _store(sidecar: Path, entries: dict[str, tuple[int, int, str]]) -> None:
    try:
        sidecar.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=sidecar.parent, prefix=".verified")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(entries, file)
        os.replace(name, sidecar)
    except OSError:
        pass  # a folder that may only be read
