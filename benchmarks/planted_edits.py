"""Measure what the report finds: planted edits and harmless changes over the test photos.

A planted edit whose measure is grey though its preconditions hold was not found.

    python -m benchmarks.planted_edits --out edits.json     # measure (tens of minutes on two cores)
    python -m benchmarks.planted_edits --show edits.json   # the tables of docs/log.md
    python -m benchmarks.planted_edits --eye-px 90 60 40    # the same on faces made this small, a table for each size
    python -m benchmarks.planted_edits --vae                # the harmless part of a generator: through TAESD at 512 px

Every planted edit is followed by a harmless change, on every portrait; `--each` says how many of the harmless
changes each pair of photo and edit gets (they rotate). A photo whose face is smaller than the size asked for is left
out there: enlarging would add no detail. The test photos are found as the tests find them.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from headshot.authenticity.line_up_answers import wilson
from headshot.authenticity.report import judge
from headshot.authenticity.thresholds import measures
from headshot.imaging.landmarks import eye_centre_distance, eye_centres
from tests.fixtures import edits, faces

PLANTED = {
    "eyes +6%": ("eye_size", lambda p, q: edits.scale_eyes(p, q, 6)),
    "eyes +10%": ("eye_size", lambda p, q: edits.scale_eyes(p, q, 10)),
    "eyes +6% right, −6% left": ("eye_size", lambda p, q: edits.scale_eyes(p, q, 6, -6)),
    "left eye +6%": ("eye_size", lambda p, q: edits.scale_eyes(p, q, 0, 6)),
    "nose −6%": ("nose_width", lambda p, q: edits.scale_nose(p, q, -6)),
    "nose −10%": ("nose_width", lambda p, q: edits.scale_nose(p, q, -10)),
    "jaw −6%": ("jaw_width", lambda p, q: edits.scale_jaw(p, q, -6)),
    "jaw −10%": ("jaw_width", lambda p, q: edits.scale_jaw(p, q, -10)),
    "skin +6 L*": ("beyond_light", lambda p, q: edits.lighten_skin(p, q, 6)),
    "skin +12 L*": ("beyond_light", lambda p, q: edits.lighten_skin(p, q, 12)),
    "exposure as +12 L*": ("beyond_light", lambda p, q: edits.brighten_like(p, q, 12)),
    "hue +8°": ("skin_hue", lambda p, q: edits.turn_skin_hue(p, q, 8)),
    "blur .8 px": ("sharpness", lambda p, q: edits.blur(p, q, 0.8)),
    "blur 1.5 px": ("sharpness", lambda p, q: edits.blur(p, q, 1.5)),
    "skin smoothed": ("texture", lambda p, q: edits.smooth_skin(p, q)),
    "skin blurred 1.5 px": ("texture", lambda p, q: edits.blur_skin(p, q, 1.5)),
    "hair +15%": ("hair_outline", lambda p, q: edits.scale_hair(p, q, 15)),
    "hair −15%": ("hair_outline", lambda p, q: edits.scale_hair(p, q, -15)),
    "half symmetrised": ("asymmetry", lambda p, q: edits.symmetrise(p, q, 0.5)),
    "asymmetry × 1.8": ("asymmetry", lambda p, q: edits.symmetrise(p, q, -0.8)),
    "mole added": ("marks", lambda p, q: edits.add_mole(p, q)),
    "planted mole removed": ("marks", lambda p, q: p),
    "faint spot removed": ("marks", edits.remove_mole),
}
LEAST_PX = {"sharpness": 90.0, "texture": 90.0, "marks": 90.0}  # between the eyes; 40 for the rest
HARMLESS = edits.HARMLESS | {
    "JPEG 60": lambda p: edits.jpeg(p, 60),
    "rotated back": lambda p: edits.rotate(p, -2),
    "white backdrop": lambda p: edits.new_backdrop(p, (245, 245, 245)),
}

Face = tuple[np.ndarray, np.ndarray]


def original(name: str, eye_px: float | None) -> Face | None:
    """Read a photo with its landmarks; reduced to `eye_px` between the eyes where given, None where it has fewer."""
    photo, points = faces.photo(name), faces.landmarks(name)
    if eye_px is None:
        return photo, points
    scale = eye_px / eye_centre_distance(points)
    if scale > 1.05:
        return None
    small = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = faces.find_landmarks(small)
    assert found is not None
    return small, found


def measure(photo: Face, picture: np.ndarray, own_pixels: bool = True) -> dict[str, Any]:
    found = faces.find_landmarks(picture)
    assert found is not None
    report = judge(*photo, picture, found, own_pixels=own_pixels)
    return {f.id: [f.value, f.state] for f in report.findings}


def run(each: int, eye_px: float | None) -> list[dict[str, Any]]:
    rows = []
    names = list(HARMLESS)
    start = time.time()
    for k, name in enumerate(faces.PORTRAITS):
        face = original(name, eye_px)
        if face is None:
            continue
        rows += [_row(name, "", c, measure(face, HARMLESS[c](face[0]))) for c in names if c != "nothing"]
        for j, (edit, (_, plant)) in enumerate(PLANTED.items()):
            edited = plant(*face)
            if edited is None:
                continue
            # Here the photo has the mole and the picture has not.
            before = (edits.add_mole(*face), face[1]) if edit == "planted mole removed" else face
            for i in range(each):
                change = names[(k + 5 * j + 3 * i) % len(names)]
                rows.append(_row(name, edit, change, measure(before, HARMLESS[change](edited))))
        print(f"{name}: {len(rows)} pairs, {time.time() - start:.0f} s", file=sys.stderr, flush=True)
    size = {} if eye_px is None else {"between_eyes": eye_px}
    return [row | size | {"eye_px": eye_px} for row in rows]


def expected(row: dict[str, Any], measure_id: str) -> bool:
    """Tell whether the measure's preconditions hold, so that grey counts as not found."""
    if measure_id.startswith("hair") and row["change"] == "cropped to the face":
        return False
    # A photo at the very limit may fall below it by a search of its mesh anew.
    return bool(row["between_eyes"] >= 1.02 * LEAST_PX.get(measure_id, 40.0))


