"""A file saved by the browser, nothing written here."""
