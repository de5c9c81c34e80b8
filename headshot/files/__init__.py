"""What leaves the app as bytes or HTML, and what comes back: `encode.headshot_file` writes a file, `read` reads one.

XMP first (IPTC digital source type and the recipe), C2PA content credentials last, so that the signature covers
the XMP as well. Neither ever holds the upload, its file name or an embedding.
"""

from headshot.files.certificate import fault as signing_fault
from headshot.files.provenance import MAX_BYTES, Provenance, finding, mime_type, read, ticks
from headshot.files.recipe import engine_of, recipe_of, restore
from headshot.files.source_type import COMPOSITE, GENERATED, OWN_PIXELS, source_type

__all__ = [
    "COMPOSITE",
    "GENERATED",
    "MAX_BYTES",
    "OWN_PIXELS",
    "Provenance",
    "engine_of",
    "finding",
    "mime_type",
    "read",
    "recipe_of",
    "restore",
    "signing_fault",
    "source_type",
    "ticks",
]
