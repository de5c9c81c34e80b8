"""Headshot: one photo in, a professional headshot beside the original, and the evidence to judge it."""

__version__ = "0.1.0"
