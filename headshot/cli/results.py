"""The files that a command writes: whole or not at all, never over an input, over an earlier result only by --force."""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from headshot.errors import UserError
from headshot.language import tr


class Results:
    """A folder for one run's files. Where the run fails, what it wrote goes again, and the folder if it was made here.

    `inputs`: the files that the run reads; `force`: earlier results may be replaced. Without it a run whose `main` file
    is there already numbers its own on: sheet.png, sheet-run2.png, sheet-run3.png.
    """

    def __init__(self, folder: Path, main: str, *, inputs: Iterable[object] = (), force: bool = False) -> None:
        """Raises UserError where the folder cannot be made."""
        self._folder, self._force = folder, force
        self._inputs = [found for path in inputs if isinstance(path, str | Path) and (found := _identity(Path(path)))]
        self._made: list[Path] = []  # folders, the outermost last
        self._written: list[Path] = []
        self._make_folder()
        self._run = next(n for n in itertools.count(1) if self._is_free(folder / _numbered(main, n)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._undo()

    def write(self, name: str, data: bytes) -> Path:
        """Write one file under its name, or that with the run's number. Returns its path. Raises UserError."""
        for number in itertools.count(self._run):
            path = self._folder / _numbered(name, number)
            if self._is_free(path) and self._put(path, data):
                self._written.append(path)
                return path
        raise AssertionError("unreachable")

    def _is_free(self, path: Path) -> bool:
        found = _identity(path)
        return found is None or (self._force and found not in self._inputs and not path.is_dir())

    def _put(self, path: Path, data: bytes) -> bool:
        """Write beside it and rename: never half a file. False where another file has got the name meanwhile."""
        part = path.with_name(f".{secrets.token_hex(8)}.part")
        try:
            try:
                with part.open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                if self._force:
                    part.replace(path)
                    return True
                return _renamed(part, path)
            finally:
                with contextlib.suppress(OSError):
                    part.unlink()
        except OSError as fault:
            raise UserError(
                tr("{path} cannot be written: {strerror}.", path=path, strerror=fault.strerror), "Choose another place."
            ) from None

    def _make_folder(self) -> None:
        path = self._folder
        try:
            missing = [one for one in (path, *path.parents) if not os.path.lexists(one)]
            path.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise UserError(
                tr("The folder {path} cannot be made: {strerror}.", path=path, strerror=fault.strerror),
                "Choose another with --out.",
            ) from None
        self._made = missing

    def _undo(self) -> None:
        for file in self._written:
            with contextlib.suppress(OSError):
                file.unlink()
        for folder in self._made:  # the innermost first; one that holds something else stays
            with contextlib.suppress(OSError):
                folder.rmdir()


def write_file(path: Path, data: bytes, *, inputs: Iterable[object] = (), force: bool = False) -> Path:
    """Write one file that was named outright, as `Results` does; a device or a pipe as it is. Returns its path.

    Raises UserError.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        path.write_bytes(data)
        return path
    with Results(path.parent, path.name, inputs=inputs, force=force) as results:
        return results.write(path.name, data)


def _renamed(part: Path, path: Path) -> bool:
    """Give `part` its name if that is free, in one step where the file system has hard links."""
    try:
        os.link(part, path)
    except FileExistsError:
        return False
    except OSError:
        if os.path.lexists(path):
            return False
        part.rename(path)
    return True


def _numbered(name: str, number: int) -> str:
    stem, dot, ending = name.rpartition(".")
    return name if number == 1 else f"{stem or ending}-run{number}{dot + ending if stem else ''}"


def _identity(path: Path) -> tuple[int, int] | None:
    """Device and inode of the file, or of a link that leads nowhere; None where there is nothing. Raises UserError."""
    try:
        found = os.stat(path) if os.path.exists(path) else os.lstat(path)
    except FileNotFoundError:
        return None
    except OSError as fault:
        raise UserError(
            tr("{path} cannot be used: {strerror}.", path=path, strerror=fault.strerror), "Choose another place."
        ) from None
    return found.st_dev, found.st_ino
