"""The gallery of looks."""
