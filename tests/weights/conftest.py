"""A machine with a table of weights, a cache and a hub of its own."""

from tests.fixtures.weights_table import home, server

__all__ = ["home", "server"]
