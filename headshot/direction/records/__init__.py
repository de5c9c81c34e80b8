"""The records of the settings, those of one part of the wish a file."""
