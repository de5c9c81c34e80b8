"""The model hub as a source: huggingface_hub fetches into its own cache and finds files there.

HF_ENDPOINT (a mirror), HF_HUB_OFFLINE, HF_HOME, HF_HUB_CACHE and HF_TOKEN are the library's own and hold. It tries
again where a connection breaks off, and keeps the files that came whole for the next time.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headshot.errors import UserError, WeightsMissing
from headshot.language import tr
from headshot.weights.checksum import fault
from headshot.weights.source import Progress, Report, Weight, check_space, size, storage_error

CACHE = "HF_HUB_CACHE"


class _Refused(WeightsMissing):
    """The hub answered, and does not give the files: another repository may."""


@dataclass(frozen=True)
class Mirror:
    """Another repository with the same files under other names: our path → path there."""

    repository: str
    files: Mapping[str, str]
    revision: str = "main"


@dataclass(frozen=True)
class HubSource:
    """A repository. `revision`: the commit that is pinned, or a branch; `root`: the folder in it that is the model's.

    `also` are patterns of small files taken along where they exist.
    """

    repository: str
    revision: str = "main"
    root: str = ""
    also: tuple[str, ...] = ()
    mirrors: tuple[Mirror, ...] = ()

    @property
    def origin(self) -> str:
        return self.repository

    def inside(self, path: str) -> str:
        """Return `path` as the repository has it."""
        return f"{self.root}/{path}" if self.root else path

    def cached(self, weight: Weight) -> Path | None:
        from huggingface_hub import constants

        if not (Path(constants.HF_HUB_CACHE) / f"models--{self.repository.replace('/', '--')}").is_dir():
            return None  # without loading the library's finder, which takes a fifth of a second
        from huggingface_hub import try_to_load_from_cache

        first = weight.files[0].path
        found = try_to_load_from_cache(self.repository, self.inside(first), revision=self.revision)
        return Path(found).parents[len(Path(first).parts) - 1] if isinstance(found, str) else None

    def fetch(self, weight: Weight, folder: Path, report: Report) -> None:
        own = Mirror(self.repository, {f.path: self.inside(f.path) for f in weight.files}, self.revision)
        try:
            _fetch(weight, own, [self.inside(pattern) for pattern in self.also], report)
        except _Refused as refusal:
            for mirror in self.mirrors:
                try:
                    _copy(weight, mirror, _fetch(weight, mirror, [], report), folder)
                except _Refused:
                    continue
                return
            raise refusal


def _fetch(weight: Weight, source: Mirror, also: list[str], report: Report) -> Path:
    """Bring the files of `source` into the hub's cache, checked; returns the folder of that snapshot."""
    from httpx2 import HTTPError  # huggingface_hub's transport
    from huggingface_hub import constants, snapshot_download

    started = False
    patterns = [*source.files.values(), *also]
    quiet = _bar(weight, 0, lambda _: None)
    common: dict[str, Any] = {"revision": source.revision, "max_workers": 2, "tqdm_class": quiet}
    try:
        plan = snapshot_download(source.repository, allow_patterns=patterns, dry_run=True, **common)
        if absent := set(source.files.values()) - {p.filename for p in plan}:
            what = tr(
                "{repository} on {endpoint} does not have {absent}, which {title} needs.",
                repository=source.repository,
                endpoint=_endpoint(),
                absent=min(absent),
                title=weight.title,
            )
            raise _Refused(what, _by_hand(weight, source))
        damaged = _damaged(weight, source, {p.filename: Path(p.local_path) for p in plan})
        sizes = {p.filename: p.file_size or 0 for p in plan if p.will_download or p.filename in damaged}
        check_space(weight, sum(sizes.values()), Path(constants.HF_HUB_CACHE), CACHE)
        started, common["tqdm_class"] = True, _bar(weight, sum(sizes.values()), report)
        folder = Path(snapshot_download(source.repository, allow_patterns=patterns, **common))
        places = {name: folder / name for name in source.files.values()}
        if damaged := _damaged(weight, source, places):
            snapshot_download(source.repository, allow_patterns=list(damaged), force_download=True, **common)
        for name, wrong in _damaged(weight, source, places).items():
            what = tr(
                "{title} did not come as expected from {endpoint}, twice: {name} is {wrong}.",
                title=weight.title,
                endpoint=_endpoint(),
                name=name,
                wrong=wrong,
            )
            raise WeightsMissing(what, "Try again later (what came whole is kept), or another mirror with HF_ENDPOINT.")
    except (HTTPError, OSError, ValueError) as error:
        raise _problem(weight, source, error, started) from error
    return folder


