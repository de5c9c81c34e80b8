"""The tab Compare: sheets, best of several, furthest, any two pictures."""
