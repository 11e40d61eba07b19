"""The demo: the whole main job without a person, through the windows a clerk uses, offscreen, on a region's specimen case.

A robot types into the real fields, drops the real files, presses the real keys and waits for what a person would wait for. Nothing is
called behind the window's back: what the demo can do, a clerk can do.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QEventLoop,
    QMessageLogContext,
    QMimeData,
    QPoint,
    Qt,
    QTimer,
    QtMsgType,
    QUrl,
    qInstallMessageHandler,
)
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QInputMethodEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from app.adapters.clock import DayClock
from app.adapters.paths import forms, resources
from app.core.application import get
from app.core.errors import AppError
from app.main import Workplace
from app.ui import theme
from app.ui.case.materials_page import MaterialsPage
from app.ui.door.first_run import FirstRunPage
from app.ui.kit import Check, Combo, Dialog, Segments, TextArea
from app.ui.main_window import MainWindow
from app.ui.rubbish import Rubbish

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.services.ports import Clock, Printer

    Tour = Callable[["Robot", Mapping[str, Any], str], None]

SIZE = (1366, 768)
PATIENCE_S = 60.0
_LAID_OUT_MS = 60
CLERK = "样本经办员"
PASSPHRASE = "样本口令 桂花树下"  # noqa: S105 - of a store that lives as long as the demo
COUNTER = {"counter_code": "01", "counter_name": "1 号窗口（样本）"}


def live(ms: int) -> None:
    """Let the windows live so many milliseconds. QTest.qWait would hold Python's lock all the while, and the lane would hardly get on."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class RobotError(AppError):
    """The robot could not go on: what it waited for did not come."""


class Robot:
    """Hands and eyes of the demo on one window; ``folder`` takes the screenshots, none while it is ``quiet``."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        self.window = window
        self._folder = folder
        self.shots: list[Path] = []
        self.quiet = False
        self.bugs: list[Exception] = []
        window.lane.crashed.connect(self.bugs.append)

    def beside(self, window: MainWindow) -> Robot:
        """Return hands and eyes on another window; its pictures follow in the same folder."""
        other = Robot(window, self._folder)
        other.shots = self.shots
        return other

    def wait(self, what: str, ready: Callable[[], object]) -> None:
        """Let the window live until something is there."""
        end = time.monotonic() + PATIENCE_S
        while not ready():
            if self.bugs:
                raise self.bugs[0]
            if time.monotonic() > end:
                raise RobotError(f"样本演示停在这里：等不到「{what}」", what)
            live(10)

    def settle(self) -> None:
        """Let everything that is under way come to its end, as a person waits for the screen to be still."""
        live(20)
        busy = True
        while busy:
            self.wait("本机忙完", lambda: not self.window.lane.pending)
            live(30)
            busy = bool(self.window.lane.pending)  # what came may have asked for more, such as the papers that are ticked

    def shoot(self, name: str, of: QWidget | None = None) -> None:
        """Take a screenshot, ``of`` another window than the clerk's where one is given, once what grew has been laid out by the events after it."""
        self.settle()
        if self.quiet:
            return
        live(_LAID_OUT_MS)
        path = self._folder / f"{len(self.shots) + 1:02}-{name}.png"
        seen = of or self.window
        picture = seen.grab()
        painter = QPainter(picture)
        for above in QApplication.topLevelWidgets():
            # A dialog is a window of its own, and stands before this one.
            parent = above.parentWidget()
            if above.isVisible() and parent is not None and parent.window() is seen:
                painter.drawPixmap(seen.mapFromGlobal(above.mapToGlobal(QPoint())), above.grab())
        painter.end()
        picture.save(str(path))
        self.shots.append(path)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifier)

    def shortcut(self, keys: str) -> None:
        """Press a shortcut of the window, such as F8."""
        # Without a window manager nobody gives the window back its focus after a dialog.
        self.window.activateWindow()
        self.wait("窗口在前面", self.window.isActiveWindow)
        QTest.keySequence(self.window, keys)
        live(10)

    def field(self, path: str) -> QWidget:
        """Find the visible field of a dotted path."""
        found: list[QWidget] = []

        def look() -> bool:
            found[:] = [w for w in self.window.findChildren(QWidget) if w.isVisible() and w.property("path") == path]
            return bool(found)

        self.wait(path, look)
        return found[0]

    def fill(self, path: str, value: object) -> None:
        """Answer the question of a dotted path."""
        self.enter(self.field(path), value)

    def enter(self, widget: QWidget, value: object) -> None:
        """Give an answer the way a person does: type, choose with arrows, or tick."""
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        if isinstance(widget, (Combo, Segments)):
            self._choose(widget, str(value))
        elif isinstance(widget, Check):
            if widget.value() != bool(value):
                QTest.keyClick(widget, Qt.Key.Key_Space)
        elif isinstance(widget, QAbstractButton):
            if widget.isChecked() != bool(value):
                QTest.keyClick(widget, Qt.Key.Key_Space)
        elif isinstance(widget, (QLineEdit, TextArea)):
            widget.selectAll()
            commit(widget, str(value))

    def _choose(self, widget: Combo | Segments, code: str) -> None:
        forward, back = (Qt.Key.Key_Down, Qt.Key.Key_Up) if isinstance(widget, Combo) else (Qt.Key.Key_Right, Qt.Key.Key_Left)
        for key in (forward, back):
            before = None
            while widget.value() not in {code, before}:
                before = widget.value()
                QTest.keyClick(widget, key)
        if widget.value() != code:
            raise RobotError(f"样本演示停在这里：没有「{code}」这一项", code)

    def drop(self, target: QWidget, at: QPoint, files: list[Path]) -> None:
        """Drop files on a widget at a point of it."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
        copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QCoreApplication.sendEvent(target, QDragEnterEvent(at, copy, mime, left, none))
        QCoreApplication.sendEvent(target, QDropEvent(at.toPointF(), copy, mime, left, none, QEvent.Type.Drop))


def commit(widget: QWidget, text: str) -> None:
    """Type text as an input method does: whole words, any character."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QCoreApplication.sendEvent(widget, event)


