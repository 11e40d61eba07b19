"""The machine's clock behind the port :class:`app.services.ports.Clock`."""

from __future__ import annotations

import datetime as dt


class SystemClock:
    """The local wall time of this computer."""

    def now(self) -> dt.datetime:
        """Return the local wall time, without a zone."""
        return dt.datetime.now()


class DayClock:
    """A given day with the running time of day, for the demo: dates on its papers are always the same.

    At midnight the day stays, so that one run never spans two dates.
    """

    def __init__(self, day: dt.date) -> None:
        self._day = day

    def now(self) -> dt.datetime:
        """Return the given day at the present local time of day, without a zone."""
        return dt.datetime.combine(self._day, dt.datetime.now().time())
