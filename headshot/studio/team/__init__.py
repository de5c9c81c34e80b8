"""Many people in one look: who they are, how each is matched, made and judged, in one process or in several."""
