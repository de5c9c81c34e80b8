"""Tests, in the rooms of headshot/. Shared material is found once, here."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("HEADSHOT_SHARED", ROOT.parent / "shared"))
