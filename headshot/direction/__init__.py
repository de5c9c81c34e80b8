"""A wish for a picture: looks, settings, words, locks. Knows neither pixels nor models."""
