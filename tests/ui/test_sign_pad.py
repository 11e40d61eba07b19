"""The pad: mouse, pen and finger write; nothing that was written is lost; the name ends on the form."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from app.core.signature import Signature, dump, load
from app.ui.case.sign_dialog import SignDialog
from app.ui.kit.sign_pad import LEAST, SignPad

PEN = QPointingDevice(
    "pen", 7, QInputDevice.DeviceType.Stylus, QPointingDevice.PointerType.Pen,
    QInputDevice.Capability.Position | QInputDevice.Capability.Pressure, 1, 1,
)  # fmt: skip


@pytest.fixture
def pad(qtbot):
    made = SignPad("签名板")
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize(("size", "beside"), [((1366, 768), False), ((1280, 720), True), ((910, 512), True)])
def test_the_form_and_the_whole_pad_are_in_sight_also_in_a_low_window(qtbot, size, beside):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(*size)
    window.show()
    dialog = SignDialog(window, "申请人")
    dialog.open()
    bar = dialog.findChild(QScrollArea).verticalScrollBar()
    qtbot.waitUntil(lambda: dialog.pad.isVisible() and dialog.pad.height() > 0)
    assert bar.maximum() == 0
    assert dialog.pad.height() >= LEAST.height()
    assert (dialog.paper.mapTo(dialog, QPoint()).y() == dialog.pad.mapTo(dialog, QPoint()).y()) is beside
    assert dialog.rect().contains(dialog.pad.geometry().translated(dialog.pad.parentWidget().mapTo(dialog, QPoint())))
    dialog.reject()


def draw(pad, *places):
    first, *rest = (QPoint(*place) for place in places)
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=first)
    for place in rest:
        QTest.mouseMove(pad, place)
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(*places[-1]))


def pen(pad, kind, place, pressure=0.5, buttons=Qt.MouseButton.LeftButton):
    at = QPointF(*place)
    event = QTabletEvent(
        kind, PEN, at, QPointF(pad.mapToGlobal(at.toPoint())), pressure, 0, 0, 0, 0, 0,
        Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton, buttons,
    )  # fmt: skip
    QApplication.sendEvent(pad, event)


def ink(pad):
    picture = pad.grab().toImage()
    return sum(
        picture.pixelColor(x, y).lightness() < 100
        for x in range(0, picture.width(), 2)
        for y in range(2, picture.height() - 2, 2)
    )


def test_it_is_as_large_as_the_applicants_screen_asks(pad):
    assert pad.width() >= LEAST.width() == 900
    assert pad.height() >= LEAST.height() == 250


def test_the_mouse_writes_a_stroke_in_millimetres(pad, qtbot):
    with qtbot.waitSignal(pad.changed):
        draw(pad, (96, 48), (192, 96), (288, 96))
    (stroke,) = pad.value()
    assert [(point.x, point.y) for point in stroke] == [(2540, 1270), (5080, 2540), (7620, 2540)]
    assert {point.pressure for point in stroke} == {-1}
    assert ink(pad) > 0


def test_a_pen_writes_with_its_pressure_and_a_dot_is_a_stroke(pad):
    pen(pad, QEvent.Type.TabletPress, (100, 100), 0.25)
    pen(pad, QEvent.Type.TabletMove, (150, 120), 0.75)
    pen(pad, QEvent.Type.TabletRelease, (150, 120), 0.0, Qt.MouseButton.NoButton)
    pen(pad, QEvent.Type.TabletPress, (300, 100), 1.0)
    pen(pad, QEvent.Type.TabletRelease, (300, 100), 0.0, Qt.MouseButton.NoButton)
    line, dot = pad.value()
    assert [point.pressure for point in line] == [250, 750]
    assert len(dot) == 1


def test_a_finger_writes_and_the_ball_of_the_hand_does_not(pad, qapp):
    touch = QTest.createTouchDevice()
    QTest.touchEvent(pad, touch).press(1, QPoint(100, 100)).commit()
    QTest.touchEvent(pad, touch).move(1, QPoint(200, 120)).press(2, QPoint(700, 240)).commit()
    QTest.touchEvent(pad, touch).move(1, QPoint(300, 100)).move(2, QPoint(720, 230)).commit()
    QTest.touchEvent(pad, touch).release(1, QPoint(300, 100)).release(2, QPoint(720, 230)).commit()
    (stroke,) = pad.value()
    assert max(point.x for point in stroke) < 9000


def test_wiping_away_can_be_undone_and_what_was_taken_back_stays_away(pad):
    draw(pad, (10, 10), (60, 60))
    draw(pad, (100, 10), (160, 60))
    both = pad.value()
    pad.back()
    assert pad.value() == both[:1]
    pad.back()
    pad.back()
    assert pad.value() == ()
    draw(pad, (10, 10), (60, 60))
    draw(pad, (100, 10), (160, 60))
    both = pad.value()
    pad.clear()
    assert pad.value() == ()
    assert ink(pad) == 0
    pad.back()
    assert pad.value() == both


def test_no_stroke_is_lost_when_the_pad_changes_its_size(pad):
    pad.resize(1200, 400)
    draw(pad, (1100, 350), (1180, 380), (30, 20))
    before = pad.value()
    pad.resize(900, 250)
    assert pad.value() == before
    assert ink(pad) > 0
    # What is written now fits beside it: the whole sheet is in sight.
    draw(pad, (890, 240), (880, 200))
    assert pad.value()[0] == before[0]
    wide, high = pad.extent()
    assert all(point.x <= wide and point.y <= high for stroke in pad.value() for point in stroke)


def test_a_stroke_under_way_goes_on_after_a_change_of_size(pad):
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    pad.resize(1000, 300)
    QTest.mouseMove(pad, QPoint(150, 80))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(150, 80))
    assert len(pad.value()) == 1
    assert len(pad.value()[0]) == 2


def test_strokes_beyond_the_edge_stay_on_the_sheet_and_make_a_signature(pad):
    draw(pad, (10, 10), (-50, 400), (2000, -20))
    draw(pad, (400, 100), (420, 180))
    signature = Signature("ab" * 32, "form", "applicant", "2026-02-06T10:47:12", *pad.extent(), pad.value())
    assert load(dump(signature)) == signature


def test_what_is_put_in_is_shown_and_time_goes_on_behind_it(pad):
    draw(pad, (10, 10), (60, 60))
    old = tuple(tuple(replace(point, at=point.at + 90_000) for point in stroke) for stroke in pad.value())
    pad.put(old)
    draw(pad, (100, 10), (160, 60))
    assert pad.value()[0] == old[0]
    assert pad.value()[1][0].at >= old[0][-1].at


def test_nothing_is_written_while_the_name_is_being_placed(pad):
    pad.set_idle(idle=True)
    draw(pad, (10, 10), (60, 60))
    assert pad.value() == ()
