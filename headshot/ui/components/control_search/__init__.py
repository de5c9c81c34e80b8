"""A field that finds a control by its name."""
