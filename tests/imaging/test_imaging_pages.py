"""Pages found in photos and on a scanner's glass, and left alone where there is nothing to find."""

import io
import os

import cv2
import degrade_kit as kit
import numpy as np
import pytest
from imaging_kit import opened, pdf
from PIL import Image

from app.adapters.imaging import PageMaker, looking, outline, planes, thresholds
from app.core.quality import FLAWS

SHEET, CARD = kit.SHEETS[1], kit.CARDS[0]
LONG = os.environ.get("CHUANGKOU_DRILL") == "long"
DESKS = [d for d in kit.DESKS if d != "white"]


def one(data, **options):
    wanted = {"formats": ("JPG", "PNG"), "max_bytes": None, "dropped": lambda _: None, **options}
    (page,) = PageMaker().pages(data, "a.jpg", **wanted)
    return page


def like_the_paper(page, paper):
    """Mean difference of light from the paper itself, both evened out."""
    shown = np.asarray(opened(page.data).convert("L").resize((150, 200))).astype(float)
    true = cv2.resize(cv2.cvtColor(paper, cv2.COLOR_BGR2GRAY), (150, 200), interpolation=cv2.INTER_AREA).astype(float)
    return np.abs(shown / np.percentile(shown, 90) - true / np.percentile(true, 90)).mean()


def test_every_sound_specimen_keeps_its_very_bytes():
    for name in (*kit.SHEETS, *kit.CARDS, *kit.PHOTOS)[:: 1 if LONG else 4]:
        data = (kit.SPECIMENS / name).read_bytes()
        (page,) = PageMaker().pages(data, name[-5:], formats=(), max_bytes=None, dropped=lambda _: None)
        assert page.untouched is None
        assert len(page.data) == pytest.approx(len(data), rel=0.01)
        assert FLAWS.keys().isdisjoint(spot.what for spot in page.spots)
        assert len(page.likeness) == 16


@pytest.mark.parametrize(
    ("desk", "tilt", "turn", "share"),
    [
        (desk, *how)
        for at, desk in enumerate(DESKS[:: 1 if LONG else 2])
        for how in ((0.04, 3, 0.8), (0.12, -12, 0.75))[at % 2 : at % 2 + 1]
    ],
)
def test_a_sheet_on_a_desk_is_cut_out_and_made_rectangular(desk, tilt, turn, share):
    paper = kit.paper(SHEET)
    photo, _ = kit.shot(paper, desk, tilt=tilt, turn=turn, share=share, size=(1200, 1600))
    data = kit.jpeg(photo)
    page = one(data)
    assert page.untouched is not None
    assert (page.untouched.data, page.untouched.turn) == (data, 0)
    assert page.height / page.width == pytest.approx(2**0.5, rel=0.06)
    assert like_the_paper(page, paper) < 0.04
    assert "seal" in {spot.what for spot in page.spots}
    assert opened(page.thumbnail).height <= 248


@pytest.mark.parametrize(("name", "desk"), [(CARD, "wood"), (kit.CARDS[2], "dark")])
def test_a_card_on_a_desk_is_cut_out(name, desk):
    photo, _ = kit.shot(kit.paper(name), desk, turn=-6, share=0.5, size=(1200, 1600))
    page = one(kit.jpeg(photo))
    assert page.untouched is not None
    assert page.width / page.height == pytest.approx(85.6 / 53.98, rel=0.06)


@pytest.mark.parametrize("desk", kit.DESKS)
def test_an_empty_desk_is_no_page(desk):
    data = kit.jpeg(kit.desk(desk, 900, 1200))
    page = one(data)
    assert (page.data, page.untouched) == (data, None)


@pytest.mark.parametrize("name", kit.SHEETS[:: 1 if LONG else 4])
def test_on_a_desk_as_white_as_itself_a_sheet_is_found_by_its_shadow(name):
    photo, corners = kit.shot(kit.paper(name), "white", size=(1500, 2000))
    page = one(kit.jpeg(photo))
    assert page.height / page.width == pytest.approx(2**0.5, rel=0.06)
    small = looking.look_at(photo, 2000).small
    found = outline.in_photo(small, thresholds.shipped().page)
    assert np.abs(found.corners - corners / (2000, 1500)).max() < 0.012