def run(
    region: str, out: Path, *, size: tuple[int, int] = SIZE, printer: Printer | None = None, tour: Tour | None = None
) -> int:
    """Do one specimen case of a region and leave ``form.pdf``, ``receipt.pdf``, ``export/`` and ``screens/`` in ``out``.

    ``size``: the window's, logical px; ``printer``: instead of this computer's; ``tour``: what is done after the main job, with the case and the
    accepted application's id. Raises AppError when there is no such specimen or the robot gets stuck. Returns the exit status.
    """
    case_dir = resources() / "specimens" / region
    if not (case_dir / "case.toml").is_file() or not (forms() / region).is_dir():
        known = "、".join(sorted(p.parent.name for p in (resources() / "specimens").glob("*/case.toml")))
        raise AppError(f"没有「{region}」的样本。有样本的是：{known}")
    case = tomllib.loads((case_dir / "case.toml").read_text("utf-8"))
    screens = out / "screens"
    for old in (screens, out / "export"):
        shutil.rmtree(old, ignore_errors=True)
    screens.mkdir(parents=True)

    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError("a QApplication is needed")
    theme.apply(app, resources())
    Rubbish(app)
    qInstallMessageHandler(_hear)
    clock = DayClock(case["today"])
    with tempfile.TemporaryDirectory(prefix="chuangkou-demo-") as data_dir:
        window = opened(Path(data_dir), Workplace(Path(data_dir), clock, printer), clock, size)
        robot = Robot(window, screens)
        try:
            began = time.monotonic()
            first_start(robot, region)
            number = one_case(robot, case, case_dir)
            session = window.case_page().session
            _queue(robot, out)
            _papers(out)
            if tour is not None and session is not None:
                tour(robot, case, session.application.id)
        finally:
            window.close()
    took = time.monotonic() - began
    _summary(out, number, len(robot.shots), took)
    return 0


