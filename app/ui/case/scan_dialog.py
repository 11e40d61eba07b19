"""Choosing the scanner and the way of scanning for one paper, and the folder that is watched instead of a scanner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.services.ports import Abilities, Feed, Scanner, ScanWish
from app.ui.kit import Button, Column, Dialog, Field, FormGrid, Line, ListTable, Segments, Text, column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QShowEvent

WIDE = 520
_LABEL = 72
_ROWS = 3
_FEEDS = {Feed.AUTO: "自动", Feed.FEEDER: "进纸器", Feed.GLASS: "平板"}
_DPIS = (200, 300)
_DRIVERS = {"escl": "网络", "sane": "SANE", "wia": "WIA"}
_NOTHING = Abilities((), ())


class ScanDialog(Dialog):
    """The scanner of one paper.

    Signals: ``looked()`` asks to look again; ``typed(address)``; ``asked(Scanner)`` asks what a scanner can do;
    ``taken(Scanner, ScanWish)`` when one was chosen; ``folder(path)`` when another folder is to be watched, '' for none;
    ``dividers()`` asks for sheets that divide a stack.
    """

    looked = Signal()
    typed = Signal(str)
    asked = Signal(object)
    taken = Signal(object, object)
    folder = Signal(str)
    dividers = Signal()

    def __init__(self, parent: QWidget, paper: str, scanner: Scanner | None, wish: ScanWish, watched: str, act: str) -> None:
        self._scanners: dict[str, Scanner] = {}
        self._abilities: dict[str, Abilities] = {}
        self._wish = wish
        self._watched = watched
        self.list = ListTable("扫描仪", [Column("扫描仪"), Column("在哪里", 170), Column("", 64)], two_lines=False)
        self.list.setFixedHeight(32 + 40 * _ROWS + 2)
        self.look = Button("再找", "small")
        self.address = Field("扫描仪·网络地址", placeholder="192.168.1.20", width=200)
        self.seek = Button("找这台", "small")
        self.dpi = Segments("扫描仪·清晰度", ((str(dpi), f"{dpi} dpi") for dpi in _DPIS))
        self.colour = Segments("扫描仪·颜色", (("yes", "彩色"), ("no", "灰度")))
        self.sides = Segments("扫描仪·面", (("no", "单面"), ("yes", "双面")))
        self.feed = Segments("扫描仪·放纸", ((feed.value, word) for feed, word in _FEEDS.items()))
        self.pick = Button("选文件夹", "small")
        self.unwatch = Button("不看了", "small")
        self._where = Text("", "small", elide=True)
        self.divide = Button("打印隔页", "small")
        form = FormGrid(_LABEL)
        form.wide(self.list)
        self.found_row = form.row("", self.look, note="")
        self.address_row = form.row("网络地址", self.address, self.seek)
        form.row("清晰度", self.dpi)
        form.row("颜色", self.colour, form.between("面"), self.sides)
        self.divide_row = form.row("放纸", self.feed, self.divide, note="隔页夹在每样材料前面，一叠一次扫完，各归各项")
        self.folder_row = form.row(
            "文件夹", (self._where, 1), self.pick, self.unwatch, note="只会存文件的扫描仪：它存进来的，自动收到下一项"
        )
        super().__init__(
            parent,
            "扫描仪",
            f"扫「{paper}」用哪台、怎么扫。别的材料可以另选。",
            act,
            "不改",
            body=column(form),
            width=WIDE,
        )
        self.act.setEnabled(False)
        self._wire()
        self._put(wish)
        self._show_folder()
        if scanner is not None:
            self.add(scanner)
            self.list.set_current(scanner.id)

    def _wire(self) -> None:
        self.look.clicked.connect(self._look)
        self.seek.clicked.connect(self._type)
        self.address.returnPressed.connect(self._type)
        self.list.selected.connect(self._selected)
        self.list.opened.connect(lambda _key: self.confirm())
        self.pick.clicked.connect(self._pick)
        self.unwatch.clicked.connect(lambda: self._watch(""))
        self.divide.clicked.connect(self._print)

    # data in
    def looking(self) -> None:
        """Say that scanners are being looked for."""
        self.look.setEnabled(False)
        self.found_row.say("正在找，要几秒；可以先填网络地址")

    def found(self, scanners: Sequence[Scanner]) -> None:
        """Show what was found, beside what was there."""
        self.look.setEnabled(True)
        for scanner in scanners:
            self.add(scanner)
        count = len(self._scanners)
        none = "没找到扫描仪。看电源和连线再找，或填它的网络地址"
        self.found_row.say(f"找到 {count} 台" if count else none, "" if count else "warn")

    def add(self, scanner: Scanner, *, choose: bool = False) -> None:
        """Show one more scanner, perhaps chosen."""
        self._scanners[scanner.id] = scanner
        self.list.put([Line(s.id, (s.name, s.where, _DRIVERS.get(s.driver, s.driver))) for s in self._scanners.values()])
        if choose:
            self.list.set_current(scanner.id)
            self.address_row.say("找到了", "good")
            self.seek.setEnabled(True)

    def refuse(self, sentence: str) -> None:
        """Say why there is no scanner at the typed address."""
        self.seek.setEnabled(True)
        self.address_row.say(sentence, "warn")

    def set_abilities(self, scanner: Scanner, abilities: Abilities) -> None:
        """Offer only what this scanner can do."""
        self._abilities[scanner.id] = abilities
        if self.list.current() == scanner.id:
            self._offer(abilities)

    def said(self, words: str, tone: str = "good") -> None:
        """Say what became of printing the dividers."""
        self.divide.setEnabled(True)
        self.divide_row.say(words, tone)

    # what a person does
    def wish(self) -> ScanWish:
        """Return how to scan."""
        return ScanWish(
            feed=Feed(self.feed.value() or Feed.AUTO),
            dpi=int(self.dpi.value() or _DPIS[0]),
            colour=self.colour.value() != "no",
            duplex=self.sides.value() == "yes",
        )

    def confirm(self) -> None:
        """Take the chosen scanner."""
        scanner = self._scanners.get(self.list.current())
        if scanner is None:
            self.message.say("bad", "先选一台扫描仪，或填网络地址找一台")
            return
        self.accept()
        self.taken.emit(scanner, self.wish())

    def showEvent(self, event: QShowEvent) -> None:
        """Begin in the list."""
        super().showEvent(event)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    # inside
    def _look(self) -> None:
        self.looking()
        self.looked.emit()

    def _type(self) -> None:
        address = self.address.value().strip()
        if address and self.seek.isEnabled():
            self.seek.setEnabled(False)
            self.address_row.say("正在问这个地址…")
            self.typed.emit(address)

    def _selected(self, key: str) -> None:
        self.act.setEnabled(bool(key))
        scanner = self._scanners.get(key)
        if scanner is None:
            return
        known = self._abilities.get(key)
        self._offer(known or _NOTHING)
        if known is None:
            self.asked.emit(scanner)

    def _offer(self, can: Abilities) -> None:
        """Offer what the scanner can do; everything while it has not answered."""
        wish = self.wish()
        dpis = [dpi for dpi in _DPIS if not can.dpis or any(one >= dpi for one in can.dpis)] or [_DPIS[0]]
        feeds = [feed for feed in _FEEDS if not can.feeds or feed in can.feeds or (feed is Feed.AUTO and len(can.feeds) > 1)]
        self.dpi.set_choices((str(dpi), f"{dpi} dpi") for dpi in dpis)
        self.feed.set_choices((feed.value, _FEEDS[feed]) for feed in feeds)
        self.sides.set_choices((("no", "单面"), ("yes", "双面")) if can.duplex or not can.feeds else (("no", "单面"),))
        self.colour.set_choices((("yes", "彩色"), ("no", "灰度")) if can.colour or not can.feeds else (("no", "灰度"),))
        self._put(wish, feed=feeds[0])

    def _put(self, wish: ScanWish, feed: Feed = Feed.AUTO) -> None:
        self.dpi.put(str(wish.dpi))
        if not self.dpi.value():
            self.dpi.put(str(_DPIS[0]))
        self.feed.put(wish.feed.value)
        if not self.feed.value():
            self.feed.put(feed.value)
        self.sides.put("yes" if wish.duplex else "no")
        if not self.sides.value():
            self.sides.put("no")
        self.colour.put("yes" if wish.colour else "no")
        if not self.colour.value():
            self.colour.put("no")

    def _print(self) -> None:
        self.divide.setEnabled(False)
        self.divide_row.say("正在打印…")
        self.dividers.emit()

    def _pick(self) -> None:
        if path := QFileDialog.getExistingDirectory(self, "扫描仪把文件存到哪个文件夹"):
            self._watch(path)

    def _watch(self, path: str) -> None:
        self._watched = path
        self._show_folder()
        self.folder.emit(path)

    def _show_folder(self) -> None:
        self._where.put(self._watched or "没有看着哪个文件夹")
        self.unwatch.setVisible(bool(self._watched))
