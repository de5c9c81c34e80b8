"""The verdict in one line under the picture."""
