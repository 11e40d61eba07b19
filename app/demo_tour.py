"""The demo goes on: the pages a clerk sees later in the day, one picture each, still by keys and still on specimens.

``chuangkou demo --region ID --out DIR --more``: who comes twice, who comes back with what was missing, what the office decided, and what
stands beside every page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from app.core.answer import Approved
from app.core.applicant_view import Act, Page
from app.core.days import iso
from app.demo import choose_disease, live
from app.demo_dialogs import of_case, of_copy, of_lists, screen, touch
from app.demo_office import of_office
from app.services import outcomes
from app.services.ports import PrinterInfo
from app.ui.selftest import SelfTestDialog
from app.ui.workbench import WorkbenchPage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from app.demo import Robot

_ADMIN = ("places", "settings", "audit", "region", "end-of-day", "board")
"""The parts of 管理 behind the first, in the order of their keys."""
ANOTHER = "51040219000101029X"
"""A second synthetic number, of nobody (the year 1900 is nobody's)."""
_CHECKED = frozenset({"by_agent", "applicant.cert_number", "applicant.name", "applicant.phone", "agent.name", "agent.relation"})
"""What is answered for a look at the applicant's pages."""
_YEARS = 2
_MOMENT_MS = 1200


class PaperTray:
    """A printer that keeps what it is given: one file for each print, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._jobs = 0

    def available(self) -> bool:
        """There is always paper in it."""
        return True

    def printers(self) -> Sequence[PrinterInfo]:
        """Return the one there is."""
        return (PrinterInfo("样本打印机", default=True),)

    def print(self, pdf: bytes, title: str, copies: int = 1, *, printer: str = "", two_sided: bool = False) -> str:
        """Keep it once, however many copies were asked for."""
        del title, copies, printer, two_sided
        self._jobs += 1
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / f"{self._jobs:02}.pdf").write_bytes(pdf)
        return str(self._jobs)

    def follow(self, job: str, seconds: float) -> str:
        """Nothing is ever in the way."""
        del job, seconds
        return ""

    def rest(self) -> None:
        """Nothing to stop."""


def tour(robot: Robot, case: Mapping[str, Any], accepted: str) -> None:
    """Take a picture of every page that the main job did not show. ``accepted``: the id of the case that was accepted."""
    _originals(robot, accepted)
    _applicant(robot, case, accepted)
    _twice(robot, case)
    _missing(robot)
    _decided(robot, accepted)
    _found(robot, case)
    robot.shortcut("F2")
    robot.settle()
    robot.shortcut("Shift+F1")
    _a_moment()
    robot.shoot("explain")
    _press(robot, "Esc")
    robot.settle()
    _morning(robot)
    of_case(robot, case, accepted)
    of_lists(robot)
    robot.window.tab.emit("admin")
    robot.wait("管理", lambda: robot.window.current == "admin")
    robot.shoot("admin")
    for nth, part in enumerate(_ADMIN, 2):
        robot.shortcut(f"Alt+{nth}")
        _a_moment()
        robot.shoot(f"admin-{part}")
    of_copy(robot)
    robot.shortcut("F1")
    robot.wait("全部快捷键", lambda: _dialog(robot) is not None)
    robot.shoot("keys")
    _press(robot, "Esc")
    robot.shortcut("Ctrl+L")
    robot.wait("锁定", lambda: robot.window.current == "lock")
    robot.shoot("lock")
    of_office(robot, case)


def _originals(robot: Robot, accepted: str) -> None:
    robot.window.open_case(accepted)
    robot.wait("那件", lambda: robot.window.current == "case")
    robot.settle()
    robot.shortcut("Ctrl+D")
    _a_moment()
    robot.shoot("originals")
    robot.shortcut("Ctrl+D")


def _applicant(robot: Robot, case: Mapping[str, Any], accepted: str) -> None:
    """Show what stands on the applicant's screen, from the first page to the last."""
    page = robot.window.case_page()
    _new(robot)
    robot.shortcut("F9")
    robot.shoot("applicant-welcome", screen(robot))
    for one in case["answers"]:
        if one["path"] in _CHECKED:
            robot.fill(one["path"], str(one["value"]) if one["path"] == "by_agent" else one["value"])
    page.open_step("materials")
    robot.shoot("applicant-bring", screen(robot))
    page.open_step("answers")
    window = screen(robot)
    while window.view.page is Page.CHECK:
        robot.shoot(f"applicant-check-{window.view.step}", window)
        touch(window, Act.RIGHT)
    robot.shoot("applicant-declare", window)
    robot.window.open_case(accepted)
    robot.wait("那件", lambda: page.session is not None and page.session.application.id == accepted)
    robot.settle()
    robot.shortcut("F9")
    window = screen(robot)
    robot.shoot("applicant-receipt", window)
    robot.shortcut("Ctrl+Shift+S")
    robot.wait("写名字", lambda: window.view.page is Page.SIGN)
    robot.shoot("applicant-sign", window)
    _a_moment()
    robot.shoot("applicant-mirror")
    _press(robot, "Esc")
    robot.shortcut("F9")
    robot.settle()


def _new(robot: Robot) -> None:
    robot.shortcut("F2")
    robot.wait("工作台", lambda: robot.window.current == "workbench")
    robot.settle()
    robot.shortcut("F5")
    robot.wait("新申请", lambda: robot.window.current == "case" and robot.window.case_page().step == "identity")
    robot.settle()


def _twice(robot: Robot, case: Mapping[str, Any]) -> None:
    """Let the same person come with the same disease a second time."""
    said = {one["path"]: one["value"] for one in case["answers"]}
    page = robot.window.case_page()
    _new(robot)
    robot.fill("applicant.cert_number", said["applicant.cert_number"])
    robot.settle()
    robot.shoot("known-person")
    page.open_step("disease")
    robot.wait("病种", lambda: page.step == "disease")
    choose_disease(robot, 0, said["diseases"][0])
    robot.settle()
    robot.shortcut("Ctrl+D")
    robot.wait("两件对照", lambda: page.covered is not None)
    robot.shoot("duplicate")
    robot.shortcut("Shift+F8")


def _missing(robot: Robot) -> None:
    """Let somebody come without the papers, take the notice home, and come back."""
    page = robot.window.case_page()
    _new(robot)
    for path, value in (
        ("applicant.name", "样本·木呷"),
        ("applicant.cert_number", ANOTHER),
        ("applicant.phone", "13800001234"),
    ):
        robot.fill(path, value)
    page.open_step("materials")
    robot.settle()
    robot.shortcut("F7")
    robot.wait("一次性告知书", lambda: _dialog(robot) is not None)
    robot.settle()
    robot.shoot("notice")
    _press(robot, "Ctrl+P")
    robot.settle()
    _press(robot, "Esc")
    robot.wait("工作台", lambda: robot.window.current == "workbench")
    robot.settle()
    robot.shortcut("Alt+2")
    robot.shoot("waiting")
    robot.press(Qt.Key.Key_Return)
    robot.wait("接着办", lambda: robot.window.current == "case")
    robot.shoot("gaps")


def _decided(robot: Robot, accepted: str) -> None:
    """Hear from the office by telephone that the case is approved."""
    desk = robot.window.desk
    if desk is None:
        return
    now = desk.clock.now()
    until = now.date().replace(year=now.year + _YEARS)
    said = Approved(iso(now.date()), iso(until))
    robot.window.lane.run(lambda: outcomes.hear(desk, accepted, said, now.isoformat(timespec="seconds"), "样本市局"))
    robot.settle()
    robot.window.tab.emit("outcomes")
    robot.wait("结果", lambda: robot.window.current == "outcomes")
    robot.shoot("outcomes")


def _found(robot: Robot, case: Mapping[str, Any]) -> None:
    """Look for the first person of the day by the tail of the telephone."""
    tail = next(str(one["value"]) for one in case["answers"] if one["path"] == "applicant.phone")[-4:]
    robot.shortcut("F3")
    robot.wait("工作台", lambda: robot.window.current == "workbench")
    robot.settle()
    page = robot.window.page("workbench")
    if isinstance(page, WorkbenchPage):
        QTest.keyClicks(page.search, tail)
        robot.wait("找到", lambda: bool(page.table.lines()) and page.found_bar.isVisible())
        _a_moment()
    robot.shoot("search")
    robot.press(Qt.Key.Key_Escape)


def _morning(robot: Robot) -> None:
    if robot.window.beside is None:
        return
    robot.window.beside.act("selftest")
    robot.wait("早晨自检", lambda: (found := _dialog(robot)) is not None and _through(found))
    robot.shoot("selftest")
    _press(robot, "Esc")
    robot.settle()


def _a_moment() -> None:
    """Look as long as a person would, for what is drawn or fetched beside the lane."""
    live(_MOMENT_MS)


def _through(dialog: QDialog) -> bool:
    lines = dialog.lines() if isinstance(dialog, SelfTestDialog) else []
    return bool(lines) and not any("正在看" in line for line in lines)


def _press(robot: Robot, keys: str) -> None:
    """Press a shortcut of the dialog that is open."""
    dialog = _dialog(robot)
    if dialog is not None:
        dialog.activateWindow()
        robot.wait("对话框在前面", dialog.isActiveWindow)
        QTest.keySequence(dialog, keys)


def _dialog(robot: Robot) -> QDialog | None:
    return next((one for one in robot.window.findChildren(QDialog) if one.isVisible()), None)
