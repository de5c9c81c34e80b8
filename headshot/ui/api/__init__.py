"""Named endpoints for programs and agents: arguments in, one call of studio, typed answers out."""
