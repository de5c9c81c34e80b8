"""Who else judges: recognisers of the weights' table that are on this machine, each with its own scale and threshold.

A panel holds open networks, never a photo or an embedding. One network is kept for each file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from headshot.authenticity.measures.unmeasurable import Unmeasurable
from headshot.authenticity.recognition.onnx_judge import JUDGES, OnnxRecogniser, refuse_same
from headshot.authenticity.thresholds import Threshold, threshold
from headshot.errors import UserError, WeightsDamaged, WeightsMissing
from headshot.language import tr
from headshot.weights import store

STEERING = "buffalo_l"
STEERING_FILE = "w600k_r50.onnx"


@dataclass(frozen=True, eq=False)
class Judge:
    """One recogniser with the threshold of its cosine. `curve`: its name in curves.toml, "" where it has none."""

    title: str
    recogniser: OnnxRecogniser
    threshold: Threshold
    curve: str = ""


@dataclass(frozen=True, eq=False)
class Panel:
    """Who judges beside the embedded judge; `Panel()` is nobody.

    `judges`: the best known first. `absent`: why one is not here ("": none is missed). `steering`: the model that
    steers the generators, which is shown and never judges; `steering_absent`: why it is not here. `conditioning`:
    sha256 of every file that may have steered: no judge may be one of them.
    """

    judges: tuple[Judge, ...] = ()
    absent: str = "no second recogniser was asked."
    steering: OnnxRecogniser | None = None
    steering_absent: str = "the model that steers the generator was not asked."
    conditioning: frozenset[str] = frozenset()

    def admit(self, sha256: str) -> None:
        """Raise Unmeasurable where a judge's file is, by its hash, the model that steers."""
        try:
            for known in self.conditioning:
                refuse_same(sha256, known)
        except UserError as error:
            raise Unmeasurable(str(error)) from None


def on_this_machine() -> Panel:
    """Open the panel of what is here; nothing is downloaded. Each file is hashed once, then remembered."""
    judges, absent = [], ""
    for role in JUDGES:
        try:
            path = store.locate(role)
        except UserError as error:
            absent = _why(role, error)  # of the last role: the smallest download
            continue
        rule = threshold(role, "another photo")
        judges.append(Judge(store.weight(role).title.split(",")[0], _opened(path, role), rule, role))
    conditioning = {f.sha256 for f in store.weight(STEERING).files if f.path == STEERING_FILE}
    steering, steering_absent = None, ""
    try:
        steering = _opened(store.locate(STEERING) / STEERING_FILE, STEERING)
        conditioning.add(steering.sha256)  # a copy that was given by its path may be another file
    except UserError as error:
        steering_absent = _why(STEERING, error)
    return Panel(tuple(judges), absent, steering, steering_absent, frozenset(conditioning))


def _why(role: str, error: UserError) -> str:
    """Why the weights of `role` are not used, in a line for people; a copy that is damaged keeps its own words."""
    entry = store.weight(role)
    if isinstance(error, WeightsDamaged) or not isinstance(error, WeightsMissing):
        return str(error)
    name = entry.title.split(",")[0].split(":")[0]
    return tr(
        "{name} is not on this machine ({size}, {licence}). {hint}",
        name=name,
        size=store.size(entry.bytes),
        licence=entry.licence,
        hint=error.hint,
    )


@lru_cache(maxsize=4)
def _opened(path: Path, role: str) -> OnnxRecogniser:
    # buffalo_l's recogniser is fed as AuraFace is: both are ArcFace networks of InsightFace's form. Without the
    # mirror image, because the generator is steered without it.
    if role == STEERING:
        return OnnxRecogniser(path, STEERING, flip=False)
    return OnnxRecogniser.judge(role, path)