def _damaged(weight: Weight, source: Mirror, places: Mapping[str, Path]) -> dict[str, str]:
    """Map name in the repository → what is wrong, of the files that are there and not what they should be."""
    wrong = {source.files[f.path]: fault(places[source.files[f.path]], f) for f in weight.files}
    return {name: message for name, message in wrong.items() if message not in ("", "missing")}


def _copy(weight: Weight, mirror: Mirror, snapshot: Path, folder: Path) -> None:
    """Put a mirror's files under the names that the table has, into the user's own folder."""
    try:
        for ours, theirs in mirror.files.items():
            (folder / ours).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(snapshot / theirs, folder / ours)
    except OSError as error:
        raise storage_error(weight, error, folder, "HEADSHOT_WEIGHTS") from error


def _bar(weight: Weight, needed: int, report: Report) -> type:
    """Make a progress bar for the library that draws nothing and reports the bytes."""
    from tqdm import tqdm  # type: ignore[import-untyped]

    class Bar(tqdm):  # type: ignore[misc]
        monitor_interval = 0  # no thread that looks after it

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{**kwargs, "file": io.StringIO()})

        def update(self, n: float | None = 1) -> bool | None:
            shown: bool | None = super().update(n)
            if self.unit == "B":  # the others count files
                done = max(0, weight.bytes - needed) + int(self.n)
                report(Progress(weight.role, min(done, weight.bytes), weight.bytes, weight.licence))
            return shown

    return Bar


def _problem(weight: Weight, source: Mirror, error: Exception, started: bool) -> UserError:
    """Put the library's `error` into words that a person can act on; a bug is raised as it is."""
    from httpx2 import HTTPError
    from huggingface_hub import constants, errors

    short = tr("{title} ({size}) is not here, and", title=weight.title, size=size(weight.bytes))
    for cause in _chain(error):
        if isinstance(cause, errors.OfflineModeIsEnabled):
            return WeightsMissing(
                tr("{short} HF_HUB_OFFLINE forbids fetching it.", short=short), _by_hand(weight, source)
            )
        if isinstance(cause, errors.RepositoryNotFoundError | errors.RevisionNotFoundError):
            what = tr(
                "{endpoint} does not have {title} ({repository}), or asks for a login.",
                endpoint=_endpoint(),
                title=weight.title,
                repository=source.repository,
            )
            return _Refused(what, _by_hand(weight, source))
        if isinstance(cause, errors.HfHubHTTPError):
            what = tr(
                "{endpoint} answered {status_code} for {title} ({repository}).",
                endpoint=_endpoint(),
                status_code=cause.response.status_code,
                title=weight.title,
                repository=source.repository,
            )
            return _Refused(what, (tr("Try again later.") + " ") + _by_hand(weight, source))
        if isinstance(cause, HTTPError) and not started:
            return WeightsMissing(
                tr("{short} {endpoint} cannot be reached.", short=short, endpoint=_endpoint()), _by_hand(weight, source)
            )
        if isinstance(cause, OSError) and cause.errno is not None:
            return storage_error(weight, cause, Path(constants.HF_HUB_CACHE), CACHE)
    if not isinstance(error, HTTPError | OSError):
        raise error
    what = tr(
        "{title} did not come whole from {endpoint}: the connection broke off.",
        title=weight.title,
        endpoint=_endpoint(),
    )
    return WeightsMissing(what, "Try again (what came whole is kept), or another mirror with HF_ENDPOINT.")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _endpoint() -> str:
    from huggingface_hub import constants

    return str(constants.ENDPOINT)


def _by_hand(weight: Weight, source: Mirror) -> str:
    files = ", ".join(list(source.files.values())[:2]) + (", …" if len(source.files) > 2 else "")
    return tr(
        "Try a mirror with HF_ENDPOINT, or put {files} of {repository} into the folder of HEADSHOT_WEIGHTS as {role}/.",
        files=files,
        repository=source.repository,
        role=weight.role,
    )
