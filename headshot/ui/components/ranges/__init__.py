"""Sliders with two ends."""
