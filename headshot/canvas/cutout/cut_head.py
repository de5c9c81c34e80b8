"""Show the networks a head that the photo's upper edge cuts with a plain margin round the photo.

They have learned from whole heads: of one that is cut they take hair, and a hat's brim, for a wall. On a margin a wall
stays one, and what is worn is the person; or the photo as a whole is a picture on a wall, or nobody is seen, and then
the answer says nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from headshot.canvas.cutout.colour_cells import share_near
from headshot.canvas.cutout.logits import logit, sigmoid
from headshot.canvas.cutout.working_copy import WorkingCopy, touching
from headshot.imaging.median import median
from headshot.photo.head import head_box
from headshot.types import F32, U8

_MARGINS = ((128, 128, 128), (120, 160, 90))  # RGB: what is the person is so before each of them
_MARGIN = 0.5  # of the working copy's height
_COUNTS, _WORN = 0.5, 6.0  # how much the answers on a margin count beside the first ones; and in what is worn
_CLAIMED, _DENIED, _THOUGHT = 0.9, 0.5, 0.2  # by both on a margin, by saliency at first, by selfie on average at first
_WIDE, _RIM = 0.12, 0.15  # eye distances: half the width of what is worn, and round it
_LEAST, _MOST = 0.07, 0.5  # of what is worn, in face's ovals: what is larger is a wall or a chair
_ALIKE, _SHARE = 0.8, 0.03  # steps between colours, and which share of what is worn has them where it goes on
_TIMES = 2.0  # of what is worn: how large it may be with what it goes on in
_BELOW, _NOT_DENIED, _SWORN = 1.0, 0.05, 0.98  # how far below the chin, in eye distances; by selfie on a margin; then
_FACE, _WHOLE = 0.5, 0.97  # in the face, on the middle; of the working copy: from there on it is the photo that is seen
Network = Callable[[U8], F32]


def is_cut(copy: WorkingCopy) -> bool:
    """Tell whether the photo's upper edge cuts the head."""
    return bool(head_box(copy.marks)[1] < 0)


def with_margin(
    copy: WorkingCopy, selfie: F32, saliency: F32, selfie_network: Network, salient_network: Network
) -> tuple[F32, F32]:
    """Join both answers (h, w) 0..1 for a head that is cut with what the networks say of it on plain margins.

    The least of the answers on the margins counts half as much as the first one, as log odds; it leads above the
    chin in a wide piece that both claim there, of which selfie segmentation thought it at first and U²-NetP did not:
    such is a hat's brim.
    An answer that does not see the face, or claims all of the photo as a thing on the margin, is left out.
    `selfie_network`, `salient_network`: give (h, w) float32 0..1 for a picture (h, w, 3).
    """
    claimed, shown = _on_margins(copy, selfie_network), _on_margins(copy, salient_network)
    heard, told = sees_face(copy, claimed), sees_face(copy, shown) and (shown > _CLAIMED).mean() <= _WHOLE
    counts = np.full(selfie.shape, _COUNTS, np.float32)
    if heard and told:
        worn = _worn(copy, selfie, saliency, claimed, shown)
        counts[cv2.dilate(worn, copy.disc(_RIM)) > 0] = _WORN
        counts[max(0, int(copy.chin)) :] = _COUNTS
        on = _going_on(copy, worn, claimed) > 0
        counts[on] = _WORN
        claimed, shown = (np.where(on, np.maximum(one, _SWORN), one).astype(np.float32) for one in (claimed, shown))
    return (
        _joined(selfie, claimed, counts) if heard else selfie,
        _joined(saliency, shown, counts) if told else saliency,
    )


def sees_face(copy: WorkingCopy, said: F32) -> bool:
    """Tell whether a network's answer (h, w) 0..1 takes most of the wanted face for the person."""
    face = said[copy.face > 0]
    return bool(face.size and median(face) >= _FACE)


def _on_margins(copy: WorkingCopy, network: Network) -> F32:
    """Ask a network for the working copy on margins of each colour, with none below it: the least answer."""
    width, height = copy.size
    margin = round(_MARGIN * height)
    answers = []
    for colour in _MARGINS:
        laid = np.full((margin + height, width + 2 * margin, 3), colour, np.uint8)
        laid[margin:, margin : margin + width] = copy.picture
        answers.append(network(laid)[margin:, margin : margin + width])
    return np.asarray(np.minimum.reduce(answers), np.float32)


def _worn(copy: WorkingCopy, selfie: F32, saliency: F32, claimed: F32, shown: F32) -> U8:
    both = (claimed > _CLAIMED) & (shown > _CLAIMED) & (saliency < _DENIED) & (copy.face == 0)
    wide = cv2.morphologyEx(both.astype(np.uint8), cv2.MORPH_OPEN, copy.disc(_WIDE))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(wide)
    area = stats[:, cv2.CC_STAT_AREA] / max(1.0, float(copy.face.sum()))
    keep = [0 < one and _LEAST < area[one] < _MOST and selfie[labels == one].mean() > _THOUGHT for one in range(count)]
    worn = np.asarray(np.array(keep, np.uint8)[labels], np.uint8)
    worn[max(0, int(copy.chin)) :] = 0
    return worn


def _going_on(copy: WorkingCopy, worn: U8, claimed: F32) -> U8:
    """Mark where a worn piece goes on in its own colours, as far as selfie segmentation thinks of it on a margin.

    What goes on for more than it is large itself has the colour of a wall.
    """
    if not worn.any():
        return worn
    cells = copy.cells
    alike = (copy.face == 0) & (copy.rows < copy.chin + _BELOW * copy.eye_px)
    alike[alike] = share_near(cells[alike], cells[worn > 0], _ALIKE) >= _SHARE
    on = touching((alike & (claimed > _NOT_DENIED)).astype(np.uint8) | worn, worn)
    whole = np.asarray(cv2.morphologyEx(on, cv2.MORPH_CLOSE, copy.disc(_WIDE)) & (alike | on), np.uint8)
    return whole if whole.sum() <= _TIMES * worn.sum() else np.zeros_like(whole)


def _joined(first: F32, second: F32, counts: F32) -> F32:
    return sigmoid(np.asarray((logit(first) + counts * logit(second)) / (1 + counts), np.float32))
