"""The tools of a language model: few and short, a photo's place in, a small picture and a short text out.

A model pays for each letter that it reads or writes, so that neither photo nor picture ever passes as text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from headshot.authenticity.labels import STATES
from headshot.authenticity.report import summary
from headshot.direction.presets import load_presets
from headshot.direction.settings import SETTINGS
from headshot.errors import UserError
from headshot.files.disclosure import sentences
from headshot.files.encode import headshot_file
from headshot.files.retouched_words import retouched_in
from headshot.files.source_type import source_type
from headshot.imaging.resize import scaled
from headshot.language import tr
from headshot.studio import JudgeRequest, MakeRequest, judge_pair, make
from headshot.types import AuthenticityReport, Check, Headshot, State

SMALLEST, USUAL, LARGEST = 240, 800, 2048  # px, the longer side of a picture for a model
_MOST_NOTES = 6


@dataclass(frozen=True)
class Call:
    """What a tool works with. `read`: the bytes at a photo's place; `agreed`: whether consent is given or not asked;
    `go_on`: raises where the caller has left; `save`: writes the full picture to a path, None where nobody may.
    """

    read: Callable[[str], bytes]
    agreed: Callable[[object], bool]
    go_on: Callable[[object], None]
    save: Callable[[str, bytes], str] | None = None


@dataclass(frozen=True)
class Answer:
    """A short JSON text, and a JPEG to look at."""

    text: str
    picture: bytes = b""


@dataclass(frozen=True)
class Tool:
    """One tool: what it is told by, its arguments as JSON Schema, what it does."""

    about: str
    properties: Mapping[str, Any]
    required: tuple[str, ...]
    run: Callable[[Call, Mapping[str, Any]], Answer]

    def schema(self, *, saves: bool) -> dict[str, Any]:
        """The JSON Schema of its arguments; `saves`: with those that name a place to write to."""
        shown = {key: value for key, value in self.properties.items() if saves or key != "save_as"}
        return {
            "type": "object",
            "properties": shown,
            "required": list(self.required),
            "additionalProperties": False,
        }


def _text(about: str, most: int = 1000) -> dict[str, Any]:
    return {"type": "string", "description": about, "maxLength": most}


_CONSENT = {"type": "boolean", "description": "the photo is of the user, or they may use it: ask them"}
_PHOTO = _text("place of the photo, see the server's instructions")


def _headshot(call: Call, asked: Mapping[str, Any]) -> Answer:
    request = MakeRequest(
        photo=_read(call, asked, "photo"),
        preset=asked.get("look", "linkedin"),
        settings=asked.get("settings", {}),
        face=asked.get("face", ""),
    )
    with make(request, call.go_on) as job:
        result, report = job.results[0], job.reports[0]
        told = _judged(report) | {
            "notes": [*_checked(job.checks), *job.notes()][:_MOST_NOTES],
            "disclosure": sentences(source_type(result), retouched_in(result))["profile"],
        }
        if call.save is not None and asked.get("save_as"):
            told["saved"] = call.save(asked["save_as"], headshot_file(result))
        return Answer(_json(told), _small(result, asked.get("size", USUAL)))


def _judge(call: Call, asked: Mapping[str, Any]) -> Answer:
    original = _read(call, asked, "photo")
    judged = judge_pair(JudgeRequest(original=original, other=_read(call, asked, "picture")))
    return Answer(_json(_judged(judged.report) | {"notes": list(judged.notes)[:_MOST_NOTES]}))


def _choices(call: Call, asked: Mapping[str, Any]) -> Answer:
    looks = {preset.name: preset.title for preset in load_presets().values()}
    if not (group := asked.get("group", "")):
        groups = sorted({key.partition(".")[0] for key in _SHOWN if "." in key})
        return Answer(_json({"looks": looks, "groups of settings": groups}))
    settings = {
        key: setting.choices or (f"{setting.low:g} to {setting.high:g}" if setting.numeric else setting.kind)
        for key, setting in _SHOWN.items()
        if key.partition(".")[0] == group
    }
    if not settings:
        raise UserError("There is no such group of settings.", "Call choices without one.")
    return Answer(_json(settings))


# What has no part in own pixels, or is nobody's to say by name.
_SHOWN = {k: s for k, s in SETTINGS.items() if k.partition(".")[0] not in ("look", "generate", "posing", "cutout")}

TOOLS: Mapping[str, Tool] = {
    "headshot": Tool(
        "Make a professional headshot of a photo, from its own pixels, and measure whether it is still that person.",
        {
            "photo": _PHOTO,
            "consent": _CONSENT,
            "look": _text("see choices", 40),
            "settings": {"type": "object", "description": 'see choices, such as {"light.warmth": 0.3}'},
            "face": _text("whom of several: 2 for the second from the left", 20),
            "size": {"type": "integer", "minimum": SMALLEST, "maximum": LARGEST, "description": "px, 800 is usual"},
            "save_as": _text("a .jpg to write the full picture to"),
        },
        ("photo", "consent"),
        _headshot,
    ),
    "judge_pair": Tool(
        "Measure whether a picture, wherever it was made, is still the person of a photo.",
        {"photo": _PHOTO, "picture": _text("place of the picture"), "consent": _CONSENT},
        ("photo", "picture", "consent"),
        _judge,
    ),
    "choices": Tool("List the looks, or the settings of a group.", {"group": _text("such as light", 20)}, (), _choices),
}

# Names that were tools once, when each endpoint was one: what an old client does instead.
GONE: Mapping[str, str] = {
    "contact_sheet": "Call headshot once for each look, or the endpoint /contact_sheet.",
    "read_words": "Call headshot with settings, see choices; the endpoint /suggestions reads words.",
    "pose_of": "It is the endpoint /pose_of.",
    "best_of": "It is the endpoint /best_of.",
    "furthest": "It is the endpoint /furthest.",
    "settings_of": "It is the endpoint /settings_of.",
    "save_look": "Give headshot a look and settings; the endpoint /save_look makes a file of them.",
    "load_look": "Give headshot a look and settings; the endpoint /load_look reads a file of them.",
}


def tool_of(name: str) -> Tool:
    """Find a tool by its name. Raises UserError, for a name of an earlier version with what to do instead."""
    if name in GONE:
        raise UserError(f"{name} is no tool any more.", GONE[name])
    if name not in TOOLS:
        raise UserError("There is no such tool.", tr("It takes {names}.", names=", ".join(TOOLS)))
    return TOOLS[name]


def _read(call: Call, asked: Mapping[str, Any], name: str) -> bytes:
    if not call.agreed(asked.get("consent")):
        raise UserError("The photo's use was not agreed to.", "Send consent=True if it is you, or you may use it.")
    return call.read(asked[name])


def _judged(report: AuthenticityReport) -> dict[str, Any]:
    return {"verdict": report.verdict, "meaning": STATES[report.verdict].verdict, "report": summary(report)}


def _checked(checks: tuple[Check, ...]) -> list[str]:
    return [f"{c.sentence} {c.remedy}".strip() for c in checks if c.state >= State.AMBER]


def _small(result: Headshot, longest: int) -> bytes:
    """The picture as a marked JPEG of at most `longest` px."""
    scale = min(1.0, longest / max(result.picture.shape[:2]))
    return headshot_file(result, picture=scaled(result.picture, scale) if scale < 1 else None)


def _json(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False)
