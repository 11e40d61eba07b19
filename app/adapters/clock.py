"""The machine's clocks behind the ports :class:`app.services.ports.Clock` and :class:`app.services.ports.Uptime`."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path


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
        self._last = dt.datetime.min

    def now(self) -> dt.datetime:
        """Return the given day at the present local time of day, without a zone."""
        # Never back: at midnight it stands still for the rest of the run.
        self._last = max(self._last, dt.datetime.combine(self._day, dt.datetime.now().time()))
        return self._last


class SystemUptime:
    """How long this computer has been running, behind the port :class:`app.services.ports.Uptime`."""

    def __init__(self) -> None:
        try:
            self._boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        except OSError:
            # Where runs of the computer have no name, only this run of the program can be told from others.
            import uuid  # noqa: PLC0415 - half the time of importing this module

            self._boot = uuid.uuid4().hex
        # The clock that goes on in sleep, where there is one.
        self._clock: int | None = getattr(time, "CLOCK_BOOTTIME", None)

    def running(self) -> tuple[str, float]:
        """Return the name of this run and its age in seconds."""
        return self._boot, time.monotonic() if self._clock is None else time.clock_gettime(self._clock)
