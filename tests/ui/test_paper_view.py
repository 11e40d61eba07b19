"""The paper view asks for what is in sight, shows what comes, and does not flicker while answers change."""

from dataclasses import replace

import pytest
from answers_kit import draft, drawn, printery, serve
from looking import clipped
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication

from app.ui import theme
from app.ui.case.paper_view import PaperView


@pytest.fixture(scope="module")
def form():
    return drawn(draft())


@pytest.fixture(scope="module")
def changed():
    return drawn(replace(draft(), summary="另一句病情摘要"))


@pytest.fixture
def view(qtbot):
    view = PaperView()
    theme.dress(view)
    qtbot.addWidget(view)
    view.resize(440, 600)
    view.show()
    QApplication.processEvents()
    return view


def show(view, document, title="申请表"):
    view.put(document.digest, title, document.pages, document.problems)


def test_it_asks_for_the_page_in_sight_at_the_width_of_the_desk(view, form):
    asked = serve(view, form)
    show(view, form)
    assert [(digest, page) for digest, page, _ in asked] == [(form.digest, 0)]
    assert abs(view.desk.image().width() - view.desk.page_width() * view.devicePixelRatioF()) <= 1
    assert view._where.full() == "第 1 页，共 2 页·所见即所印"
    assert view._chip.accessibleName() == "字形齐全"
    assert clipped(view) == []


def test_the_pixels_are_the_pixels_of_the_pdf(view, form):
    asked = serve(view, form)
    show(view, form)
    width, height, bgra = printery().picture(form.pdf, 0, asked[-1][2])
    image = view.desk.image()
    assert (image.width(), image.height()) == (width, height)
    for x, y in ((0, 0), (width // 2, height // 3), (width // 4, height // 5), (60, 60)):
        blue, green, red, _ = bgra[(y * width + x) * 4 :][:4]
        assert image.pixelColor(x, y) == QColor(red, green, blue)


def test_the_same_digest_again_asks_nothing(view, form):
    asked = serve(view, form)
    show(view, form)
    before = len(asked)
    show(view, form)
    QApplication.processEvents()
    assert len(asked) == before


def test_a_new_version_keeps_page_and_picture_until_its_own_comes(view, form, changed):
    asked = serve(view, form)
    show(view, form)
    view.turn_by(1)
    old = view.desk.image().cacheKey()
    view.page_wanted.disconnect()
    waiting = []
    view.page_wanted.connect(lambda *question: waiting.append(question))
    show(view, changed)
    assert view.page == 1
    assert view.desk.image().cacheKey() == old
    assert [(digest, page) for digest, page, _ in waiting] == [(changed.digest, 1)]
    view.set_page(*waiting[0][:2], *printery().picture(changed.pdf, 1, waiting[0][2]))
    assert view.desk.image().cacheKey() != old
    assert len(asked) == 2


def test_another_document_begins_at_its_first_page_on_a_bare_sheet(view, form):
    serve(view, form)
    show(view, form)
    view.turn_by(1)
    view.page_wanted.disconnect()
    view.put("another", "受理回执", 1, ())
    assert view.page == 0
    assert view.desk.image().isNull()


def test_a_picture_of_an_older_version_is_left_aside(view, form, changed):
    show(view, form)
    show(view, changed)
    view.set_page(form.digest, 0, *printery().picture(form.pdf, 0, 40))
    assert view.desk.image().isNull()


def test_a_picture_that_is_cut_short_is_left_aside(view, form):
    show(view, form)
    view.set_page(form.digest, 0, 300, 400, b"\xff" * 100)
    assert view.desk.image().isNull()


def test_zooming_asks_once_when_it_stopped(view, form, qtbot):
    asked = serve(view, form)
    show(view, form)
    qtbot.wait(200)
    before, width = len(asked), view.desk.image().width()
    for _ in range(3):
        view.zoom_by(1)
    assert len(asked) == before
    qtbot.waitUntil(lambda: len(asked) == before + 1, timeout=1000)
    assert view.desk.image().width() > 1.9 * width
    view.fit()
    qtbot.waitUntil(lambda: abs(view.desk.image().width() - width) <= 1, timeout=1000)


def test_keys_turn_pages_and_zoom(view, form, qtbot):
    serve(view, form)
    show(view, form)
    view.activateWindow()
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert view.page == 1
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert view.page == 1
    qtbot.keyClick(view, Qt.Key.Key_PageUp)
    assert view.page == 0
    qtbot.keyClick(view, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
    assert view.zoom == 1.25
    qtbot.keyClick(view, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert view.zoom == 0.75
    qtbot.keyClick(view, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert view.zoom == 1.0


def wheel(view, down, modifier=Qt.KeyboardModifier.NoModifier):
    at = QPointF(100, 100)
    delta = QPoint(0, -120 if down else 120)
    place = view.desk.viewport()
    event = QWheelEvent(
        at, place.mapToGlobal(at), QPoint(), delta, Qt.MouseButton.NoButton, modifier, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(place, event)


def test_the_wheel_scrolls_and_with_ctrl_it_zooms(view, form):
    serve(view, form)
    view.resize(440, 300)
    show(view, form)
    QApplication.processEvents()
    wheel(view, down=True)
    assert view.desk.verticalScrollBar().value() > 0
    wheel(view, down=False, modifier=Qt.KeyboardModifier.ControlModifier)
    assert view.zoom == 1.25


def test_a_hidden_view_asks_when_it_is_seen(view, form, qtbot):
    asked = serve(view, form)
    view.hide()
    show(view, form)
    assert asked == []
    view.show()
    qtbot.waitUntil(lambda: len(asked) >= 1, timeout=1000)


def test_a_paper_of_another_width_is_asked_for_once_more_and_then_fits(view):
    asked = []

    def a5(digest, page, dpi):
        asked.append(dpi)
        width, height = round(148 / 25.4 * dpi), round(210 / 25.4 * dpi)
        view.set_page(digest, page, width, height, b"\xff" * (width * height * 4))

    view.page_wanted.connect(a5)
    view.put("a5", "受理回执", 1, ())
    assert len(asked) == 2
    assert abs(view.desk.image().width() - view.desk.page_width() * view.devicePixelRatioF()) <= 1


def test_pictures_that_never_fit_are_not_asked_for_without_end(view):
    asked = []

    def stubborn(digest, page, dpi):
        asked.append(dpi)
        view.set_page(digest, page, 100, 141, b"\xff" * (100 * 141 * 4))

    view.page_wanted.connect(stubborn)
    view.put("x", "受理回执", 1, ())
    QApplication.processEvents()
    assert len(asked) <= 3


def test_what_does_not_fit_is_listed(view, form):
    view.put(form.digest, "申请表", form.pages, ("姓名里的「𱁬」没有字形", "住址放不下"))
    QApplication.processEvents()
    assert view._chip.accessibleName() == "缺字或放不下 2 处"
    assert view._problems.isVisible()
    assert clipped(view) == []


def test_the_whole_page_is_in_sight_where_that_costs_little_width(view, form):
    serve(view, form)
    show(view, form)
    assert view.desk.verticalScrollBar().maximum() == 0
    view.resize(440, 400)
    QApplication.processEvents()
    assert view.desk.verticalScrollBar().maximum() > 0
