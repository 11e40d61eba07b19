"""What was seen on pages: places that turn, likenesses, a page that lies still."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.quality import ALIKE_BITS, FLAWS, Spot, Steady, alike, turned

TURNS = st.sampled_from((0, 90, 180, 270))
PARTS = st.floats(0, 0.5)
PAGE = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))


@pytest.mark.parametrize(
    ("degrees", "place"),
    [(0, (0.7, 0.1, 0.2, 0.05)), (90, (0.85, 0.7, 0.05, 0.2)), (180, (0.1, 0.85, 0.2, 0.05)), (270, (0.1, 0.1, 0.05, 0.2))],
)
def test_a_place_turns_with_its_page(degrees, place):
    spot = turned(Spot("seal", 0.7, 0.1, 0.2, 0.05), degrees)
    assert (spot.left, spot.top, spot.width, spot.height) == pytest.approx(place)
    assert spot.what == "seal"


@given(PARTS, PARTS, PARTS, PARTS, TURNS)
def test_turned_back_a_place_is_where_it_was(left, top, width, height, degrees):
    back = turned(turned(Spot("glare", left, top, width, height), degrees), 360 - degrees)
    assert (back.left, back.top, back.width, back.height) == pytest.approx((left, top, width, height))


@given(st.integers(0, 2**64 - 1))
def test_a_page_is_like_itself_and_unlike_its_negative(bits):
    one = f"{bits:016x}"
    assert alike(one, one)
    assert not alike(one, "")
    assert not alike("", one)


@given(st.integers(0, 2**64 - 1), st.sets(st.integers(0, 63), max_size=ALIKE_BITS))
def test_a_few_other_bits_are_still_the_same_side(bits, others):
    assert alike(f"{bits:016x}", f"{bits ^ sum(1 << at for at in others):016x}")


def test_two_halves_of_a_chessboard_are_two_sides():
    assert not alike("ffffffff00000000", "f0f0f0f0f0f0f0f0")


def feed(*outlines, frames=3):
    steady = Steady(frames)
    for outline in outlines:
        steady = steady.after(outline)
    return steady


def shifted(by):
    return tuple((x + by, y) for x, y in PAGE)


def test_a_page_that_lies_still_is_taken_after_some_frames():
    assert not feed(PAGE, PAGE).reached
    assert feed(PAGE, shifted(0.005), PAGE).reached


def test_a_page_that_moves_goes_away_or_drifts_is_not():
    assert not feed(PAGE, PAGE, shifted(0.1)).reached
    assert not feed(PAGE, PAGE, ()).reached
    assert not feed(PAGE, (), PAGE).reached
    assert not feed(*(shifted(0.008 * at) for at in range(3))).reached


def test_every_flaw_has_its_words():
    for words in FLAWS.values():
        assert words.mark
        assert words.fact
        assert not words.todo.endswith("。")
