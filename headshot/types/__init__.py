"""The frozen records that the rooms hand on: Photo → Subject → Canvas → Headshot → AuthenticityReport.

Pictures are numpy arrays of shape (height, width, 3), uint8, sRGB, RGB order. Mattes and maps are
(height, width) float32 in 0..1. Points are (x, y) or (x, y, z) in pixels, x to the right, y down; z is
MediaPipe's depth in the same unit, smaller is nearer to the camera. Nothing here imports more than numpy.
"""

from __future__ import annotations

from headshot.types.arrays import F32, F64, U8
from headshot.types.direction import (
    ASPECTS,
    ATTIRES,
    BACKDROPS,
    EXPRESSIONS,
    GAZES,
    SIDES,
    TURNS,
    Backdrop,
    Crop,
    CutoutSettings,
    Direction,
    Generate,
    Light,
    Look,
    Posing,
    Retouch,
    Shape,
)
from headshot.types.photo import Check, Cutout, Doubt, Face, Photo, Pose, SignedOriginal, Subject
from headshot.types.picture import Canvas, Framing, Headshot, Preview
from headshot.types.report import AuthenticityReport, Finding, Kept
from headshot.types.state import KeptState, State
from headshot.types.steps import MOST_PIXELS, LastSteps

__all__ = [
    "ASPECTS",
    "ATTIRES",
    "BACKDROPS",
    "EXPRESSIONS",
    "F32",
    "F64",
    "GAZES",
    "MOST_PIXELS",
    "SIDES",
    "TURNS",
    "U8",
    "AuthenticityReport",
    "Backdrop",
    "Canvas",
    "Check",
    "Crop",
    "Cutout",
    "CutoutSettings",
    "Direction",
    "Doubt",
    "Face",
    "Finding",
    "Framing",
    "Generate",
    "Headshot",
    "Kept",
    "KeptState",
    "LastSteps",
    "Light",
    "Look",
    "Photo",
    "Pose",
    "Posing",
    "Preview",
    "Retouch",
    "Shape",
    "SignedOriginal",
    "State",
    "Subject",
]
