"""Administration (管理): the people, the settings, what was done. A clerk reads it; a supervisor changes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.services.administration import SCALES, about, told
from app.services.ports import Role
from app.ui import keys, lists
from app.ui.admin_office import OfficeRows, OfficeStanding
from app.ui.admin_places import PlacesSection
from app.ui.kit import (
    Button,
    Cell,
    Chip,
    Column,
    Combo,
    Field,
    FormGrid,
    KeyCap,
    Line,
    ListTable,
    MessageBar,
    Text,
    column,
    fill,
    restyle,
    row,
    rule,
    scroller,
)
from app.ui.shell import PageBase

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QMouseEvent

    from app.services.clerks import Person
    from app.services.ports import AuditEntry

RAIL, SIDE = 236, 300
SECTIONS = (("people", "经办人员"), ("places", "报送地点"), ("settings", "设置"), ("audit", "操作记录"))
ROLES = {Role.CLERK: "经办", Role.SUPERVISOR: "主管"}
_MAY = {Role.CLERK: "受理，打印，导出", Role.SUPERVISOR: "受理，管理，一次性码"}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the page shows, read on the lane at once. ``me`` is the clerk at the desk."""

    people: Sequence[Person]
    me: str
    supervisor: bool
    idle: int
    scale: int
    audit: Sequence[AuditEntry]
    office: OfficeStanding = field(default_factory=OfficeStanding)


class _Section(QFrame):
    """One row of the left column."""

    clicked = Signal()

    def __init__(self, name: str, key: str) -> None:
        super().__init__()
        self._name, self._note = Text(name, "body"), Text("", "cap")
        words = column(self._name, self._note, gap=2)
        fill(QHBoxLayout(self), ((words, 1), KeyCap(key)), pad=(13, 8, 14, 8))
        self.setProperty("role", "choice")
        self.setFixedHeight(58)
        self.setAccessibleName(f"{name} {key}")

    def put(self, note: str, *, on: bool, tone: str = "") -> None:
        self._note.put(note, tone)
        restyle(self._name, role="medium" if on else "body")
        restyle(self, on=on)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.clicked.emit()


