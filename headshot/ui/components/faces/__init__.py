"""The faces of a photo, one of them chosen."""
