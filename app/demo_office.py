"""The demo ends at the office: a second counter that knows one, reads its papers and asks the applicant how it was, and the office's own window.

It is a counter of its own, because with an office everything goes sealed: the pictures of the first one show a counter without.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtTest import QTest

from app.adapters.clock import DayClock
from app.adapters.paths import resources
from app.adapters.signing import OfficeSignatures
from app.adapters.transfer.office import FolderCabinet
from app.adapters.transfer.places import AnyPlaces
from app.adapters.transfer.seal import BagSealer
from app.core.applicant_view import Act, Page
from app.core.places import PlaceKind, PlaceSettings
from app.core.settings_all import READING
from app.core.submission import ready
from app.demo import Robot, commit, first_start, one_case, opened
from app.demo_dialogs import dialog_of, screen, shoot, touch
from app.main import Workplace
from app.office_window import make
from app.services import answers, office, places, settings
from app.services.ports.media import Medium
from app.ui.case.materials_page import MaterialsPage
from app.ui.case.read_desk import ReadDesk
from app.ui.kit import Dialog

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.services.ports import Desk, Printer, Store
    from app.ui.office.window import OfficeWindow
    from app.ui.sending import Sender

_NAME: Final = "样本市医保中心"
_PLACE: Final = "样本共享盘"
_READ: Final = (("identity", ("id-front", "id-back")), ("diagnosis", ("diagnosis",)))
"""What is laid down to be read: the requirement, and how its files begin."""
_ASKED: Final = ("诊断证明上的日期看不清", "让医院补盖日期章，再拍一张")


class _Slot:
    """A slot for sticks, empty until one is plugged in."""

    def __init__(self) -> None:
        self._told: list[Callable[[tuple[Medium, ...]], None]] = []

    def __call__(self, told: Callable[[tuple[Medium, ...]], None]) -> _Slot:
        """Tell of what is plugged in from now on."""
        self._told.append(told)
        return self

    def stop(self) -> None:
        """Tell of nothing more."""
        self._told.clear()

    def plug(self, *media: Medium) -> None:
        """Plug these in; what was there before is pulled."""
        for told in self._told:
            told(media)


class _Counter(Workplace):
    """A counter with a slot for sticks that reads its papers, by the real engine."""

    def __init__(self, data_dir: Path, clock: DayClock, printer: Printer) -> None:
        super().__init__(data_dir, clock, printer)
        self.slot = _Slot()

    def _desk(self, store: Store, clerk: str) -> Desk:
        return replace(super()._desk(store, clerk), recogniser=self._reading(), media=self.slot)


def of_office(before: Robot, case: Mapping[str, Any]) -> None:
    """Take the case from another counter to the office. ``before``: the robot of the first one; its pictures go on being numbered."""
    desk, clock = before.window.desk, DayClock(case["today"])
    if desk is None:
        return
    size = (before.window.width(), before.window.height())
    with tempfile.TemporaryDirectory(prefix="chuangkou-demo-") as folder:
        root = Path(folder)
        data, share, stick = (root / name for name in ("data", "share", "stick"))
        for one in (data, share, stick):
            one.mkdir()
        door = _Counter(data, clock, desk.printer)
        side = office.Office(FolderCabinet(root / "office"), OfficeSignatures(), BagSealer(), clock)
        robot = before.beside(opened(data, door, clock, size))
        try:
            _accept(robot, desk.region.id, case, side)
            _rate(robot)
            _send(robot, door.slot, stick, share)
            _review(robot, side, share)
            _read(robot, desk.region.id)
        finally:
            robot.window.close()


def _accept(robot: Robot, region: str, case: Mapping[str, Any], side: office.Office) -> None:
    """Set the counter up, make it and the office known to each other, and accept the case, all of it typed."""
    robot.quiet = True
    first_start(robot, region)
    desk = _desk(robot)

    def introduce() -> None:
        card, _ = office.keygen(side, _NAME)
        answers.take_card(desk, card)
        office.know(side, answers.card(desk)[1])
        settings.change(desk, READING, "off")

    robot.window.lane.run(introduce)
    robot.settle()
    _sender(robot).look()
    one_case(robot, case, resources() / "specimens" / region)
    robot.quiet = False


def _rate(robot: Robot) -> None:
    """Ask the applicant how it was."""
    robot.shortcut("F9")
    window = screen(robot)
    touch(window, Act.ON)
    robot.wait("评价", lambda: window.view.page is Page.RATE)
    robot.shoot("applicant-rating", window)
    touch(window, Act.SKIP)
    robot.shortcut("F9")


def _send(robot: Robot, slot: _Slot, stick: Path, share: Path) -> None:
    """Plug a stick in, and then let it go over a shared folder."""
    desk = _desk(robot)
    robot.shortcut("F2")
    robot.wait("工作台", lambda: robot.window.current == "workbench")
    robot.window.tab.emit("queue")
    robot.wait("待报送", lambda: robot.window.current == "queue")
    robot.settle()
    slot.plug(Medium("样本盘", stick))
    robot.wait("U 盘", robot.window.queue_page().stick.isVisible)
    robot.shoot("queue-stick")
    slot.plug()
    robot.window.lane.run(lambda: places.set_places(desk, [_settings(share)]))
    robot.settle()
    sender = _sender(robot)
    sender.look()
    robot.wait("送到", lambda: any((share / ready(places.wire(desk))).glob("*.json")) and not sender.uplink.busy)
    robot.settle()
    robot.shoot("queue-sent")


def _settings(share: Path) -> PlaceSettings:
    return PlaceSettings(PlaceKind.FOLDER, _PLACE, str(share))


def _review(robot: Robot, side: office.Office, share: Path) -> None:
    """Fetch it at the office, look at it beside its originals, and write what is to be mended."""
    window = make(side, lambda _folder: AnyPlaces().open(_settings(share)), _PLACE, "样本审核员")
    shell, review = window.shell, window.review
    shell.setMinimumSize(robot.window.size())
    shell.resize(robot.window.size())
    shell.show()
    try:
        _press(robot, window, "Ctrl+I")
        robot.wait("收件", lambda: bool(review.list.lines()))
        review.list.setFocus()
        _press(robot, window, "Return")
        robot.wait("打开", lambda: review.case is not None)
        row = next(one for one in review.case.rows if one.path == "papers.diagnosis") if review.case else None
        if row is not None:
            review.rows.set_current(row.key)
        _still(robot, window)
        robot.shoot("office-review", shell)
        _press(robot, window, "Alt+2")
        for field, text in zip((review.panel.problem, review.panel.remedy), _ASKED, strict=True):
            field.setFocus()
            commit(field, text)
        _still(robot, window)
        robot.shoot("office-answer", shell)
        _press(robot, window, "F8")
        robot.shoot("office-sign", shell)
        question = dialog_of(shell)
        if isinstance(question, Dialog):
            question.act.click()
        _still(robot, window)
        _press(robot, window, "F3")
        _still(robot, window)
        robot.shoot("office-exchange", shell)
    finally:
        shell.close()


def _press(robot: Robot, window: OfficeWindow, keys: str) -> None:
    """Press keys in the office's window, where the focus is."""
    window.shell.activateWindow()
    robot.wait("窗口在前面", window.shell.isActiveWindow)
    QTest.keySequence(window.shell.focusWidget() or window.shell, keys)
    _still(robot, window)


