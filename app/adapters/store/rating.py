"""The opened store: who was asked how it was, and sealed sheets nobody here can open. The two are in separate tables and know nothing of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.adapters.store.database import rows, told, transaction, value
from app.adapters.store.opened import Opened
from app.core.rating import SealedRating

if TYPE_CHECKING:
    from collections.abc import Sequence

_STICKS = 3
"""A stick may be lost: a sheet is let go once it was put on so many."""


class Rating(Opened):
    """The part of the store that keeps ratings (ports.Rating)."""

    def rated(self, application_id: str) -> bool:
        """Whether an applicant was asked, whatever they chose."""
        with told():
            return bool(value(self._db, "SELECT EXISTS (SELECT 1 FROM asked WHERE application = ?)", (application_id,)))

    def keep_rating(self, application_id: str, counter: str, id_: str, sealed: bytes, who: str) -> bool:
        """Keep a sheet and that this case was asked; see :class:`app.services.ports.Store`."""
        with transaction(self._db):
            new = self._db.execute("INSERT OR IGNORE INTO asked (application) VALUES (?)", (application_id,)).rowcount == 1
            if new:
                self._db.execute("INSERT INTO ratings (id, counter, sealed) VALUES (?, ?, ?)", (id_, counter, sealed))
                self._note(who, "rating", application_id)
        return new

    def ratings(self, limit: int) -> Sequence[SealedRating]:
        """Return sheets that are still here, in the order of their random names."""
        with told():
            found = rows(self._db, "SELECT id, counter, sealed FROM ratings ORDER BY sticks, id LIMIT ?", (limit,))
        return [SealedRating(**one) for one in found]

    def rating_gone(self, id_: str, *, online: bool) -> None:
        """Let go of a sheet that a place has, or count the stick it is on."""
        with transaction(self._db):
            if not online:
                self._db.execute("UPDATE ratings SET sticks = sticks + 1 WHERE id = ?", (id_,))
            self._db.execute("DELETE FROM ratings WHERE id = ? AND (? OR sticks >= ?)", (id_, online, _STICKS))
