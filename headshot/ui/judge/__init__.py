"""The tab Judge: two photos in, the report out."""
