"""What helps to take a good photo with the camera: light, and whether it is held level."""
