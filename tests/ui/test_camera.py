"""The document camera: frames sent in the place of a camera go through the same session, the page is found, taken and stored."""

import io

import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from whole_kit import quick_slots
from window_kit import counter_at

from app.adapters.imaging import PageMaker
from app.core.errors import AppError
from app.demo import live
from app.ui import code_camera
from app.ui.case import camera_feed
from app.ui.case.camera_dialog import CameraDialog
from app.ui.case.camera_eye import CameraEye, Sight
from app.ui.case.camera_feed import CameraFeed, CameraName
from app.ui.lane import Lane

pytestmark = pytest.mark.qt_log_ignore("Couldn't (load|resolve)|No RHI backend", extend=True)

SLOT = "identity"
PAGE = ((0.2, 0.1), (0.8, 0.1), (0.8, 0.9), (0.2, 0.9))
ELSEWHERE = tuple((x + 0.1, y) for x, y in PAGE)


def desk_picture(shift=0, *, page=True) -> QImage:
    """A desk seen from above, perhaps with a white page of lines on it."""
    image = Image.new("RGB", (640, 360), (70, 60, 52))
    if page:
        draw = ImageDraw.Draw(image)
        draw.rectangle((180 + shift, 20, 420 + shift, 340), fill=(250, 249, 245))
        for y in range(45, 320, 11):
            draw.line((200 + shift, y, 400 + shift, y), fill=(40, 44, 48), width=3)
    out = io.BytesIO()
    image.save(out, "PNG")
    return QImage.fromData(out.getvalue()).convertToFormat(QImage.Format.Format_RGB32)


class Injected:
    """A source of frames in the place of a camera."""

    def __init__(self):
        self.feed = None
        self.source = None

    def __call__(self, parent):
        from PySide6.QtMultimedia import QVideoFrameInput

        self.feed = CameraFeed(parent)
        self.source = QVideoFrameInput(self.feed)
        # No camera here: what the desk opens in its place is this source.
        self.feed.open = lambda _id="": (self.feed.take(self.source), "injected")[1]
        self.feed.found = lambda: [CameraName("injected", "样机")]
        return self.feed

    def send(self, image, until, limit=1000):
        for _ in range(limit):
            if until():
                return
            self.send_some(image, 1)
        raise AssertionError("frames were sent in vain")

    def send_some(self, image, count):
        """Send frames, each when the one before was looked at."""
        from PySide6.QtMultimedia import QVideoFrame

        for _ in range(count):
            self.source.sendVideoFrame(QVideoFrame(image))
            live(15)


