"""The tab Worth it: what a headshot costs elsewhere and here."""