@pytest.mark.parametrize(("thick", "grey"), [(4, 200), (10, 140), (24, 215)])
def test_a_frame_printed_on_a_sheet_is_no_page(thick, grey):
    sheet = np.full((2000, 1500, 3), 214, np.uint8)
    cv2.rectangle(sheet, (200, 200), (1300, 1800), (grey,) * 3, thick)
    small = looking.look_at(kit.noisy(kit.blurred(sheet, 2), 2.5), 2000).small
    assert outline.in_photo(small, thresholds.shipped().page) is None


@pytest.mark.parametrize("size", [(1700, 2400), (1699, 2399), (1601, 131)])
def test_a_picture_kept_in_planes_becomes_the_same_jpeg(size):
    drawn = cv2.resize(kit.paper(SHEET), size, interpolation=cv2.INTER_AREA)
    seen = planes.seen(kit.jpeg(drawn), size, scan=True)
    made = planes.Planes(seen.light, seen.colour).jpeg(92)
    by_pillow, by_opencv = np.asarray(opened(made))[..., ::-1], looking.decoded(made)
    assert by_pillow.shape == by_opencv.shape == drawn.shape
    assert (
        np.abs(
            by_opencv.astype(int)
            - looking.decoded(looking.encoded(np.concatenate(list(planes.Bands(seen, 92).all())), 92, 0, None))
        ).max()
        == 0
    )
    assert cv2.PSNR(by_opencv, drawn) > 35


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_picture_too_large_to_be_looked_at_by_half_is_changed_in_planes_all_the_same(turn):
    drawn = cv2.resize(kit.paper(SHEET)[:200], (6500, 300), interpolation=cv2.INTER_AREA)
    data = kit.jpeg(drawn, quality=95)
    small = planes.seen(data, (6500, 300), scan=False)
    assert max(small.shape) == 1625
    made = planes.whole(data, (6500, 300), small).turned(turn).shrunk(3001).jpeg(92)
    expected = looking.shrunk(np.ascontiguousarray(np.rot90(drawn, -turn // 90)), 3001)
    assert looking.decoded(made).shape == expected.shape
    assert cv2.PSNR(looking.decoded(made), expected) > 30


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_photo_held_otherwise_gives_an_upright_page_and_keeps_the_photo_as_it_lay(orientation):
    paper = kit.paper(SHEET)
    photo, _ = kit.shot(paper, "dark", size=(1600, 1200))
    turns = {3: 2, 6: 1, 8: 3}[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(np.rot90(photo, turns)[..., ::-1])).save(out, "JPEG", quality=92, exif=exif)
    page = one(out.getvalue())
    assert like_the_paper(page, paper) < 0.04
    assert page.untouched is not None
    assert page.untouched.turn == {3: 180, 6: 90, 8: 270}[orientation]
    standing = opened(PageMaker().turned(page.untouched, page.untouched.turn))
    shown = np.asarray(standing.convert("L").resize((120, 160))).astype(float)
    assert (
        np.abs(shown - cv2.resize(cv2.cvtColor(photo, cv2.COLOR_BGR2GRAY), (120, 160), interpolation=cv2.INTER_AREA)).mean() < 6
    )


def test_without_looking_for_pages_a_photo_stays_whole():
    photo, _ = kit.shot(kit.paper(SHEET), size=(900, 1200))
    data = kit.jpeg(photo)
    page = one(data, find_page=False)
    assert (page.data, page.untouched) == (data, None)


@pytest.mark.parametrize("degrees", [1.5, 4, -6.5][: 3 if LONG else 2])
def test_a_scan_laid_askew_is_levelled(degrees):
    paper = kit.paper(SHEET)
    page = one(kit.jpeg(kit.skewed(paper, degrees), dpi=200))
    assert page.untouched is not None
    assert (page.width, page.height, page.dpi) == (1654, 2339, 200)
    assert like_the_paper(page, paper) < 0.025


@pytest.mark.parametrize("degrees", [0, 0.4])
def test_a_level_scan_keeps_its_bytes(degrees):
    data = kit.jpeg(kit.skewed(kit.paper(SHEET), degrees), dpi=200)
    assert one(data).data == data


@pytest.mark.parametrize(("lid", "turn"), [((252, 253, 254), 0), ((252, 253, 254), -20), ((25, 24, 26), 7)])
def test_a_card_alone_on_the_glass_is_cut_out(lid, turn):
    glass = np.full((2339, 1654, 3), lid, np.uint8)
    card = cv2.resize(kit.paper(kit.CARDS[2]), (674, 425), interpolation=cv2.INTER_AREA)
    matrix = cv2.getRotationMatrix2D((337, 212), turn, 1)
    matrix[:, 2] += (300, 400)
    cv2.warpAffine(card, matrix, (1654, 2339), glass, borderMode=cv2.BORDER_TRANSPARENT)
    page = one(kit.jpeg(glass, dpi=200))
    assert page.untouched is not None
    assert (page.width, page.height) == (pytest.approx(674, abs=14), pytest.approx(425, abs=14))
    assert page.dpi == 200


def test_two_cards_on_one_sheet_stay_together():
    glass = np.full((2339, 1654, 3), 253, np.uint8)
    for at, name in ((300, kit.CARDS[2]), (1200, kit.CARDS[1])):
        glass[at : at + 425, 400:1074] = cv2.resize(kit.paper(name), (674, 425), interpolation=cv2.INTER_AREA)
    page = one(kit.jpeg(glass, dpi=200))
    assert (page.width, page.height) == (1654, 2339)


def test_a_sheet_that_runs_out_of_the_photo_is_cut_out_and_told():
    photo, _ = kit.shot(kit.paper(SHEET), "dark", turn=0, tilt=0.0, share=0.9, offset=(0, 0.2), size=(1500, 1500))
    page = one(kit.jpeg(photo))
    assert "cut" in {spot.what for spot in page.spots}


def test_a_page_cut_out_is_judged_by_its_own_dots():
    small, _ = kit.shot(kit.paper(SHEET), "dark", size=(900, 1200))
    large, _ = kit.shot(kit.paper(SHEET), "dark", size=(2400, 1800))
    assert "coarse" in {spot.what for spot in one(kit.jpeg(small)).spots}
    assert {"coarse", "cut"}.isdisjoint(spot.what for spot in one(kit.jpeg(large)).spots)


def test_a_cut_page_fits_the_limit_and_says_so():
    photo, _ = kit.shot(kit.paper(SHEET), "busy", size=(1800, 2400), noise=7)
    data = kit.jpeg(photo, quality=96)
    limit = 1_500_000
    assert len(data) > limit
    page = one(data, max_bytes=limit)
    assert len(page.data) <= limit
    assert page.untouched is not None
    assert len(page.untouched.data) <= limit
    assert page.untouched.shrunk


def test_pages_of_a_pdf_are_judged():
    (page,) = PageMaker().pages(pdf(), "a.pdf", formats=(), max_bytes=None, dropped=lambda _: None)
    assert page.likeness
    assert page.untouched is None


def test_the_outline_of_a_page_in_a_live_picture():
    photo, corners = kit.shot(kit.paper(SHEET), "wood", size=(720, 1280))
    bgra = cv2.cvtColor(photo, cv2.COLOR_BGR2BGRA).tobytes()
    found = PageMaker().outline(1280, 720, bgra)
    assert np.abs(np.array(found) - corners / (1280, 720)).max() < 0.015
    nothing = cv2.cvtColor(kit.desk("wood", 720, 1280), cv2.COLOR_BGR2BGRA).tobytes()
    assert PageMaker().outline(1280, 720, nothing) == ()
    assert PageMaker().outline(1280, 720, bgra[:100]) == ()
    assert PageMaker().outline(0, 0, b"") == ()
