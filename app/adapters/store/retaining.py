"""The opened store: originals that may go because the office holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.adapters.store import answers, outbox
from app.adapters.store.database import checkpoint, told, transaction
from app.adapters.store.opened import Opened

if TYPE_CHECKING:
    from app.core.retention import Delivered, Purged


class Retaining(Opened):
    """The part of the store that speaks of retention (ports.Retaining)."""

    def delivered(self, before: str, after: Delivered | None = None, limit: int = 64) -> list[Delivered]:
        """Return applications that the office received before then (ISO) and whose originals are here, longest first, beyond ``after``."""
        with told():
            return answers.delivered(self._db, before, after, limit)

    def begin_purge(self, id_: str, days: int, who: str) -> int:
        """Note that an application's originals go, and return how many pages; see :class:`app.services.ports.Store`."""
        with transaction(self._db):
            begun = answers.begin_purge(self._db, id_, days, self._now())
            if begun is not None:
                self._note(who, "purge", id_, f"{begun[0]} {begun[1]}")
        return begun[0] if begun else 0

    def purge_page(self) -> bool:
        """Delete one page of those that are to go, with the WAL cut behind it; False when none is left."""
        while id_ := self._purging():
            with transaction(self._db):
                went = answers.purge_page(self._db, id_)
            if went:
                checkpoint(self._db)
                return True
        return False

    def _purging(self) -> str:
        with told():
            return answers.unfinished(self._db)

    def purged(self, application_id: str) -> Purged | None:
        """Return that an application's originals were cleared by rule, or None."""
        with told():
            return answers.purged(self._db, application_id)

    def sender(self, application_id: str) -> str:
        """Return who copied an accepted application out first, '' while nobody did."""
        with told():
            return outbox.sender(self._db, application_id)
