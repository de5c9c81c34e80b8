"""The headings under which the page shows the settings, in its order."""

from __future__ import annotations

CROP, LIGHT, BACKDROP, POSING, FINISHING = "Crop", "Light", "Backdrop", "Posing and clothes", "Finishing"
SKIN, EYES, MOUTH, HAIR, SHAPE = "Skin", "Eyes", "Mouth", "Hair", "Shape"
GENERATED = "For generated pictures"
