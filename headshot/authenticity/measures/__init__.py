"""One measure a file: pure functions of two aligned faces, with unit, preconditions and source."""
