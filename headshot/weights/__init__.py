"""Bytes that are fetched: the table of files, where they lie, how they are downloaded and checked."""
