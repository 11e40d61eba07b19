"""A round of calls from a work-list: the list printed or saved, and each call noted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from app.core.masks import COVERED, Veil
from app.services import call_list
from app.services.telling import WORDS_MOST, How
from app.ui import asking, lists
from app.ui.admin_dialogs import Ask
from app.ui.kit import Button, Field, Segments
from app.ui.print_work import print_sheet

if TYPE_CHECKING:
    import datetime as dt

    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import QWidget

    from app.core.office_sheets import OfficeSheet
    from app.services.ports import Desk, Entry
    from app.ui.lane import Lane
    from app.ui.workbench import WorkbenchPage

_CALLS: Final = (How.REACHED, How.NO_ANSWER, How.WRONG_NUMBER)


class CallDialog(Ask):
    """Who was called about an application and how it came out; the call before can be taken back. ``answered({"how", "words"})``."""

    def __init__(self, parent: QWidget, entry: Entry, today: dt.date, veil: Veil = COVERED) -> None:
        ways = [(how.value, call_list.SAID[how.value]) for how in _CALLS]
        last = call_list.last_call(entry, today)
        how = Segments("通话·打得怎样", ways)
        mistaken = Button("上次那一回记错了，不算", "link")
        words = Field("通话·说了什么", placeholder="谁接的、说了什么，不写也行")
        words.setMaxLength(WORDS_MOST)
        phone = veil.phone(entry.phone) if entry.phone else "没留电话"
        said = "，".join((lists.name(entry, veil), phone, f"上次：{last}" if last else "还没打过"))
        super().__init__(
            parent,
            "记一次通话",
            f"{said}。",
            "记下",
            {"how": ("打得怎样", how), "words": ("说了什么", words)},
            lambda answers: "" if answers["how"] else "选一样：打通了没有",
            stay="不记",
            more=[mistaken] if last else [],
        )
        mistaken.clicked.connect(self._take_back)

    def _take_back(self) -> None:
        self.answered.emit({"how": How.MISTAKEN.value, "words": ""})

    def showEvent(self, event: QShowEvent) -> None:
        """Stand at how it came out."""
        super().showEvent(event)
        self.fields["how"].setFocus()


class CallsDesk(QObject):
    """Serves one workbench page. ``noted()`` once a call was noted."""

    noted = Signal()

    def __init__(self, window: QWidget, lane: Lane, desk: Desk, page: WorkbenchPage) -> None:
        super().__init__(page)
        self._window, self._lane, self._desk, self._page = window, lane, desk, page
        page.roll_wanted.connect(self._print)
        page.roll_saved.connect(self._save)
        page.call_wanted.connect(self._call)

    def _sheet(self, name: str) -> OfficeSheet:
        """Return the list as it stands now. For the lane."""
        today = self._desk.clock.now().date()
        return call_list.sheet(name, asking.listed(self._desk, name, today), today)

    def _print(self, name: str) -> None:
        page = self._page
        print_sheet(
            self._desk,
            self._lane,
            lambda: self._sheet(name),
            "normal",
            owner=page,
            done=lambda: page.say("good", "名单已送到打印机。上面有姓名和电话，用完碎掉"),
            failed=lambda sentence: page.say("bad", sentence),
        )

    def _save(self, name: str) -> None:
        desk, page = self._desk, self._page
        folder = QFileDialog.getExistingDirectory(self._window, "名单存到哪个文件夹")
        if folder:
            self._lane.run(
                lambda: call_list.save(desk, self._sheet(name), Path(folder)),
                then=lambda file: page.say("good", f"已存成 {file}。上面有姓名和电话，用完删掉"),
                failed=lambda problem: page.say("bad", problem.sentence),
                owner=page,
            )

    def _call(self, entry: Entry) -> None:
        desk, page = self._desk, self._page
        dialog = CallDialog(self._window, entry, desk.clock.now().date(), page.veil)

        def done(_none: object) -> None:
            dialog.done_well()
            page.say("good", "记下了")
            self.noted.emit()

        dialog.answered.connect(
            lambda answers: self._lane.run(
                lambda: call_list.record(desk, entry.id, How(answers["how"]), answers["words"]),
                then=done,
                failed=lambda problem: dialog.fail(problem.sentence),
                owner=dialog,
                broken=lambda: dialog.fail("程序出了差错，没有记下"),
            )
        )
        dialog.open()
