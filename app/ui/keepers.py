"""What goes on beside the pages while a clerk works: sending, watching the machine, the second copy, people, and the idle lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.core.settings_all import CARD_READER, COPY_FOLDER, COVER, SHOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from app.services.ports import Desk
    from app.ui.admin_desk import AdminDesk
    from app.ui.card_watch import CardKeeper
    from app.ui.cover import Cover
    from app.ui.idle import IdleWatch
    from app.ui.lane import Lane
    from app.ui.machine_watch import MachineWatch
    from app.ui.second_copy import CopyDesk
    from app.ui.selftest import SelfTest
    from app.ui.sending import Sender
    from app.ui.status_rows import StatusRow


class Keepers(QObject):
    """The keepers of one open store. ``in_hand()`` names the applications that nothing may be cleared of.

    ``linked()``: the way to the office stands differently; ``sent()``: a run of the queue has ended; ``status()``: a status row changed;
    ``copied()``: the second copy stands differently; ``veiled(veil)``: names are covered or shown; ``left(minutes)``: nobody is there;
    ``moved()``: a draft went to or came from another counter; ``taken(id)``: one was taken in and wants to be opened; ``ruled(Desk)``: new
    drafts begin with another version of the region's papers; ``look_wanted()``: somebody goes to the end of the day.
    """

    linked = Signal()
    sent = Signal()
    status = Signal()
    copied = Signal()
    veiled = Signal(object)
    left = Signal(int)
    moved = Signal()
    taken = Signal(str)
    ruled = Signal(object)
    look_wanted = Signal()

    def __init__(self, window: QWidget, lane: Lane, desk: Desk, in_hand: Callable[[], tuple[str, ...]]) -> None:
        from app.ui.card_watch import CardKeeper  # noqa: PLC0415 - behind the first frame
        from app.ui.cover import Cover  # noqa: PLC0415
        from app.ui.idle import IdleWatch  # noqa: PLC0415
        from app.ui.second_copy import CopyDesk  # noqa: PLC0415
        from app.ui.sending import Sender  # noqa: PLC0415

        super().__init__(window)
        self._window = window
        self._lane = lane
        self._in_hand = in_hand
        self.sending: Sender = Sender(window, lane, desk)
        self.sending.stands.connect(lambda _uplink: self.linked.emit())
        self.sending.ended.connect(lambda _done, _asked: self.sent.emit())
        self.cards: CardKeeper = CardKeeper(window, lane, desk, self.sending.errands)
        self.second: CopyDesk = CopyDesk(window, lane, desk)
        self.second.stands.connect(lambda _standing: self.copied.emit())
        self.cover: Cover = Cover(window)
        self.idle: IdleWatch = IdleWatch(window)
        self.idle.idle.connect(lambda: self.left.emit(self.idle.minutes))
        self.morning: SelfTest = self._testing(desk)
        self.watch: MachineWatch = self._watching(desk)
        self.people: AdminDesk = self._serving(desk)

    def take(self, desk: Desk) -> None:
        """Go on over the same store for another clerk: what is being sent or copied is not disturbed."""
        self.sending.take(desk)
        self.cards.take(desk)
        self.second.take(desk)
        self.morning.deleteLater()
        self.morning = self._testing(desk)
        self.watch.stop()
        self.watch.deleteLater()
        self.watch = self._watching(desk)
        self.people.deleteLater()
        self.people = self._serving(desk)

    def rows(self) -> Sequence[StatusRow]:
        """Return how the machine and the second copy stand, for the workbench."""
        return (*self.people.end_of_day.rows(), self.morning.row(), *self.watch.told, self.second.row())

    def act(self, row: str) -> None:
        """Do what a status row offers."""
        if row == "copy":
            self.second.act()
        elif row == "look":
            self.look_wanted.emit()
        elif row == "selftest":
            self.morning.open()
        else:
            self.watch.act(row)

    def _testing(self, desk: Desk) -> SelfTest:
        from app.ui.selftest import SelfTest  # noqa: PLC0415

        morning = SelfTest(self._window, self._lane, desk, self.sending.errands)
        morning.changed.connect(self.status)
        return morning

    def _watching(self, desk: Desk) -> MachineWatch:
        from app.ui.machine_watch import MachineWatch  # noqa: PLC0415

        watch = MachineWatch(self._window, self._lane, desk, self._in_hand)
        watch.rows.connect(lambda _rows: self.status.emit())
        watch.veiled.connect(self.veiled)
        return watch

    def _set(self, ids: tuple[str, ...]) -> None:
        """Let what was set hold at once."""
        if COVER in ids or SHOWN in ids:
            self.watch.look()
        if CARD_READER in ids:
            self.cards.choose()
        if COPY_FOLDER in ids:
            self.second.runner.run(asked=True)

    def _serving(self, desk: Desk) -> AdminDesk:
        from app.ui.admin_desk import AdminDesk  # noqa: PLC0415

        people = AdminDesk(self._window, self._lane, desk, self.sending.errands)
        people.places.changed.connect(self.sending.look)
        people.idle_set.connect(self.idle.set_minutes)
        people.settings.changed.connect(self._set)
        people.moved.connect(self.moved)
        people.taken.connect(self.taken)
        people.region.used.connect(self.ruled)
        people.end_of_day.freed.connect(self.sending.accepted)
        people.end_of_day.counted.connect(self.status)
        self.sending.stands.connect(people.end_of_day.look)
        return people
