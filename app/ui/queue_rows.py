"""Rows of the queue, and what they say of the way to the office."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core import outbox
from app.core.application import State
from app.core.days import iso
from app.core.masks import COVERED, Veil
from app.services.ports import Queue
from app.ui import lists
from app.ui.kit import Cell, Line

if TYPE_CHECKING:
    from app.core.second_look import Hold
    from app.services.ports import Entry
    from app.services.ports.transfer import Spooled


@dataclass(frozen=True, slots=True)
class Queued:
    """A queued application and its sealed submission, None while it was not sealed or the office signed for it.

    ``hold``: that it stays for a second look, None where it does not.
    """

    entry: Entry
    sent: Spooled | None = None
    hold: Hold | None = None

    @property
    def id(self) -> str:
        """The application's id."""
        return self.entry.id

    @property
    def stuck(self) -> bool:
        """Whether the way to the office, not the office itself, wants somebody: then there is a way out."""
        if self.hold is not None:
            return False
        if self.entry.queue is Queue.NEEDS_YOU:
            return self.entry.state is State.READY
        # What a place could not take from anybody is said over the list, not at each row.
        return self.sent is not None and self.sent.refusals > 0 and self.entry.queue is Queue.HERE

    @property
    def trouble(self) -> str:
        """What kind of trouble it is stuck in; one that was not even sealed is opened and looked at."""
        return self.sent.trouble if self.sent is not None and self.sent.trouble else "unsealed"

    @property
    def way(self) -> outbox.Way:
        """The way out of it."""
        if self.trouble == "unsealed":
            return outbox.Way("先打开看一眼，读得出来了再送一次", "retry")
        return outbox.way(self.trouble)

    def why(self) -> str:
        """Say why it is stuck, in the words that were answered."""
        if self.entry.queue is Queue.NEEDS_YOU and self.entry.note:
            return self.entry.note
        return self.sent.last_answer if self.sent is not None else ""

    def call(self, counter: str) -> str:
        """Return what to say on the telephone, '' where nobody has to be rung."""
        at = moment(self.sent.tried_at or self.sent.sealed_at) if self.sent is not None else None
        return outbox.say(self.trouble, counter, at) if at is not None and self.trouble in outbox.WAYS else ""


def moment(text: str) -> dt.datetime | None:
    """Return a stored local time, None for none."""
    return dt.datetime.fromisoformat(text) if text else None


def clock(at: dt.datetime | str | None, today: dt.date) -> str:
    """Return a time as rows say it: 10:47 today, 2 月 5 日 16:52 otherwise; '' for none."""
    found = moment(at) if isinstance(at, str) else at
    if found is None:
        return ""
    if found.date() == today:
        return f"{found:%H:%M}"
    day = f"{found.month} 月 {found.day} 日" if found.year == today.year else iso(found.date())
    return f"{day} {found:%H:%M}"


def says(one: Queued, today: dt.date, *, sends: bool) -> tuple[str, str]:
    """Return what a row says: where it stands, and what comes next. ``sends``: whether a place is set up."""
    if one.hold is not None:
        return one.hold.fact, f"下一步：{one.hold.way}"
    size = lists.size(one.sent.bytes if one.sent is not None else one.entry.bytes)
    match one.entry.queue:
        case Queue.COPIED:
            return _copied(one, today, size)
        case Queue.RECEIVED:
            at = clock(one.entry.received_at, today)
            return (f"市局 {at} 签收" if at else "市局已签收"), size
        case Queue.NEEDS_YOU:
            return one.why() or "经办机构退回", f"下一步：{one.way.todo if one.stuck else '打开这件，照退回的说法改'}"
        case _:
            return _here(one, today, size, sends=sends)


def _copied(one: Queued, today: dt.date, size: str) -> tuple[str, str]:
    sent = one.sent
    if sent is None:
        return "已导出，等经办机构回执", _joined("本机仍保留", size)
    if sent.delivered_at:
        return f"已送到「{sent.place}」，等市局回执", _joined(f"{clock(sent.delivered_at, today)} 送到", size, "本机仍保留")
    return "已拷出去，等市局回执", _joined(f"{clock(sent.sealed_at, today)} 封好", size, "本机仍保留")


def _here(one: Queued, today: dt.date, size: str, *, sends: bool) -> tuple[str, str]:
    sent = one.sent
    if sent is None:
        said = "等网络或 U 盘" if sends else "等导出"
        return said, _joined(f"{lists.exactly(one.entry.accepted_at, today)} 受理", size)
    if one.stuck:
        again = f"{clock(sent.next_at, today)} 自动再送" if sent.next_at else f"下一步：{one.way.todo}"
        return sent.last_answer, again
    return "等网络或 U 盘" if sends else "等 U 盘", _joined(f"{clock(sent.sealed_at, today)} 封好", size)


def line(one: Queued, today: dt.date, veil: Veil = COVERED, *, sends: bool = False) -> Line:
    """Return a row."""
    entry = one.entry
    said, then = says(one, today, sends=sends)
    return Line(
        entry.id,
        (
            lists.standing(entry).cell(),
            entry.number,
            Cell(text=lists.name(entry, veil), sub=lists.diseases(entry)),
            Cell(text=said, sub=then, medium=entry.queue is Queue.NEEDS_YOU),
            Cell(text=lists.day(entry.accepted_at, today)),
            lists.due_cell(entry, today),
        ),
    )


def _joined(*parts: str) -> str:
    return "，".join(part for part in parts if part)
