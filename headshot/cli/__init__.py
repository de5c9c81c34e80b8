"""The command line: arguments in, one call of studio, text and files out. No decision is made here."""
