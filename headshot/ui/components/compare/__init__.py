"""Original and headshot: slider, side by side, blinking."""