@pytest.fixture(scope="module")
def shared(qapp, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        quick_slots(patch)
        with counter_at(tmp_path_factory.mktemp("counter") / "data") as counter:
            yield counter


@pytest.fixture
def counter(shared):
    shared.begin()
    shared.window.new_case()
    shared.page.open_step("materials")
    shared.page.page("materials").focus_field(f"papers.{SLOT}")
    shared.settle()
    yield shared
    shared.window._work.materials.camera.close()
    shared.settle()


@pytest.fixture
def camera(counter):
    desk = counter.window._work.materials.camera
    source = Injected()
    before, desk.make_feed = desk.make_feed, source
    counter.shortcut("Ctrl+G")
    counter.settle()
    yield source
    desk.close()
    desk.make_feed = before


def dialog_of(counter) -> CameraDialog:
    return counter.window._work.materials.camera.dialog


def pages(counter):
    return counter.application.paper(SLOT).pages


def test_a_page_that_lies_still_is_taken_stored_and_the_next_one_waits_for_its_turn(counter, camera):
    dialog = dialog_of(counter)
    camera.send(desk_picture(), lambda: pages(counter))
    counter.settle()
    assert counter.stored().paper(SLOT).pages == pages(counter)
    camera.send(desk_picture(), lambda: dialog._line.full() and "正在收" not in dialog._line.full())
    camera.send_some(desk_picture(), 12)
    assert len(pages(counter)) == 1
    camera.send(desk_picture(page=False), lambda: not dialog.view.outlined())
    camera.send(desk_picture(100), lambda: len(pages(counter)) == 2)
    counter.settle()
    assert dialog.isVisible()


def test_the_space_bar_takes_the_picture_without_waiting(counter, camera):
    dialog = dialog_of(counter)
    dialog.auto.put(False)
    camera.send(desk_picture(), dialog.view.outlined)
    live(20)
    assert pages(counter) == ()
    QTest.keyClick(dialog.view, Qt.Key.Key_Space)
    counter.wait("一页", lambda: len(pages(counter)) == 1)
    counter.settle()


def test_the_dialog_lets_the_camera_go_when_it_closes(counter, camera):
    camera.send(desk_picture(), dialog_of(counter).view.outlined)
    desk = counter.window._work.materials.camera
    QTest.keyClick(dialog_of(counter), Qt.Key.Key_Escape)
    counter.settle()
    assert (desk.dialog, desk.feed, desk.eye) == (None, None, None)
    counter.shortcut("Ctrl+G")
    counter.settle()
    assert dialog_of(counter).isVisible()


def test_without_a_camera_photographs_can_be_chosen(counter, tmp_path):
    counter.shortcut("Ctrl+G")
    counter.settle()
    dialog = dialog_of(counter)
    assert not dialog.act.isEnabled()
    photo = tmp_path / "photo.png"
    desk_picture().save(str(photo), "PNG")
    QTest.keyClick(dialog, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    chooser = dialog.findChild(QFileDialog)
    chooser.filesSelected.emit([str(photo)])
    chooser.reject()
    counter.wait("一页", lambda: len(pages(counter)) == 1)
    assert dialog_of(counter) is None


def test_a_computer_without_multimedia_says_what_is_missing(counter, monkeypatch):
    monkeypatch.setattr("app.ui.case.camera_desk.multimedia", lambda: False)
    counter.shortcut("Ctrl+G")
    counter.settle()
    assert dialog_of(counter)._nothing._text.full() == camera_feed.NO_MULTIMEDIA
    assert dialog_of(counter)._nothing._button.isVisible()


# --- the dialog alone


@pytest.fixture
def alone(qtbot):
    from PySide6.QtWidgets import QWidget

    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(900, 700)
    parent.show()
    dialog = CameraDialog(parent, "诊断证明书", 1)
    dialog.shots = []
    dialog.shoot.connect(lambda: dialog.shots.append(1))
    dialog.show()
    yield dialog
    dialog.reject()


def sights(dialog, outline, times):
    image = QImage(64, 36, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkGray)
    for _ in range(times):
        dialog.see(Sight(image, outline))


def test_a_page_that_moves_is_not_taken(alone):
    for _ in range(20):
        sights(alone, PAGE, 1)
        sights(alone, ELSEWHERE, 1)
    assert alone.shots == []


def test_the_same_page_is_taken_once_and_the_next_after_it_moved(alone):
    sights(alone, PAGE, 12)
    assert len(alone.shots) == 1
    alone.came(well=True, flaw="")
    sights(alone, PAGE, 30)
    assert len(alone.shots) == 1
    sights(alone, ELSEWHERE, 12)
    assert len(alone.shots) == 2
    alone.came(well=True, flaw="")
    sights(alone, (), 3)
    sights(alone, ELSEWHERE, 12)
    assert len(alone.shots) == 3


def test_nothing_is_taken_by_itself_when_that_is_off(alone):
    alone.auto.put(False)
    sights(alone, PAGE, 30)
    assert alone.shots == []


def test_a_flawed_picture_is_said_and_taken_again_in_its_place(alone, qtbot):
    heard = []
    alone.again.connect(heard.append)
    sights(alone, PAGE, 12)
    alone.came(well=True, flaw="诊断证明书第 1 页看不清字。重扫这一页，放平不晃")
    assert "看不清字" in alone._line.full()
    assert not alone.retake.isHidden()
    QTest.keyClick(alone.view, Qt.Key.Key_F6)
    assert heard == [False, True]
    assert "重拍第 1 页" in alone._line.full()
    sights(alone, PAGE, 12)
    assert len(alone.shots) == 2
    alone.came(well=True, flaw="")
    assert "第 1 页收好了" in alone._line.full()


def test_a_picture_that_broke_off_says_so_and_comes_back(alone):
    sights(alone, PAGE, 2)
    assert alone.act.isEnabled()
    alone.lost(camera_feed.LOST)
    assert not alone.act.isEnabled()
    assert alone._nothing._text.full() == camera_feed.LOST
    sights(alone, PAGE, 1)
    assert alone.act.isEnabled()


def test_a_choice_of_cameras_is_shown_only_where_there_is_one(alone):
    chosen = []
    alone.camera.connect(chosen.append)
    alone.set_cameras([CameraName("a", "甲")], "a")
    assert alone.cameras.isHidden()
    alone.set_cameras([CameraName("a", "甲"), CameraName("b", "乙")], "b")
    assert not alone.cameras.isHidden()
    assert alone.cameras.value() == "b"


# --- the eye


class Frame:
    """A frame as the camera gives it."""

    def __init__(self, image):
        self.image = image

    def toImage(self):  # noqa: N802  # as Qt names it
        return self.image


def test_the_page_is_found_where_it_lies(qtbot):
    eye = CameraEye(PageMaker().outline)
    with qtbot.waitSignal(eye.seen, timeout=10_000) as heard:
        eye.look(Frame(desk_picture()))
    left, top = heard.args[0].outline[0]
    assert left == pytest.approx(360 / 1280, abs=0.03)
    assert top == pytest.approx(40 / 720, abs=0.03)
    eye.close()


def test_frames_that_come_too_fast_are_dropped_but_not_the_last(qtbot):
    import threading

    gate, looked = threading.Semaphore(0), []

    def outline(width, height, _bgra):
        gate.acquire(timeout=10)
        looked.append((width, height))
        return ()

    eye = CameraEye(outline)
    seen = []
    eye.seen.connect(seen.append)
    for width in range(10, 20):
        eye.look(Frame(QImage(width, 9, QImage.Format.Format_RGB32)))
    gate.release(2)
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert looked == [(10, 9), (19, 9)]
    assert eye.dropped == 8
    eye.close()


def test_a_bug_in_looking_is_told_and_does_not_stop_it(qtbot):
    def outline(width, _height, _bgra):
        if width == 10:
            raise AppError("坏了")
        return PAGE

    eye = CameraEye(outline)
    with qtbot.waitSignal(eye.failed, timeout=10_000):
        eye.look(Frame(QImage(10, 9, QImage.Format.Format_RGB32)))
    with qtbot.waitSignal(eye.seen, timeout=10_000):
        eye.look(Frame(QImage(11, 9, QImage.Format.Format_RGB32)))
    eye.close()


def test_multimedia_is_not_loaded_before_a_camera_is_opened():
    import subprocess
    import sys

    code = "import sys, app.ui.case.materials_desk; sys.exit(any('QtMultimedia' in name for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert QApplication.instance() is not None


def test_a_receipt_under_the_camera_gives_its_number_and_the_camera_is_let_go(qtbot):
    class Feed(QObject):
        frame, lost = Signal(object), Signal(str)
        closed = False

        def open(self):
            return "camera"

        def close(self):
            self.closed = True

    class Frame:
        def toImage(self):  # noqa: N802 - as Qt calls it
            image = QImage(64, 48, QImage.Format.Format_RGB32)
            image.fill(0xFFFFFFFF)
            return image

    parent, feed, asked, read = QWidget(), Feed(), [], []
    qtbot.addWidget(parent)
    parent.show()
    lane = Lane(parent)

    def numbers(data):
        asked.append(data[:2])
        return "PZH03-260206-0001-0" if len(asked) > 1 else ""

    dialog = code_camera.open_camera(parent, lane, numbers, lambda _parent: feed)
    dialog.read.connect(read.append)
    feed.frame.emit(Frame())
    qtbot.waitUntil(lambda: bool(read), timeout=10_000)
    assert (read, set(asked), feed.closed) == (["PZH03-260206-0001-0"], {b"\xff\xd8"}, True)
    assert code_camera.open_camera(parent, lane, numbers, lambda _parent: None) is None
    lane.stop()
