"""The demo goes on: the dialogs of a case and of the administration, one picture each, opened by their own keys and buttons."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.adapters.paths import resources
from app.demo import commit, live
from app.demo_camera import SpecimenCamera
from app.ui.applicant.window import ApplicantWindow
from app.ui.case.camera_desk import CameraDesk
from app.ui.case.characters_dialog import CharactersDialog
from app.ui.kit import Button

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QObject

    from app.core.applicant_view import Act
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
        shoot(robot, name)
    robot.shortcut("F2")
    robot.settle()
    robot.shortcut("F5")
    robot.wait("新申请", lambda: robot.window.current == "case" and page.step == "identity")
    robot.settle()
    _click(robot, "看告知")
    shoot(robot, "privacy-notice")
    said = {one["path"]: one["value"] for one in case["answers"]}
    robot.fill("applicant.birth", _OLD)
    robot.settle()
    doubts = page.session.state.stops if page.session is not None else ()
    page.ask_reason(next(one.id for one in doubts if one.field == "applicant.birth"))
    shoot(robot, "mistake")
    robot.fill("applicant.name", said["applicant.name"])
    robot.shortcut("Ctrl+Shift+H")
    robot.wait("找字", lambda: dialog_of(robot.window) is not None)
    finder = dialog_of(robot.window)
    if isinstance(finder, CharactersDialog):
        commit(finder.field, _SEARCHED)
        robot.wait("找到的字", finder.chosen)
    shoot(robot, "characters")
    page.open_step("materials")
    robot.settle()
    for name, keys in _MATERIALS:
        robot.shortcut(keys)
        shoot(robot, name)
    _camera(robot, case)


def _camera(robot: Robot, case: Mapping[str, Any]) -> None:
    """Lay a paper of the case under the camera, and look before it is taken."""
    requirement, paper = next((one["requirement"], name) for one in case["paper"] for name in one["files"] if _is_sheet(name))
    page, desk = robot.window.case_page().page("materials"), robot.window.findChild(CameraDesk)
    if robot.window.desk is None or desk is None:
        return
    file = resources() / "specimens" / robot.window.desk.region.id / paper
    made: list[SpecimenCamera] = []

    def make(parent: QObject) -> SpecimenCamera:
        made.append(SpecimenCamera(parent, file))
        return made[0]

    desk.make_feed = make
    page.focus_field(f"papers.{requirement}")
    robot.shortcut("Ctrl+G")
    robot.wait("高拍仪的画面", lambda: made and made[0].still)
    shoot(robot, "camera")


def _is_sheet(name: str) -> bool:
    return name.startswith("diagnosis.")


def of_copy(robot: Robot) -> None:
    """Let the second copy be written beside the store, and look how it stands."""
    desk, beside = robot.window.desk, robot.window.beside
    if desk is None or beside is None:
        return
    folder = desk.data_dir.with_name(f"{desk.data_dir.name}-copy")
    folder.mkdir()
    robot.shortcut("F2")
    robot.wait("工作台", lambda: robot.window.current == "workbench")
    try:
        beside.second.runner.choose(str(folder))
        robot.wait("第二份备份", lambda: beside.second.runner.standing.tone == "good")
        beside.act("copy")
        shoot(robot, "second-copy")
    finally:
        shutil.rmtree(folder)


def of_lists(robot: Robot) -> None:
    """Take a picture of what notes an answer by telephone, and of what a supervisor adds."""
    robot.window.tab.emit("outcomes")
    robot.wait("结果", lambda: robot.window.current == "outcomes")
    robot.shortcut("Ctrl+Shift+T")
    shoot(robot, "heard")
    robot.window.tab.emit("admin")
    robot.wait("管理", lambda: robot.window.current == "admin")
    for name, section, words in _ADMIN:
        robot.shortcut(section)
        robot.settle()
        _click(robot, words)
        shoot(robot, name)
    robot.shortcut("Alt+1")
    robot.settle()


def _click(robot: Robot, words: str) -> None:
    """Press the button in sight that begins with these words."""
    seen = (one for one in robot.window.findChildren(Button) if one.isVisible() and one.text().strip().startswith(words))
    next(seen).click()


def shoot(robot: Robot, name: str) -> None:
    """Take the picture of the dialog that was opened, and close it."""
    robot.wait(name, lambda: dialog_of(robot.window) is not None)
    live(_MOMENT_MS)
    robot.shoot(name)
    dialog = dialog_of(robot.window)
    if dialog is not None:
        dialog.reject()
    robot.wait("关上", lambda: dialog_of(robot.window) is None)
    robot.settle()


def dialog_of(window: QWidget) -> QDialog | None:
    """Return the dialog that is open before a window."""
    return next((one for one in window.findChildren(QDialog) if one.isVisible()), None)


def screen(robot: Robot) -> ApplicantWindow:
    """Return the applicant's window."""
    found: list[ApplicantWindow] = []

    def look() -> bool:
        found[:] = [one for one in QApplication.topLevelWidgets() if isinstance(one, ApplicantWindow) and one.isVisible()]
        return bool(found)

    robot.wait("申请人屏", look)
    found[0].resize(robot.window.size())
    return found[0]


def touch(window: ApplicantWindow, act: Act) -> None:
    """Press what stands on the applicant's screen."""
    if window.page is not None:
        QTest.mouseClick(window.page.buttons[act], Qt.MouseButton.LeftButton)
