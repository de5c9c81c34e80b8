"""An even border round a print, a turned picture or a round portrait: there the photo ends."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from headshot.canvas.cutout.printed_border import inside, shown_outline
from headshot.canvas.framing import frame
from headshot.canvas.photo_edge import PhotoEdge
from headshot.imaging.warp import similarity, transform_points
from headshot.types import F32, U8, Crop, Cutout
from tests.canvas.test_framing import before_an_edge

PAPER = (250, 248, 240)


def scenery(height: int, width: int) -> U8:
    """A photo with soft shapes and grain, nowhere as bright as paper."""
    rng = np.random.default_rng(5)
    coarse = cv2.resize(rng.uniform(20, 200, (9, 7, 3)), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray((coarse + rng.normal(0, 3, (height, width, 3))).clip(0, 225), np.uint8)


def on_paper(mask: np.ndarray, grain: float = 1.0) -> U8:
    """Scenery where `mask` (h, w) is 1, paper with a scanner's grain elsewhere."""
    height, width = mask.shape
    paper = np.array(PAPER) + np.random.default_rng(6).normal(0, grain, (height, width, 3))
    return np.where(mask[..., None] > 0, scenery(height, width), paper.clip(0, 255)).astype(np.uint8)


def face_at(x: float, y: float, radius: float = 60) -> F32:
    """Points round a face, (n, 2) px."""
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    return np.column_stack([x + radius * np.cos(turn), y + radius * np.sin(turn)]).astype(np.float32)


def outline_of(picture: U8) -> F32 | None:
    """The outline round a face in the picture's middle."""
    return shown_outline(picture, face_at(picture.shape[1] / 2, picture.shape[0] / 2))


def turned_print(size: tuple[int, int], degrees: float, share: float) -> tuple[np.ndarray, np.ndarray]:
    """A print that is turned and fills a share of the file's width and height: its corners (4, 2) and mask."""
    width, height = size
    box = cv2.boxPoints(((width / 2, height / 2), (share * width, share * height), degrees))
    mask = cv2.fillConvexPoly(np.zeros((height, width), np.uint8), box.round().astype(np.int32), 1)
    return box, mask


@pytest.mark.parametrize(("size", "degrees"), [((600, 700), 1.5), ((600, 700), 8.0), ((1100, 900), -4.0)])
def test_a_turned_print_ends_where_its_paper_begins(size: tuple[int, int], degrees: float) -> None:
    box, mask = turned_print(size, degrees, 0.85)
    found = outline_of(on_paper(mask))
    assert found is not None
    assert cv2.contourArea(found, oriented=True) > 0
    marked = inside(found, mask.shape, (0, 0))
    assert (marked[mask == 0] == 0).all()  # nothing of the paper
    lost = (mask > 0) & (marked < 1)
    depth = cv2.distanceTransform(mask, cv2.DIST_L2, 5)
    assert depth[lost].max() < 0.012 * max(size)
    assert len(box) == 4


def test_corners_cut_by_the_file_a_round_portrait_and_a_strip_with_a_caption_are_found() -> None:
    _, corners = turned_print((512, 512), 8.5, 1.02)
    portrait = cv2.ellipse(np.zeros((640, 512), np.uint8), (256, 320), (250, 310), 0, 0, 360, 1, -1)
    caption = np.ones((600, 900), np.uint8)
    caption[570:] = 0
    cv2.putText(caption, "S126E013746", (40, 592), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 1, 2)
    for mask in (corners, portrait, caption):
        found = outline_of(on_paper(mask))
        assert found is not None
        without_words = mask.copy()
        if mask is caption:
            without_words[570:] = 0
        marked = inside(found, mask.shape, (0, 0))
        assert marked[without_words == 0].max() == 0
        assert marked[without_words > 0].mean() > 0.97


