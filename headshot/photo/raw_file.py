"""A camera's RAW file, told by its content: Pillow would take the thumbnail in it for the photo."""

from __future__ import annotations

from PIL import Image

from headshot.errors import PhotoError
from headshot.imaging.pillow_faults import PILLOW_FAULTS
from headshot.language import tr

_MAGIC = (
    (0, b"FUJIFILMCCD-RAW", "Fujifilm RAF"),
    (0, b"IIRO", "Olympus ORF"),
    (0, b"IIRS", "Olympus ORF"),
    (0, b"MMOR", "Olympus ORF"),
    (0, b"IIU\0", "Panasonic RW2"),
    (0, b"FOVb", "Sigma X3F"),
    (0, b"\0MRM", "Minolta MRW"),
    (8, b"CR\2\0", "Canon CR2"),
    (4, b"ftypcrx ", "Canon CR3"),
)
_MAKERS = (
    ("NIKON", "Nikon NEF"),
    ("SONY", "Sony ARW"),
    ("PENTAX", "Pentax PEF"),
    ("RICOH", "Pentax PEF"),
    ("SAMSUNG", "Samsung SRW"),
    ("HASSELBLAD", "Hasselblad 3FR"),
    ("PHASE ONE", "Phase One IIQ"),
    ("KODAK", "Kodak DCR"),
    ("EPSON", "Epson ERF"),
    ("LEICA", "Leica RWL"),
    ("MAMIYA", "Mamiya MEF"),
)
# TIFF tags: what the first picture is, its photometry, its maker, further directories, DNG's version.
_SUBFILE, _PHOTOMETRY, _MAKE, _SUB_DIRECTORIES, _DNG = 254, 262, 271, 330, 50706
_SENSOR = (32803, 34892)  # photometry of a colour filter array, and of its linear values


def check_by_magic(data: bytes) -> None:
    """Refuse a RAW file that its first bytes tell. Raises PhotoError."""
    for at, magic, name in _MAGIC:
        if data.startswith(magic, at):
            raise _raw(name)


def check_tiff(image: Image.Image) -> None:
    """Refuse an opened TIFF that is a RAW file: a thumbnail with the sensor's values behind it. Raises PhotoError."""
    try:
        tags = dict(getattr(image, "tag_v2", {}))
        maker = str(tags.get(_MAKE, "")).strip().upper()
        thumbnail = int(tags.get(_SUBFILE, 0)) & 1 and _SUB_DIRECTORIES in tags
        sensor = tags.get(_PHOTOMETRY) in _SENSOR
    except PILLOW_FAULTS:
        return  # broken tags: the decoder says so
    if _DNG in tags:
        raise _raw("DNG")
    if thumbnail or sensor:
        raise _raw(next((name for known, name in _MAKERS if maker.startswith(known)), ""))


def _raw(name: str) -> PhotoError:
    kind = f" ({name})" if name else ""
    return PhotoError(
        tr("This is a camera's RAW file{kind}, not a finished picture.", kind=kind),
        "Export it as a JPEG, in the camera or with a photo program.",
    )
