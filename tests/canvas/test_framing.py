"""The frame at the photo's edge: no size, place or tilt may leave a person with a straight cut in the air, unsaid."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from headshot.canvas.framing import frame
from headshot.canvas.photo_edge import with_surround
from headshot.canvas.stage import make_stage
from headshot.imaging.landmarks import eyes_middle
from headshot.imaging.warp import similarity, transform_points
from headshot.types import Crop, Cutout, Face, Framing, Photo, Pose, Subject

HEAD = 60  # px: small, so that photos of any size cost little
# Where the head's middle lies from the side that cuts the person, in head heights.
NEAR = {"top": 0.5, "bottom": 1.1, "left": 0.9, "right": 0.9}


def landmarks(centre: tuple[float, float], turn: float) -> np.ndarray:
    """An oval of points with irises, chin and hairline where the face mesh has them."""
    around = np.linspace(0, 2 * np.pi, 468, endpoint=False)
    points = np.zeros((478, 3), np.float32)
    points[:468, 0], points[:468, 1] = 0.33 * np.sin(around), 0.4 * np.cos(around) + 0.1
    points[[10, 152], :2] = (0, -0.3), (0, 0.5)
    points[468:473, 0], points[473:, 0] = -0.13, 0.13
    points[:, :2] = transform_points(points[:, :2] * HEAD, similarity(1.0, -turn, (0.0, 0.0), centre))
    return points


def before_an_edge(size: int, edge: str, shift: int, turn: float) -> tuple[Photo, Subject, Cutout]:
    """A head on wide shoulders whose body reaches `edge` and no other; the photo's pixels take no memory."""
    width, height = (size, size + 7 * shift + 1) if edge in ("left", "right") else (size + 5 * shift + 2, size)
    x, y = width // 2 + shift, height // 2 + shift
    away = round(NEAR[edge] * HEAD)
    x = {"left": away, "right": width - 1 - away}.get(edge, x)
    y = {"top": away, "bottom": height - 1 - away}.get(edge, y)
    x0, x1 = max(0, x - 2 * HEAD), min(width, x + 2 * HEAD)
    y0, y1 = max(0, y - 2 * HEAD), min(height, y + 2 * HEAD)
    matte = np.zeros((y1 - y0, x1 - x0), np.float32)
    cv2.ellipse(matte, (x - x0, y - y0), (round(0.36 * HEAD), HEAD // 2), -turn, 0, 360, 1.0, -1)
    shoulders = round(1.5 * HEAD) if edge in ("left", "right") else HEAD
    matte[y - y0 + round(0.45 * HEAD) :, max(0, x - x0 - shoulders) : x - x0 + shoulders] = 1
    if edge == "top":
        matte[: y - y0, x - x0 - HEAD // 4 : x - x0 + HEAD // 4] = 1
    pixels = np.broadcast_to(np.uint8(90), (height, width, 3))
    points = landmarks((x, y), turn)
    face = Face((x - 20.0, y - 20.0, x + 20.0, y + 20.0), 1.0, points)
    subject = Subject((face,), 0, points, Pose(0.0, 0.0, turn), 0.26 * HEAD)
    return Photo(pixels, "test"), subject, Cutout(matte, np.zeros((*matte.shape, 3), np.uint8), (x0, y0))


def visible_cut(photo: Photo, cutout: Cutout, framing: Framing) -> float:
    """The photo's edge that cuts the person more than 1.5 px inside the frame, in frame heights: pixel by pixel."""
    ys, xs = np.nonzero(cutout.matte > 0.5)
    xs, ys = xs + cutout.origin[0], ys + cutout.origin[1]
    longest = 0.0
    for at_edge, dx, dy in (
        (ys == 0, 0, -0.5),
        (ys == photo.height - 1, 0, 0.5),
        (xs == 0, -0.5, 0),
        (xs == photo.width - 1, 0.5, 0),
    ):
        points = np.column_stack([xs[at_edge] + dx, ys[at_edge] + dy]).astype(np.float64)
        if not len(points):
            continue
        shown = transform_points(points, framing.matrix) + 0.5
        deep = np.minimum(shown, np.array(framing.size) - shown).min(axis=1) > 1.5
        longest = max(longest, float(deep.sum()) * framing.scale / framing.size[1])
    return longest


def check(size: int, edge: str, shift: int, turn: float) -> bool:
    """One case; whether the frame had to leave a cut, and says so."""
    photo, subject, cutout = before_an_edge(size, edge, shift, turn)
    framing = frame(photo, subject, cutout, Crop(), height=1000)
    cut = visible_cut(photo, cutout, framing)
    said = any("cut so close" in note for note in framing.notes)
    assert cut < 0.015 or said, (size, edge, shift, turn, cut, framing.notes)
    return said


@pytest.mark.parametrize("edge", NEAR)
def test_no_straight_cut_shows_inside_the_frame(edge: str) -> None:
    said = [
        check(size, edge, shift, turn)
        for size in (300, 641, 1279, 1281, 1536, 3024)
        for shift in (0, 1, 3)
        for turn in (0.0, 12.0)
    ]
    if edge != "top":  # a head that the photo cuts through stays cut
        assert not any(said)


@pytest.mark.sweep
@pytest.mark.parametrize("edge", NEAR)
def test_no_straight_cut_at_any_size_and_place(edge: str) -> None:
    for size in range(300, 6001, 97):
        for shift in range(max(1, size // 640) + 1):
            for turn in (0.0, -7.0, 12.0):
                check(size, edge, shift, turn)


def test_a_person_away_from_all_edges_is_framed_as_asked() -> None:
    photo, subject, cutout = before_an_edge(900, "bottom", 0, 0.0)
    photo = Photo(np.broadcast_to(np.uint8(90), (1500, 900, 3)), "test")
    framing = frame(photo, subject, cutout, Crop(), height=1000)
    assert framing.notes == ()


@pytest.mark.parametrize("below", [0.78, 0.8])
def test_where_the_body_ends_early_the_frame_comes_closer_and_no_head_sinks(
    below: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The eyes lay at .55 of the height with the head as small as asked, under an empty half."""
    monkeypatch.setitem(NEAR, "bottom", below)
    photo, subject, cutout = before_an_edge(900, "bottom", 0, 0.0)
    framing = frame(photo, subject, cutout, Crop(), height=1000)
    eyes = transform_points(np.array([eyes_middle(subject.landmarks)], np.float32), framing.matrix)[0, 1]
    assert eyes < 480 and any("closer than asked" in note for note in framing.notes)


def test_beyond_the_photo_the_original_is_plain_and_says_so() -> None:
    """The photo ends above the head: the frame goes on in one grey, with words, and the matte ends where it does."""
    photo, subject, cutout = before_an_edge(300, "bottom", 0, 0.0)
    rng = np.random.default_rng(1)
    high = subject.landmarks[10, 1] - 0.3 * HEAD
    pixels = rng.integers(0, 256, photo.pixels.shape, np.uint8)[int(high) :]
    marks = subject.landmarks - np.float32([0, int(high), 0])
    subject = Subject(subject.faces, 0, marks, subject.pose, subject.eye_distance)
    x, y = cutout.origin
    cutout = Cutout(cutout.matte[int(high) - y :], cutout.foreground[int(high) - y :], (x, 0))
    stage = make_stage(Photo(pixels, "test"), subject, cutout, Crop(), own_backdrop=False, height=800)
    above = stage.original[:20]
    assert stage.outside[:20].all() and not stage.outside[400].any()
    assert (above == above[0, 0]).all() and len(np.unique(above[0, 0])) == 1
    assert stage.matte[-1].max() > 0.99  # the frame ends with the photo: its last row is whole
    strip = stage.original[: int(np.argmin(stage.outside.all(axis=1)))]
    assert len(np.unique(strip)) > 1 and np.unique(strip).size < 256  # the words, in greys


def test_without_room_for_words_the_surround_is_grey_alone() -> None:
    picture = np.zeros((200, 160, 3), np.uint8)
    outside = np.zeros((200, 160), np.float32)
    outside[:5] = 1
    shown = with_surround(picture, outside)
    assert len(np.unique(shown[:5])) == 1 and not shown[5:].any()
