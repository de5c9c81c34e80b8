"""Whether a body is JSON that a library may read: what it does not expect ends there in a fault and a traceback."""

from __future__ import annotations

import json
from typing import Any

DEEPEST = 64  # lists and objects in one another
MOST = 2**20  # bytes


def fits(data: bytes | bytearray) -> bool:
    """Whether it is JSON with numbers of a usual length, not too deep, all of it characters that can be written."""
    try:
        level: list[Any] = [json.loads(data)]
        for _ in range(DEEPEST):
            level = [part for one in level for part in _parts(one)]
            if not level:
                return True
    except (ValueError, RecursionError):
        pass
    return False


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    if isinstance(value, str):
        value.encode()  # raises ValueError for half of a pair of surrogates
    return value if isinstance(value, list) else []
