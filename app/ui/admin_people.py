"""The people of a counter (经办人员): who may work here, and everybody's own passphrase; the keys of the data for a supervisor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.services.ports import Role
from app.ui import lists
from app.ui.kit import Button, Cell, Chip, Column, Line, ListTable, Text, column, fill, row, rule, scroller

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QResizeEvent

    from app.services.clerks import Person
    from app.ui import keys

SIDE = 300
_NARROW = 800
ROLES = {Role.CLERK: "经办", Role.SUPERVISOR: "主管"}
_MAY = {Role.CLERK: "受理，打印，导出", Role.SUPERVISOR: "受理，管理，一次性码"}


@dataclass(frozen=True, slots=True)
class PeopleStanding:
    """Everybody who works or worked here. ``me`` is the clerk at the desk."""

    people: Sequence[Person] = ()
    me: str = ""
    supervisor: bool = False


class PeopleSection(QFrame):
    """Signals carry wishes; :class:`app.ui.admin_people_desk.PeopleDesk` asks and does.

    ``add_wanted()``, ``invite_wanted(name)``, ``stop_wanted(name)``, ``resume_wanted(name)``, ``role_wanted(name)``, ``passphrase_wanted()``,
    ``recovery_wanted()``, ``rekey_wanted()``.
    """

    add_wanted = Signal()
    invite_wanted = Signal(str)
    stop_wanted = Signal(str)
    resume_wanted = Signal(str)
    role_wanted = Signal(str)
    passphrase_wanted = Signal()
    recovery_wanted = Signal()
    rekey_wanted = Signal()

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        super().__init__()
        self._now = now
        self._standing = PeopleStanding()
        self.add_button = Button("加一人", icon="user-round")
        self.add_button.clicked.connect(self.add_wanted)
        band = row(Text("经办人员", "h2"), Text("停用不删除", "small"), ..., self.add_button, gap=12, pad=(16, 0), height=54)
        columns = (Column("姓名", 172), Column("角色", 84), Column("能做什么", 0), Column("上次打开", 130), Column("口令", 190))
        self.table = ListTable("经办人员", columns, two_lines=False)
        self.table.selected.connect(lambda _key: self._detail())
        fill(QHBoxLayout(self), ((column(band, rule(), (self.table, 1)), 1), self._build_side()))
        self.put(self._standing)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out where there is little room what the detail and the role say as well."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        for at in (2, 3):
            self.table.setColumnHidden(at, narrow)
        for at, width in ((0, 168), (1, 64), (4, 140)) if narrow else ((0, 172), (1, 84), (4, 190)):
            self.table.setColumnWidth(at, width)

    def _build_side(self) -> QWidget:
        self._name, self._chip = Text("", "h2"), Chip("", "neutral")
        self._added = Text("", "small", wrap=True)
        self.invite_button = Button("发一次性码", icon="lock")
        self.role_button, self.stop_button = Button("改为主管"), Button("停用")
        self.invite_button.clicked.connect(lambda: self.invite_wanted.emit(self.table.current()))
        self.role_button.clicked.connect(lambda: self.role_wanted.emit(self.table.current()))
        self.stop_button.clicked.connect(self._stop)
        self._one = column(self.invite_button, self.role_button, self.stop_button, gap=8)
        self.passphrase_button = Button("换我的口令")
        self.recovery_button, self.rekey_button = Button("换恢复码"), Button("换数据钥匙")
        self.passphrase_button.clicked.connect(self.passphrase_wanted)
        self.recovery_button.clicked.connect(self.recovery_wanted)
        self.rekey_button.clicked.connect(self.rekey_wanted)
        self._keys = column(
            14,
            Text("数据的钥匙", "strong"),
            6,
            Text("恢复码丢了或给人看过，换一个。钥匙文件或备份落到外人手里，换数据钥匙；平时用不到。", "small", wrap=True),
            8,
            row(self.recovery_button, self.rekey_button, ..., gap=8),
        )
        told = column(
            column(row(self._name, self._chip, ..., gap=10), 4, self._added, 12, self._one, pad=(16, 14)),
            rule(),
            column(Text("自己的", "strong"), 6, self.passphrase_button, self._keys, pad=(16, 14)),
            ...,
        )
        return column((scroller(told), 1), role="side", width=SIDE)

    # data in
    def put(self, standing: PeopleStanding) -> None:
        """Show how things stand."""
        self._standing = standing
        today = self._now().date()
        self.table.put([_person(person, standing.me, today) for person in standing.people])
        if not self.table.current() and standing.people:
            self.table.set_current(standing.people[0].clerk.name)
        self.add_button.setVisible(standing.supervisor)
        self._keys.setVisible(standing.supervisor)
        self._detail()

    # the section
    def note(self) -> tuple[str, str]:
        """Return what the left column says of the people, and in which tone."""
        people = self._standing.people
        stopped = sum(bool(person.clerk.disabled_at) for person in people)
        return f"{len(people)} 人" + (f"，{stopped} 人停用" if stopped else ""), ""

    def focus(self) -> None:
        """Stand in the list."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def hints(self) -> list[keys.KeyHint]:
        """Say what the keys do here."""
        return []

    def person(self, name: str) -> Person | None:
        """Return somebody on the list."""
        return next((person for person in self._standing.people if person.clerk.name == name), None)

    # inside
    def _stop(self) -> None:
        person = self.person(self.table.current())
        if person is not None:
            (self.resume_wanted if person.clerk.disabled_at else self.stop_wanted).emit(person.clerk.name)

    def _detail(self) -> None:
        standing, person = self._standing, self.person(self.table.current())
        self._one.setVisible(bool(person and standing.supervisor))
        if person is None:
            return
        clerk, mine = person.clerk, person.clerk.name == standing.me
        self._name.put(clerk.name)
        self._chip.put(
            "已停用" if clerk.disabled_at else ROLES[clerk.role], "neutral", "ban" if clerk.disabled_at else "user-round"
        )
        self._added.put(f"{lists.day(clerk.added_at, self._now().date())}加入" + ("，就是自己" if mine else ""))
        self.invite_button.setVisible(not clerk.disabled_at and not mine)
        self.role_button.setVisible(not clerk.disabled_at and not mine)
        self.role_button.put("改为经办" if clerk.role is Role.SUPERVISOR else "改为主管")
        self.stop_button.setVisible(not mine)
        self.stop_button.put("恢复" if clerk.disabled_at else "停用")


def _person(person: Person, me: str, today: dt.date) -> Line:
    clerk = person.clerk
    if clerk.disabled_at:
        way = Cell(text=f"{lists.day(clerk.disabled_at, today)}停用", icon="ban", color="ink2")
    elif person.code_until:
        way = Cell(text=f"一次性码到 {lists.day(person.code_until, today)}", icon="lock", tone="accent")
    elif person.has_passphrase:
        way = Cell(text="有口令")
    else:
        way = Cell(text="没有口令，要一次性码", icon="lock", tone="warn")
    return Line(
        clerk.name,
        (
            Cell(text=f"{clerk.name}（自己）" if clerk.name == me else clerk.name, medium=True),
            Cell(text="停用" if clerk.disabled_at else ROLES[clerk.role]),
            Cell(text="记录都在，不能打开" if clerk.disabled_at else _MAY[clerk.role]),
            Cell(text=lists.exactly(clerk.last_in, today) or ("就是这次" if clerk.name == me else "还没打开过")),
            way,
        ),
    )
