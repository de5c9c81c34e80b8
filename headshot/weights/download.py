"""Fetching weights from the model hub, through huggingface_hub, into a folder of our own.

HF_ENDPOINT (mirrors), HF_HUB_OFFLINE, HF_HOME and HF_TOKEN are the library's own and hold. A file comes into
its place only when all of its model are whole and their hashes right; until then it lies in `.incoming`, where the
next try finds the files that had come.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headshot.errors import UserError, WeightsMissing
from headshot.weights.checksum import fault
from headshot.weights.registry import Mirror, Weight

SPARE = 64 * 2**20  # bytes left free beside the weights


@dataclass(frozen=True)
class Progress:
    """How far a download is: `done` of about `total` bytes of the weights called `role`."""

    role: str
    done: int
    total: int
    licence: str


Report = Callable[[Progress], None]


def cached(weight: Weight) -> Path | None:
    """Where the hub's own cache holds `weight`: the folder of its files, or None. Nothing is fetched."""
    from huggingface_hub import try_to_load_from_cache

    first = weight.files[0].path
    found = try_to_load_from_cache(weight.repository, weight.inside(first), revision=weight.revision)
    if not isinstance(found, str):
        return None
    return Path(found).parents[len(Path(first).parts) - 1]


def fetch(weight: Weight, folder: Path, progress: Report | None = None) -> None:
    """Download `weight` into `folder`/role. Raises WeightsMissing or UserError in words one can act on."""
    staging = folder / ".incoming" / weight.role
    try:
        staging.mkdir(parents=True, exist_ok=True)
        for part in staging.rglob("*.incomplete"):  # of a process that was killed: the library takes none up again
            part.unlink()
        _check_space(weight, staging)
        with _quiet(), _watched(weight, staging, progress):
            wrong = _attempts(weight, staging)
        if wrong:
            raise WeightsMissing(
                f"{weight.title} did not come as expected from {_endpoint()}, twice: {wrong}.",
                "Try again later (what came whole is kept), or another mirror with HF_ENDPOINT.",
            )
        _move(staging / weight.root, folder / weight.role)
    except OSError as error:
        raise _storage_error(error, weight, folder) from error
    shutil.rmtree(staging, ignore_errors=True)


def _attempts(weight: Weight, staging: Path) -> str:
    """Up to two downloads; what is wrong with the second, or ""."""
    wrong = ""
    for _ in range(2):
        wrong = _transfer(weight, staging) or _fault(weight, staging / weight.root)
        if not wrong:
            return ""
        for file in weight.files:  # only what is bad is fetched again
            path = staging / weight.inside(file.path)
            if path.exists() and fault(path, file):
                path.unlink()
    return wrong


def _fault(weight: Weight, folder: Path) -> str:
    for file in weight.files:
        if wrong := fault(folder / file.path, file):
            return f"{file.path} is {wrong}"
    return ""


def _transfer(weight: Weight, staging: Path) -> str:
    """One download through the library, from the first source that has all; returns what came short.

    Raises what the first source's answer was where none has it and trying again is no use.
    """
    from httpx2 import HTTPError  # huggingface_hub's transport
    from huggingface_hub import errors

    own = Mirror(weight.repository, {f.path: weight.inside(f.path) for f in weight.files}, weight.revision)
    answers: list[WeightsMissing] = []
    for source in (own, *weight.mirrors):
        try:
            _probe(weight, source.repository, next(iter(source.files.values())), source.revision)
            if source is own and weight.kind == "folder":
                _folder(weight, staging)
            else:
                _files(weight, source, staging)
        except errors.LocalEntryNotFoundError:
            return "the connection broke off"
        except (errors.EntryNotFoundError, errors.RepositoryNotFoundError, errors.RevisionNotFoundError):
            what = f"{_endpoint()} does not have {weight.title} ({source.repository}), or asks for a login."
            answers.append(WeightsMissing(what, _by_hand(weight)))
        except errors.HfHubHTTPError as error:
            what = f"{_endpoint()} answered {error.response.status_code} for {weight.title} ({source.repository})."
            answers.append(WeightsMissing(what, "Try again later. " + _by_hand(weight)))
        except HTTPError:
            return "the connection broke off"
        except OSError as error:
            if error.errno is not None:  # the disk, not the transfer
                raise
            return "it was cut short"  # the library's own check of the length
        else:
            absent = [theirs for ours, theirs in source.files.items() if not (staging / weight.inside(ours)).exists()]
            if not absent:
                return ""
            what = f"{source.repository} on {_endpoint()} does not have {absent[0]}, which {weight.title} needs."
            answers.append(WeightsMissing(what, _by_hand(weight)))
    raise answers[0]


