"""A strip of pictures to choose from."""
