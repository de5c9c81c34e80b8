"""The example photos: found in packages that are installed here, never fetched and never copied."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from headshot.errors import UserError
from headshot.language import tr


@dataclass(frozen=True)
class Example:
    """A portrait that an installed package ships. `package` as it is imported; `file`: its path in the package.

    `title`: what it shows; `licence` and `credit` for a line under it; `head`: its middle (x, y) and its width, in
    shares of the photo's width.
    """

    name: str
    title: str
    package: str
    file: str
    licence: str
    credit: str
    head: tuple[float, float, float]

    @property
    def path(self) -> Path | None:
        """Find the file without importing the package; None where it is not installed."""
        spec = importlib.util.find_spec(self.package)
        folders = (spec.submodule_search_locations or ()) if spec else ()
        return next((path for folder in folders if (path := Path(folder) / self.file).is_file()), None)

    def read(self) -> bytes:
        """Read the file. Raises UserError where it is not installed."""
        if (path := self.path) is None:
            raise UserError(
                tr("The example photo {name} is not installed.", name=self.name), "Add a photo of your own."
            )
        return path.read_bytes()


# What was searched, and why there are no more: docs/log.md, "Example photos".
EXAMPLES: tuple[Example, ...] = (
    Example(
        "collins",
        "Eileen Collins, before flags and a model of the shuttle",
        "skimage",
        "data/astronaut.png",
        "public domain",
        "NASA, by way of scikit-image",
        (0.44, 0.22, 0.34),
    ),
    Example(
        "hopper",
        "Grace Hopper, with glasses and a cap",
        "matplotlib",
        "mpl-data/sample_data/grace_hopper.jpg",
        "public domain",
        "James S. Davis, US Navy, by way of Matplotlib",
        (0.51, 0.34, 0.46),
    ),
)


@cache
def examples() -> tuple[Example, ...]:
    """List the example photos that are here."""
    return tuple(example for example in EXAMPLES if example.path)


def first_example() -> Example:
    """Return the example that is shown where there is room for one. Raises UserError where none is installed."""
    if not examples():
        raise UserError("No example photo is installed.", "Add a photo of your own.")
    return examples()[0]
