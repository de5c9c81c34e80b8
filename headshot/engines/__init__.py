"""The engines, and a registry that loads each one only when it is asked for."""
