"""The viewer: the page large, zoomed, turned, dragged."""

import io
from dataclasses import replace

import materials_kit as kit
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt

from app.core.application import Page
from app.ui.case import materials_sheet
from app.ui.case.materials_view import views
from app.ui.case.thumbs import decode
from app.ui.case.viewer import Viewer

BIG = kit.jpeg(1131, 1600)


@pytest.fixture
def viewer(qtbot):
    made = Viewer(lambda _page, _ratio: None)
    made.resize(520, 620)
    qtbot.addWidget(made)
    asked = made.asked = []
    made.preview_wanted.connect(asked.append)
    made.show()
    return made


REPORT = kit.pages("rep", 3)


def slot_of(pages=REPORT):
    application = kit.half_way()
    application = application.with_paper(replace(application.paper("reports"), pages=pages))
    return next(v for v in views(kit.state_of(application)) if v.id == "reports")


def test_a_page_that_comes_decoded_is_decoded_no_more_while_it_is_looked_at_as_it_was_asked_for(viewer, qtbot, monkeypatch):
    decoded = []
    monkeypatch.setattr(materials_sheet, "decode", lambda *args: decoded.append(args[3]) or decode(*args))
    viewer.show_page(slot_of((Page("rep0", 90), Page("rep1"))), 0, editable=True)
    qtbot.waitUntil(lambda: viewer.asked == ["rep0"])
    wide, turn = viewer.wanted()
    assert (wide, turn) == (viewer.sheet.viewport().width() - 24, 90)
    viewer.set_preview("rep0", BIG, decode(BIG, wide, wide * 8, turn), turn)
    size = viewer.sheet.picture_size()
    assert size.width() > size.height()
    viewer.show_page(slot_of((Page("rep0", 90), Page("rep1"))), 1, editable=True)
    viewer.show_page(slot_of((Page("rep0", 90), Page("rep1"))), 0, editable=True)
    assert decoded == []
    viewer.show_page(slot_of((Page("rep0", 180),)), 0, editable=True)
    assert decoded == [180], "turned otherwise than it was asked for"


def test_a_page_that_was_drawn_before_the_viewer_grew_is_decoded_again_in_its_width(viewer, qtbot, monkeypatch):
    decoded = []
    monkeypatch.setattr(materials_sheet, "decode", lambda *args: decoded.append(args[1]) or decode(*args))
    viewer.show_page(slot_of((Page("rep0"),)), 0, editable=True)
    wide, _ = viewer.wanted()
    drawn = decode(BIG, wide, wide * 8, exact=True)
    viewer.resize(800, 620)
    viewer.set_preview("rep0", BIG, drawn)
    qtbot.waitUntil(lambda: decoded == [viewer.wanted()[0]])
    assert viewer.wanted()[0] > wide


def test_a_large_page_comes_drawn_and_its_bytes_follow_once_when_somebody_zooms_into_it(viewer, qtbot, monkeypatch):
    decoded, wanted = [], []
    monkeypatch.setattr(materials_sheet, "decode", lambda *args: decoded.append(args[1]) or decode(*args))
    viewer.bytes_wanted.connect(wanted.append)
    viewer.show_page(slot_of(), 0, editable=True)
    wide, _ = viewer.wanted()
    viewer.set_preview("rep0", b"", decode(BIG, wide, wide * 8, exact=True))
    assert viewer.sheet.picture_size().width() == wide
    viewer.zoom_by(2)
    bar = viewer.sheet.verticalScrollBar()
    bar.setValue(200)
    qtbot.waitUntil(lambda: wanted == ["rep0"])
    assert decoded == []
    viewer.sheet._look_again()
    viewer.set_bytes("rep0", BIG)
    assert (decoded, bar.value(), wanted) == ([viewer.wanted()[0]], 200, ["rep0"])
    viewer.show_page(slot_of(), 1, editable=True)
    viewer.show_page(slot_of(), 0, editable=True)
    qtbot.waitUntil(lambda: len(decoded) == 2)
    assert wanted == ["rep0"]


def test_a_large_page_is_turned_and_held_before_its_bytes_are_there(viewer, qtbot):
    wanted = []
    viewer.bytes_wanted.connect(wanted.append)
    viewer.show_page(slot_of(), 0, editable=True)
    wide, _ = viewer.wanted()
    viewer.set_preview("rep0", b"", decode(BIG, wide, wide * 8, exact=True))
    viewer.compare()
    held = viewer.pair.other
    assert not held._paper.picture.isNull()
    viewer.show_page(slot_of((Page("rep0", 90), *REPORT[1:])), 0, editable=True)
    size = viewer.sheet.picture_size()
    assert size.width() > size.height()
    qtbot.waitUntil(lambda: wanted == ["rep0"])
    viewer.set_bytes("rep0", BIG)
    for sheet in (viewer.sheet, held):
        qtbot.waitUntil(lambda sheet=sheet: sheet._drawn_for == sheet.wanted())


