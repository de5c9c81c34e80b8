"""Weigh the witnesses' answers into one probability that a pixel is the person."""

from __future__ import annotations

import cv2
import numpy as np

from headshot.canvas.cutout.logits import logit, sigmoid
from headshot.canvas.cutout.witnesses import Witnesses
from headshot.canvas.cutout.working_copy import WorkingCopy
from headshot.types import F32


def weighed(copy: WorkingCopy, witnesses: Witnesses) -> F32:
    """Join the witnesses by a weighted mean of their logits: (h, w) float32 0..1.

    In the hair the three count nearly alike; on the body, of which U²-NetP drops shoulders and hands in close
    portraits, it counts least. Pose fills the gap between hair and shoulder: it may claim no more than the bolder of
    the others. What is not connected to the face (somebody else, a poster) becomes 0.
    """
    lead = copy.head_zone
    weights = [0.50 - 0.10 * lead]
    bolder = logit(witnesses.selfie)
    total = weights[0] * bolder
    if witnesses.saliency is not None:
        salient = logit(witnesses.saliency)
        weights.append(0.15 + 0.15 * lead)
        total, bolder = total + weights[-1] * salient, np.maximum(bolder, salient)
    if witnesses.pose is not None:
        weights.append(0.35 - 0.05 * lead)
        total = total + weights[-1] * np.minimum(logit(witnesses.pose), bolder)
    return joined_to_face(copy, sigmoid(total / sum(weights)))


def joined_to_face(copy: WorkingCopy, person: F32) -> F32:
    """Set the probability to 0 where it is not connected to the face."""
    whole = copy.connected(((person > 0.5) | (copy.face > 0)).astype(np.uint8))
    near = cv2.dilate(whole, copy.disc(0.15))
    return np.where(near > 0, person, 0).astype(np.float32)
