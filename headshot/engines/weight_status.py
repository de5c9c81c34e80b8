"""What of an engine's weights is here, in words."""

from __future__ import annotations

from headshot.direction.engine_table import engine_info
from headshot.engines.base import EngineStatus
from headshot.language import tr
from headshot.weights import store as weights


def weight_status(name: str) -> EngineStatus:
    """Tell what of the weights of engine `name` is here, how large the rest is, and its licence. Loads nothing."""
    roles = weights.needed(name)
    here = {s.role: s for s in weights.status(dict.fromkeys((*roles, *weights.fetched(name))))}
    missing = tuple(r for r in roles if not here[r].present)
    info = engine_info(name)
    title, licence = info.title, info.licence
    if not missing:
        return EngineStatus(name, title, True, bytes=weights.total_bytes(roles), licence=licence)
    # What the command below fetches, the safety checker among it.
    size = weights.total_bytes(r for r in weights.fetched(name) if not here[r].present)
    damaged = "; ".join(here[r].note for r in missing if here[r].note)
    what = tr("{size} of weights are not on this machine ({names})", size=weights.size(size), names=", ".join(missing))
    if damaged:
        what = tr(
            "{size} of weights ({names}) are missing or cannot be used ({damaged})",
            size=weights.size(size),
            names=", ".join(missing),
            damaged=damaged,
        )
    return EngineStatus(
        name,
        title,
        False,
        reason=tr("{title}: {what}, licence: {licence}.", title=title, what=what, licence=licence),
        hint=tr("To fetch them, type: python -m headshot weights --download {name}", name=name),
        missing=missing,
        bytes=size,
        licence=licence,
        damaged=damaged,
    )
