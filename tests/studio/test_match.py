"""Any two photos: the right face in each, own photos that count, the command, and nothing left on disk."""

from __future__ import annotations

import gc
import json
import re
import threading
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from headshot import files as provenance
from headshot.authenticity.aligned_pair import SURROUND, TURNED_BACK, align_pair, portrait
from headshot.authenticity.blind_test import LineUp
from headshot.authenticity.close_up import CloseUp, close_up
from headshot.authenticity.line_up_answers import Answers
from headshot.authenticity.measures.aligned_face import canonical
from headshot.authenticity.measures.marks import place_in
from headshot.authenticity.pair import Pair
from headshot.authenticity.steps import COMPARING, FINDING, LOOKING, MEASURING, STEPS, Step
from headshot.cli import main as cli
from headshot.direction.direct import direct
from headshot.errors import NoFace, UserError
from headshot.files.encode import headshot_file
from headshot.imaging.landmarks import eye_centres
from headshot.photo.decode import open_photo, read_photo
from headshot.studio.match import Match, match_pair, place
from headshot.studio.result_report import judge as judge_result
from headshot.studio.session import Sitting, headshot
from headshot.types import AuthenticityReport, Photo
from headshot.ui.components.uploads import Upload
from headshot.ui.judge.session import JudgeSession
from headshot.ui.judge.sessions import JudgeSessions
from headshot.ui.report.close_up_html import close_up_html
from tests.fixtures import edits
from tests.fixtures.shared_photos import photo_path


def photo(name: str) -> Photo:
    return read_photo(photo_path(name))


def turned(picture: Photo, degrees: float, scale: float) -> Photo:
    """The whole picture on a larger white sheet, turned."""
    height, width = picture.pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, scale)
    return Photo(cv2.warpAffine(picture.pixels, matrix, (width, height), borderValue=(255, 255, 255)), "PNG")


# ------------------------------------------------------------------ the frame, without any photo


