"""The engines' names and titles, as data: what may be named without being loaded."""

from __future__ import annotations

TITLES = {
    "retouch": "Your own pixels",
    "faceid-sd15": "FaceID on Stable Diffusion 1.5",
    "faceid-sdxl": "FaceID on Stable Diffusion XL",
}
