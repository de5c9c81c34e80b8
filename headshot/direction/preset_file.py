"""The file of a look: strict TOML, read into a `Preset` and written from one or from a Direction.

Nothing about gender, age or race is guessed or written: {person} is the user's own word.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType
from typing import Any

from headshot.direction.engine_table import GENERATORS
from headshot.direction.negation import parted
from headshot.direction.parse import parse
from headshot.errors import DirectionError
from headshot.language import suggest, tr
from headshot.text import clean
from headshot.types import Backdrop, Crop, Direction, Generate, Light, Look, Retouch

PARTS: dict[str, type] = {"backdrop": Backdrop, "light": Light, "crop": Crop, "retouch": Retouch}
# What a preset's tags may be, and what they are called above the gallery.
TAGS = {
    "office": "Office",
    "caring": "Caring",
    "creative": "Creative",
    "calm": "Calm",
    "bold": "Bold",
    "canvas": "Canvas",
    "mono": "Black and white",
}


@dataclass(frozen=True)
class Preset:
    """One file of presets/: a look in words, in own pixels and in each engine's numbers."""

    name: str
    title: str
    summary: str
    order: int = 100
    tags: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()  # further words by which the look is found
    avoid: str = ""
    look: Look = field(default_factory=Look)
    backdrop: Backdrop = field(default_factory=Backdrop)
    light: Light = field(default_factory=Light)
    crop: Crop = field(default_factory=Crop)
    retouch: Retouch = field(default_factory=Retouch)
    engines: Mapping[str, Generate] = field(default_factory=lambda: MappingProxyType({}))


def read_preset(source: bytes, name: str, file: str) -> Preset:
    """A preset from the bytes of its file; `file` is what messages call it. Raises DirectionError with the key."""
    try:
        data = tomllib.loads(source.decode("utf-8"))
    except ValueError as error:  # TOML, UTF-8, or an integer of more digits than Python reads
        raise DirectionError(
            tr("{file} is not valid TOML: {error}.", file=file, error=error), "See https://toml.io."
        ) from None
    except RecursionError:
        raise DirectionError(tr("{file} is nested too deeply.", file=file), "See the files in presets/.") from None

    _known(data, ("title", "summary", "order", "tags", "synonyms", "avoid", "look", "canvas", "engine"), file, "")
    for key in ("title", "summary", "look"):
        if key not in data:
            raise DirectionError(
                tr("{file}: {key} is missing.", file=file, key=key), "A preset needs title, summary and [look]."
            )
    look = _record(Look, data["look"], file, "", "look")
    for part, text in asdict(look).items():
        check_braces(text, f"{file}: look.{part}")
    if not look.shot:
        raise DirectionError(
            tr("{file}: look.shot is missing.", file=file), "It says what the picture is, in a few words."
        )
    canvas = _table(data.get("canvas", {}), file, "canvas")
    _known(canvas, PARTS, file, "canvas.")
    engine = _table(data.get("engine", {}), file, "engine")
    _known(engine, GENERATORS, file, "engine.")
    engines = {name: _record(Generate, table, file, f"engine.{name}", "generate") for name, table in engine.items()}
    return Preset(
        name=name,
        title=_line(data, "title", 40, file),
        summary=_line(data, "summary", 160, file),
        order=_order(data.get("order", 100), file),
        tags=_tags(data.get("tags", []), file),
        synonyms=_synonyms(data.get("synonyms", []), file),
        avoid=parse("avoid", data.get("avoid", ""), strict=True, name=f"{file}: avoid"),
        look=look,
        engines=MappingProxyType(engines),
        **{p: _record(kind, canvas.get(p, {}), file, f"canvas.{p}", p) for p, kind in PARTS.items()},
    )


def _record(kind: type, table: Any, file: str, path: str, group: str) -> Any:
    """One dataclass of headshot.types from a table; `group` is its prefix in SETTINGS."""
    path = path or group
    table = _table(table, file, path)
    _known(table, [f.name for f in fields(kind)], file, f"{path}.")
    # Errors name the key as it stands in the file, not as the settings table calls it.
    values = {
        key: parse(f"{group}.{key}", value, strict=True, name=f"{file}: {path}.{key}") for key, value in table.items()
    }
    return kind(**values)


