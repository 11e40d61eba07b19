"""The demo goes on: the dialogs of a case and of the administration, one picture each, opened by their own keys and buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from app.demo import commit
from app.ui.case.characters_dialog import CharactersDialog
from app.ui.kit import Button

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.demo import Robot

_FINISHED = (("how-to-print", "Ctrl+Shift+P"), ("sign", "Ctrl+Shift+S"), ("signed-back", "F6"))
_MATERIALS = (("scanner", "Ctrl+F6"), ("declined", "Ctrl+F7"))
_ADMIN = (("add-person", "Alt+1", "加一人"), ("add-place", "Alt+2", "加一处"))
_SEARCHED = "yun 文武贝"
_OLD = "1900-01-01"
_MOMENT_MS = 800


def of_case(robot: Robot, case: Mapping[str, Any], accepted: str) -> None:
    """Take a picture of each dialog of a case, the accepted one's first. ``accepted``: its id."""
    page = robot.window.case_page()
    robot.window.open_case(accepted)
    robot.wait("那件", lambda: page.session is not None and page.session.application.id == accepted)
    robot.settle()
    for name, keys in _FINISHED:
        robot.shortcut(keys)
        _shoot(robot, name)
    robot.shortcut("F2")
    robot.settle()
    robot.shortcut("F5")
    robot.wait("新申请", lambda: robot.window.current == "case" and page.step == "identity")
    robot.settle()
    _click(robot, "看告知")
    _shoot(robot, "privacy-notice")
    said = {one["path"]: one["value"] for one in case["answers"]}
    robot.fill("applicant.birth", _OLD)
    robot.settle()
    doubts = page.session.state.stops if page.session is not None else ()
    page.ask_reason(next(one.id for one in doubts if one.field == "applicant.birth"))
    _shoot(robot, "mistake")
    robot.fill("applicant.name", said["applicant.name"])
    robot.shortcut("Ctrl+Shift+H")
    robot.wait("找字", lambda: _dialog(robot) is not None)
    finder = _dialog(robot)
    if isinstance(finder, CharactersDialog):
        commit(finder.field, _SEARCHED)
        robot.wait("找到的字", finder.chosen)
    _shoot(robot, "characters")
    page.open_step("materials")
    robot.settle()
    for name, keys in _MATERIALS:
        robot.shortcut(keys)
        _shoot(robot, name)


def of_lists(robot: Robot) -> None:
    """Take a picture of what notes an answer by telephone, and of what a supervisor adds."""
    robot.window.tab.emit("outcomes")
    robot.wait("结果", lambda: robot.window.current == "outcomes")
    robot.shortcut("Ctrl+Shift+T")
    _shoot(robot, "heard")
    robot.window.tab.emit("admin")
    robot.wait("管理", lambda: robot.window.current == "admin")
    for name, section, words in _ADMIN:
        robot.shortcut(section)
        robot.settle()
        _click(robot, words)
        _shoot(robot, name)
    robot.shortcut("Alt+1")
    robot.settle()


def _click(robot: Robot, words: str) -> None:
    """Press the button in sight that begins with these words."""
    seen = (one for one in robot.window.findChildren(Button) if one.isVisible() and one.text().strip().startswith(words))
    next(seen).click()


def _shoot(robot: Robot, name: str) -> None:
    """Take the picture of the dialog that was opened, and close it."""
    robot.wait(name, lambda: _dialog(robot) is not None)
    QTest.qWait(_MOMENT_MS)
    robot.shoot(name)
    dialog = _dialog(robot)
    if dialog is not None:
        dialog.reject()
    robot.wait("关上", lambda: _dialog(robot) is None)
    robot.settle()


def _dialog(robot: Robot) -> QDialog | None:
    return next((one for one in robot.window.findChildren(QDialog) if one.isVisible()), None)
