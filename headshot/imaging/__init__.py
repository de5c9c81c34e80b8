"""Pixels only: colour, warps, drawing, points of a face mesh. Knows no photo, no person, no wish."""
