"""The tab Make: photo, look, controls, result, one file for each card or panel."""
