"""What Pillow's parsers raise on a broken file: the file is at fault, not the program."""

from __future__ import annotations

import struct

from PIL import Image

PILLOW_FAULTS = (
    Image.DecompressionBombError,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    RuntimeError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    struct.error,
)
