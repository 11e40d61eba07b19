"""What the settings need of the machine: read and changed on the local lane, folders asked for, a hall's file written and read in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from app.core.settings_all import LANGUAGE, MONITOR, SCALE, SETTINGS
from app.core.settings_file import ENDING
from app.services import applicant_screen, clerks, settings
from app.ui.admin_place_dialog import choose_file
from app.ui.admin_settings_dialog import DifferenceDialog
from app.ui.applicant import screens
from app.ui.applicant.trial import try_out
from app.ui.queue import ask_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from app.core.settings_file import Difference
    from app.services.applicant_screen import Wishes
    from app.services.ports import Desk
    from app.services.settings import Standing
    from app.ui.admin_settings import SettingsSection
    from app.ui.lane import Lane


class SettingsDesk(QObject):
    """Serves one clerk's desk.

    Signals: ``changed(ids)``: these hold otherwise now; ``idle_known(minutes)``: after how long the window locks; ``said(tone, sentence)``;
    ``noted()`` when the left column may have something else to say.
    """

    changed = Signal(tuple)
    idle_known = Signal(int)
    said = Signal(str, str)
    noted = Signal()

    def __init__(self, parent: QObject, window: QWidget, lane: Lane, desk: Desk) -> None:
        super().__init__(parent)
        self._window, self._lane, self._desk = window, lane, desk
        self._page: SettingsSection | None = None
        self._look_idle()

    def serve(self, page: SettingsSection) -> None:
        """Wire the section."""
        self._page = page
        page.change_wanted.connect(self._change)
        page.folder_wanted.connect(self._folder)
        page.try_wanted.connect(self._try)
        page.save_wanted.connect(self._save)
        page.load_wanted.connect(self._load)

    def read(self) -> None:
        """Read how they stand and show it."""
        desk, page = self._desk, self._page
        if page is None:
            return

        def show(found: tuple[Sequence[Standing], bool]) -> None:
            standings, boss = found
            waiting = [one.setting.id for one in standings if _waits(one)]
            page.put(standings, boss=boss, waiting=waiting, picks=self._picks())
            self.noted.emit()

        self._lane.run(lambda: (settings.standings(desk), clerks.is_supervisor(desk)), then=show, owner=page)

    # one
    def _change(self, id_: str, text: str, reason: str) -> None:
        desk, page, one = self._desk, self._page, SETTINGS[id_]
        if page is None:
            return

        def done(now: Standing) -> None:
            when = "，重开程序后生效，草稿都在" if one.restart else ""
            self.said.emit("good", f"{one.name}：{now.note or now.words}{when}")
            self._after((id_,))

        self._lane.run(
            lambda: settings.change(desk, id_, text, reason),
            then=done,
            failed=lambda problem: page.tell(problem.sentence),
            owner=page,
        )

    def _folder(self, id_: str) -> None:
        if folder := ask_folder(self._window, SETTINGS[id_].name):
            self._change(id_, folder, "")

    def _picks(self) -> dict[str, list[tuple[str, str]]]:
        return {
            MONITOR: [(name, name) for name in screens.names()],
            LANGUAGE: [(one.language, one.name) for one in self._desk.languages],
        }

    def _try(self, name: str) -> None:
        desk = self._desk
        self._lane.run(
            lambda: applicant_screen.wishes(desk), then=lambda found: self._tried(name, found), owner=self._page or self
        )

    def _tried(self, name: str, wishes: Wishes) -> None:
        if wishes.texts is not None:
            place = (self._desk.region.name, self._desk.counter.name)
            self.said.emit("accent", try_out(self._window.window(), name, place, wishes.texts, large=wishes.large))

    # a hall's file
    def _save(self) -> None:
        desk = self._desk
        if folder := QFileDialog.getExistingDirectory(self._window, "设置存到哪个文件夹"):
            self._lane.run(
                lambda: settings.save_file(desk, Path(folder)),
                then=lambda name: self.said.emit("good", f"已存成 {name}，到别的窗口读入"),
                failed=lambda problem: self.said.emit("bad", problem.sentence),
                owner=self,
            )

    def _load(self) -> None:
        if file := choose_file(self._window, "读入哪个设置文件", f"设置文件 (*{ENDING})"):
            self.load_file(file)

    def load_file(self, file: str) -> None:
        """Say what a file would change, and change it when a supervisor wants that."""
        desk, name = self._desk, Path(file).name

        def ask(difference: Difference) -> None:
            dialog = DifferenceDialog(self._window, name, difference)
            dialog.acted.connect(lambda _reason: self._apply(difference))
            dialog.open()

        self._lane.run(
            lambda: settings.compare(desk, Path(file)),
            then=ask,
            failed=lambda problem: self.said.emit("bad", problem.sentence),
            owner=self,
        )

    def _apply(self, difference: Difference) -> None:
        desk = self._desk

        def done(_none: None) -> None:
            self.said.emit("good", f"照文件改好 {len(difference.changes)} 处")
            self._after(tuple(one.setting.id for one in difference.changes))

        self._lane.run(
            lambda: settings.apply(desk, difference),
            then=done,
            failed=lambda problem: self.said.emit("bad", problem.sentence),
            owner=self,
        )

    def _after(self, ids: tuple[str, ...]) -> None:
        self._look_idle()
        self.changed.emit(ids)
        self.read()

    def _look_idle(self) -> None:
        desk = self._desk
        self._lane.run(lambda: settings.idle_minutes(desk), then=self.idle_known.emit, owner=self)


def _waits(one: Standing) -> bool:
    """Whether a setting is not what this window runs with: Qt takes its scale once, before the first window."""
    if one.setting.id != SCALE:
        return False
    try:
        running = round(float(os.environ.get("QT_SCALE_FACTOR") or 1) * 100)
    except ValueError:
        return False
    return one.value != str(running)
