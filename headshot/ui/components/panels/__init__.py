"""The parts of the studio, one at a time: which of them is in sight."""