def face(size: tuple[int, int], left: tuple[float, float], right: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """A grey sheet with a white dot at each eye, and landmarks whose eye corners lie round these."""
    picture = np.full((size[1], size[0], 3), 90, np.uint8)
    marks = np.zeros((478, 3), np.float32)
    for corners, at in (((33, 133), left), ((362, 263), right)):
        for corner, off in zip(corners, (-6, 6), strict=True):
            marks[corner, :2] = at[0] + off, at[1]
        cv2.circle(picture, (round(at[0]), round(at[1])), round(0.09 * abs(right[0] - left[0])), (255, 255, 255), -1)
    return picture, marks


def dots(picture: np.ndarray) -> np.ndarray:
    """The middles of the white dots, from left to right, by the pixels alone."""
    _, _, stats, centres = cv2.connectedComponentsWithStats((picture[:, :, 0] > 220).astype(np.uint8))
    found = [c for c, s in zip(centres[1:], stats[1:], strict=True) if s[4] > 20]
    return np.array(sorted(found, key=lambda c: c[0]))


def test_the_eyes_of_both_lie_on_the_same_pixels() -> None:
    a = face((800, 1000), (330, 400), (460, 405))
    b = face((640, 640), (240, 260), (330, 300))
    pair = align_pair(*a, *b)
    assert pair.original.shape == pair.picture.shape
    first, second = dots(pair.original), dots(pair.picture)
    assert first.shape == second.shape == (2, 2)
    assert np.abs(first - second).max() < 1.0
    assert abs(first[0, 1] - first[1, 1]) < 1.0  # level
    assert np.abs(eye_centres(pair.original_landmarks) - first).max() < 1.0
    assert pair.eye_px == pytest.approx(np.hypot(130, 5), abs=0.5)  # the finer one keeps its pixels
    assert pair.enlarged[1] == pytest.approx(np.hypot(130, 5) / np.hypot(90, 40), rel=0.01)
    assert "nothing bent" in pair.note


def test_the_frame_has_no_made_up_corners_where_both_pictures_reach() -> None:
    a, b = face((900, 1100), (380, 420), (500, 420)), face((900, 1100), (380, 400), (490, 450))
    pair = align_pair(*a, *b)
    for picture in (pair.original, pair.picture):
        assert not (np.abs(picture.astype(int) - SURROUND).max(axis=2) < 3).any()
    close = face((240, 240), (70, 110), (170, 110))  # too little round the face: grey, not repeated edges
    assert (np.abs(align_pair(*a, *close).picture.astype(int) - SURROUND).max(axis=2) < 3).mean() > 0.1


def test_portraits_of_a_line_up_are_framed_alike() -> None:
    shown = [dots(portrait(*face((700, 900), *eyes))) for eyes in (((300, 400), (400, 400)), ((200, 300), (420, 310)))]
    assert np.abs(shown[0] - shown[1]).max() < 1.5


# ------------------------------------------------------------------ on photos


@pytest.mark.sweep
@pytest.mark.data
def test_one_person_is_not_red_and_strangers_are() -> None:
    assert match_pair(photo("whitson_1.jpg"), photo("whitson_2.jpg")).report().verdict != "red"
    strangers = match_pair(photo("coleman_1.jpg"), photo("wilson_1.jpg")).report()
    assert strangers.verdict == "red" and strangers.kind == "another photo"


@pytest.mark.data
def test_in_a_group_the_face_that_fits_is_taken() -> None:
    group, alone = photo("curbeam_jones_two_faces.jpg"), photo("curbeam_1.jpg")
    for match in (match_pair(group, alone), match_pair(alone, group)):
        points = match.original[1] if match.original[0] is group.pixels else match.other[1]
        assert points[:, 0].mean() > group.width / 2  # Curbeam stands on the right (MANIFEST)
        assert "2 faces" in match.notes[0]


@pytest.mark.data
def test_a_photo_without_a_face_is_named() -> None:
    alone, cat = photo("curbeam_1.jpg"), photo("noface_cat.png")
    with pytest.raises(NoFace, match="original photo"):
        match_pair(cat, alone)
    with pytest.raises(NoFace, match="picture to judge"):
        match_pair(alone, cat)
    with pytest.raises(NoFace, match="further photo 1"):
        match_pair(alone, alone, [cat])
    with pytest.raises(UserError, match="At most 4"):
        match_pair(alone, alone, [alone] * 5)


@pytest.mark.sweep
@pytest.mark.data
def test_own_photos_that_say_nothing_are_left_out() -> None:
    original, second = photo("coleman_1.jpg"), photo("coleman_2.jpg")
    again = turned(original, 3, 0.9)
    match = match_pair(original, photo("whitson_1.jpg"), [second, again, photo("wilson_1.jpg")])
    assert len(match.further) == 1 and match.further[0][0] is second.pixels
    assert "photo 2" in match.notes[0] and "here already" in match.notes[0]
    assert "photo 3" in match.notes[1] and "somebody else" in match.notes[1]
    report = match.report()
    found, placed = report.get("own_range"), place(match, report)
    assert found is not None and found.state == "grey"
    assert placed is not None and placed.range is None and not placed.clings  # one further photo is no range
    assert report.get("copy_paste").state == "green"
    # A copy so soft that its pixels no longer match is still told by its frame, and then no copy of "another photo".
    copied = match_pair(original, Photo(cv2.GaussianBlur(original.pixels, (0, 0), 6), "PNG"), [second])
    report = copied.report()
    assert report.kind == "same frame" and report.get("copy_paste") is None
    assert "keeps your photo's frame" in report.get("same_photo").sentence


@pytest.mark.data
def test_a_colourless_picture_is_placed_among_colourless_photos() -> None:
    """The embedded judge takes missing colour for another person by up to .25."""
    original, other, more = photo("whitson_1.jpg"), photo("whitson_2.jpg"), [photo("whitson_2.jpg")]
    grey = Photo(cv2.cvtColor(cv2.cvtColor(other.pixels, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB), "PNG")
    match = match_pair(original, grey, more)
    placed = place(match, match.report())
    assert placed is not None and placed.copying < -0.8  # the further photo itself, but for its colour


@pytest.mark.sweep
@pytest.mark.data
def test_what_the_file_says_of_itself_is_in_the_report() -> None:
    sitting = Sitting.open(photo_path("walz_1.jpg"))
    data = headshot_file(headshot(sitting, direct("linkedin"), height=500))
    session = JudgeSession()
    session.put("original", Upload(photo_path("walz_1.jpg").read_bytes()))
    session.put("other", Upload(data))
    found = session.measure().get("provenance")
    assert found.value >= 2 and found.state == "grey" and "provenance" not in session.report.deciding
    assert "own pixels" in found.sentence or "Marked as" in found.sentence
    assert "recipe is inside" in found.sentence
    # The same picture without its file: nothing is claimed of it.
    bare = match_pair(photo("walz_1.jpg"), open_photo(data)).report().get("provenance")
    assert bare.value is None and bare.state == "grey" and "without the file" in bare.sentence
    with_none = provenance.finding(photo_path("walz_2.jpg").read_bytes())
    assert with_none.value == 0 and "Not marked" in with_none.sentence and "Not signed" in with_none.sentence
    assert provenance.finding(b"BM").value is None
    # Friends' answers go into the report that leaves, and claim nothing while they are few.
    session.line_up = replace(LineUp.begin(2), answers=Answers(3, 7, 3))
    people = {f["id"]: f for f in json.loads(session.render_file("report.json")[2])["findings"]}["people"]
    assert people["value"] is None and "too few" in people["sentence"]
    session.line_up = replace(session.line_up, answers=Answers(7, 9, 3))
    page = session.render_file("report.html")[2].decode()
    assert "7 of 9 picked it out" in page and "Could friends tell?" in page


@pytest.mark.sweep
@pytest.mark.data
def test_photos_added_on_make_give_the_own_range() -> None:
    sitting = Sitting.open(photo_path("whitson_1.jpg"))
    result = headshot(sitting, direct("linkedin"), height=500)
    assert judge_result(result, sitting.own_faces).get("own_range") is None
    sitting.add([photo(n) for n in ("whitson_2.jpg", "noface_cat.png", "wilson_1.jpg")])
    assert len(sitting.own_faces) == 1  # no face and another person are left out, and nothing breaks
    assert "at least 2" in judge_result(result, sitting.own_faces).get("own_range").sentence
    face = sitting.own_faces[0]
    report = judge_result(result, [face, face])
    found = report.get("own_range")
    assert 0.35 < found.value < 0.5 and found.state != "red" and "own_range" in report.deciding
    assert "only 3 pairs" in found.sentence
    sitting.add([])
    assert sitting.own_faces == ()


@pytest.mark.data
def test_the_command_prints_words_or_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    a, b = str(photo_path("whitson_1.jpg")), str(photo_path("whitson_2.jpg"))
    assert cli.main(["judge", a, b, "--page", str(tmp_path / "page.html")]) == 0
    said = capsys.readouterr().out
    assert "face recogniser" in said and "ok      Likeness" in said and "Eyes, Nose" in said
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "Not marked: nothing inside says" in said  # what the other one's file says of itself
    assert cli.main(["judge", a, b, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == 1
    assert cli.main(["judge", a, str(tmp_path / "none.jpg")]) == 2
    assert cli.main(["judge", str(photo_path("noface_cat.png")), b]) == 2
    assert cli.main(["judge", a, b, "--more", a, a, a, a, a]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len([line for line in lines if line.startswith("headshot: ")]) == 3


@pytest.mark.sweep
@pytest.mark.data
def test_the_commands_page_is_the_tabs_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Own range drawn and all. The second further photo is the first one, darker and mirrored."""
    second = photo("whitson_2.jpg")
    darker = Photo((second.pixels * np.float32(0.45)).astype(np.uint8)[:, ::-1].copy(), "PNG")
    Image.fromarray(darker.pixels).save(tmp_path / "m2.png")
    files = {n: photo_path(f"{n}.jpg") for n in ("whitson_1", "curbeam_1", "whitson_2")}
    monkeypatch.setattr("headshot.studio.match.SAME_PHOTO", 0.0)  # else the second one is here already
    more = [str(files["whitson_2"]), str(tmp_path / "m2.png")]
    page = tmp_path / "page.html"
    pair = [str(files["whitson_1"]), str(files["curbeam_1"])]
    assert cli.main(["judge", *pair, "--more", *more, "--page", str(page)]) == 0
    session = JudgeSession()
    for side in ("original", "other"):
        name = "whitson_1" if side == "original" else "curbeam_1"
        session.put(side, Upload(files[name].read_bytes()))  # type: ignore[arg-type]
    session.add_further([Upload(Path(m).read_bytes()) for m in more])
    session.measure()
    tab = session.render_file("report.html")[2].decode()
    assert 'class="hs-strip"' in tab and page.read_text(encoding="utf-8") == tab


@pytest.mark.data
def test_of_further_photos_the_good_ones_are_taken() -> None:
    names = ["coleman_1.jpg", "coleman_2.jpg", "broken_truncated.jpg", "walz_1.jpg", "ham_1.jpg", "wilson_1.jpg"]
    files = [Upload(photo_path(n).read_bytes()) for n in names]
    session = JudgeSession()
    session.put("original", files[0])
    with pytest.raises(UserError):
        session.add_further(files[1:])
    assert len(session.further) == 4
    with pytest.raises(UserError, match="Two pictures"):
        session.bring_together()
    session.close()
    assert session.original is None and session.further == []


def test_two_calls_of_one_session_share_what_is_held() -> None:
    sessions = JudgeSessions()
    first = sessions.of("one")
    assert sessions.of("one") is first and sessions.of("two") is not first
    assert sessions.of(None) is not sessions.of(None)
    del first
    gc.collect()
    assert "one" not in sessions  # nothing outlives the page's own state


@pytest.mark.sweep
@pytest.mark.data
def test_a_photo_that_comes_while_the_pair_is_measured_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report that was under way must not stand for photos that came later."""
    session, measuring, go_on = JudgeSession(), threading.Event(), threading.Event()
    session.original, session.other = photo("coleman_1.jpg"), photo("whitson_1.jpg")
    real = Match.reporting

    def slow(match: Match, file: bytes | None = None) -> Generator[Step, None, AuthenticityReport]:
        measuring.set()
        assert go_on.wait(60)
        return (yield from real(match, file))

    monkeypatch.setattr(Match, "reporting", slow)
    first = threading.Thread(target=session.measure)
    first.start()
    assert measuring.wait(60)
    second = threading.Thread(target=session.add_further, args=([Upload(photo_path("coleman_2.jpg").read_bytes())],))
    second.start()
    go_on.set()
    first.join(60)
    second.join(60)
    assert session.report is None and len(session.further) == 1
    assert session.measure().get("own_range") is not None


@pytest.mark.data
def test_a_judgement_tells_its_steps_and_ends_before_the_next() -> None:
    session = JudgeSession()
    session.original, session.other = photo("garan_1.jpg"), photo("garan_1.jpg")
    steps = session.judging()
    begun = [next(steps), next(steps)]
    session.stop()
    assert list(steps) == [] and session.report is None and session.pair is not None
    begun += list(session.judging())  # goes on with the pair that was found
    assert begun == [FINDING, COMPARING, COMPARING, MEASURING, LOOKING] and session.report is not None
    assert list(session.judging()) == [] and session.measure() is session.report
    order = [FINDING, COMPARING, MEASURING, LOOKING]
    assert [s.number for s in order] == list(range(1, STEPS + 1))
    assert [s.share for s in order] == sorted({s.share for s in order}) and FINDING.share == 0
    # A photo that changes ends what is under way.
    session.put_photo(photo("coleman_1.jpg"))
    overtaken = session.judging()
    next(overtaken)
    session.put_photo(photo("garan_1.jpg"))
    assert list(overtaken) == [] and session.match is None


@pytest.mark.sweep
@pytest.mark.data
def test_the_closer_look_shows_each_feature_and_maps_the_same_photo_only() -> None:
    match = match_pair(photo("curbeam_1.jpg"), photo("curbeam_1.jpg"))
    same = match.close_up()
    assert [f.title for f in same.features] == ["Eyes", "Nose", "Mouth", "Jaw", "Skin"]
    assert all(np.array_equal(f.original, f.picture) for f in same.features)
    assert same.mean == 0.0 and same.difference is not None and same.moved is not None and same.why == ""
    assert same.difference.shape[:2] == tuple(n // 2 for n in same.moved.shape[:2])  # both cropped to the face
    a = canonical(*match.original)
    mask = np.repeat((a.skin * 255).astype(np.uint8)[:, :, None], 3, axis=2)
    patch = close_up(Pair(*match.original, mask, a.landmarks)).features[-1].picture
    assert patch.mean() > 0.9 * 255  # a turned head: cheek, and neither ear nor background
    other = match_pair(photo("whitson_1.jpg"), photo("whitson_2.jpg"))
    found = other.close_up()
    assert found.difference is None and "different photos" in found.why and len(found.features) == 5
    assert found.marks == () and "too small" in found.marks_note


@pytest.mark.sweep
@pytest.mark.data
def test_a_mirror_image_is_turned_back_in_every_view() -> None:
    """The report says "left and right swapped"; no view may call it another photo, or show it the wrong way round."""
    before = photo("garan_1.jpg")
    match = match_pair(before, Photo(np.ascontiguousarray(before.pixels[:, ::-1]), "PNG"))
    found = match.report().get("same_photo")
    assert found is not None and "left and right swapped" in found.sentence and match.mirrored
    pair, near = match.aligned(), match.close_up()
    assert TURNED_BACK in pair.note and TURNED_BACK in close_up_html(near)
    apart = [float(np.abs(pair.original.astype(int) - p).mean()) for p in (pair.picture, pair.picture[:, ::-1])]
    assert apart[0] < 0.3 * apart[1]
    assert near.why == "" and near.mirrored and near.mean < 0.15
    straight = match_pair(before, before)
    assert not straight.mirrored and TURNED_BACK not in straight.aligned().note + close_up_html(straight.close_up())
    assert straight.pair.picture is before.pixels


@pytest.mark.sweep
@pytest.mark.data
@pytest.mark.parametrize(("times", "shown"), [(0.2, 90 / 21), (1.0, 2.0), (2.86, 2.0)])  # 21, 105, 300 px
def test_features_are_shown_at_twice_their_own_pixels(times: float, shown: float) -> None:
    pixels, marks = match_pair(photo("garan_1.jpg"), photo("garan_1.jpg")).original
    sized = cv2.resize(pixels, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC)
    found = close_up(Pair(sized, marks * times, sized, marks * times))
    assert found.enlarged == pytest.approx((shown, shown), rel=0.02)
    skin = found.features[-1].original  # half an eye distance wide
    assert skin.shape[1] == pytest.approx(0.5 * shown * 105.1 * times, abs=2)
    assert all(f.original.shape[1] <= 690 or f.title in ("Mouth", "Jaw") for f in found.features)
    html = close_up_html(found)
    assert f'width="{skin.shape[1]}" height="{skin.shape[0]}"' in html and f"Original, {found.enlarged[0]:.0%}" in html


@pytest.mark.sweep
@pytest.mark.data
def test_of_two_sizes_the_coarser_is_doubled_and_the_finer_not_reduced() -> None:
    pixels, marks = match_pair(photo("garan_1.jpg"), photo("garan_1.jpg")).original
    small = cv2.resize(pixels, None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA)
    assert close_up(Pair(pixels, marks, small, marks * 0.3)).enlarged == pytest.approx((1.0, 1 / 0.3), rel=0.02)
    half = cv2.resize(pixels, None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA)
    assert close_up(Pair(half, marks * 0.8, pixels, marks)).enlarged == pytest.approx((2.0, 1.6), rel=0.02)


@pytest.mark.sweep
@pytest.mark.data
def test_the_map_and_the_arrows_show_a_planted_edit_where_it_is() -> None:
    pixels, marks = match_pair(photo("garan_1.jpg"), photo("garan_1.jpg")).original

    def planted(edited: np.ndarray) -> tuple[CloseUp, np.ndarray, np.ndarray]:
        """The look, its map as brightness, and where the arrows are drawn, at the map's size."""
        found = match_pair(Photo(pixels, "PNG"), Photo(edited, "PNG")).close_up()
        assert found.difference is not None and found.moved is not None
        orange = (np.abs(found.moved.astype(int) - (255, 190, 60)).max(axis=2) < 12)[::2, ::2]
        return found, found.difference.astype(int).sum(axis=2), orange

    harmless, _, arrows = planted(edits.jpeg(pixels))
    assert not arrows.any() and harmless.mean < 0.09
    for edit, above in ((edits.scale_eyes(pixels, marks, 10), True), (edits.scale_jaw(pixels, marks, -10), False)):
        found, light, arrows = planted(edit)
        half = light.shape[0] // 2
        here, elsewhere = (np.s_[:half], np.s_[half:]) if above else (np.s_[half:], np.s_[:half])
        assert light[here].mean() > 1.5 * light[elsewhere].mean()
        assert arrows[here].sum() > 300 and arrows[elsewhere].sum() < 0.1 * arrows[here].sum()
    html = close_up_html(found)
    headings = re.findall(r'<div class="hs-feature"><p>(.*?)</p>', html)
    assert headings[-2:] == ["How strongly a viewer sees a difference", "What moved in the face"]
    assert "eight times as far" in html and "did not move" in html and ">none<" in html


@pytest.mark.sweep
@pytest.mark.data
def test_the_closer_look_shows_the_marks_that_came_or_went_first() -> None:
    before = photo("garan_1.jpg")
    marks = match_pair(before, before).original[1]
    after = Photo(edits.jpeg(edits.add_mole(before.pixels, marks)), "jpeg")
    match = match_pair(before, after)
    found = match.close_up()
    assert found.marks[0].title == "Mark 1, new" and "trust your eyes" in found.marks_note
    assert all(f.title.endswith("kept") for f in found.marks[1:])
    # The new one is dark in the middle of its ring, and the photo has plain skin there.
    middle = np.s_[84:108, 84:108]
    assert found.marks[0].picture[middle].mean() < found.marks[0].original[middle].mean() - 15
    back = close_up(Pair(*match.other, *match.original))
    assert back.marks[0].title == "Mark 1, gone"
    html = close_up_html(found)
    assert html.count("<figure>") == 2 * (5 + len(found.marks)) + 3 and "Mark 1, new" in html


@pytest.mark.data
def test_marks_in_another_photo_are_shown_near_their_place_and_not_judged() -> None:
    face = canonical(photo("garan_1.jpg").pixels, match_pair(photo("garan_1.jpg"), photo("garan_1.jpg")).original[1])
    assert np.allclose(place_in(face, face, (200.0, 300.0)), (200, 300), atol=1e-3)
    # Curbeam is in both, at 139 and 104 px between the eyes.
    match = match_pair(photo("curbeam_1.jpg"), photo("curbeam_jones_two_faces.jpg"))
    found = match.close_up()
    assert found.difference is None
    assert all("in your photo" in f.title for f in found.marks) and "Nothing is judged" in found.marks_note
