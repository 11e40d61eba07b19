"""What a step page is given to show: one immutable picture of the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.findings import Finding, Tone
from app.core.notice import NO_NOTICE, Notice
from app.core.same_person import undecided

if TYPE_CHECKING:
    import datetime as dt

    from app.core.application import Application
    from app.core.region import Region
    from app.core.requirements import Need
    from app.core.same_person import Known
    from app.core.workdays import Calendar, Due


@dataclass(frozen=True, slots=True)
class CaseState:
    """The application, what its region says, and everything that follows from both today.

    ``promise``: when the office would be done if accepted today; None where the region names no limit. ``notice``: the notice on
    personal data, filled with this place's facts. ``known``: other applications of the same person that are stored here.
    """

    application: Application
    region: Region
    findings: tuple[Finding, ...]
    needs: tuple[Need, ...]
    today: dt.date
    calendar: Calendar
    promise: Due | None
    notice: Notice = NO_NOTICE
    known: tuple[Known, ...] = ()

    def at(self, field: str) -> Finding | None:
        """Return the gravest finding at this field that is still open, or None."""
        here = [f for f in self.findings if f.field == field and f.tone in {Tone.MISSING, Tone.DOUBT} and not f.reason]
        return min(here, key=lambda f: f.tone is not Tone.MISSING, default=None)

    def of(self, step: str) -> tuple[Finding, ...]:
        """Return all findings of one step."""
        return tuple(f for f in self.findings if f.step == step)

    @property
    def twin(self) -> Known | None:
        """Return the application that may be this very one, as long as nobody decided; None for none."""
        return undecided(self.application, self.known, self.today) if self.application.acceptance is None else None

    @property
    def stops(self) -> tuple[Finding, ...]:
        """Return what still stands in the way of acceptance."""
        return tuple(f for f in self.findings if f.stops)
