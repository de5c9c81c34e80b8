"""What is said where a setting goes no further."""

from __future__ import annotations


def end(word: str) -> str:
    """Say that it is at its end."""
    return f"That is as {word} as it goes."
