"""Is a file whole, and the one that was meant? Sizes, sha256, and the safetensors header.

A hash of gigabytes is worked out once: the result is remembered under path, size and time of change, in
memory and in a small file in the user's folder of weights.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from pathlib import Path

from headshot.environment import weights_folder
from headshot.weights.source import WeightFile

_known: dict[str, tuple[int, int, str]] = {}


def sha256(path: Path, *, remember: bool = False) -> str:
    """Hash a file, sha256 in hex; with `remember` it is kept on the disk for the next start."""
    stat = path.stat()
    key, stamp = str(path.resolve()), (stat.st_size, stat.st_mtime_ns)
    entry = _known.get(key)
    if remember and (entry is None or entry[:2] != stamp):
        entry = _load().get(key)
    if entry is not None and entry[:2] == stamp:
        _known[key] = entry
        return entry[2]
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    _known[key] = (*stamp, digest)
    if remember:
        _store({**_load(), key: _known[key]})
    return digest


def fault(path: Path, file: WeightFile, *, thorough: bool = True) -> str:
    """Say what is wrong with `path` as a copy of `file`, or "". `thorough` False reads no content."""
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return "missing"
    if file.bytes and not file.about and size != file.bytes:
        return f"damaged: {size:,} bytes instead of {file.bytes:,}"
    if size == 0:
        return "damaged: empty"
    if path.suffix == ".safetensors" and not _whole_safetensors(path):
        return "damaged: cut short or not a safetensors file"
    expected = file.sha256 or _published_sha256(path)
    if thorough and expected and sha256(path, remember=True) != expected:
        return "damaged or not the expected file: its sha256 is another one"
    return ""


def _published_sha256(path: Path) -> str:
    """Read the sha256 that the hub gave for a large file in its cache, or "": it links to a blob of that name.

    https://huggingface.co/docs/huggingface_hub/guides/manage-cache: a blob is named by its ETag, for LFS the sha256.
    """
    name = Path(os.readlink(path)).name if path.is_symlink() else ""
    return name if re.fullmatch(r"[0-9a-f]{64}", name) else ""


def _whole_safetensors(path: Path) -> bool:
    """Tell whether the header can be read and its tensors fill the file exactly."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np"):
            return True
    except SafetensorError:
        return False


def _load() -> dict[str, tuple[int, int, str]]:
    try:
        data = json.loads(_notes().read_text(encoding="utf-8"))
        return {str(k): (int(v[0]), int(v[1]), str(v[2])) for k, v in data.items()}
    except (OSError, ValueError, TypeError, IndexError, AttributeError, KeyError):
        return {}  # a lost note costs one more hash, nothing else


def _store(entries: dict[str, tuple[int, int, str]]) -> None:
    try:
        _notes().parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=_notes().parent, prefix=".verified")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(entries, file)
        os.replace(name, _notes())
    except OSError:
        pass  # a folder that may only be read


def _notes() -> Path:
    return weights_folder() / ".verified.json"