def run_vae() -> list[dict[str, Any]]:
    """Send each portrait's head, 512 px wide, through TAESD and back: what any generator changes."""
    import torch
    from diffusers import AutoencoderTiny
    from safetensors.torch import load_file

    vae = AutoencoderTiny()
    folder = faces.SHARED / "data" / "weights"
    # madebyollin's taesd.py numbers its decoder's layers from a clamp that diffusers leaves out.
    state = {f"encoder.layers.{k}": v for k, v in load_file(folder / "taesd_encoder.safetensors").items()}
    for key, value in load_file(folder / "taesd_decoder.safetensors").items():
        number, rest = key.split(".", 1)
        state[f"decoder.layers.{int(number) - 1}.{rest}"] = value
    vae.load_state_dict({k: v.float() for k, v in state.items()}, strict=True)
    rows = []
    for name in faces.PORTRAITS:
        photo, points = faces.photo(name), faces.landmarks(name)
        x, y = eye_centres(points).mean(axis=0)
        eye_px = eye_centre_distance(points)
        x0, y0 = max(0, round(x - 2.4 * eye_px)), max(0, round(y - 2.4 * eye_px))
        x1, y1 = min(photo.shape[1], round(x + 2.4 * eye_px)), min(photo.shape[0], round(y + 3.6 * eye_px))
        head = photo[y0:y1, x0:x1]
        size = (512, round(512 * head.shape[0] / head.shape[1] / 8) * 8)
        head = cv2.resize(head, size, interpolation=cv2.INTER_CUBIC)
        with torch.no_grad():
            batch = torch.from_numpy(head).permute(2, 0, 1)[None].float() / 127.5 - 1
            out = vae.decode(vae.encode(batch).latents).sample[0].permute(1, 2, 0).numpy()
        picture = np.clip(np.round((out + 1) * 127.5), 0, 255).astype(np.uint8)
        print(name, file=sys.stderr, flush=True)
        rows.append(_row(name, "", "VAE", measure((photo, points), picture, own_pixels=False)))
    return rows


def _row(name: str, edit: str, change: str, values: dict[str, Any]) -> dict[str, Any]:
    apart = eye_centre_distance(faces.landmarks(name))
    return {"photo": name, "edit": edit, "change": change, "values": values, "between_eyes": apart}


