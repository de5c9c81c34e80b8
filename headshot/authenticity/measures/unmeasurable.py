"""The normal case that something cannot be measured: it becomes a grey finding, with the reason."""

from __future__ import annotations


class Unmeasurable(Exception):
    """A measure's precondition fails. The message ends the sentence "Could not be measured: …"."""
