"""The row of one-click changes, undo and redo."""
