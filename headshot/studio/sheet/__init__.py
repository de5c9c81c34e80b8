"""Contact sheets: which cells, in what order, as one picture and as files."""
