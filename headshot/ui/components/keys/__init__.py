"""The sheet of keys, and what the page does by itself: the count-down, the camera's button, pasted photos."""
