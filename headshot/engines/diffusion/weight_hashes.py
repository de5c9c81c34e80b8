"""Which weights made a picture: the sha256 of each file that an engine was loaded from, for the recipe."""

from __future__ import annotations

from collections.abc import Iterable

from headshot.weights import store as weights

_KINDS = {".safetensors", ".bin", ".onnx", ".pt", ".pth", ".ckpt"}


def weight_hashes(roles: Iterable[str]) -> dict[str, str]:
    """Hash the weights of `roles`, as they lie on this machine: "role/file" → sha256 in hex.

    Of a folder the table's files, or where it has others (a model of the user's own choice), all that hold weights.
    Gigabytes are hashed once, then remembered (see `checksum.sha256`). Raises WeightsMissing.
    """
    found: dict[str, str] = {}
    for role in dict.fromkeys(roles):
        place = weights.locate(role)
        files = [place]
        if place.is_dir():
            listed = [place / f.path for f in weights.weight(role).files]
            files = [p for p in listed if p.suffix in _KINDS and p.is_file()]
            files = files or sorted(p for p in place.rglob("*") if p.suffix in _KINDS and p.is_file())
        for path in files:
            name = path.relative_to(place).as_posix() if place.is_dir() else path.name
            found[f"{role}/{name}"] = weights.digest(path)
    return found
