"""What the quality gate finds on papers made worse by known amounts, what it misses, and that it is silent on sound ones.

The figures beside the thresholds in ``resources/quality.toml`` were measured with these very pictures; a change of either shows here.
"""

import os

import cv2
import degrade_kit as kit
import numpy as np
import pytest

from app.adapters.imaging import judging, thresholds
from app.adapters.imaging.looking import look_at
from app.core.quality import EMBLEM, PORTRAIT, alike, card_side

GATE = thresholds.shipped().gate
#: Every specimen in the long drill; enough to notice a change otherwise.
EACH = 1 if os.environ.get("CHUANGKOU_DRILL") == "long" else 9


def sheet(number):
    return kit.paper(kit.SHEETS[number])


def some(names):
    return tuple(kit.paper(name) for name in names[::EACH])


def verdict(bgr, dpi=0):
    look = look_at(np.ascontiguousarray(bgr), max(bgr.shape[:2]))
    return judging.judge(look.light, look.colour, GATE, scale=look.scale, dpi=dpi)


def flaws(bgr):
    return {spot.what for spot in verdict(bgr).spots} - {"seal", EMBLEM, PORTRAIT}


def side(bgr):
    return card_side(verdict(bgr).spots)


@pytest.mark.parametrize("name", (kit.SHEETS + kit.CARDS + kit.PHOTOS)[:: 1 if EACH == 1 else 3])
def test_a_sound_paper_raises_no_alarm(name):
    assert flaws(kit.paper(name)) == set()


STILL_SOUND = {
    "a little soft": lambda p: kit.blurred(p, 1.0),
    "noisy": lambda p: kit.noisy(p, 10),
    "dim": lambda p: kit.lit(p, 0.5),
    "in half shadow": lambda p: kit.shadowed(p, 0.45),
    "faded": lambda p: kit.pale(p, 0.6),
    "three quarters as fine": lambda p: kit.smaller(p, 0.75),
    "a little askew": lambda p: kit.skewed(p, 2) if p.shape[0] > 2000 else p,
}


@pytest.mark.parametrize("how", STILL_SOUND)
def test_what_can_still_be_read_raises_no_alarm(how):
    papers = some(kit.SHEETS) + some(kit.CARDS)
    assert [flaws(STILL_SOUND[how](paper)) for paper in papers] == [set()] * len(papers)


#: What was done, the flaw it makes, and of how many of the eight sheets and nine cards it must be found (None: not looked for).
FOUND = [
    ("blur 2.5", "blur", lambda p: kit.blurred(p, 2.5), 8, 9),
    ("blur 4", "blur", lambda p: kit.blurred(p, 4), 8, 9),
    ("blur 3 under noise", "blur", lambda p: kit.noisy(kit.blurred(p, 3), 16), 8, 9),
    ("shaken by 9", "blur", lambda p: kit.shaken(p, 9), 8, 9),
    ("a quarter of the light", "dark", lambda p: kit.lit(p, 0.25), 8, 9),
    ("ink at a fifth", "washed", lambda p: kit.pale(p, 0.2), 8, 9),
    ("a lamp's reflection", "glare", lambda p: kit.glaring(p, 0.05), 8, 9),
    ("a large reflection", "glare", lambda p: kit.glaring(p, 0.15), 8, 9),
    ("a finger from the right", "covered", lambda p: kit.fingered(p, 0.09), 8, 9),
    ("a thumb from above", "covered", lambda p: kit.fingered(p, 0.12, "top", 0.3), 8, 9),
    ("text cut at the right", "cut", lambda p: kit.cut_off(p, 0.2), 8, None),
    ("text cut at the left", "cut", lambda p: kit.cut_off(p, 0.2, "left"), 8, None),
    ("nothing but dust", "blank", lambda p: kit.empty(p, 6), 8, 9),
    ("80 dots per inch", "coarse", lambda p: kit.smaller(p, 0.4), 8, None),
]


@pytest.mark.parametrize(("name", "flaw", "worsen", "sheets", "cards"), FOUND, ids=[row[0] for row in FOUND])
def test_a_flaw_is_found_where_it_was_made(name, flaw, worsen, sheets, cards):
    for papers, least, of in zip((some(kit.SHEETS), some(kit.CARDS)), (sheets, cards), (8, 9), strict=True):
        if least is not None:
            found = sum(flaw in flaws(worsen(paper)) for paper in papers)
            assert found >= max(1, len(papers) - (of - least))


def test_a_seal_is_seen_where_there_is_one_and_only_there():
    for paper in some(kit.SHEETS):
        (seal,) = (spot for spot in verdict(paper).spots if spot.what == "seal")
        assert seal.left > 0.5
        assert 0.05 < seal.width < 0.3
        assert not any(spot.what == "seal" for spot in verdict(kit.unsealed(paper)).spots)
    grey = cv2.cvtColor(sheet(0), cv2.COLOR_BGR2GRAY)
    assert verdict(grey).spots == ()


