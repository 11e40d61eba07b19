"""Which way up a page lies: papers that no figure was chosen by, all four ways up, and pictures that have no way up."""

import hashlib
import os
from collections import Counter

import degrade_kit as kit
import numpy as np
import pytest
import upright_kit
from imaging_kit import opened

from app.adapters.imaging import judging, thresholds, upright
from app.adapters.imaging.looking import look_at
from app.adapters.paths import resources
from app.core.errors import AppError

LONG = os.environ.get("CHUANGKOU_DRILL") == "long"
GATE = thresholds.shipped().gate
ASKED = {"upside_down", "sideways"}


def told(bgr, quarters):
    """The turn that is sure for a page laid so many quarters clockwise, and what the clerk is asked."""
    laid = np.ascontiguousarray(np.rot90(bgr, -quarters))
    look = look_at(laid, max(laid.shape[:2]))
    verdict = judging.judge(look.light, look.colour, GATE, scale=look.scale, dpi=0)
    return verdict.turn, {spot.what for spot in verdict.spots} & ASKED


SPECIMENS = (*kit.SHEETS, *kit.CARDS)[:: 1 if LONG else 9]


@pytest.mark.parametrize("name", SPECIMENS)
def test_every_specimen_is_turned_upright_whichever_way_it_lies(name):
    assert [told(kit.paper(name), quarters) for quarters in range(4)] == [(0, set()), (270, set()), (180, set()), (90, set())]


CASES = [
    (kind, worse, seed)
    for seed in range(2 if LONG else 1)
    for at, kind in enumerate(upright_kit.KINDS)
    for nth, worse in enumerate(upright_kit.WORSE)
    if LONG or (at * 3 + 1) % len(upright_kit.WORSE) == nth
]


def test_of_papers_drawn_otherwise_nearly_all_are_turned_and_none_wrongly():
    came = Counter()
    for at, (kind, worse, seed) in enumerate(CASES):
        bgr = upright_kit.WORSE[worse](upright_kit.made(kind, 100 + seed, upright_kit.FONTS[at % 4]))
        for quarters in range(4) if LONG else ((2,), (1,), (0, 3))[at % 3]:
            turn, asked = told(bgr, quarters)
            wanted = -90 * quarters % 360
            right = turn == wanted or (not turn and bool(wanted) and asked <= {"upside_down" if wanted == 180 else "sideways"})
            assert right, (kind, worse, seed, quarters, turn, asked)
            came["upright" if not wanted else "turned" if turn else "asked" if asked else "silent"] += 1
    print(came)  # noqa: T201 - the figures are the point
    assert came["turned"] >= 0.9 * (came.total() - came["upright"])


def test_where_nothing_is_written_nothing_is_said():
    for at, (name, bgr) in enumerate(upright_kit.nothing_to_read()):
        for quarters in range(4) if LONG else range(at % 4 // 2, 1):
            assert (name, *told(bgr, quarters)) == (name, 0, set())


def test_three_lines_are_asked_about_and_not_turned():
    picture, pen = upright_kit.blank()
    for y in (400, 500, 600):
        pen.text((200, y), "建议定期复查血压血糖规律服药", upright_kit.INK, upright_kit.font(upright_kit.FONTS[0], 40))
    bgr = np.asarray(picture)[..., ::-1]
    assert [told(bgr, quarters) for quarters in range(4)] == [
        (0, set()),
        (0, {"sideways"}),
        (0, {"upside_down"}),
        (0, {"sideways"}),
    ]


def test_a_turn_is_a_number_beside_the_page_and_changes_no_byte(take):
    laid = kit.jpeg(kit.paper(kit.SHEETS[0])[::-1, ::-1], dpi=200)
    (page,) = take(laid, max_bytes=None)
    assert (page.turn, page.data) == (180, laid)
    (whole,) = take(kit.jpeg(kit.shot(np.rot90(kit.paper(kit.CARDS[0])), share=0.5, size=(1200, 1600))[0]))
    assert whole.turn == 90
    assert whole.untouched.turn == 0
    standing = opened(take.maker.turned(whole, whole.turn))
    assert standing.width > standing.height


def test_the_model_is_the_one_that_was_published_and_a_broken_one_is_named(tmp_path, monkeypatch):
    listed = dict(reversed(line.split()) for line in (resources() / "models/SHA256SUMS").read_text("ascii").splitlines())
    model = resources() / upright.MODEL
    assert hashlib.sha256(model.read_bytes()).hexdigest() == listed[model.name]
    (tmp_path / model.name).write_bytes(model.read_bytes()[:1000])
    for broken in (tmp_path / model.name, tmp_path / "none.onnx"):
        monkeypatch.setattr(upright, "MODEL", str(broken))
        with pytest.raises(AppError, match="程序文件不全"):
            upright._network.__wrapped__()
