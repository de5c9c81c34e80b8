"""pymatting, whose compiled functions numba keeps beside it: also where nothing beside it may be written."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from headshot.environment import may_write, process_folder


@cache
def pymatting() -> Any:
    """Import the library.

    numba refuses to compile what it cannot keep. So in a container whose program is read-only and which has no home it
    is given a folder that goes with the process, with a copy of what set-up compiled: compiling takes half a minute.
    """
    found = importlib.util.find_spec("pymatting")
    assert found is not None and found.submodule_search_locations
    package = Path(next(iter(found.submodule_search_locations)))
    if not may_write(package / "__pycache__") and not os.environ.get("NUMBA_CACHE_DIR"):
        _keep_elsewhere(package)
    import pymatting as library

    return library


def _keep_elsewhere(package: Path) -> None:
    import numba
    from numba.core.caching import UserProvidedCacheLocator

    folder = process_folder() / "numba"
    for kept in package.rglob("__pycache__/*.nb?"):
        own = folder / UserProvidedCacheLocator.get_suitable_cache_subpath(str(kept.parents[1] / "any.py"))
        with contextlib.suppress(OSError):
            own.mkdir(parents=True, exist_ok=True)
            shutil.copy(kept, own)
    numba.config.CACHE_DIR = str(folder)