def _hear(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Pass on what Qt says, but for what the offscreen platform says of itself at every window."""
    del kind, context
    if not message.startswith("This plugin does not support"):
        print(message, file=sys.stderr)


def opened(data_dir: Path, door: Workplace, clock: Clock, size: tuple[int, int]) -> MainWindow:
    """Return the window over a data directory, shown, of this size in logical px, its scale set as it is looked at."""
    (data_dir / "scale").write_text(f"{float(os.environ.get('QT_SCALE_FACTOR') or 1):.0%}".rstrip("%"), "ascii")
    window = MainWindow(door, clock)
    # The offscreen platform's screen is not the one that is shown: the window is as large as was asked for.
    window.setMinimumSize(*size)
    window.resize(*size)
    window.show()
    return window


def first_start(robot: Robot, region: str) -> None:
    """Set a counter up, to the workbench."""
    robot.wait("第一次设置", lambda: robot.window.current == "first")
    page = robot.window.page("first")
    if not isinstance(page, FirstRunPage):
        raise TypeError(page)
    for name, value in {"region": region, **COUNTER}.items():
        robot.enter(page.place.fields[name], value)
    robot.wait("回执样张", lambda: page.drawn)
    robot.shoot("first-start")
    robot.shortcut("F8")
    for name, value in {"clerk": CLERK, "passphrase": PASSPHRASE, "repeated": PASSPHRASE}.items():
        robot.enter(page.clerk.fields[name], value)
    robot.shortcut("F8")
    robot.wait("第二份备份", page.copy.isVisible)
    robot.shortcut("F8")
    robot.wait("恢复码", lambda: page.recovery.code)
    robot.enter(page.recovery.kept, value=True)
    robot.shoot("recovery-code")
    robot.shortcut("F8")
    robot.wait("工作台", lambda: robot.window.current == "workbench")


def one_case(robot: Robot, case: Mapping[str, Any], case_dir: Path) -> str:
    """Take the specimen case from the first key to its last page; return the acceptance number."""
    robot.shoot("workbench")
    robot.shortcut("F5")
    robot.wait("新申请", lambda: robot.window.current == "case")
    page = robot.window.case_page()
    for step in ("identity", "insurance", "disease"):
        robot.wait(step, _at(robot, step))
        for answer in case["answers"]:
            if _step_of(answer["path"]) == step:
                _answer(robot, answer["path"], answer["value"])
        robot.shoot(step)
        robot.shortcut("F8")
    _materials(robot, case, case_dir)
    for reason in case.get("reason", ()):
        page.ask_reason(reason["finding"])
        robot.wait("理由", lambda: page.findChild(Dialog))
        dialog = page.findChild(Dialog)
        if isinstance(dialog, Dialog):
            commit(dialog.reason, reason["text"])
            QTest.mouseClick(dialog.act, Qt.MouseButton.LeftButton)
            robot.wait("理由记下", lambda: page.findChild(Dialog) is None)
    robot.shoot("materials")
    robot.shortcut("F8")
    robot.wait("核对", lambda: page.step == "answers")
    robot.fill("read_back", value=True)
    robot.shoot("answers")
    robot.shortcut("F8")
    robot.wait("受理", lambda: page.step == "finished")
    robot.shoot("finished")
    session = page.session
    if session is None or session.application.acceptance is None:
        raise RobotError("样本演示停在这里：没有受理编号")
    return session.application.acceptance.number


def _at(robot: Robot, step: str) -> Callable[[], bool]:
    return lambda: robot.window.case_page().step == step


def _step_of(path: str) -> str:
    head = path.partition(".")[0]
    if head in {"insurance", "remote"}:
        return "insurance"
    return "disease" if head in {"diseases", "care", "summary", "show_disease"} else "identity"


def _answer(robot: Robot, path: str, value: object) -> None:
    """Answer one question unless the window has answered it already (what a number tells, what is preset)."""
    session = robot.window.case_page().session
    if session is None or path == "insurance.status":
        return
    if path == "diseases" and isinstance(value, list):
        for at, disease in enumerate(value):
            choose_disease(robot, at, disease)
    elif get(session.application, path) != value:
        if path == "by_agent":
            value = str(value)
        robot.fill(path, value)


def choose_disease(robot: Robot, at: int, disease: Mapping[str, str]) -> None:
    """Choose a disease of the specimen, or write it where there is no catalogue."""
    session = robot.window.case_page().session
    if session is None:
        return
    region = session.state.region
    if region.diseases:
        robot.fill("diseases", disease["name"])
        if region.disease(disease.get("code", ""), disease["name"]) is not None:
            robot.press(Qt.Key.Key_Return)
        else:
            robot.shortcut("Ctrl+N")
    else:
        if at:
            robot.shortcut("Ctrl+N")
        robot.fill(f"diseases.{at}.name", disease["name"])
    robot.wait("病种", lambda: len(session.application.diseases) > at)
    if disease.get("diagnosed_on"):
        robot.fill(f"diseases.{at}.diagnosed_on", disease["diagnosed_on"])


def _materials(robot: Robot, case: Mapping[str, Any], case_dir: Path) -> None:
    page = robot.window.case_page()
    robot.wait("材料", lambda: page.step == "materials")
    materials = page.page("materials")
    session = page.session
    if session is None or not isinstance(materials, MaterialsPage):
        return
    for paper in case["paper"]:
        requirement = paper["requirement"]
        materials.focus_field(f"papers.{requirement}")
        slot = materials.list.slot(requirement)
        if slot is None:
            raise RobotError(f"样本演示停在这里：没有「{requirement}」这项材料", requirement)
        if slot.options is not None and paper.get("option"):
            robot.enter(slot.options, paper["option"])
        files = [case_dir / name for name in paper.get("files", ())]
        if files:
            robot.drop(materials, slot.mapTo(materials, slot.rect().center()), files)
            robot.wait("收进原件", lambda: session.application.paper(requirement).pages)  # noqa: B023 - waited for right here
            robot.settle()
        if slot.date is not None and paper.get("issued_on"):
            robot.enter(slot.date, paper["issued_on"])
        for mark, toggle in slot.toggles.items():
            robot.enter(toggle, paper.get(mark, getattr(session.application.paper(requirement), mark)))


def _queue(robot: Robot, out: Path) -> None:
    robot.shortcut("F2")
    robot.wait("工作台", lambda: robot.window.current == "workbench")
    robot.window.tab.emit("queue")
    robot.wait("待报送", lambda: robot.window.current == "queue")
    robot.settle()
    robot.window.queue_page().choose_folder = _choose(out / "export")
    robot.shortcut("Ctrl+E")
    robot.wait("导出", lambda: any((out / "export").glob("*/manifest-sha256.txt")))
    robot.shoot("queue")


def _choose(folder: Path) -> Callable[[QWidget, str, str], str]:
    """Answer the folder dialog, which belongs to the system and cannot be typed into here."""
    return lambda _parent, _title, _start: str(folder)


def _papers(out: Path) -> None:
    exported = next(folder for folder in (out / "export").iterdir() if (folder / "form.pdf").is_file())
    for name in ("form.pdf", "receipt.pdf"):
        shutil.copyfile(exported / name, out / name)


def _summary(out: Path, number: str, shots: int, took: float) -> None:
    print(f"办成一件样本，{took:.1f} 秒，受理编号 {number}")
    for what, where in (
        ("申请表", out / "form.pdf"),
        ("受理回执", out / "receipt.pdf"),
        ("导出", out / "export"),
        (f"{shots} 张画面", out / "screens"),
    ):
        print(f"  {what}：{where}")
