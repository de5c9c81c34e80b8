"""What strangers send to the served page."""
