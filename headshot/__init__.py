"""Headshot: one photo in, a professional headshot beside the original, and the evidence to judge it."""

import os

# Matrix products are small here, and OpenBLAS's threads spin for a while after each: on two cores that took a third of
# the time from what runs beside them (docs/log.md, "Contact sheet"). torch has threads of its own.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Nobody is told that somebody looked at a face: onnxruntime's wheel has its maker's telemetry on, with files in
# ~/.cache/Microsoft and the temp folder; the hub's library adds the versions of what runs to its requests.
os.environ["ORT_DISABLE_TELEMETRY"] = os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

__version__ = "0.1.0"
