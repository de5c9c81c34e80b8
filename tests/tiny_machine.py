"""A machine with the generators' weights in the hub's own cache, tiny and random: the real loading code, offline.

The table is the project's own with the tiny files' sizes and hashes in it, so that verification runs too.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

from tests import insightface_pack, tiny

COMMIT = "0123456789abcdef0123456789abcdef01234567"
TABLE = Path(__file__).resolve().parent.parent / "headshot" / "weights" / "weights.toml"


def build(folder: Path, families: tuple[str, ...] = ("sd15",)) -> dict[str, str]:
    """Write the weights of `families` and buffalo_l into a hub cache under `folder`; returns the environment."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    places: dict[str, Path] = {"buffalo_l": insightface_pack.build(folder / "made" / "pack")}
    for family in families:
        places |= tiny.save(family, folder / "made" / family)
    entries = [
        _publish(entry, places[entry["role"]], folder / "hub") if entry["role"] in places else entry
        for entry in table["weights"]
    ]
    (folder / "table.toml").write_text(_toml(table["engines"], entries), encoding="utf-8")
    return {
        "HEADSHOT_WEIGHTS_TABLE": str(folder / "table.toml"),
        "HEADSHOT_WEIGHTS": str(folder / "own"),
        "HF_HUB_CACHE": str(folder / "hub"),
        "HF_HUB_OFFLINE": "1",
    }


def _publish(entry: dict[str, Any], made: Path, cache: Path) -> dict[str, Any]:
    """Put the files of one role where the hub's cache would have them; returns the entry with their true hashes."""
    store = cache / ("models--" + entry["repository"].replace("/", "--"))
    snapshot = store / "snapshots" / COMMIT
    (store / "refs").mkdir(parents=True, exist_ok=True)
    (store / "refs" / "main").write_text(COMMIT)
    files = []
    found = [made] if made.is_file() else [p for p in sorted(made.rglob("*")) if p.is_file()]
    for path in found:
        name = entry["files"][0]["path"] if made.is_file() else path.relative_to(made).as_posix()
        target = snapshot / entry.get("root", "") / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        files.append({"path": name, "bytes": path.stat().st_size, "sha256": digest})
    keep = ("role", "title", "repository", "root", "licence", "commercial", "kind", "variant")
    return {**{k: entry[k] for k in keep if k in entry}, "files": files}


def _toml(engines: dict[str, Any], entries: list[dict[str, Any]]) -> str:
    lines = []
    for name, engine in engines.items():
        lines += [f"[engines.{name}]", *(f"{key} = {json.dumps(roles)}" for key, roles in engine.items())]
    for entry in entries:
        lines += ["[[weights]]", *(f"{key} = {_value(value)}" for key, value in entry.items())]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    """As TOML: JSON's strings, numbers and lists are; its objects are not."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value)