def test_the_box_of_a_finger_and_of_a_reflection_lie_where_they_are():
    (finger,) = (s for s in verdict(kit.fingered(sheet(0), 0.1, "right", 0.55)).spots if s.what == "covered")
    assert finger.left > 0.7
    assert finger.top < 0.55 < finger.top + finger.height
    glare = next(s for s in verdict(kit.glaring(sheet(0), 0.1, (0.3, 0.6))).spots if s.what == "glare")
    assert glare.left < 0.3 < glare.left + glare.width
    assert glare.top < 0.6 < glare.top + glare.height


def test_blur_of_one_half_is_shown_there():
    half = sheet(1).copy()
    half[: half.shape[0] // 2] = kit.blurred(half, 4)[: half.shape[0] // 2]
    boxes = [spot for spot in verdict(half).spots if spot.what == "blur"]
    assert boxes
    assert all(box.top + box.height <= 0.64 for box in boxes)


def test_every_place_on_a_page_is_a_fraction_that_can_be_stored():
    (spot, *_) = (s for s in verdict(kit.cut_off(sheet(0), 0.2)).spots if s.what == "cut")
    assert {type(value) for value in (spot.left, spot.top, spot.width, spot.height)} == {float}


def test_a_known_resolution_is_believed():
    assert "coarse" in {spot.what for spot in verdict(sheet(0), dpi=120).spots}
    assert "coarse" not in {spot.what for spot in verdict(sheet(0), dpi=200).spots}


def test_the_same_side_is_known_again_and_the_other_side_is_another():
    again = (
        lambda p: kit.noisy(p, 8),
        lambda p: kit.shadowed(p, 0.4),
        lambda p: np.rot90(p, 2),
        np.rot90,
        lambda p: kit.skewed(p, 1.5),
        lambda p: p[8:-8, 12:-6],
    )
    for place in ("gansu-jiuquan", "hubei-shennongjia", "sichuan-panzhihua")[: 3 if EACH == 1 else 1]:
        front, back = (kit.paper(f"{place}/id-{side}.jpg") for side in ("front", "back"))
        known = verdict(front).likeness
        assert all(alike(known, verdict(change(front)).likeness) for change in again)
        assert not any(alike(known, verdict(change(back)).likeness) for change in again)


def coloured(bgr, *light):
    return np.clip(bgr * np.array(light), 0, 255).astype(np.uint8)


SURE_SIDES = {
    "sound": lambda p: p,
    "a little soft": lambda p: kit.blurred(p, 1),
    "noisy": lambda p: kit.noisy(p, 20),
    "half the light": lambda p: kit.lit(p, 0.5),
    "in half shadow": lambda p: kit.shadowed(p, 0.6),
    "warm light": lambda p: coloured(p, 0.6, 0.82, 1),
    "on its head": lambda p: np.rot90(p, 2),
    "lying": np.rot90,
    "askew": lambda p: kit.skewed(p, 2),
    "cut out roughly": lambda p: p[15:-10, 20:-12],
}
UNSURE_SIDES = {
    "faded": lambda p: kit.pale(p, 0.4),
    "a thumb from above": lambda p: kit.fingered(p, 0.12, "top", 0.3),
    "with paper around it": lambda p: cv2.copyMakeBorder(p, 300, 300, 80, 80, cv2.BORDER_CONSTANT, value=(250, 250, 250)),
}


@pytest.mark.parametrize("how", SURE_SIDES)
def test_the_sides_of_an_identity_card_are_told_apart_however_they_lie(how):
    place = "sichuan-panzhihua"
    for name, expected in (("id-front.jpg", PORTRAIT), ("id-back.jpg", EMBLEM), ("card.png", "")):
        assert side(SURE_SIDES[how](kit.paper(f"{place}/{name}"))) == expected


@pytest.mark.parametrize("how", UNSURE_SIDES)
def test_a_side_that_is_not_sure_is_not_named(how):
    assert [side(UNSURE_SIDES[how](kit.paper(f"gansu-jiuquan/id-{name}.jpg"))) for name in ("front", "back")] == ["", ""]


def test_a_grey_scan_shows_the_portrait_and_no_emblem_and_no_other_paper_shows_either():
    grey = [cv2.cvtColor(kit.paper(f"gansu-jiuquan/id-{name}.jpg"), cv2.COLOR_BGR2GRAY) for name in ("front", "back")]
    assert [side(one) for one in grey] == [PORTRAIT, ""]
    assert {side(paper) for paper in some(kit.SHEETS) + some(kit.PHOTOS)} == {""}


def test_a_tiny_picture_is_too_coarse_and_nothing_else():
    assert flaws(np.full((100, 140, 3), 255, np.uint8)) == {"coarse"}


def test_the_file_of_thresholds_is_checked(tmp_path):
    sound = (kit.SPECIMENS.parent / "quality.toml").read_text("utf-8")
    for broken in (
        "",
        sound.replace("blur_slope", "blur_slop"),
        sound.replace("[gate]", "[gate]\nmore = 1"),
        sound + "x",
        "[page]",
    ):
        path = tmp_path / "quality.toml"
        path.write_text(broken, "utf-8")
        with pytest.raises(thresholds.AppError, match="程序文件不全"):
            thresholds.read(path)
    assert thresholds.read(kit.SPECIMENS.parent / "quality.toml") == thresholds.shipped()
