"""What only a generator hears: the kinds of setting of which several files hold some."""

from __future__ import annotations

from functools import partial

from headshot.direction.records.groups import GENERATED
from headshot.direction.setting import HeededBy, Setting

_ONLY_PAINTED = "“{}” makes no difference to your own pixels: only a generator paints from it."
painted_text = partial(Setting, kind="text", heeded_by=HeededBy.GENERATOR, own_pixels=_ONLY_PAINTED)
expert = partial(Setting, group=GENERATED, heeded_by=HeededBy.GENERATOR, own_pixels=_ONLY_PAINTED)
