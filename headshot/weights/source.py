"""What a model of the table is, and what a source that its files come from must be able to do.

A source is one file here: a frozen dataclass whose fields are the table's keys for it, with the methods of `Source`,
named in registry.SOURCES.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from headshot.errors import UserError
from headshot.language import tr

SPARE = 64 * 2**20  # bytes left free beside the weights


@dataclass(frozen=True)
class WeightFile:
    """One file. `path` is relative to the model's folder; `bytes` is exact unless `about`; `sha256` "" if unknown."""

    path: str
    bytes: int = 0
    sha256: str = ""
    about: bool = False


@dataclass(frozen=True)
class Progress:
    """How far a download is: `done` of about `total` bytes of the weights called `role`."""

    role: str
    done: int
    total: int
    licence: str


Report = Callable[[Progress], None]


class Source(Protocol):
    """Where the files of a model come from."""

    @property
    def origin(self) -> str:
        """Name what a person would look for: the repository on the hub, the package."""
        ...

    def cached(self, weight: Weight) -> Path | None:
        """Find the folder of the source's own cache in which `weight.files` would lie, or None. Nothing is fetched."""
        ...

    def fetch(self, weight: Weight, folder: Path, report: Report) -> None:
        """Bring all of `weight.files`, whole and checked, into the source's own cache, or without one into `folder`.

        `folder` need not exist. Raises WeightsMissing or UserError in words that a person can act on.
        """
        ...


@dataclass(frozen=True)
class Weight:
    """One model. `kind`: "file" resolves to its one file, "folder" to the directory that holds `files`.

    `commercial` is our reading of the licence, not legal advice. `setup`: `make setup` fetches it.
    """

    role: str
    title: str
    licence: str
    commercial: Literal["yes", "no", "unclear"]
    kind: Literal["file", "folder"]
    files: tuple[WeightFile, ...]
    source: Source
    setup: bool = False

    @property
    def bytes(self) -> int:
        """Sum up the files' sizes, near enough for a progress bar."""
        return sum(f.bytes for f in self.files)


def check_space(weight: Weight, needed: int, place: Path, variable: str) -> None:
    """Raise UserError where `needed` more bytes do not fit on the disk of `place`, which `variable` moves."""
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < needed + SPARE:
        raise UserError(
            tr(
                "The disk is too full for {title}: it needs {size}, {size2} are free.",
                title=weight.title,
                size=size(needed + SPARE),
                size2=size(free),
            ),
            tr("Free some space, or choose another folder with {variable}.", variable=variable),
        )


def storage_error(weight: Weight, error: OSError, place: Path, variable: str) -> UserError:
    """Put the disk's `error` into words; `variable` is the environment variable that moves `place`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        what = tr("The disk became full while {title} was fetched.", title=weight.title)
        return UserError(what, tr("Free some space, or choose another folder with {variable}.", variable=variable))
    what = tr(
        "{title} cannot be stored in {place}: {value}.", title=weight.title, place=place, value=error.strerror or error
    )
    return UserError(what, tr("Choose another folder with {variable}.", variable=variable))


def size(count: float) -> str:
    """Write a number of bytes for people: 1.5 GB, 157 MB."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:.0f} {unit}" if count >= 10 or unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    raise AssertionError