def _still(robot: Robot, window: OfficeWindow) -> None:
    """Let the office's window come to its end of what is under way."""
    robot.wait("经办机构忙完", lambda: not window.lane.pending and not window.exchange.progress.full())
    robot.settle()


def _read(robot: Robot, region: str) -> None:
    """Lay the first papers of a new case down, and look at what was read off them beside where it stands."""
    desk, case = _desk(robot), robot.window.case_page()
    robot.window.lane.run(lambda: settings.change(desk, READING, "on"))
    robot.shortcut("F2")
    robot.wait("工作台", lambda: robot.window.current == "workbench")
    robot.settle()
    robot.shortcut("F5")
    robot.wait("新申请", lambda: robot.window.current == "case" and case.step == "identity")
    case.open_step("materials")
    robot.settle()
    reading, page = robot.window.findChild(ReadDesk), case.page("materials")
    if reading is None or not reading.on or not isinstance(page, MaterialsPage):
        return
    files = {one.stem: one for one in (resources() / "specimens" / region).iterdir()}
    for requirement, names in _READ:
        page.focus_field(f"papers.{requirement}")
        slot = page.list.slot(requirement)
        if slot is not None:
            robot.drop(page, slot.mapTo(page, slot.rect().center()), [files[name] for name in names])
            robot.settle()
    robot.wait("读完", lambda: not reading.waiting)
    robot.shortcut("Ctrl+K")
    shoot(robot, "read")


def _sender(robot: Robot) -> Sender:
    """Return what moves the queue of a window that somebody has opened."""
    if robot.window.beside is None:
        raise TypeError("nobody is in")
    return robot.window.beside.sending


def _desk(robot: Robot) -> Desk:
    """Return the desk of a window that somebody has opened."""
    desk = robot.window.desk
    if desk is None:
        raise TypeError("nobody is in")
    return desk
