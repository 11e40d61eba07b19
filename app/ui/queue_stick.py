"""A stick that was plugged in: the line that offers to copy to it and to read what it brings, and what looks after that.

Nothing happens by itself and nothing pops up: the line stands over the queue while the stick is in and there is something to do with it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy

from app.services import sticks
from app.ui import keys
from app.ui.kit import Button, Icon, Text, fill, restyle
from app.ui.queue_words import stick_words

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.ports import Desk
    from app.services.ports.media import Medium
    from app.ui.errands import Errands
    from app.ui.lane import Lane


@dataclass(frozen=True, slots=True)
class Stick:
    """A stick to be offered. ``answers``: how many files on it were not read in and are for this counter."""

    name: str
    folder: Path
    writable: bool = True
    answers: int = 0


class StickBar(QFrame):
    """The line of the offer. ``copied()`` and ``read()`` when a button was pressed; ``copies`` and ``reads`` say what it offers."""

    copied = Signal()
    read = Signal()

    def __init__(self) -> None:
        super().__init__()
        restyle(self, role="message", tone="accent")
        self.setMinimumHeight(42)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.copies = self.reads = False
        self._text = Text("", wrap=True)
        self.copy_button = Button("拷到这个 U 盘", "small", key=keys.cap("export"))
        self.read_button = Button("读入", "small", key=keys.cap("read_in"))
        self.copy_button.clicked.connect(self.copied)
        self.read_button.clicked.connect(self.read)
        icon = Icon("hard-drive-upload", "accent", 18)
        fill(QHBoxLayout(self), (icon, (self._text, 1), self.read_button, self.copy_button), gap=10, pad=(14, 7, 8, 7))
        self.hide()

    def put(self, stick: Stick | None, count: int, *, sealed: bool, busy: bool) -> None:
        """Offer what can be done with a stick: ``count`` applications to copy, ``sealed`` or in clear. Hidden where nothing can."""
        said = stick_words(stick.name, count, stick.answers, writable=stick.writable, sealed=sealed) if stick else ""
        self.copies = stick is not None and stick.writable and count > 0 and not busy
        self.reads = stick is not None and stick.answers > 0 and not busy
        self._text.put(said)
        self.copy_button.put("拷到这个 U 盘" if sealed else "导出到这个 U 盘")
        self.copy_button.setVisible(self.copies)
        self.read_button.setVisible(self.reads)
        self.setAccessibleName(said)
        self.setVisible(bool(said) and not busy)

    def text(self) -> str:
        """Return the line, '' while hidden."""
        return "" if self.isHidden() else self._text.full()


class Sticks(QObject):
    """Watches for sticks on behalf of one desk. ``offers(Stick or None)`` whenever the one that came last is another, or holds something else."""

    offers = Signal(object)
    _came = Signal(object)

    def __init__(self, parent: QObject, lane: Lane, desk: Desk, errands: Errands) -> None:
        super().__init__(parent)
        self._lane, self._desk, self._errands = lane, desk, errands
        self._media: tuple[Medium, ...] = ()
        self._read: dict[Path, frozenset[str]] = {}
        self._turn = 0
        self._came.connect(self._take, Qt.ConnectionType.QueuedConnection)
        watch = desk.media(self._tell)
        self.destroyed.connect(watch.stop)

    def was_read(self, folder: Path) -> None:
        """Offer no more what lies on this stick now: it was read in."""
        if any(one.folder == folder for one in self._media):
            self._look(read=folder)

    def _tell(self, media: tuple[Medium, ...]) -> None:
        with suppress(RuntimeError):  # on the watcher's thread: the window may be gone
            self._came.emit(media)

    def _take(self, media: tuple[Medium, ...]) -> None:
        self._media = media
        there = {one.folder for one in media}
        self._read = {folder: names for folder, names in self._read.items() if folder in there}
        self._look()

    def _look(self, *, read: Path | None = None) -> None:
        """Look what the last stick holds; ``read``: all that lies there was read in."""
        self._turn += 1
        turn, desk, media = self._turn, self._desk, self._media

        def found(told: tuple[Medium, frozenset[str]] | None) -> None:
            if turn != self._turn:
                return
            if told is None:
                self.offers.emit(None)
                return
            medium, names = told
            if medium.folder == read:
                self._read[medium.folder] = names
            unread = names - self._read.get(medium.folder, frozenset())
            self.offers.emit(Stick(medium.name, medium.folder, medium.writable, len(unread)))

        def asked(mine: sticks.Known) -> None:
            last = next((one for one in reversed(media) if sticks.offered(one, mine)), None)
            if last is None:
                found(None)
            else:
                look = sticks.answers_on
                self._errands.run(lambda: (last, look(last.folder, mine)), then=found, failed=lambda _problem: None, owner=self)

        if media:
            # Places of a newer program, a counter without a name on the wire: said where they are set, and no stick is offered.
            self._lane.run(lambda: sticks.known(desk), then=asked, failed=lambda _problem: found(None), owner=self)
        else:
            found(None)
