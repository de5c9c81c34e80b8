"""A report as HTML for the page: the card, its table, close-ups."""
