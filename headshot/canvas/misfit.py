"""Say where a photo and a look do not go together: what a backdrop and a key light cannot change."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import ImageColor

from headshot.canvas.stage import Stage
from headshot.imaging.colour import is_grey
from headshot.language import tr
from headshot.types import Direction

_HARD = 0.75  # stops for each unit of the normal's x: one cheek a stop and a half darker than the other
_BRIGHT = 200  # mean code value of a backdrop from which it shows no shadows itself
_LIFTED = 0.4  # fill from which the shadow side is lifted already
_AGAINST = "Your photo is lit hard from the {side}, and this look from the other side: turn its light round."
_TOO_BRIGHT = (
    "Your photo is lit hard from the {side}, which a bright look cannot take away: a darker backdrop, or the shadow "
    "side lifted, suits it better."
)
_COLOURED = 24  # code values between a backdrop's channels from which it has a hue that is seen


def misfits(stage: Stage, direction: Direction) -> Iterator[str]:
    """Give a sentence for each thing in which a photo does not fit a look with a backdrop of its own."""
    colour = ImageColor.getrgb(direction.backdrop.colour)[:3]
    if max(colour) - min(colour) > _COLOURED and direction.retouch.mono < 0.5 and is_grey(stage.original):
        yield tr("Your photo has no colours: a black-and-white look suits it better (retouch.mono=1).")
    light, towards = direction.light, stage.side_light
    if abs(towards) < _HARD:
        return
    side = "right" if towards > 0 else "left"
    if light.strength > 0 and light.key_side not in (side, "none"):
        yield tr(_AGAINST, side=tr(side)) + f" (light.key_side={side})"
    elif sum(colour) / 3 > _BRIGHT and light.fill < _LIFTED:
        yield tr(_TOO_BRIGHT, side=tr(side)) + " (light.fill=0.5)"