def show(rows: list[dict[str, Any]]) -> str:
    """Write the tables, two for each size; those of the photos as they are first."""
    sizes = list(dict.fromkeys(r.get("eye_px") for r in rows))
    parts = []
    for size in sizes:
        photos = len({r["photo"] for r in rows if r.get("eye_px") == size})
        title = "photos as they are" if size is None else f"{size:g} px between the eyes"
        parts.append(f"## {title} ({photos} portraits)\n\n{_tables([r for r in rows if r.get('eye_px') == size])}")
    return "\n\n".join(parts)


def _tables(rows: list[dict[str, Any]]) -> str:
    lines = [
        "Null: harmless changes of the same photo (n pairs; share amber and red by the cuts of each regime)",
        "",
    ]
    lines += ["| measure | n | median | 95% of abs. | worst | own pixels amber / red | generator amber / red |"]
    lines += ["|---|---|---|---|---|---|---|"]
    null = [r for r in rows if not r["edit"]]
    for measure_id in null[0]["values"]:
        values = np.array([v for r in null if (v := r["values"][measure_id][0]) is not None])
        if not len(values) or not measures()[measure_id].thresholds:
            continue
        unchanged = 1.0 if measure_id in ("texture", "asymmetry") else 0.0
        off = np.abs(values - unchanged)
        states = [_shares(values, measure_id, regime) for regime in ("own pixels", "generator")]
        lines.append(
            f"| {measure_id} | {len(values)} | {np.median(values):.2f} | {np.percentile(off, 95):.2f} "
            f"| {values[off.argmax()]:.2f} | {states[0]} | {states[1]} |"
        )
    lines += ["", "Planted edits, each followed by a harmless change (found = amber or red)", ""]
    lines += ["| edit | measure | reads (mean ± sd) | found (Wilson 95%) | red | light | dark skin | generator cuts |"]
    lines += ["|---|---|---|---|---|---|---|---|"]
    for edit, (measure_id, _) in PLANTED.items():
        chosen = [r for r in rows if r["edit"] == edit and expected(r, measure_id)]
        values = np.array([np.nan if (v := r["values"][measure_id][0]) is None else v for r in chosen])
        if not np.isfinite(values).any():
            continue
        dark = np.array([r["photo"] in faces.DARK_SKIN for r in chosen])
        states = np.array([_state(v, measure_id, "own pixels") for v in values])
        loose = np.array([_state(v, measure_id, "generator") for v in values])
        found = (states != "green") & (states != "grey")
        lines.append(
            f"| {edit} | {measure_id} | {np.nanmean(values):.2f} ± {np.nanstd(values):.2f} "
            f"| {_rate(found)}{_interval(found)} | {(states == 'red').mean():.0%} "
            f"| {_rate(found[~dark])} | {_rate(found[dark])} | {((loose != 'green') & (loose != 'grey')).mean():.0%} |"
        )
    return "\n".join(lines)


def _rate(found: np.ndarray) -> str:
    return f"{int(found.sum())} of {len(found)}"


def _interval(found: np.ndarray) -> str:
    low, high = wilson(int(found.sum()), len(found))
    return f" ({low:.0%} to {high:.0%})"


def _state(value: float, measure_id: str, regime: Any) -> str:
    rule = measures()[measure_id].threshold(regime)
    return rule.state(value) if rule and np.isfinite(value) else "grey"


def _shares(values: np.ndarray, measure_id: str, regime: str) -> str:
    states = [_state(v, measure_id, regime) for v in values]
    return f"{states.count('amber') / len(states):.1%} / {states.count('red') / len(states):.1%}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--show", type=Path)
    parser.add_argument("--each", type=int, default=3)
    parser.add_argument("--eye-px", type=float, nargs="+", default=[None])
    parser.add_argument("--vae", action="store_true")
    options = parser.parse_args()
    if options.show:
        print(show(json.loads(options.show.read_text(encoding="utf-8"))))
        return
    rows = run_vae() if options.vae else [row for size in options.eye_px for row in run(options.each, size)]
    if options.out:
        options.out.write_text(json.dumps(rows), encoding="utf-8")
    print(show(rows))


if __name__ == "__main__":
    main()