def test_of_several_pictures_on_one_page_it_is_the_one_with_the_face() -> None:
    page = np.zeros((800, 1000), np.uint8)
    boxes = {"large": (40, 60, 560, 760), "small": (620, 100, 940, 420)}  # x0, y0, x1, y1
    for x0, y0, x1, y1 in boxes.values():
        page[y0:y1, x0:x1] = 1
    picture = on_paper(page)
    for x0, y0, x1, y1 in boxes.values():
        found = shown_outline(picture, face_at((x0 + x1) / 2, (y0 + y1) / 2))
        assert found is not None
        marked = inside(found, page.shape, (0, 0))
        assert marked[y0:y1, x0:x1].mean() > 0.95
        marked[y0:y1, x0:x1] = 0
        assert marked.max() == 0
    assert shown_outline(picture, face_at(580, 300)) is None  # over the edge of one: that edge is none of its photo's
    round_one = cv2.circle(np.zeros_like(page), (300, 400), 200, 1, -1)
    assert shown_outline(on_paper(round_one), face_at(300, 400)) is None  # a head before a wall is as round


def test_a_wall_a_vignette_a_white_sleeve_and_a_photo_without_a_border_are_none() -> None:
    height, width = 640, 512
    assert outline_of(scenery(height, width)) is None
    person = np.zeros((height, width), np.uint8)
    cv2.ellipse(person, (256, 230), (120, 170), 0, 0, 360, 1, -1)
    person[380:, 30:480] = 1
    person[300:400, 200:310] = 1
    assert outline_of(on_paper(person)) is None
    y, x = np.mgrid[:height, :width]
    away = np.hypot((x - width / 2) / width, (y - height / 2) / height)
    vignette = np.dstack([210 - 160 * away**2] * 3)
    assert outline_of(np.asarray(vignette, np.uint8)) is None
    sleeves = np.ones((height, width), np.uint8)
    for points in ([[0, 480], [120, 639], [0, 639]], [[511, 520], [400, 639], [511, 639]]):
        cv2.fillConvexPoly(sleeves, np.array(points, np.int32), 0)
    assert outline_of(on_paper(sleeves)) is None


def test_no_slanted_cut_shows_inside_the_frame() -> None:
    photo, subject, whole = before_an_edge(400, "bottom", 0, 0.0)
    height, width = photo.height, photo.width
    centre = subject.landmarks[:468, :2].mean(0)
    slanted = np.array([[-0.5, -0.5], [width - 0.5, -0.5], [width - 0.5, height - 30], [-0.5, height - 4]], np.float32)
    matte = whole.matte * inside(slanted, whole.matte.shape, whole.origin)
    cutout = Cutout(matte, whole.foreground, whole.origin, outline=slanted)
    framing = frame(photo, subject, cutout, Crop(), height=1000)
    assert framing.notes
    line = slanted[3] + np.linspace(0, 1, 400)[:, None] * (slanted[2] - slanted[3])
    at = transform_points(line.astype(np.float32), framing.matrix)
    near = np.abs(line[:, 0] - centre[0]) < 50  # where the body reaches it
    assert (at[near, 1] > framing.size[1] - 6).all()
    unaware = Cutout(matte, whole.foreground, whole.origin)
    bare = transform_points(line.astype(np.float32), frame(photo, subject, unaware, Crop(), height=1000).matrix)
    assert (bare[near, 1] < 994).any()


def test_the_sides_of_the_file_are_read_as_they_were() -> None:
    photo, _, cutout = before_an_edge(400, "left", 1, 0.0)
    size, matrix = (500, 500), similarity(1.2, 0.0, (40.0, 200.0), (150.0, 250.0))
    corners = np.array(
        [[0, 0], [photo.width, 0], [photo.width, photo.height], [0, photo.height]], np.float32
    ) - np.float32(0.5)
    given = Cutout(cutout.matte, cutout.foreground, cutout.origin, outline=corners)
    expected = 1.2 * float((cutout.matte[:, 0] > 0.3).sum()) / 500
    (cut,) = PhotoEdge(photo, cutout).cuts(matrix[None], size)
    assert cut == pytest.approx(expected, abs=0.01)
    assert PhotoEdge(photo, given).cuts(matrix[None], size) == [cut]