def _probe(weight: Weight, repository: str, path: str, revision: str) -> None:
    """Ask for one file's metadata, so that a missing network is said at once and not after many retries."""
    from httpx2 import HTTPError
    from huggingface_hub import errors, get_hf_file_metadata, hf_hub_url

    try:
        get_hf_file_metadata(hf_hub_url(repository, path, revision=revision))
    except errors.OfflineModeIsEnabled as error:
        raise WeightsMissing(_unreachable(weight), _by_hand(weight)) from error
    except HTTPError as error:
        if isinstance(error, errors.HfHubHTTPError):
            raise
        raise WeightsMissing(_unreachable(weight), _by_hand(weight)) from error


def _common(staging: Path, revision: str) -> dict[str, Any]:
    # A cache of its own: the hub's may hold the very copy that was found to be damaged.
    return {"revision": revision, "local_dir": staging, "cache_dir": staging / ".hub"}


def _folder(weight: Weight, staging: Path) -> None:
    from huggingface_hub import snapshot_download

    wanted = [weight.inside(p) for p in (*(f.path for f in weight.files), *weight.also)]
    common = _common(staging, weight.revision)
    snapshot_download(weight.repository, allow_patterns=wanted, max_workers=2, **common)


def _files(weight: Weight, source: Mirror, staging: Path) -> None:
    from huggingface_hub import hf_hub_download

    for ours, theirs in source.files.items():
        target = staging / weight.inside(ours)
        if not target.exists():
            got = hf_hub_download(source.repository, theirs, **_common(staging, source.revision))
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(got, target)


def _move(source: Path, target: Path) -> None:
    for path in sorted(p for p in source.rglob("*") if p.is_file()):
        relative = path.relative_to(source)
        if relative.parts[0].startswith("."):  # the library's own notes
            continue
        place = target / relative
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, place)


def _check_space(weight: Weight, staging: Path) -> None:
    needed = max(0, weight.bytes - _present(staging)) + SPARE
    free = shutil.disk_usage(staging).free
    if free < needed:
        raise UserError(
            f"The disk is too full for {weight.title}: it needs {size(needed)}, {size(free)} are free.",
            "Free some space, or choose another folder with HEADSHOT_WEIGHTS.",
        )


def _storage_error(error: OSError, weight: Weight, folder: Path) -> UserError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UserError(
            f"The disk became full while {weight.title} was fetched.",
            "Free some space, or choose another folder with HEADSHOT_WEIGHTS.",
        )
    return UserError(
        f"{weight.title} cannot be stored in {folder}: {error.strerror or error}.",
        "Choose another folder with HEADSHOT_WEIGHTS.",
    )


def _present(folder: Path) -> int:
    """Bytes of all files in it."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # files are renamed while we look
            total += path.stat().st_size if path.is_file() else 0
    return total


@contextlib.contextmanager
def _watched(weight: Weight, staging: Path, progress: Report | None) -> Iterator[None]:
    """Report the bytes on the disk a few times a second, whichever way the library transfers them."""
    if progress is None:
        yield
        return
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.25):
            progress(Progress(weight.role, min(_present(staging), weight.bytes), weight.bytes, weight.licence))

    thread = threading.Thread(target=watch, name="weights-progress", daemon=True)
    thread.start()
    try:
        yield
        progress(Progress(weight.role, weight.bytes, weight.bytes, weight.licence))
    finally:
        done.set()
        thread.join()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The library's own bars and retry notes off: what happens is said once, by us."""
    from huggingface_hub.utils.tqdm import (
        are_progress_bars_disabled,
        disable_progress_bars,
        enable_progress_bars,
    )

    logger = logging.getLogger("huggingface_hub")
    level, bars = logger.level, not are_progress_bars_disabled()
    logger.setLevel(logging.CRITICAL)
    disable_progress_bars()
    try:
        yield
    finally:
        logger.setLevel(level)
        if bars:
            enable_progress_bars()


def _endpoint() -> str:
    from huggingface_hub import constants

    return str(constants.ENDPOINT)


def _unreachable(weight: Weight) -> str:
    from huggingface_hub import constants

    if constants.is_offline_mode():
        return f"{weight.title} ({size(weight.bytes)}) is not here, and HF_HUB_OFFLINE forbids fetching it."
    return f"{weight.title} ({size(weight.bytes)}) is not here, and {_endpoint()} cannot be reached."


def _by_hand(weight: Weight) -> str:
    files = ", ".join(weight.inside(f.path) for f in weight.files[:2]) + (", …" if weight.files[2:] else "")
    return (
        f"Try a mirror with HF_ENDPOINT, or put {files} of {weight.repository} "
        f"into the folder of HEADSHOT_WEIGHTS as {weight.role}/."
    )


def size(count: float) -> str:
    """Bytes for people: 1.5 GB, 157 MB."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:.0f} {unit}" if count >= 10 or unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    raise AssertionError
