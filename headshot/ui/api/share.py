"""The named endpoints for what there is to choose, and for sharing: a saved picture's settings, a look as a file."""

from __future__ import annotations

from headshot import files as provenance
from headshot.direction import look_file
from headshot.direction.diff import diff
from headshot.direction.direct import direct
from headshot.direction.engine_table import ENGINES, OWN_PIXELS
from headshot.direction.presets import load_presets
from headshot.direction.setting import Setting
from headshot.direction.settings import SETTINGS
from headshot.engines import get_engine
from headshot.errors import UserError
from headshot.files.opened_photo import opened
from headshot.ui.api.transport import photo_bytes, publish, told
from headshot.ui.api.types import Choices, EngineOf, LoadedLook, LookFile, Saved, SettingOf, Settings


def endpoints() -> None:
    """Add /choices, /settings_of, /save_look and /load_look to the open gr.Blocks."""

    def choices() -> Choices:
        """What the other endpoints take: the looks, the engines and the settings with their bounds.

        Returns:
            looks (name, title, summary, tags), engines (name, title, available here or the reason, licence), settings.
        """
        return {
            "looks": [
                {"name": p.name, "title": p.title, "summary": p.summary, "tags": list(p.tags)}
                for p in load_presets().values()
            ],
            "engines": [_engine(name) for name in ENGINES],
            "settings": [_setting(key, setting) for key, setting in SETTINGS.items()],
        }

    def settings_of(picture: str) -> Saved:
        """Read the settings that a saved headshot carries, and what else it says about itself.

        Args:
            picture: the file of a headshot that this app saved (JPEG or PNG), base64.

        Returns:
            engine, preset and settings, which /headshot takes as they are; marks (how it was made, who signed it).
        """
        with told():
            data = photo_bytes(picture, True)
            opened(data)  # first, in the process for it: what is hostile ends there
            found = provenance.read(data)
            if found.recipe is None:
                raise UserError("This picture carries no settings.", "Send a file as this app saved it.")
            direction, engine = provenance.restore(found.recipe), provenance.engine_of(found.recipe)
            return {
                "engine": engine,
                "preset": direction.preset,
                "settings": diff(direction, engine),
                "marks": [line for _, line in provenance.ticks(found)],
            }

    def save_look(title: str, preset: str = "linkedin", settings: Settings = {}, words: str = "") -> LookFile:
        """Write a look as a file to share, in the form of the app's own presets. Person, seed and rung stay out.

        Args:
            title: the look's name, at most 40 characters.
            preset: the look that it starts from.
            settings: what to change of it.
            words: your own words for it.

        Returns:
            name (of the file) and toml (its text).
        """
        with told():
            name, data = look_file.save(direct(preset, words=words, overrides=settings), title)
            return {"name": name, "toml": data.decode()}

    def load_look(toml: str, engine: str = OWN_PIXELS) -> LoadedLook:
        """Read a look from the text of a file that /save_look or the page made.

        Args:
            toml: the file's text.
            engine: who is to paint it.

        Returns:
            title, preset and settings, which /headshot takes as they are; note (which of the app's looks is nearest).
        """
        with told():
            loaded = look_file.load(toml.encode(), engine=engine)
            direction = loaded.direction
            return {
                "title": loaded.title,
                "preset": direction.preset,
                "settings": diff(direction, engine),
                "note": loaded.note,
            }

    publish(choices)
    publish(settings_of)
    publish(save_look)
    publish(load_look)


def _engine(name: str) -> EngineOf:
    status = get_engine(name).status()
    reason = " ".join(part for part in (status.reason, status.hint) if part)
    return {
        "name": name,
        "title": status.title,
        "available": status.available,
        "reason": "" if status.available else reason,
        "licence": status.licence,
    }


def _setting(key: str, setting: Setting) -> SettingOf:
    return {
        "key": key,
        "label": setting.label,
        "technical": setting.info,
        "kind": setting.kind,
        "low": setting.low if setting.numeric else None,
        "high": setting.high if setting.numeric else None,
        "step": setting.step if setting.numeric else None,
        "choices": list(setting.choices),
        "length": setting.length if setting.kind == "text" else None,
    }
