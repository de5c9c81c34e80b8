"""What a photographer takes away because it passes: shine, redness, shadows under the eyes, yellow of teeth."""
