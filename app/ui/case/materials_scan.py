"""Scanning as the materials step shows it: the head's buttons, their keys, and the slot that is being scanned into. Nothing is scanned here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.ui import keys
from app.ui.case.viewer_foot import asks_again
from app.ui.kit.buttons import Button

if TYPE_CHECKING:
    from app.ui.case.materials_input import Taker
    from app.ui.case.materials_list import SlotList
    from app.ui.case.materials_looking import Looking
    from app.ui.case.viewer import Viewer
    from app.ui.keys import KeyHint


class ScanActs(QObject):
    """The buttons, the keys, and what they mean now.

    Signals: ``wanted(requirement, index)`` to scan, ``index`` being the page to take again or -1 for pages behind the others; ``stopped()``; ``devices(requirement)`` to choose the scanner; ``camera(requirement, index)``; ``changed()`` when the keys mean
    something else.
    """

    wanted = Signal(str, int)
    stopped = Signal()
    devices = Signal(str)
    camera = Signal(str, int)
    changed = Signal()

    def __init__(self, slots: SlotList, taker: Taker, looking: Looking, viewer: Viewer) -> None:
        super().__init__(slots)
        self._slots, self._taker, self._looking, self._viewer = slots, taker, looking, viewer
        self._ready = self._editable = False
        self._into = ""
        self._said: tuple[KeyHint, ...] = ()
        self.scan_button = Button("", key=keys.cap("scan"), icon="scan-line")
        self.camera_button = Button(keys.KEYS["camera"].word, key=keys.cap("camera"), icon="camera")
        self.scan_button.clicked.connect(self._press)
        self.camera_button.clicked.connect(self.shoot)
        viewer.rescan.connect(self.scan)
        self._stop = keys.bind(slots, "stop_scan", self.stopped.emit)
        for shortcut in self._stop:
            # Esc also closes a folded side panel; while paper runs it stops the paper.
            shortcut.activatedAmbiguously.connect(self.stopped)
            shortcut.setEnabled(False)
        # The buttons have no parent yet: shown now, each would be a window of its own for a moment.
        self._editable = True
        self.tell()

    # data in
    def set_ready(self, *, on: bool) -> None:
        """Say whether a scanner was chosen for this counter."""
        self._ready = on
        self._slots.set_scans(on=on)
        self.tell()

    def set_editable(self, *, on: bool) -> None:
        """Let pages be taken, or only be looked at."""
        self._editable = on
        for button in (self.scan_button, self.camera_button):
            button.setVisible(on)
        self.tell()

    def set_scanning(self, requirement: str, text: str) -> None:
        """Say in the slot what is under way, without moving anything; '' when it is over."""
        before, self._into = self._into, requirement if text else ""
        for id_ in {before, requirement} - {""}:
            slot = self._slots.slot(id_)
            if slot is not None:
                slot.set_busy(text if id_ == self._into else "")
        self._viewer.foot.set_scanning(on=bool(self._into))
        for shortcut in self._stop:
            shortcut.setEnabled(bool(self._into))
        if bool(before) is not bool(self._into):
            self.tell()

    @property
    def ready(self) -> bool:
        """Whether a scanner was chosen for this counter."""
        return self._ready

    @property
    def scanning(self) -> bool:
        """Whether paper runs."""
        return bool(self._into)

    # what a person does
    def scan(self) -> None:
        """F6: take the page looked at again where its picture is no good, else scan what comes next."""
        slot = self._taker.slot()
        if slot is None or self._into:
            return
        at = self._looking.index(slot.view) if slot.view.id == self._slots.current else -1
        self._ask(slot.view.id, at if at >= 0 and self._again() else -1)

    def scan_more(self) -> None:
        """Shift F6: scan what comes next, whatever the page looked at is like."""
        slot = self._taker.slot()
        if slot is not None and not self._into:
            self._ask(slot.view.id, -1)

    def choose(self) -> None:
        """Ctrl F6: choose scanner and way of scanning for the current slot."""
        slot = self._taker.slot()
        if slot is not None and not self._into:
            self.devices.emit(slot.view.id)

    def shoot(self) -> None:
        """Take pages with the document camera; as :meth:`scan`, it takes a bad page again."""
        slot = self._taker.slot()
        if slot is not None and not self._into:
            at = self._looking.index(slot.view) if slot.view.id == self._slots.current else -1
            self.camera.emit(slot.view.id, at if at >= 0 and self._again() else -1)

    def hints(self) -> list[KeyHint]:
        """Return the foot bar's entries."""
        if self._into:
            return [keys.hint("stop_scan", "停止扫描")]
        if not self._editable:
            return []
        if not self._ready:
            return [keys.hint("scan", "选扫描仪")]
        return [keys.hint("scan", "重扫这页" if self._again() else "扫描")]

    def tell(self) -> None:
        """Write on the head's button what its key does now."""
        button = self.scan_button
        if self._into:
            button.put("停", keys.cap("stop_scan"))
        elif not self._ready:
            button.put("选扫描仪", keys.cap("scan"))
        elif self._again():
            button.put(keys.KEYS["scan_more"].word, keys.cap("scan_more"))
        else:
            button.put(keys.KEYS["scan"].word, keys.cap("scan"))
        said = tuple(self.hints())
        if said != self._said:
            self._said = said
            self.changed.emit()

    # inside
    def _again(self) -> bool:
        return asks_again(self._viewer.finding)

    def _ask(self, requirement: str, index: int) -> None:
        if self._ready:
            self.wanted.emit(requirement, index)
        else:
            self.devices.emit(requirement)

    def _press(self) -> None:
        if self._into:
            self.stopped.emit()
        elif self._again():
            self.scan_more()
        else:
            self.scan()
