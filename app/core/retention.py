"""How long originals stay after the office has them, and which may go at all.

The days are the region's own (``[retention]`` in its ``region.toml``); where its source is silent a supervisor may set them for the
counter, and while nobody did, originals stay. What may go: originals of an application that the office says, signed, it holds whole. The
record, the documents and the audit always stay, and nothing unsent ever goes.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.application import State

if TYPE_CHECKING:
    from app.core.region import Region

LEAST, MOST = 1, 3650
"""What a supervisor may set, in days."""

KEPT_STATES = frozenset({State.DRAFT, State.WAITING, State.SUPPLEMENT})
"""Whatever was delivered, these are still worked on, and the next revision needs the pages."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """An application as the store knows it to be delivered. Times are local ISO.

    ``sent``: the digest that the office named is one that was handed over here for this very revision. ``returned``: it needs somebody.
    """

    id: str
    region: str
    state: State
    accepted_at: str
    received_at: str
    sent: bool
    returned: bool = False


@dataclass(frozen=True, slots=True)
class Purged:
    """That an application's originals were cleared: when the office had them, and after how many days they may go here."""

    received_at: str
    days: int

    @property
    def sentence(self) -> str:
        """Say it in the place of a picture."""
        return f"原件已按规定清理（送达 {self.received_at[:10]}，保留 {self.days} 天）"


def days_for(region: Region | None, setting: str) -> int | None:
    """Return after how many days originals may go; None where they stay.

    The region's own rule comes first and cannot be set aside; ``setting`` is the counter's, '' while nobody set it.
    """
    if region is not None and region.retention.days is not None:
        return region.retention.days
    return int(setting) if readable(setting) else None


def readable(setting: str) -> bool:
    """Whether a supervisor may set this number of days."""
    return setting.isascii() and setting.isdigit() and LEAST <= int(setting) <= MOST


def may_go(one: Delivered, days: int | None, now: dt.datetime) -> bool:
    """Whether an application's originals may be cleared now.

    The days run from the office's own time of receipt, but never from before acceptance, whatever its clock showed; and they are whole:
    what came on the first may go on the 31st, with 30 days.
    """
    if days is None or not one.sent or one.returned or one.state in KEPT_STATES or not one.received_at:
        return False
    since = dt.datetime.fromisoformat(max(one.received_at, one.accepted_at))
    return now.date() - since.date() >= dt.timedelta(days=days)
