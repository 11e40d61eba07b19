"""The materials step: a slot for each paper this application needs, and the viewer at the right.

The page reads no file and changes no page itself: what a person wants leaves as a signal, what became of it comes back through
``show_case``, ``set_thumbnail``, ``set_preview``, ``set_bytes``, ``say`` and ``set_busy``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from app.core.findings import Tone
from app.ui import keys
from app.ui.case.binding import Binding
from app.ui.case.materials_acts import PageActs
from app.ui.case.materials_input import Taker
from app.ui.case.materials_list import SlotList
from app.ui.case.materials_looking import Looking
from app.ui.case.materials_scan import ScanActs
from app.ui.case.materials_view import every, summary, unneeded, views
from app.ui.case.step import StepPage
from app.ui.case.thumbs import ThumbStore
from app.ui.case.viewer import Viewer
from app.ui.case.viewer_foot import asks_again, tries_left
from app.ui.keys import KeyHint
from app.ui.kit.buttons import Button
from app.ui.kit.layouts import fill, row
from app.ui.kit.moves import EnterMoves
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QImage, QKeyEvent

    from app.ui.case.state import CaseState

_SETTLE_MS = 40
_OFFERS = {"scan_more": "接着扫", "scanner": "换扫描仪", "waiting": "收进来"}


class MaterialsPage(StepPage):
    """The fourth step.

    Signals besides those of every step: ``files_given(requirement, paths, source)`` with source file, drop or paste;
    ``image_pasted(requirement, png)``; ``file_again(requirement, index, path, source)`` and ``image_again(requirement, index, png)`` for a
    page to take again; ``turn_wanted(requirement, index, degrees)``, ``move_wanted(requirement, index, to)``,
    ``remove_wanted(requirement, index)``, ``transfer_wanted(requirement, index, target)``, ``uncut_wanted(requirement, index)``,
    ``undo_wanted()``; ``preview_wanted(original)``, ``bytes_wanted(original)``, ``thumbnails_wanted(originals)``; ``reason(finding id)``;
    ``scan_wanted(requirement, index)`` and ``camera_wanted(requirement, index)``, ``index`` a page to take again or -1;
    ``scan_stop()``, ``scanner_wanted(requirement)``; ``waiting_wanted()`` for files that wait in a watched folder.
    """

    files_given = Signal(str, list, str)
    image_pasted = Signal(str, bytes)
    file_again = Signal(str, int, str, str)
    image_again = Signal(str, int, bytes)
    turn_wanted = Signal(str, int, int)
    move_wanted = Signal(str, int, int)
    remove_wanted = Signal(str, int)
    transfer_wanted = Signal(str, int, str)
    uncut_wanted = Signal(str, int)
    undo_wanted = Signal()
    scan_wanted = Signal(str, int)
    scan_stop = Signal()
    scanner_wanted = Signal(str)
    camera_wanted = Signal(str, int)
    waiting_wanted = Signal()
    preview_wanted = Signal(str)
    bytes_wanted = Signal(str)
    thumbnails_wanted = Signal(list)
    reason = Signal(str)

    step = "materials"

    def __init__(self) -> None:
        super().__init__()
        self._state: CaseState | None = None
        self._looking = Looking()
        self._editable = True
        self._in_field = False
        self.store = ThumbStore(self)
        self.store.wanted.connect(self.thumbnails_wanted)
        self.bound = Binding(self)
        self.bound.edited.connect(self._edited)
        self.bound.left.connect(self._left)
        self.viewer = Viewer(lambda page, ratio: self.store.picture(page.original, page.turn, ratio))
        self.list = SlotList(self.store, self.bound)
        self.taker = Taker(self, self.list)
        self.taker.watch(self)
        self.taker.watch(self.viewer)
        self.acts = PageActs(self, self.list, self._looking)
        self.scans = ScanActs(self.list, self.taker, self._looking, self.viewer)
        self._title = Text("材料", "h1")
        self._summary = Text("", "body2")
        self.file_button = Button("文件", key=keys.cap("files"), icon="upload")
        self.file_button.clicked.connect(self.choose)
        ways = (self.scans.scan_button, self.scans.camera_button, self.file_button)
        head = row(self._title, self._summary, ..., *ways, gap=8, pad=(20, 16, 16, 10))
        fill(QVBoxLayout(self), (head, (self.list, 1)))
        self.moves = EnterMoves(self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._arrange)
        self._wire()

    def _wire(self) -> None:
        acts = self.acts
        acts.turn.connect(self.turn_wanted)
        acts.move.connect(self.move_wanted)
        acts.remove.connect(self.remove_wanted)
        acts.transfer.connect(self.transfer_wanted)
        acts.uncut.connect(self.uncut_wanted)
        acts.undo.connect(self.undo_wanted)
        scans = self.scans
        scans.wanted.connect(self._scan)
        scans.stopped.connect(self.scan_stop)
        scans.devices.connect(self.scanner_wanted)
        scans.camera.connect(self._shoot)
        scans.changed.connect(self.hints_changed)
        slots = self.list
        slots.marked.connect(self._marked)
        slots.chosen.connect(self._choose_page)
        slots.moved.connect(acts.order)
        slots.reason.connect(self._give_reason)
        slots.deferred.connect(lambda requirement, on: self._edited(f"deferred.{requirement}", on))
        slots.asked.connect(lambda: scans.scan_more() if scans.ready else self.choose())
        slots.acted.connect(self._message_act)
        taker = self.taker
        for signal in (taker.given, taker.pasted):
            signal.connect(self._quiet)
        taker.given.connect(self._given)
        taker.pasted.connect(self._pasted)
        taker.dropped.connect(self._dropped)
        taker.nothing.connect(lambda req: self.say(req, ("剪贴板里没有图片，也没有文件。先复制，再按 Ctrl V",), "accent"))
        viewer = self.viewer
        viewer.turn.connect(acts.turn_by)
        viewer.take_off.connect(acts.take_off)
        viewer.elsewhere.connect(acts.elsewhere)
        viewer.undo.connect(acts.take_back)
        viewer.reason.connect(self.reason)
        viewer.sealed.connect(self._seal)
        viewer.uncut.connect(acts.show_whole)
        viewer.foot.other_file.connect(self.choose_again)
        viewer.preview_wanted.connect(self.preview_wanted)
        viewer.bytes_wanted.connect(self.bytes_wanted)
        bound: dict[str, Callable[[], object]] = {
            "files": self.choose,
            "files_again": self.choose_again,
            "paste": taker.paste,
            "turn": lambda: acts.turn_by(90),
            "take_off": acts.take_off,
            "elsewhere": acts.elsewhere,
            "undo": acts.take_back,
            "reason": self.reason_current,
            "defer": self._defer,
            "mark_copied": lambda: self._mark("copied"),
            "mark_kept": lambda: self._mark("kept"),
            "mark_returned": lambda: self._mark("returned"),
            "uncut": acts.show_whole,
            "scan": scans.scan,
            "scan_more": scans.scan_more,
            "scanner": scans.choose,
            "camera": scans.shoot,
            "compare": viewer.compare,
            "zoom_in": lambda: viewer.zoom_by(1),
            "zoom_out": lambda: viewer.zoom_by(-1),
            "zoom_fit": viewer.zoom_fit,
            "page_up": lambda: self.step_page(-1),
            "page_down": lambda: self.step_page(1),
        }
        self._shortcuts = {name: keys.bind(self, name, act) for name, act in bound.items()}
        for name in ("turn", "zoom_in", "zoom_out", "page_up", "page_down"):
            for shortcut in self._shortcuts[name]:
                shortcut.setAutoRepeat(True)
        QApplication.instance().focusChanged.connect(self._focused)  # type: ignore[union-attr]  # a page has an application

    # data in
    def show_case(self, state: CaseState) -> None:
        """Show the case: slots that did not change are not touched, the focus stays where it is."""
        other = self._state is None or state.application.id != self._state.application.id
        self._state = state
        if other:
            self._looking.clear()
            self.store.clear()
            self.viewer.clear()
            self.list.clear()
            self.scans.set_scanning("", "")
        before = {s.id: s.pages for s in self.list.views()}
        shown = views(state, self._typing())
        self.list.put(shown, unneeded(state))
        self._summary.put(summary(shown))
        for view in shown:
            self._looking.follow(view, before.get(view.id, ()))
        if self.list.slot(self.list.current) is None:
            self.list.set_current(next((v.id for v in shown if not v.done), shown[0].id if shown else ""))
        self._arrange()
        self.bound.show_case(state)
        self._view()
        self.list.sight_now()

    def ahead(self, state: CaseState) -> Iterator[None]:
        """Make a slot for each paper of the region."""
        for view in every(state):
            self.list.ahead(view)
            yield

    def set_thumbnail(self, original: str, jpeg: bytes) -> None:
        """Take a page's small picture."""
        self.store.put(original, jpeg)

    def set_preview(self, original: str, data: bytes, drawn: QImage | None = None, turn: int = 0) -> None:
        """Take a page's picture for the viewer, at most 1600 px on its longer side; ``drawn`` and ``turn`` as the viewer takes them."""
        self.viewer.set_preview(original, data, drawn, turn)

    def set_bytes(self, original: str, data: bytes) -> None:
        """Take the bytes of a page that the viewer showed without them, at most 1600 px on its longer side."""
        self.viewer.set_bytes(original, data)

    def set_busy(self, requirement: str, text: str) -> None:
        """Say that files of this slot are being read; '' when that is over."""
        slot = self.list.slot(requirement)
        if slot is not None:
            slot.say(text)
            self.list.come_into_sight()

    def say(self, requirement: str, sentences: tuple[str, ...], tone: str = "warn", offer: str = "") -> None:
        """Show what was refused or remarked, one sentence a line; it stays until the next thing is done.

        ``offer``: what its one button does (``scan_more``, ``scanner``, ``waiting``).
        """
        slot = self.list.slot(requirement)
        if slot is not None:
            slot.say("\n".join(sentences), tone, offer, _OFFERS.get(offer, ""))
            self.list.come_into_sight()

    def say_replaced(self, requirement: str, index: int) -> None:
        """Say that a file took this page's place, where nothing else is said of it; it can be taken back."""
        slot = self.list.slot(requirement)
        if slot is not None and not slot.said():
            slot.say(f"第 {index + 1} 页换成新的了", offer="undo")
            self.list.come_into_sight()

    def set_scanner(self, on: bool) -> None:
        """Say whether a scanner was chosen for this counter."""
        self.scans.set_ready(on=on)

    def set_scanning(self, requirement: str, text: str) -> None:
        """Say in the slot which page is being scanned; '' when that is over."""
        self.scans.set_scanning(requirement, text)

    def set_can_undo(self, on: bool) -> None:
        """Say whether the last change of pages can be taken back."""
        self.acts.can_undo = on
        if not on:
            self.list.quiet(undo=True)
        self.viewer.can_undo(on=on and self._editable)
        self.hints_changed.emit()

    def set_editable(self, editable: bool) -> None:
        """Let papers be changed, or only be looked at."""
        self._editable = editable
        self.file_button.setVisible(editable)
        self.taker.enabled = self.acts.enabled = editable
        self.scans.set_editable(on=editable)
        self.list.set_editable(on=editable)
        self.viewer.can_undo(on=editable and self.acts.can_undo)
        self._view()

    # where the work is
    def focus_field(self, path: str) -> bool:
        """Go to the slot, mark or field of a path; papers that are not needed are unfolded."""
        head, _, rest = path.partition(".")
        if head != "papers":
            return False
        requirement, _, field = rest.partition(".")
        slot = self.list.slot(requirement)
        if slot is None:
            return self.list.unfold(requirement) if requirement else self._focus_current()
        # The focus first: what folds would hand it to whatever comes next, and that unfolds.
        slot.setFocus(Qt.FocusReason.OtherFocusReason)
        self._go(requirement)
        widget: QWidget = slot
        page = field.removeprefix("pages.")
        if page.isdigit():
            self._choose_page(requirement, int(page))
        if field in slot.toggles:
            widget = slot.toggles[field]
        elif field == "issued_on" and slot.date is not None:
            widget = slot.date
        elif field == "option" and slot.options is not None:
            widget = slot.options
        widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def focus_first(self) -> None:
        """Go to the first slot that still stops, else stay at the current one."""
        first = next((v.id for v in self.list.views() if any(f.stops for f in v.findings)), "")
        if first:
            self._go(first)
        self.list.sight_now()
        self._focus_current()

    def hints(self) -> list[KeyHint]:
        """Return the foot bar's entries; in a field the arrows are its own."""
        if self._in_field:
            return [*super().hints(), keys.hint("finding")]
        found = [keys.hint("rows", "选材料"), KeyHint("← →", "翻页")]
        found += self.scans.hints()
        if self._editable:
            found.append(keys.hint("tick", "标记已看"))
        found.append(keys.hint("finding"))
        if self._editable:
            found += [keys.hint("notice"), keys.hint("ledger")]
        if self._editable and self.acts.can_undo:
            found.append(keys.hint("undo"))
        if self._editable and self.current_page >= 0:
            found.append(keys.hint("elsewhere_nth"))
        return found

    def side_panel(self) -> QWidget:
        """Return the viewer."""
        return self.viewer

    @property
    def current(self) -> str:
        """The requirement of the slot that the keys belong to."""
        return self.list.current

    @property
    def current_page(self) -> int:
        """The page of it that the viewer shows, -1 when it has none."""
        slot = self.list.slot(self.current)
        return self._looking.index(slot.view) if slot is not None else -1

    # what a person does
    def choose(self) -> None:
        """Open the file dialog for the current slot."""
        if self._state is not None:
            self.taker.choose(self._state.region.files.formats)

    def choose_again(self) -> None:
        """Open the file dialog for the page looked at, where its picture is no good."""
        if self._state is not None and self._to_replace(self.current) >= 0:
            self.taker.choose(self._state.region.files.formats, here=True)

    def reason_current(self) -> bool:
        """Ask for the reason of the doubt below the page, else of the slot's; return whether there was anything to answer.

        A page whose picture is no good is taken again first, and that is said.
        """
        return self._give_reason(self.current)

    def step_page(self, by: int) -> None:
        """Look at the page before or after, within the slot."""
        slot = self.list.slot(self.current)
        if slot is not None and slot.view.pages:
            self._choose_page(self.current, max(0, min(len(slot.view.pages) - 1, self._looking.index(slot.view) + by)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↑ ↓ choose a slot, ← → a page, Ctrl ← → move it, Space marks 已看."""
        pressed = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        across = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(key, 0)
        down = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key, 0)
        if self._in_field:
            super().keyPressEvent(event)
        elif pressed == Qt.KeyboardModifier.NoModifier and down:
            self._go(self.list.beside(self.current, down))
            self._focus_current()
        elif pressed == Qt.KeyboardModifier.NoModifier and across:
            self.step_page(across)
        elif pressed == Qt.KeyboardModifier.ControlModifier and across:
            self.acts.shift(across)
        elif pressed == Qt.KeyboardModifier.NoModifier and key == Qt.Key.Key_Space:
            self._mark("seen")
        else:
            super().keyPressEvent(event)

    # inside
    def _to_replace(self, requirement: str) -> int:
        """Return the page of this paper that one file takes the place of: the one looked at, where its picture is no good; else -1."""
        return self.current_page if requirement == self.current and asks_again(self.viewer.finding) else -1

    def _given(self, requirement: str, paths: list[str], source: str, here: bool) -> None:  # a signal's value
        index = self._to_replace(requirement) if here and len(paths) == 1 else -1
        if index >= 0:
            self.file_again.emit(requirement, index, paths[0], source)
        else:
            self.files_given.emit(requirement, paths, source)

    def _pasted(self, requirement: str, png: bytes) -> None:
        index = self._to_replace(requirement)
        if index >= 0:
            self.image_again.emit(requirement, index, png)
        else:
            self.image_pasted.emit(requirement, png)

    def _give_reason(self, requirement: str) -> bool:
        slot = self.list.slot(requirement)
        if slot is None or not self._editable:
            return False
        below = self.viewer.finding if requirement == self.current else None
        doubt = below if below is not None and below.tone is Tone.DOUBT and not below.retake else slot.view.doubt
        if doubt is not None:
            self.reason.emit(doubt.id)
            return True
        if below is not None and below.retake:
            self.say(requirement, (tries_left(below, slot.view.pages[self.current_page].retakes),))
            return True
        return False

    def _seal(self) -> None:
        if self._editable:
            self._edited(f"papers.{self.current}.sealed", True)  # the value of an answer

    def _scan(self, requirement: str, index: int) -> None:
        self._quiet()
        self._go(requirement)
        self.scan_wanted.emit(requirement, index)

    def _shoot(self, requirement: str, index: int) -> None:
        self._quiet()
        self._go(requirement)
        self.camera_wanted.emit(requirement, index)

    def _message_act(self, requirement: str, what: str) -> None:
        """Do what a message's button offers, in the slot where it stands."""
        self._go(requirement)
        if what == "undo":
            self.acts.take_back()
        elif what == "scan_more":
            self.scans.scan_more()
        elif what == "scanner":
            self.scans.choose()
        elif what == "waiting":
            self.waiting_wanted.emit()

    def _defer(self) -> None:
        slot = self.list.slot(self.current)
        if slot is not None:
            slot.defer()

    def _mark(self, name: str) -> None:
        slot = self.list.slot(self.current)
        if slot is not None and self._editable and name in slot.toggles:
            slot.toggles[name].click()

    def _marked(self, path: str, on: object) -> None:
        """Take a mark of the ledger. An original stays or goes back, not both: the one takes the other away."""
        paper, _, name = path.rpartition(".")
        other = {"kept": "returned", "returned": "kept"}.get(name, "")
        self._edited(path, on)
        slot = self.list.slot(paper.partition(".")[2])
        if on and other and slot is not None and getattr(slot.view.paper, other):
            self._edited(f"{paper}.{other}", False)  # the value of an answer

    def _edited(self, path: str, value: object) -> None:
        self._quiet()
        self.edited.emit(path, value)
        if not isinstance(value, str):
            self.left_field.emit()

    def _left(self, path: str) -> None:
        self.left_field.emit()
        # Only a date is judged otherwise while somebody is in the middle of it.
        if self._state is not None and path.endswith(".issued_on"):
            self.list.put(views(self._state), unneeded(self._state))
            self._arrange()
            self._view()

    def _dropped(self, requirement: str) -> None:
        self._go(requirement)
        self._focus_current()

    def _quiet(self, *_given: object) -> None:
        """Take messages away: the next thing is being done."""
        self.list.quiet()

    def _focused(self, old: QWidget | None, new: QWidget | None) -> None:
        del old
        if new is None or not self.isAncestorOf(new):
            return
        found = self.list.holding(new)
        if found:
            self._go(found)
        in_field = isinstance(new, QLineEdit)
        if in_field != self._in_field:
            self._in_field = in_field
            self.hints_changed.emit()

    def _typing(self) -> str:
        focus = QApplication.focusWidget()
        return str(focus.property("path")) if isinstance(focus, QLineEdit) and self.isAncestorOf(focus) else ""

    def _go(self, requirement: str) -> None:
        if requirement and requirement != self.list.current:
            self.list.set_current(requirement)
            self._arrange()
            self._view()
            self.list.sight_now()
            self.hints_changed.emit()

    def _focus_current(self) -> bool:
        slot = self.list.slot(self.current)
        if slot is None:
            return False
        slot.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _arrange(self) -> None:
        """Fold what is done and unfold the current one; not while a mouse button is down, or what it points at would move away."""
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._settle.start()
            return
        if self.list.arrange() and self._state is not None:
            self.bound.show_case(self._state)

    def _choose_page(self, requirement: str, index: int) -> None:
        slot = self.list.slot(requirement)
        if slot is not None and 0 <= index < len(slot.view.pages):
            self._looking.choose(slot.view, index)
            self._go(requirement)
            self._view()

    def _view(self) -> None:
        slots = self.list
        for view in slots.views():
            found = slots.slot(view.id)
            if found is not None:
                found.show_page(self._looking.index(view) if view.id == slots.current else -1)
        current = slots.slot(slots.current)
        shown = current.view if current is not None else None
        self.viewer.show_page(shown, self._looking.index(shown) if shown is not None else -1, editable=self._editable)
        self.scans.tell()
