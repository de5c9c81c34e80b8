"""The components of "Make" by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class Parts:
    """The page's components by name; `controls` in the order of controls.KEYS, `notes` in that of controls.GROUPS."""

    session: Any = None
    photo: Any = None
    consent: Any = None
    checks: Any = None
    example: Any = None
    look: Any = None
    loaded_looks: Any = None
    change: Any = None
    words: Any = None
    said: Any = None
    keep: Any = None
    locked: Any = None
    engine: Any = None
    engines: Any = None
    expert: Any = None
    controls: tuple[Any, ...] = ()
    notes: tuple[Any, ...] = ()
    randomize: Any = None
    pose: Any = None
    pose_read: Any = None
    further: Any = None
    further_note: Any = None
    setup: Any = None
    view: Any = None
    make: Any = None
    stop: Any = None
    candidate: Any = None
    history: Any = None
    look_file: Any = None
    kind: Any = None
    save: Any = None
    badge: Any = None
    marks: Any = None
    card: Any = None
    avatars: Any = None
    saved: Any = None
    tabs: Any = None
    compare: Any = None