def _known(table: Mapping[str, Any], allowed: Any, file: str, prefix: str) -> None:
    for key in table:
        if key not in allowed:
            raise DirectionError(
                tr("{file}: unknown key {prefix}{key}.", file=file, prefix=prefix, key=key), suggest(key, allowed)
            )


def _table(value: Any, file: str, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DirectionError(
            tr("{file}: {path} must be a table.", file=file, path=path), "See the other files in presets/."
        )
    return value


def _line(data: Mapping[str, Any], key: str, length: int, file: str) -> str:
    value = data[key]
    if not isinstance(value, str) or not 0 < len(clean(value)) <= length:
        raise DirectionError(
            tr("{file}: {key} must be 1 to {length} characters of text.", file=file, key=key, length=length), ""
        )
    return clean(value)


def _order(value: Any, file: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise DirectionError(tr("{file}: order must be a whole number.", file=file), "Small numbers come first.")
    return value


def _tags(value: Any, file: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise DirectionError(
            tr("{file}: tags must be a list.", file=file), tr("Known here: {names}.", names=", ".join(TAGS))
        )
    for tag in value:
        if tag not in TAGS or value.count(tag) > 1:
            raise DirectionError(
                tr("{file}: tags: {tag!r} does not fit.", file=file, tag=clean(str(tag))[:60]), suggest(str(tag), TAGS)
            )
    return tuple(value)


def _synonyms(value: Any, file: str) -> tuple[str, ...]:
    fits = isinstance(value, list) and len(value) <= 24 and all(isinstance(v, str) and 0 < len(v) <= 30 for v in value)
    if not fits:
        raise DirectionError(
            tr("{file}: synonyms must be a list of at most 24 short words.", file=file), 'As in ["doctor"].'
        )
    return tuple(clean(word) for word in value)


def check_braces(text: str, where: str) -> None:
    rest = text.replace("{person}", "")
    if "{" in rest or "}" in rest:
        raise DirectionError(
            tr("{where}: only {{person}} may stand in braces.", where=where), "It becomes the user's own word."
        )


def to_toml(look: Preset | Direction, *, title: str = "", order: int = 100) -> str:
    """A preset file of `look`, in the form that `load_presets` reads: this is how a look is saved and shared.

    A Direction's own words go into `look.shot`, what they do not want into `avoid`: the file makes the same prompt. Who
    is in the photo, what of them must stay, the seed and the place on the ladder belong to the picture, and stay out.
    """
    shot, avoid, engines = look.look.shot, look.avoid, {}
    tags, synonyms = (look.tags, look.synonyms) if isinstance(look, Preset) else ((), ())
    if isinstance(look, Preset):
        order, engines = look.order, dict(look.engines)
    else:
        own, denied = parted(look.words.replace("{", "").replace("}", "").strip(" ,"))
        avoid = ", ".join(p for p in (*(things for _, things in denied), avoid) if p)
        shot = ", ".join(p for p in (shot.strip(" ,"), own) if p)
        engines = {name: look.generate for name in GENERATORS}
    lines = [
        f"title   = {_toml(title or look.title)}",
        f"summary = {_toml(look.summary)}",
        tr("order   = {order}", order=order),
        *([f"tags    = {_toml(list(tags))}"] if tags else []),
        *([f"synonyms = {_toml(list(synonyms))}"] if synonyms else []),
        f"avoid   = {_toml(avoid)}",
        "\n[look]",
        *(f"{key:10} = {_toml(value)}" for key, value in (asdict(look.look) | {"shot": shot}).items()),
        "\n[canvas]",
        *(f"{part:8} = {_inline(asdict(getattr(look, part)))}" for part in PARTS),
    ]
    if engines:
        lines += ["\n[engine]", *(f"{name} = {_inline(asdict(g))}" for name, g in engines.items())]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    # JSON's strings, numbers and escapes are TOML's, DEL apart, which `clean` never lets in.
    return json.dumps(value, ensure_ascii=False)


def _inline(table: Mapping[str, Any]) -> str:
    return "{ " + ", ".join(f"{key} = {_toml(value)}" for key, value in table.items()) + " }"
