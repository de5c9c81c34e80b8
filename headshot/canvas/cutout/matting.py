"""Ask a matting network of the user's choice: its word counts beside those of the networks that are always there."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol

import cv2
import numpy as np

from headshot.canvas.cutout.working_copy import WorkingCopy
from headshot.direction.matting_table import MATTINGS
from headshot.photo.networks.session import is_here, weights_sha256
from headshot.types import F32, U8

_MOST = 1024  # px of the longer side that a network is given


class MattingNetwork(Protocol):
    """What a file of a matting network must have."""

    def __call__(self, picture: U8, role: str) -> F32:
        """(h, w) float32 0..1, how far each pixel of `picture` (h, w, 3) uint8 RGB is a person, or the main thing.

        `role`: which weights. Raises WeightsMissing.
        """
        ...


def mattings_here() -> tuple[str, ...]:
    """List the matting networks whose weights are on this machine, the built-in one first. Nothing is fetched."""
    return tuple(name for name, info in MATTINGS.items() if not info.role or is_here(info.role))


def matting_weights(name: str) -> dict[str, str]:
    """Role → sha256 of the weights of a network of MATTINGS, for the recipe; empty for the built-in one."""
    role = MATTINGS[name].role
    return {role: weights_sha256(role)} if role else {}


def network_matte(copy: WorkingCopy, name: str) -> F32 | None:
    """The matte (h, w) float32 0..1 of the working copy by the network `name` of MATTINGS; None for the built-in one.

    Everybody who is seen is in it. Raises WeightsMissing.
    """
    info = MATTINGS[name]
    if not info.network:
        return None
    module, _, function = info.network.partition(":")
    network: MattingNetwork = getattr(import_module(module), function)
    scale = min(1.0, _MOST / max(copy.full.shape[:2]))
    size = (max(1, round(copy.full.shape[1] * scale)), max(1, round(copy.full.shape[0] * scale)))
    picture = np.asarray(cv2.resize(copy.full, size, interpolation=cv2.INTER_AREA) if scale < 1 else copy.full)
    found = network(np.ascontiguousarray(picture, np.uint8), info.role)
    return np.asarray(cv2.resize(found, copy.size, interpolation=cv2.INTER_AREA).clip(0, 1), np.float32)
