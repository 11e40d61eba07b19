"""The region's papers (统筹区资料) in the administration: every version that is here, what it changes, and which one new drafts begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.core.region_diff import Act, Change
from app.core.region_update import newer
from app.services.region_versions import Edition, Standing
from app.ui import keys, lists
from app.ui.kit import Button, Cell, Chip, Column, Line, ListTable, Text, column, fill, row, rule, scroller

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QResizeEvent

SIDE, SLIM = 300, 250
_NARROW = 900
_VERSIONS = 32 + 3 * 54
_ACTS = {
    Act.ADDED: ("新加的", "good", "check"),
    Act.REMOVED: ("去掉了", "warn", "ban"),
    Act.CHANGED: ("改了", "accent", "pencil"),
}
_STAYS = "只管新开的申请。办到一半的、已受理的，照它开始时那一版办完。"
_NOBODY = "要换，由主管打开。"


class RegionSection(QFrame):
    """Signals: ``use_wanted(version)`` when a supervisor wants new drafts to begin with it."""

    use_wanted = Signal(str)

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        super().__init__()
        self._now = now
        self.standing = Standing()
        self._boss = False
        self._about = Text("", "small", elide=True)
        columns = (Column("版本", 150), Column("谁签的、什么时候", 0), Column("", 160))
        self.versions = ListTable("统筹区资料的版本", columns)
        self.versions.setFixedHeight(_VERSIONS)
        self._head = Text("", "h2")
        self._sums = Text("", "small", elide=True)
        columns = (Column("哪一部分", 92), Column("哪一项", 210), Column("怎么变", 0))
        self.changes = ListTable("和在用的版本比", columns)
        band = row(Text("统筹区资料", "h2"), (self._about, 1), gap=12, pad=(16, 0), height=54)
        between = row(self._head, (self._sums, 1), gap=12, pad=(16, 0), height=50)
        self._compared = column(rule(), between, rule(), (self.changes, 1))
        self._rest = column(rule(), ...)
        main = column(band, rule(), self.versions, (self._compared, 1), (self._rest, 1))
        self._side = self._build_side()
        fill(QHBoxLayout(self), ((main, 1), self._side))
        self.versions.selected.connect(lambda _key: self._show())
        self.changes.selected.connect(lambda _key: self._tell())
        keys.bind(self, "confirm", self.use)
        self.put(self.standing, boss=False)

    def _build_side(self) -> QWidget:
        self._name, self.chip = Text("", "h2"), Chip("")
        self._note = Text("", "body", wrap=True)
        self.use_button = Button("", "primary", key=keys.cap("confirm"))
        self.use_button.clicked.connect(self.use)
        self._why = Text("", "small", wrap=True)
        self._what = Text("", "strong", wrap=True)
        self._old, self._new = Text("", "body2", wrap=True), Text("", "body", wrap=True)
        self._old_head, self._new_head = Text("原来", "cap"), Text("这一版", "cap")
        self._one = column(
            rule(), column(self._what, 4, self._old_head, self._old, 4, self._new_head, self._new, gap=4, pad=(16, 14))
        )
        top = column(
            row(self._name, self.chip, ..., gap=10), self._note, row(self.use_button, ...), self._why, gap=10, pad=(16, 14)
        )
        return column((scroller(column(top, self._one, ...)), 1), role="side", width=SIDE)

    # data in
    def put(self, standing: Standing, *, boss: bool) -> None:
        """Show how it stands; only a supervisor changes it."""
        self.standing, self._boss = standing, boss
        today = self._now().date()
        self._about.put(f"{standing.name}，在用 {standing.version} 版" if standing.name else "")
        self.versions.put([_version(one, today) for one in standing.editions])
        if not self.versions.current() and standing.editions:
            self.versions.set_current((standing.offered or standing.editions[0]).kept.version)
        self._show()

    def note(self) -> tuple[str, str]:
        """Return what the left column says of it, and in which tone."""
        if offered := self.standing.offered:
            return f"{offered.kept.version} 版等着看", "warn"
        return (f"在用 {self.standing.version} 版", "") if self.standing.version else ("", "")

    # the page
    def focus(self) -> None:
        """Stand in the list."""
        self.versions.setFocus()

    def hints(self) -> list[keys.KeyHint]:
        """Say what the keys do here."""
        one = self._edition()
        return [keys.hint("confirm", _word(one, self.standing.version))] if one and self._usable(one) else []

    def use(self) -> None:
        """Have new drafts begin with the chosen version."""
        one = self._edition()
        if one is not None and self._usable(one):
            self.use_wanted.emit(one.kept.version)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow the side where there is no room."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        self._side.setFixedWidth(SLIM if narrow else SIDE)
        for at, width in ((0, 108), (2, 104)) if narrow else ((0, 150), (2, 160)):
            self.versions.setColumnWidth(at, width)

    # inside
    def _edition(self) -> Edition | None:
        return next((one for one in self.standing.editions if one.kept.version == self.versions.current()), None)

    def _usable(self, one: Edition) -> bool:
        return self._boss and not one.in_use and not one.problem

    def _show(self) -> None:
        one = self._edition()
        self._side.setVisible(one is not None)
        changes = one.changes if one else ()
        self._compared.setVisible(bool(changes))
        self._rest.setVisible(not changes)
        self._head.put(f"{len(changes)} 处不同" if changes else "")
        self._sums.put(_sums(changes))
        self.changes.put([_changed(str(at), change) for at, change in enumerate(changes)])
        if changes:
            self.changes.set_current("0")
        self._tell()
        if one is None:
            return
        word, tone, icon = _stands(one)
        self._name.put(f"{one.kept.version} 版")
        self.chip.put(word, tone, icon)
        self._note.put(one.kept.note or one.problem)
        self._note.setVisible(bool(one.kept.note or one.problem))
        self.use_button.put(_word(one, self.standing.version), keys.cap("confirm"))
        self.use_button.setVisible(self._usable(one))
        self._why.put("新开的申请用它。" if one.in_use else _STAYS + ("" if self._boss else _NOBODY))

    def _tell(self) -> None:
        one, at = self._edition(), self.changes.current()
        change = one.changes[int(at)] if one and at and int(at) < len(one.changes) else None
        self._one.setVisible(change is not None)
        if change is None:
            return
        self._what.put(f"{change.part}·{change.what}" if change.what else change.part)
        self._old.put(change.old or "没有")
        self._new.put(change.new or "没有")


def _version(one: Edition, today: dt.date) -> Line:
    kept = one.kept
    word, tone, icon = _stands(one)
    signed = f"{lists.exactly(kept.at, today)} 签" if kept.at else ""
    came = f"{lists.exactly(kept.came, today)} 到这里" if kept.came else ""
    return Line(
        kept.version,
        (
            Cell(text=f"{kept.version} 版", sub=f"{len(one.changes)} 处不同" if one.changes else "", medium=True),
            Cell(text=kept.by, sub="，".join(part for part in (signed, came) if part), subcolor="ink2"),
            Cell(text=word, icon=icon, tone="" if tone == "neutral" else tone, color="ink2"),
        ),
    )


def _stands(one: Edition) -> tuple[str, str, str]:
    if one.in_use:
        return "在用", "good", "circle-check"
    if one.problem:
        return "用不了", "bad", "octagon-x"
    if one.offered:
        return "新来的，等着看", "warn", "triangle-alert"
    return ("用过", "neutral", "layers") if one.kept.used else ("没用过", "neutral", "circle-dashed")


def _word(one: Edition | None, in_use: str) -> str:
    """Return what the button says: a step forward, or the way back."""
    if one is None:
        return ""
    return "用这一版" if newer(one.kept.version, in_use) else "退回这一版"


def _changed(key: str, change: Change) -> Line:
    word, tone, icon = _ACTS[change.act]
    said = {Act.ADDED: change.new, Act.REMOVED: change.old, Act.CHANGED: change.new}[change.act]
    return Line(
        key,
        (
            Cell(text=change.part, color="ink2"),
            Cell(text=change.what or change.part, sub=word, icon=icon, tone=tone, medium=True),
            Cell(text=said, sub=f"原来：{change.old}" if change.act is Act.CHANGED else "", subcolor="ink3"),
        ),
    )


def _sums(changes: Sequence[Change]) -> str:
    counted: dict[str, int] = {}
    for one in changes:
        counted[one.part] = counted.get(one.part, 0) + 1
    return "，".join(f"{part} {count}" for part, count in counted.items())
