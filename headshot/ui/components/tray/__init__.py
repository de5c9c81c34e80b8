"""Every picture of the session, in a row."""
