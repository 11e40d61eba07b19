"""A drawn signature: what is written is read again, anything else is refused, and the curve goes through the points."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.signature import MOST_POINTS, Point, Signature, SignatureError, dump, fitted, load, smooth

DIGEST = "ab" * 32


@st.composite
def signatures(draw):
    width, height = draw(st.integers(1, 100_000)), draw(st.integers(1, 100_000))
    times = iter(sorted(draw(st.lists(st.integers(0, 3_600_000), min_size=1, max_size=40))))
    strokes, stroke = [], []
    for at in times:
        stroke.append(Point(draw(st.integers(0, width)), draw(st.integers(0, height)), at, draw(st.integers(-1, 1000))))
        if draw(st.booleans()):
            strokes.append(tuple(stroke))
            stroke = []
    if stroke:
        strokes.append(tuple(stroke))
    by = draw(st.sampled_from(["applicant", "agent"]))
    return Signature(DIGEST, "form", by, "2026-02-06T10:47:12", width, height, tuple(strokes))


def written(**changes):
    record = json.loads(dump(Signature(DIGEST, "form", "applicant", "2026-02-06T10:47:12", 90, 25, ((Point(1, 2, 0),),))))
    return json.dumps(record | changes)


@settings(max_examples=40)
@given(signatures())
def test_what_is_written_is_read_again(signature):
    assert load(dump(signature)) == signature
    assert dump(load(dump(signature))) == dump(signature)


@given(st.text() | st.binary() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_anything_else_is_refused(text):
    with pytest.raises(SignatureError):
        load(text)


@settings(max_examples=40)
@given(signatures(), st.data())
def test_a_signature_with_a_piece_missing_is_refused(signature, data):
    record = json.loads(dump(signature))
    del record[data.draw(st.sampled_from(sorted(record)))]
    with pytest.raises(SignatureError):
        load(json.dumps(record))


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"version": True},
        {"document": "AB" * 32},
        {"document": 7},
        {"kind": "../form"},
        {"by": "clerk"},
        {"at": "yesterday"},
        {"pad": [0, 25]},
        {"pad": [90.5, 25]},
        {"strokes": []},
        {"strokes": [[]]},
        {"strokes": [[[1, 2]]]},
        {"strokes": [[[91, 2, 0]]]},
        {"strokes": [[[1, -2, 0]]]},
        {"strokes": [[[1, 2, 0, 1001]]]},
        {"strokes": [[[1, 2, 0, -1]]]},
        {"strokes": [[[1, 2, 5], [1, 2, 4]]]},
        {"strokes": [[[1, 2, True]]]},
        {"strokes": [[[1, 2, 0]] * (MOST_POINTS + 1)]},
        {"more": 1},
    ],
)
def test_what_cannot_be_is_refused(changes):
    with pytest.raises(SignatureError):
        load(written(**changes))


@settings(max_examples=40)
@given(signatures())
def test_the_curve_goes_through_every_point_in_order(signature):
    for stroke in signature.strokes:
        curve = smooth(stroke)
        at = 0
        for point in stroke:
            at = next(
                i for i in range(at, len(curve)) if abs(curve[i][0] - point.x) < 1e-6 and abs(curve[i][1] - point.y) < 1e-6
            )


@settings(max_examples=40)
@given(signatures(), st.floats(5, 200), st.floats(5, 100))
def test_placed_in_a_box_it_stays_inside_and_keeps_its_shape(signature, width, height):
    placed = fitted(signature.strokes, width, height)
    assert [len(curve) for curve in placed] == [len(smooth(stroke)) for stroke in signature.strokes]
    for curve in placed:
        for x, y in curve:
            assert -1e-6 <= x <= width + 1e-6
            assert -1e-6 <= y <= height + 1e-6


def test_it_is_never_enlarged():
    placed = fitted([(Point(0, 0, 0), Point(1000, 0, 10))], 50, 20)
    assert placed[0][-1][0] - placed[0][0][0] == pytest.approx(10)
