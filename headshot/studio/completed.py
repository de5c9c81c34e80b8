"""What every picture says of itself, whoever made it: how long it took, what its photo claims, what cut it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from headshot.canvas.cutout.matting import matting_weights
from headshot.canvas.retouching.glare import GlareStays, glare_stays
from headshot.canvas.retouching.heal import kept_spots
from headshot.files.opened_photo import CLAIMED_NOTE
from headshot.language import tr, tr_count
from headshot.types import Headshot, Photo

GLARE_STAYS: dict[GlareStays, str] = {
    "burnt out": "Glare covers an eye, or is burnt out: nothing beside it tells what is under it, so that part stays.",
    "no glasses": "No frame of glasses is seen on this face, so no glare was taken. Rimless glasses are not seen.",
}


def completed(made: Headshot, photo: Photo, strangers: Sequence[str], seconds: float) -> Headshot:
    """Add to a picture what its engine does not know. `strangers`: sentences on photos that were left out."""
    notes = (*((CLAIMED_NOTE,) if photo.claimed else ()), *strangers, *made.notes)
    if kept := kept_spots(made.canvas, made.direction.retouch.heal):
        notes = (
            *notes,
            tr_count(
                "{count} spot lies in what you keep: it was not healed.",
                "{count} spots lie in what you keep: they were not healed.",
                kept,
            ),
        )
    canvas, recipe = made.canvas, made.recipe
    if made.direction.retouch.glare > 0 and (why := canvas.steps.get("glare stays", (), lambda: glare_stays(canvas))):
        notes = (*notes, tr(GLARE_STAYS[why]))
        recipe = {**recipe, "undone": ["glare"]} if why == "no glasses" else recipe
    if cut_by := matting_weights(made.direction.cutout.matting):
        recipe = {**recipe, "weights": {**recipe.get("weights", {}), **cut_by}}
    return replace(made, seconds=seconds, notes=notes, recipe=recipe, claimed=photo.claimed, signed=photo.signed)
