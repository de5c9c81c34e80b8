"""Example photos to begin with."""
