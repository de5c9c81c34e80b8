"""Both pictures as profile circles."""
