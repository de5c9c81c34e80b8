"""Moved here from headshot/ui/desk.py."""

from __future__ import annotations

KEEP_SECONDS = 600  # a photo without use is forgotten after this
