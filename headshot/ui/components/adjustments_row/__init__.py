"""One-click adjustments of the current picture."""
