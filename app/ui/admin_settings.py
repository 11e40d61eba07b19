"""Settings (设置): every one of the program in one list that is searched in plain words, the chosen one beside it, and a hall's file."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.core.settings import Who
from app.ui import keys, lists
from app.ui.admin_setting_detail import SIDE, SLIM, SettingDetail
from app.ui.kit import Button, Cell, Column, Line, ListTable, Segments, Text, column, fill, row, rule
from app.ui.list_marks import fold, parts_of, whole
from app.ui.workbench_search import SearchField

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Mapping, Sequence

    from PySide6.QtGui import QResizeEvent

    from app.services.settings import Standing

_NARROW, _TIGHT = 800, 700
"""Logical px: below these the detail is narrower, and the list leaves out who changed what."""

_NONE: Mapping[str, Sequence[tuple[str, str]]] = MappingProxyType({})
_SHOWN = {"all": "全部", "changed": "改过", "fixed": "固定"}


class SettingsSection(QFrame):
    """Signals carry wishes; :class:`app.ui.admin_settings_desk.SettingsDesk` does them.

    ``change_wanted(id, text, reason)``, ``folder_wanted(id)``, ``try_wanted(text)`` to show which monitor that is, ``save_wanted()``, ``load_wanted()``.
    """

    change_wanted = Signal(str, str, str)
    folder_wanted = Signal(str)
    try_wanted = Signal(str)
    save_wanted = Signal()
    load_wanted = Signal()

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        super().__init__()
        self._now = now
        self._all: dict[str, Standing] = {}
        self._boss = False
        self._waiting: Collection[str] = ()
        self.detail = SettingDetail()
        main = column(self._build_band(), rule(), (self._build_list(), 1))
        self._side = column((self.detail, 1), rule(), self._build_file(), role="side", width=SIDE)
        fill(QHBoxLayout(self), ((main, 1), self._side))
        self.search.asked.connect(self._find)
        self.which.chosen.connect(self._find)
        self.search.stepped.connect(self.table.step)
        self.search.entered.connect(self._enter)
        self.detail.wanted.connect(lambda text, reason: self.change_wanted.emit(self.table.current(), text, reason))
        self.detail.folder_wanted.connect(lambda: self.folder_wanted.emit(self.table.current()))
        self.detail.try_wanted.connect(self.try_wanted)
        self.detail.left.connect(self.focus)
        keys.bind(self, "confirm", self.detail.confirm)
        self._find()

    def _build_band(self) -> QWidget:
        self.search = SearchField("设置·查设置", "键入要改什么，用平常话", big=False)
        self.search.setMaximumWidth(320)
        self._count = Text("", "small")
        self.which = Segments("设置·哪些", _SHOWN.items())
        self.which.put("all")
        first = row(Text("设置", "h2"), (self.search, 1), self._count, gap=12, pad=(16, 0), height=50)
        return column(first, row(self.which, ..., pad=(16, 0, 16, 8)))

    def _build_list(self) -> QWidget:
        self.table = ListTable("设置", (Column("设置", 0), Column("现在", 156), Column("谁改的", 132)))
        self.table.selected.connect(lambda _key: self._show())
        self.table.opened.connect(lambda _key: self.detail.focus())
        self._none = Text("没有这样的设置。换个说法，或删掉几个字", "body2", wrap=True)
        self._empty = column(self._none, ..., pad=(16, 18))
        return column((self.table, 1), (self._empty, 1))

    def _build_file(self) -> QWidget:
        self.save_button, self.load_button = Button("存成文件"), Button("读入文件")
        self.save_button.clicked.connect(self.save_wanted)
        self.load_button.clicked.connect(self.load_wanted)
        words = Text("一个大厅用一样的设置：存成文件，到别的窗口读入。", "small", wrap=True)
        self._file = column(words, row(self.save_button, self.load_button, ..., gap=8), gap=8, pad=(16, 12))
        return self._file

    # data in
    def put(
        self,
        standings: Sequence[Standing],
        *,
        boss: bool,
        waiting: Collection[str] = (),
        picks: Mapping[str, Sequence[tuple[str, str]]] = _NONE,
    ) -> None:
        """Show how the settings stand. ``waiting``: ids of those that hold from the next start on; ``picks``: what there is to pick from."""
        self.detail.set_picks(picks)
        self._all = {one.setting.id: one for one in standings}
        self._boss, self._waiting = boss, waiting
        self._file.setVisible(boss)
        changed = sum(one.changed for one in standings)
        fixed = sum(one.setting.who is Who.FIXED for one in standings)
        counts = {"all": len(standings), "changed": changed, "fixed": fixed}
        self.which.set_choices((code, f"{word} {counts[code]}") for code, word in _SHOWN.items())
        self._find()

    def tell(self, problem: str) -> None:
        """Say beside the setting why it was not changed."""
        self.detail.tell(problem)

    # the section
    def note(self) -> tuple[str, str]:
        """Return what the left column says of the settings, and in which tone."""
        if not self._all:
            return "", ""
        if self._waiting:
            return f"{len(self._waiting)} 项重开程序后生效", "warn"
        changed = sum(one.changed for one in self._all.values())
        return f"{len(self._all)} 项" + (f"，改过 {changed} 项" if changed else ""), ""

    def focus(self) -> None:
        """Stand in the search field: words find what to change."""
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def hints(self) -> list[keys.KeyHint]:
        """Say what the keys do here."""
        return [keys.hint("open", "改这项"), keys.hint("confirm", "改成这个"), keys.hint("close", "回到清单")]

    def choose(self, id_: str) -> None:
        """Show one setting, whatever was searched."""
        self.search.put("")
        self.which.put("all")
        self._find()
        self.table.set_current(id_)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow the side, and leave out who changed what, where there is no room."""
        super().resizeEvent(event)
        self._side.setFixedWidth(SLIM if self.width() < _NARROW else SIDE)
        self.table.setColumnHidden(2, self.width() < _TIGHT)
        self.table.setColumnWidth(1, 136 if self.width() < _TIGHT else 156)

    # inside
    def _enter(self) -> None:
        self.search.ask()
        self.detail.focus()

    def _find(self, _text: str = "") -> None:
        parts, which = parts_of(self.search.value()), self.which.value()
        found = [one for one in self._all.values() if _fits(one, parts, which)]
        today = self._now().date()
        self.table.put([_line(one, parts, today) for one in found])
        self.table.setVisible(bool(found) or not self._all)
        self._empty.setVisible(not found and bool(self._all))
        self._count.put(f"{len(found)} / {len(self._all)} 项" if self._all else "")
        self._show()

    def _show(self) -> None:
        id_ = self.table.current()
        self.detail.setVisible(id_ in self._all)
        self.detail.put(self._all.get(id_), boss=self._boss, waits=id_ in self._waiting, today=self._now().date())


def _fits(one: Standing, parts: Sequence[str], which: str) -> bool:
    setting = one.setting
    if (which == "changed" and not one.changed) or (which == "fixed" and setting.who is not Who.FIXED):
        return False
    text = fold(f"{setting.section}{setting.name}{setting.meaning}")
    return all(part in text for part in parts)


def _line(one: Standing, parts: Sequence[str], today: dt.date) -> Line:
    setting, fixed = one.setting, one.setting.who is Who.FIXED
    came = "默认" if not one.changed else "" if setting.default == "" else f"原设 {setting.say(setting.default)}"
    now = Cell(text=one.words, sub="固定，不能改" if fixed else came, medium=one.changed, subcolor="ink3")
    if fixed:
        now = Cell(text=one.words, sub="固定，不能改", icon="lock", color="ink2", subcolor="ink3")
    return Line(
        setting.id,
        (
            Cell(
                text=setting.name,
                sub=setting.meaning,
                medium=True,
                subcolor="ink2",
                mark=whole(setting.name, parts),
                submark=whole(setting.meaning, parts),
            ),
            now,
            Cell(text=one.made.who, sub=lists.exactly(one.made.at, today) if one.made.at else "", subcolor="ink2"),
        ),
    )
