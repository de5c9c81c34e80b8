"""What each tool at 1 leaves of a fault planted on faces: `python -m benchmarks.retouch_residuals [NAME …]`.

One table: the fault, the skin's tone as pictured (individual typology angle, dark below 10°), photos and places; ΔE
(CIE 1976, in colours smoothed over .03 of the eye distance) of the planted area against the untouched photo, median
and worst; its fine texture over the photo's; the share inside both bounds; the share inside where the tool changes the
clean photo by less than 1.5 there; and the mean ΔE that the tool changes on all skin of the clean photo. Of a face's
own shine or shadow at the place the tool takes its part too, which counts here as left. Glare is planted behind a
frame that is drawn on: without one the tool does nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from benchmarks.contact_sheet import photos
from benchmarks.retouch_sheet import PLAIN
from headshot.canvas.retouching.face_part import FacePart, face_part, with_part
from headshot.canvas.retouching.glare import calm_glare
from headshot.canvas.retouching.heal import REACH, heal
from headshot.canvas.retouching.redness import even_redness
from headshot.canvas.retouching.shine import calm_shine
from headshot.canvas.retouching.under_eyes import lift_under_eyes
from headshot.direction.direct import direct
from headshot.direction.places import write_places
from headshot.errors import UserError
from headshot.imaging.colour import is_grey
from headshot.studio.session import Sitting
from headshot.types import F32, Canvas
from tests.fixtures.edits.faults import Planted, apart, lab, planted, texture, with_glasses

HEIGHT = 700  # px
# Mean ΔE: what is natural, and a strong fault.
STRENGTHS = {"pimple": (8.0,), "shine": (5.0, 8.0), "redness": (4.0, 6.0), "shadow": (5.0, 8.0), "glare": (8.0,)}
TOOLS: dict[str, Callable[[FacePart, float], F32]] = {
    "shine": calm_shine,
    "redness": even_redness,
    "shadow": lift_under_eyes,
    "glare": calm_glare,
}
MOST_LEFT, TEXTURE, QUIET, DARK = 3.0, (0.75, 1.35), 1.5, 10.0


def healed(canvas: Canvas, part: FacePart, fault: Planted) -> F32:
    """Heal a planted pimple by a click on its middle: linear light of the part."""
    before = canvas.picture.astype(np.float32)
    at = np.array([fault.at[0] + part.columns.start, fault.at[1] + part.rows.start, 1.0])
    x, y = cv2.invertAffineTransform(canvas.framing.matrix) @ at
    width, height = canvas.framing.photo
    place = write_places([((x + 0.5) / width, (y + 0.5) / height)])
    made = face_part(heal(with_part(before, part, fault.linear), canvas, place), canvas)
    assert made is not None
    return made.linear


def rows(name: str, canvas: Canvas) -> list[dict[str, Any]]:
    """Measure all faults at all places of one photo."""
    part = face_part(canvas.picture.astype(np.float32), canvas)
    if part is None or is_grey(canvas.picture) or (part.skin > 0.8).sum() < 400:
        return []
    sure = part.skin > 0.8
    light, _, yellow = np.median(lab(part.linear)[sure], axis=0)
    tone = "dark" if np.degrees(np.arctan2(light - 50, yellow)) < DARK else "light"
    found, bare = [], part
    for kind, strength in ((kind, strength) for kind, strengths in STRENGTHS.items() for strength in strengths):
        tool, part = TOOLS.get(kind), with_glasses(bare) if kind == "glare" else bare
        clean = tool(part, 1.0) if tool else part.linear
        untouched = apart(part, clean, part.linear, sure)
        for fault in planted(part, kind, strength):
            made = tool(replace(part, linear=fault.linear), 1.0) if tool else healed(canvas, part, fault)
            left = apart(part, made, part.linear, fault.where)
            over = fault.where if tool else _disc(part, fault.at)
            kept = texture(part, made, over) / texture(part, part.linear, over)
            own = apart(part, clean, part.linear, fault.where)
            inside = left < MOST_LEFT and TEXTURE[0] < kept < TEXTURE[1]
            found.append(
                {"name": name, "kind": f"{kind} {strength:g}", "tone": tone, "left": left, "texture": kept, "own": own}
                | {"inside": inside, "untouched": untouched}
            )
    return found


def _disc(part: FacePart, at: np.ndarray) -> np.ndarray:
    """All that a heal lays anew about the point `at`: a pimple's own thirty pixels are too few for a texture."""
    y, x = np.mgrid[: part.skin.shape[0], : part.skin.shape[1]]
    return np.hypot(x - at[0], y - at[1]) < REACH * part.ied


def table(found: list[dict[str, Any]]) -> str:
    """Write the rows as a table of Markdown."""
    lines = [
        "| fault | tone | photos | places | ΔE median | worst | texture | inside | inside where clean | untouched ΔE |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for kind in dict.fromkeys(r["kind"] for r in found):
        for tone in ("light", "dark"):
            of = [r for r in found if r["kind"] == kind and r["tone"] == tone]
            if not of:
                continue
            left, kept = (np.array([r[key] for r in of]) for key in ("left", "texture"))
            quiet = [r["inside"] for r in of if r["own"] < QUIET]
            untouched = np.mean(list({r["name"]: r["untouched"] for r in of}.values()))
            lines.append(
                f"| {kind} | {tone} | {len({r['name'] for r in of})} | {len(of)} | {np.median(left):.1f} "
                f"| {left.max():.1f} | {kept.min():.2f} to {kept.max():.2f} "
                f"| {100 * np.mean([r['inside'] for r in of]):.0f}% "
                f"| {f'{100 * np.mean(quiet):.0f}% of {len(quiet)}' if quiet else '-'} | {untouched:.2f} |"
            )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="photos by name, without ending; default: all")
    found = []
    for path in photos(parser.parse_args().names):
        try:
            found += rows(path.stem, Sitting.open(path).canvas(direct(overrides=PLAIN), HEIGHT))
        except UserError as error:
            print(f"{path.stem}: {error.message}", flush=True)
    print(table(found))


if __name__ == "__main__":
    main()
