"""Administration (管理): its sections, one below the other in the left column. A clerk reads them; a supervisor changes them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, Protocol, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QWidget

from app.ui import keys
from app.ui.admin_audit import AuditSection
from app.ui.admin_people import PeopleSection
from app.ui.admin_places import PlacesSection
from app.ui.admin_region import RegionSection
from app.ui.admin_settings import SettingsSection
from app.ui.board import BoardSection
from app.ui.end_of_day import EndOfDaySection
from app.ui.kit import KeyCap, MessageBar, Text, column, fill, restyle, rule, scroller
from app.ui.shell import PageBase

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QMouseEvent

RAIL = 236


class Section(Protocol):
    """What a section is, besides a widget; its data comes in through a setter of its own."""

    def note(self) -> tuple[str, str]:
        """Return what the left column says of it, and in which tone."""
        ...

    def focus(self) -> None:
        """Stand where somebody begins."""
        ...

    def hints(self) -> list[keys.KeyHint]:
        """Say what the keys do here, besides those of every section."""
        ...


class _Row(QFrame):
    """One row of the left column."""

    accessible_role = "PageTab"
    clicked = Signal()

    def __init__(self, name: str, key: str) -> None:
        super().__init__()
        self._name, self._note = Text(name, "body"), Text("", "cap")
        words = column(self._name, self._note, gap=2)
        fill(QHBoxLayout(self), ((words, 1), KeyCap(key)), pad=(13, 8, 14, 8))
        self.setProperty("role", "choice")
        self.setFixedHeight(58)
        self.setAccessibleName(f"{name} {key}")

    def put(self, note: str, tone: str, *, on: bool) -> None:
        self._note.put(note, tone)
        restyle(self._name, role="medium" if on else "body")
        restyle(self, on=on)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.clicked.emit()


NAMES: Final = {
    "people": "经办人员",
    "places": "报送地点",
    "settings": "设置",
    "audit": "操作记录",
    "region": "统筹区资料",
    "end_of_day": "日终复核",
    "board": "办件情况",
}
"""The sections, in the order of the left column."""


class AdminPage(PageBase):
    """The sections; each is served by a desk of its own (:mod:`app.ui.admin_desk`). ``fresh_wanted()`` when they are to be read anew.

    A new section is a cached property with its name in :data:`NAMES`, and its desk a line in the desk's ``make`` and ``read``.
    """

    tab_name = "admin"
    fresh_wanted = Signal()

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        super().__init__()
        self._now = now
        self._section = next(iter(NAMES))
        self._who = Text("", "small", wrap=True)
        self.message = MessageBar()
        self.message.clear()
        self._rail = {id_: _Row(name, f"Alt {at}") for at, (id_, name) in enumerate(NAMES.items(), start=1)}
        self._stack = QStackedWidget()
        head = column(Text("管理", "h1"), 2, self._who, pad=(16, 14, 16, 12))
        self._rows = scroller(column(*self._rail.values(), ...))
        rail = column(head, rule(), (self._rows, 1), width=RAIL, role="rail")
        fill(QHBoxLayout(self), (rail, (column(self.message, (self._stack, 1)), 1)))
        for id_, one in self._rail.items():
            one.clicked.connect(lambda id_=id_: self.choose(id_))
        names = tuple(NAMES)
        keys.bind_nth(self, len(names), lambda at: self.choose(names[at]))

    def filled(self) -> Iterator[None]:
        """Put the sections in, one after the other."""
        for id_ in NAMES:
            yield
            self._stack.addWidget(cast("QWidget", self._made(id_)))
        self._show()

    # the sections, each made when it is first asked for (app.ui.slices.made)
    @cached_property
    def people(self) -> PeopleSection:
        """经办人员."""
        return PeopleSection(self._now)

    @cached_property
    def places(self) -> PlacesSection:
        """报送地点."""
        return PlacesSection(self._now)

    @cached_property
    def settings(self) -> SettingsSection:
        """设置."""
        return SettingsSection(self._now)

    @cached_property
    def audit(self) -> AuditSection:
        """操作记录."""
        return AuditSection(self._now)

    @cached_property
    def region(self) -> RegionSection:
        """统筹区资料."""
        return RegionSection(self._now)

    @cached_property
    def end_of_day(self) -> EndOfDaySection:
        """日终复核."""
        return EndOfDaySection(self._now)

    @cached_property
    def board(self) -> BoardSection:
        """办件情况."""
        return BoardSection(self._now)

    # data in
    def put(self, me: str, *, boss: bool) -> None:
        """Say who is at the desk, and what that means here."""
        role, note = ("主管", "") if boss else ("经办", "，只能看；要改，由主管打开")
        self._who.put(f"{me}以{role}身份打开{note}")

    def say(self, tone: str, sentence: str) -> None:
        """Say what came of a wish."""
        self.message.say(tone, sentence)

    def note_sections(self) -> None:
        """Say in the left column how the sections stand."""
        for id_, one in self._rail.items():
            one.put(*self._made(id_).note(), on=self._section == id_)
        self.hints_changed.emit()

    # the page
    def choose(self, section: str) -> None:
        """Show a section."""
        self._section = section
        self._show()
        self._focus()
        self._rows.ensureWidgetVisible(self._rail[section], 0, 0)

    def entered(self) -> None:
        """Read how things stand."""
        self.message.clear()
        self.fresh_wanted.emit()
        self._focus()

    def hints(self) -> list[keys.KeyHint]:
        """Say what the keys do here."""
        own = self._made(self._section).hints()
        return [keys.hint("rows"), *own, keys.KeyHint(f"Alt 1–{len(NAMES)}", "换部分"), keys.hint("help")]

    def right_hints(self) -> list[keys.KeyHint]:
        """Say what stands at the right of the foot."""
        return [keys.hint("lock")]

    # inside
    def _made(self, section: str) -> Section:
        return cast("Section", getattr(self, section))

    def _focus(self) -> None:
        self._made(self._section).focus()

    def _show(self) -> None:
        self._stack.setCurrentWidget(cast("QWidget", self._made(self._section)))
        self.note_sections()