class AdminPage(PageBase):
    """Signals carry wishes; questions are asked and codes are shown by :class:`app.ui.admin_desk.AdminDesk`.

    ``add_wanted()``, ``invite_wanted(name)``, ``stop_wanted(name)``, ``resume_wanted(name)``, ``role_wanted(name)``, ``passphrase_wanted()``,
    ``recovery_wanted()``, ``rekey_wanted()``, ``idle_wanted(text)``, ``scale_wanted(percent)``, ``audit_wanted()``, ``fresh_wanted()``.
    """

    tab_name = "admin"
    add_wanted = Signal()
    invite_wanted = Signal(str)
    stop_wanted = Signal(str)
    resume_wanted = Signal(str)
    role_wanted = Signal(str)
    passphrase_wanted = Signal()
    recovery_wanted = Signal()
    rekey_wanted = Signal()
    idle_wanted = Signal(str)
    scale_wanted = Signal(int)
    audit_wanted = Signal()
    fresh_wanted = Signal()

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        super().__init__()
        self._now = now
        self._section = SECTIONS[0][0]
        self._standing: Standing | None = None
        self._who = Text("", "small", wrap=True)
        self.message = MessageBar()
        self.message.clear()
        self._rail = {id_: _Section(name, f"Alt {at + 1}") for at, (id_, name) in enumerate(SECTIONS)}
        self._stack = QStackedWidget()
        self.places = PlacesSection(now)
        self._sections = {
            "people": self._build_people(),
            "places": self.places,
            "settings": self._build_settings(),
            "audit": self._build_audit(),
        }
        for widget in self._sections.values():
            self._stack.addWidget(widget)
        head = column(Text("管理", "h1"), 2, self._who, pad=(16, 14, 16, 12))
        rail = column(head, rule(), *self._rail.values(), ..., width=RAIL, role="rail")
        main = column(self.message, (self._stack, 1))
        fill(QHBoxLayout(self), (rail, (main, 1)))
        for id_, section in self._rail.items():
            section.clicked.connect(lambda id_=id_: self.choose(id_))
        keys.bind_nth(self, len(SECTIONS), lambda at: self.choose(SECTIONS[at][0]))
        self._show()

    # building
    def _build_people(self) -> QWidget:
        self.add_button = Button("加一人", icon="user-round")
        self.add_button.clicked.connect(self.add_wanted)
        band = row(Text("经办人员", "h2"), Text("停用不删除", "small"), ..., self.add_button, gap=12, pad=(16, 0), height=54)
        columns = (Column("姓名", 140), Column("角色", 84), Column("能做什么", 0), Column("上次打开", 130), Column("口令", 190))
        self.people = ListTable("经办人员", columns, two_lines=False)
        self.people.selected.connect(lambda _key: self._detail())
        self._name, self._chip = Text("", "h2"), Chip("", "neutral")
        self._added = Text("", "small", wrap=True)
        self.invite_button = Button("发一次性码", icon="lock")
        self.role_button, self.stop_button = Button("改为主管"), Button("停用")
        self.invite_button.clicked.connect(lambda: self.invite_wanted.emit(self.people.current()))
        self.role_button.clicked.connect(lambda: self.role_wanted.emit(self.people.current()))
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
        side = column((scroller(told), 1), role="side", width=SIDE)
        return row((column(band, rule(), (self.people, 1)), 1), side)

    def _build_settings(self) -> QWidget:
        form = FormGrid()
        form.head("这个窗口", "改一处，操作记录里记一处")
        self.idle = Field("设置·离开几分钟锁定", width=90, numeric=True)
        self.idle_button = Button("改成这个")
        self.idle_button.clicked.connect(lambda: self.idle_wanted.emit(self.idle.value().strip()))
        self.idle_row = form.row("自动锁定", self.idle, Text("分钟没有人动", "body2"), self.idle_button, ...)
        self.scale = Combo("设置·放大", [(str(one), f"{one} %") for one in SCALES], width=110)
        self.scale.chosen.connect(lambda percent: self.scale_wanted.emit(int(percent)))
        self.scale_row = form.row("放大", self.scale, ..., note="重开程序后生效，草稿都在")
        self.office = OfficeRows(form, self)
        box = QFrame()
        fill(QVBoxLayout(box), (Text("设置", "h1"), 12, form, ...), pad=(28, 18, 28, 8))
        return scroller(box)

    def _build_audit(self) -> QWidget:
        self.audit_button = Button("存成文件", icon="file-text")
        self.audit_button.clicked.connect(self.audit_wanted)
        self._count = Text("", "small")
        band = row(Text("操作记录", "h2"), self._count, ..., self.audit_button, gap=12, pad=(16, 0), height=54)
        columns = (Column("什么时候", 150), Column("谁", 130), Column("做了什么", 230), Column("哪一件、什么", 0))
        self.audit = ListTable("操作记录", columns, two_lines=False)
        return column(band, rule(), (self.audit, 1))

    # data in
    def put(self, standing: Standing) -> None:
        """Show how things stand."""
        self._standing = standing
        today = self._now().date()
        self.people.put([_person(person, standing.me, today) for person in standing.people])
        if not self.people.current() and standing.people:
            self.people.set_current(standing.people[0].clerk.name)
        self.audit.put(
            [
                Line(str(at), (lists.exactly(e.at, today), e.who or "程序", told(e), about(e)))
                for at, e in enumerate(standing.audit)
            ]
        )
        self.idle.put(str(standing.idle))
        self.scale.put(str(standing.scale))
        self.office.put(standing.office, boss=standing.supervisor)
        self._show()

    def say(self, tone: str, sentence: str) -> None:
        """Say what came of a wish."""
        self.message.say(tone, sentence)

    def tell_idle(self, problem: str) -> None:
        """Say at the field why these minutes do not fit; '' takes it away."""
        self.idle_row.say(problem, "bad" if problem else "")

    # the page
    def choose(self, section: str) -> None:
        """Show a section."""
        self._section = section
        self._show()
        self._focus()
        self.hints_changed.emit()

    def entered(self) -> None:
        """Read how things stand."""
        self.message.clear()
        self.fresh_wanted.emit()
        self._focus()

    def hints(self) -> list[keys.KeyHint]:
        """Say what the keys do here."""
        own = self.places.hints() if self._section == "places" else []
        return [keys.hint("rows"), *own, keys.KeyHint(f"Alt 1–{len(SECTIONS)}", "换部分"), keys.hint("help")]

    def right_hints(self) -> list[keys.KeyHint]:
        """Say what stands at the right of the foot."""
        return [keys.hint("lock")]

    def note_places(self) -> None:
        """Say in the left column how the places stand."""
        note, tone = self.places.note()
        self._rail["places"].put(note, on=self._section == "places", tone=tone)
        self.hints_changed.emit()

    # what happens
    def person(self, name: str) -> Person | None:
        """Return somebody on the list."""
        found = self._standing.people if self._standing else ()
        return next((person for person in found if person.clerk.name == name), None)

    def _stop(self) -> None:
        person = self.person(self.people.current())
        if person is not None:
            (self.resume_wanted if person.clerk.disabled_at else self.stop_wanted).emit(person.clerk.name)

    def _focus(self) -> None:
        if self._section == "places":
            self.places.focus()
        else:
            {"people": self.people, "settings": self.idle, "audit": self.audit}[self._section].setFocus()

    def _show(self) -> None:
        standing = self._standing
        boss = standing is not None and standing.supervisor
        people = standing.people if standing else ()
        stopped = sum(bool(person.clerk.disabled_at) for person in people)
        notes = {
            "people": f"{len(people)} 人" + (f"，{stopped} 人停用" if stopped else ""),
            "settings": f"离开 {standing.idle} 分钟锁定" if standing else "",
            "audit": "只增不改",
        }
        for id_, section in self._rail.items():
            if id_ in notes:
                section.put(notes[id_], on=id_ == self._section)
        self.note_places()
        role = "主管" if boss else "经办"
        note = "" if boss else "，只能看；要改，由主管打开"
        self._who.put(f"{standing.me}以{role}身份打开{note}" if standing else "")
        for widget in (self.add_button, self._keys, self.idle_button, self.audit_button):
            widget.setVisible(boss)
        self.idle.setReadOnly(not boss)
        self.scale.setEnabled(boss)
        self._count.put(f"最近 {len(standing.audit)} 条" if standing else "")
        self._stack.setCurrentWidget(self._sections[self._section])
        self._detail()

    def _detail(self) -> None:
        standing, person = self._standing, self.person(self.people.current())
        self._one.setVisible(bool(standing and person and standing.supervisor))
        if standing is None or person is None:
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
            Cell(text=lists.exactly(clerk.last_in, today) or "还没打开过"),
            way,
        ),
    )
