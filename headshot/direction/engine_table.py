"""The engines as data: what each is called, what it is, on what terms, and who steered it. Nothing is loaded here.

A new engine is its folder under headshot/engines/ and a row here (besides its files in weights.toml and the numbers
that presets give for it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from headshot.direction.ladder import OWN_TOP
from headshot.errors import DirectionError
from headshot.language import tr

if TYPE_CHECKING:
    from headshot.types import Direction

OWN_PIXELS = "retouch"  # its name in recipes, on the command line and at the endpoints


@dataclass(frozen=True)
class EngineInfo:
    """One engine. `factory` is "module:class", called with `name` at first use.

    `kind`: "own" where the picture is the person's own pixels, "painted" where a model makes new ones.
    `change` 0..1: where the ladder stands when nobody has said. `licence`: of its weights, in one line; `commercial`:
    whether its pictures may be used commercially. `steered_by`: the role in weights.toml of the face recognition
    model that steers it, which must never judge its pictures; "" for none. `takes_photos`: it looks at the person's
    photos themselves. `ignores`: settings that do not reach it. `numbers` of `Generate` where a preset has none.
    """

    name: str
    title: str
    factory: str
    kind: Literal["own", "painted"] = "painted"
    change: float = 0.75
    licence: str = ""
    commercial: bool = True
    steered_by: str = ""
    takes_photos: bool = False
    ignores: frozenset[str] = frozenset()
    numbers: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def own(self) -> bool:
        return self.kind == "own"


_FACEID = "for non-commercial research only (IP-Adapter FaceID, InsightFace)"

# In the order of choice: the last is the best where there is a GPU.
ENGINES: dict[str, EngineInfo] = {
    info.name: info
    for info in (
        EngineInfo(
            OWN_PIXELS,
            "Your own pixels",
            "headshot.engines.retouch:RetouchEngine",
            kind="own",
            change=0.25,
            licence="no AI model paints: it is your photo",
        ),
        EngineInfo(
            "faceid-sd15",
            "FaceID on Stable Diffusion 1.5",
            "headshot.engines.faceid:FaceIDGenerator",
            licence=_FACEID,
            commercial=False,
            steered_by="buffalo_l",
        ),
        EngineInfo(
            "faceid-sdxl",
            "FaceID on Stable Diffusion XL",
            "headshot.engines.faceid:FaceIDGenerator",
            licence=_FACEID,
            commercial=False,
            steered_by="buffalo_l",
        ),
        EngineInfo(
            "klein",
            "FLUX.2 klein 4B",
            "headshot.engines.klein.generator:KleinGenerator",
            licence="Apache-2.0, commercial use too",
            takes_photos=True,
            # Distilled to few steps without guidance, it has no negative words, no adapter and no choice of scheduler.
            ignores=frozenset(
                f"generate.{name}" for name in ("structure", "lora", "guidance", "guidance_end", "scheduler")
            ),
            numbers=MappingProxyType({"identity": 1.0, "steps": 4, "guidance": 1.0}),
        ),
    )
}
GENERATORS: tuple[str, ...] = tuple(name for name, info in ENGINES.items() if not info.own)


def engine_info(name: str) -> EngineInfo:
    """Return the row of an engine. Raises DirectionError for one that there is not."""
    if name not in ENGINES:
        raise DirectionError(
            tr("There is no engine “{name}”.", name=name[:40]), tr("There are: {names}.", names=", ".join(ENGINES))
        )
    return ENGINES[name]


def is_own(engine: str) -> bool:
    """Whether an engine's pictures are the person's own pixels. Raises DirectionError."""
    return engine_info(engine).own


def who_paints(direction: Direction, engine: str) -> str:
    """Return the engine that makes `direction` when `engine` is asked for: own pixels up to OWN_TOP, as on every rung
    that changes nothing that must be painted. Every door asks here and nowhere else. Raises DirectionError.
    """
    return engine_at(direction.change, engine)


def engine_at(change: float, engine: str) -> str:
    """Return the engine that makes a picture at `change` 0..1, see `who_paints`."""
    return OWN_PIXELS if is_own(engine) or change <= OWN_TOP else engine
