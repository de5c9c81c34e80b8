"""Which settings an engine hears, and in one sentence why it does not hear the others."""

from __future__ import annotations

# Settings that are words for a generator: own pixels are framed, lit and finished, and nothing is painted.
_PAINTED = ("look.", "posing.", "generate.")
_PAINTED_TOO = frozenset({"words", "avoid", "person", "seed"})


def without_effect(key: str, engine: str) -> str:
    """"" where `engine` heeds the setting `key`, else the reason for people."""
    from headshot.plain import name_of

    if engine != "retouch":
        return ""
    if key.startswith("posing."):
        return f"“{name_of(key)}” needs a generator: own pixels keep you as you were photographed."
    if key in _PAINTED_TOO or key.startswith(_PAINTED):
        return f"“{name_of(key)}” makes no difference to your own pixels: only a generator paints from it."
    if key == "keep":
        return "Your own pixels are kept in any case: “Always keep” binds a generator, and the report looks after it."
    if key == "change":
        return "Your own pixels end at “new backdrop”: the rungs above it need a generator."
    return ""
