"""Lines of words with a button each."""
