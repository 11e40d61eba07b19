"""The opened store: what comes up again by itself, and the same person's other applications. Each answer lies in an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.adapters.store import applications, followups
from app.adapters.store.database import told, transaction
from app.adapters.store.opened import Opened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.ports import AuditEntry, Entry


class Reminding(Opened):
    """The part of the store that reminds (ports.Reminding)."""

    def same_person(self, cert_number: str, limit: int = 20) -> list[Entry]:
        """Return the applications of whoever has this certificate number, last touched first, void ones too."""
        with told():
            return followups.same_person(self._db, cert_number, limit)

    def renewals(self, first: str, last: str, limit: int = 500) -> list[Entry]:
        """Return approved applications that end between two days (ISO) and that nobody renews yet, the first to end on top."""
        with told():
            return followups.renewals(self._db, first, last, limit)

    def overdue(self, day: str, limit: int = 500) -> list[Entry]:
        """Return accepted applications without a decision whose promised day is this one (ISO) or past, the oldest promise first."""
        with told():
            return followups.overdue(self._db, day, limit)

    def opened(self, limit: int = 5) -> list[Entry]:
        """Return the applications that were opened last, by the audit, the last one first."""
        with told():
            return followups.opened(self._db, limit)

    def untold_entries(self, limit: int = 500) -> list[Entry]:
        """Return applications whose decision the applicant does not know yet, the last one that moved first."""
        with told():
            return followups.untold(self._db, limit)

    def told_rows(self, ids: Sequence[str]) -> list[AuditEntry]:
        """Return the audit's rows of attempts to tell somebody about these applications, oldest first."""
        with told():
            return followups.told_rows(self._db, ids)

    def unreckoned(self, limit: int = 50) -> list[str]:
        """Return approved applications whose end nobody looked at since they were approved."""
        with told():
            return followups.unreckoned(self._db, limit)

    def keep_expiry(self, application_id: str, day: str, *, reckoned: bool) -> None:
        """Remember when an approval ends, '' where nobody says. A reading of the program's own, so not in the audit."""
        with transaction(self._db):
            applications.keep_expiry(self._db, application_id, day, reckoned=reckoned)
