"""What the named endpoints answer, as types that Gradio shows to programs. Bytes are base64 text."""

from __future__ import annotations

from typing import Any, TypedDict

Settings = dict[str, Any]  # by the keys of headshot.direction.settings.SETTINGS, such as {"light.warmth": 0.3}


class PhotoCheck(TypedDict):
    """One line of the check of the photo; `state` is green, amber, red or grey."""

    id: str
    state: str
    sentence: str
    remedy: str


class Remarks(TypedDict):
    """What the pictures' answers have in common; `checks` of the photo."""

    notes: list[str]
    checks: list[PhotoCheck]


class OtherPicture(TypedDict):
    """A further candidate of /headshot."""

    picture: str
    report: dict[str, Any]
    seconds: float


class Picture(OtherPicture, Remarks):
    """Of /headshot."""

    suggested_heal: str
    others: list[OtherPicture]
    disclosure: dict[str, str]


class ContactSheet(Remarks):
    """Of /contact_sheet."""

    sheet: str
    csv: str
    zip: str


class Said(TypedDict):
    """A part of somebody's words that a control can do."""

    said: str
    settings: Settings
    reason: str


class Suggestions(TypedDict):
    """Of /suggestions."""

    suggestions: list[Said]
    prompt: str
    unheard: list[list[str]]
    avoid: list[str]


class Pose(TypedDict):
    """Of /pose_of."""

    settings: Settings
    read: list[str]
    untold: list[str]


class Judgement(TypedDict):
    """Of /judge."""

    report: dict[str, Any]
    notes: list[str]


class Candidate(TypedDict):
    """One of the pictures of /best_of; `distance` is None where no face was found."""

    picture: str
    seed: int
    distance: float | None
    copied: bool
    sentence: str


class Best(Remarks):
    """Of /best_of."""

    pictures: list[Candidate]
    reason: str


class Step(TypedDict):
    """One picture that /furthest tried."""

    at: float
    name: str
    verdict: str
    likeness: float | None
    reason: str


class Furthest(Remarks):
    """Of /furthest."""

    picture: str
    at: float | None
    sentence: str
    tried: list[Step]


class LookOf(TypedDict):
    """A look that the app brings."""

    name: str
    title: str
    summary: str
    tags: list[str]


class EngineOf(TypedDict):
    """An engine; `reason` says why it cannot run here."""

    name: str
    title: str
    available: bool
    reason: str
    licence: str


class SettingOf(TypedDict):
    """A setting and what it takes; `low`, `high`, `step` of numbers, `choices` of a choice, `length` of a text."""

    key: str
    label: str
    technical: str
    kind: str
    low: float | None
    high: float | None
    step: float | None
    choices: list[str]
    length: int | None


class Choices(TypedDict):
    """Of /choices."""

    looks: list[LookOf]
    engines: list[EngineOf]
    settings: list[SettingOf]


class Saved(TypedDict):
    """Of /settings_of."""

    engine: str
    preset: str
    settings: Settings
    marks: list[str]


class LookFile(TypedDict):
    """Of /save_look."""

    name: str
    toml: str


class LoadedLook(TypedDict):
    """Of /load_look."""

    title: str
    preset: str
    settings: Settings
    note: str