def test_a_page_is_asked_for_once_and_shown_when_it_comes(viewer, qtbot):
    viewer.show_page(slot_of(), 0, editable=True)
    qtbot.waitUntil(lambda: viewer.asked == ["rep0"])
    viewer.set_preview("rep0", BIG)
    size = viewer.sheet.picture_size()
    assert size.width() == viewer.sheet.viewport().width() - 24
    assert size.height() == pytest.approx(size.width() * 1600 / 1131, abs=2)
    viewer.show_page(slot_of(), 1, editable=True)
    qtbot.waitUntil(lambda: viewer.asked == ["rep0", "rep1"])
    viewer.show_page(slot_of(), 0, editable=True)
    qtbot.wait(5)
    assert viewer.asked == ["rep0", "rep1"]


def test_a_case_whose_originals_were_cleared_says_so_on_every_page_and_the_next_case_does_not(viewer, qtbot):
    viewer.show_page(slot_of(), 0, editable=False)
    qtbot.waitUntil(lambda: viewer.asked == ["rep0"])
    said = "原件已按规定清理（送达 2026-01-02，保留 30 天）"
    viewer.say_gone(said)
    for at in (0, 1, 2):
        viewer.show_page(slot_of(), at, editable=False)
        assert viewer._nothing.isVisible()
        assert viewer._nothing._text.full() == said
    qtbot.wait(5)
    assert viewer.asked == ["rep0"]
    viewer.clear()
    viewer.show_page(slot_of(), 1, editable=True)
    assert viewer.pair.isVisible()
    qtbot.waitUntil(lambda: viewer.asked == ["rep0", "rep1"])


def test_paging_quickly_asks_only_for_the_page_one_stops_at(viewer, qtbot):
    for at in (0, 1, 2):
        viewer.show_page(slot_of(), at, editable=True)
    qtbot.wait(10)
    assert viewer.asked == ["rep2"]


def test_a_preview_that_comes_late_does_not_replace_the_page_looked_at(viewer):
    viewer.show_page(slot_of(), 1, editable=True)
    viewer.set_preview("rep1", BIG)
    before = viewer.sheet.picture_size()
    viewer.set_preview("rep0", kit.jpeg(1600, 1131))
    assert viewer.sheet.picture_size() == before


def test_a_turned_page_lies_on_its_side(viewer):
    viewer.show_page(slot_of((Page("rep0", 90),)), 0, editable=True)
    viewer.set_preview("rep0", BIG)
    size = viewer.sheet.picture_size()
    assert size.width() > size.height()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turning_is_clockwise(turn):
    image = Image.new("RGB", (80, 40), "white")
    image.paste((200, 0, 0), (0, 0, 20, 20))
    out = io.BytesIO()
    image.save(out, "PNG")
    turned = decode(out.getvalue(), 80, 80, turn, exact=True)
    corners = {
        0: (4, 4),
        90: (turned.width() - 5, 4),
        180: (turned.width() - 5, turned.height() - 5),
        270: (4, turned.height() - 5),
    }
    assert turned.pixelColor(*corners[turn]).red() > 150
    assert turned.pixelColor(*corners[turn]).green() < 100


def test_zoom_goes_by_steps_and_back_to_the_width(viewer):
    viewer.show_page(slot_of(), 0, editable=True)
    viewer.set_preview("rep0", BIG)
    width = viewer.sheet.picture_size().width()
    viewer.tools["zoom_in"].click()
    assert viewer.sheet.picture_size().width() == pytest.approx(width * 1.25, abs=1)
    for _ in range(9):
        viewer.tools["zoom_out"].click()
    assert viewer.sheet.zoom == 0.5
    viewer.sheet.zoom_fit()
    assert viewer.sheet.picture_size().width() == width


def test_a_large_page_is_dragged(viewer, qtbot):
    viewer.show_page(slot_of(), 0, editable=True)
    viewer.set_preview("rep0", BIG)
    viewer.sheet.zoom_by(3)
    view, bar = viewer.sheet.viewport(), viewer.sheet.verticalScrollBar()
    bar.setValue(0)
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 300))
    qtbot.mouseMove(view, QPoint(190, 180))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(190, 180))
    assert bar.value() == 120


def test_the_tools_say_what_a_person_wants(viewer):
    turned, gone = [], []
    viewer.turn.connect(turned.append)
    viewer.undo.connect(lambda: gone.append("undo"))
    viewer.show_page(slot_of(), 0, editable=True)
    viewer.tools["left"].click()
    viewer.tools["turn"].click()
    viewer.tools["undo"].click()
    viewer.can_undo(on=True)
    viewer.tools["undo"].click()
    assert turned == [-90, 90]
    assert gone == ["undo"]


def test_a_page_that_is_only_looked_at_cannot_be_turned(viewer):
    viewer.show_page(slot_of(), 0, editable=False)
    assert not viewer.tools["turn"].isEnabled()
    assert viewer.tools["zoom_in"].isEnabled()


def test_a_slot_without_pages_says_how_they_come(viewer):
    viewer.show_page(slot_of(()), -1, editable=True)
    assert viewer._stack.currentWidget() is viewer._nothing
    assert not viewer.tools["zoom_in"].isEnabled()


def test_a_preview_that_is_no_picture_leaves_empty_paper(viewer):
    viewer.show_page(slot_of(), 0, editable=True)
    viewer.set_preview("rep0", b"nothing of the kind")
    assert viewer.sheet.picture_size().height() > viewer.sheet.picture_size().width()
