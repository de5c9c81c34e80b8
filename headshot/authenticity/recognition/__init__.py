"""Face recognition networks as judges, and the curves that say what their distances mean."""
