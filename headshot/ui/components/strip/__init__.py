"""The photo in the header: small, with what its check says."""
