"""Who was told of the office's decision: what was said, and who has not heard yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.adapters.store.database import rows, value
from app.core.answer import DECISIONS
from app.services.ports import Call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

    from app.core.answer import Answer

MOST_COUNTED = 999
_UNTOLD = "untold = 1 AND state IN ('supplement', 'approved', 'refused', 'draft', 'waiting')"


def decided(db: Database, taken: Answer, shown: Answer | None, every: Sequence[Answer]) -> None:
    """Note that a decision just taken is to be told, inside the caller's transaction, when it is the one that counts now.

    A signed one that says what was heard by telephone, and told, is not told again.
    """
    if taken.kind not in DECISIONS or shown != taken:
        return
    if taken.heard or not any(one.heard and one.content == taken.content for one in every):
        db.execute("UPDATE applications SET untold = 1 WHERE id = ?", (taken.application,))


def keep(db: Database, application: str, call: Call, *, told: bool) -> None:
    """Keep what was said, if anything was written down, and whether the applicant knows now; inside the caller's transaction."""
    if call.words:
        db.execute(
            "INSERT INTO calls (application, at, who, how, words) VALUES (?, ?, ?, ?, ?)",
            (application, call.at, call.who, call.how, call.words),
        )
    db.execute("UPDATE applications SET untold = ? WHERE id = ?", (int(not told), application))


def calls(db: Database, application: str) -> list[Call]:
    """Return what was said about an application, oldest first."""
    return [
        Call(**one)
        for one in rows(db, "SELECT at, who, how, words FROM calls WHERE application = ? ORDER BY id", (application,))
    ]


def untold(db: Database) -> int:
    """Return how many decisions nobody heard yet, up to :data:`MOST_COUNTED`: out of an index that holds only these."""
    sql = f"SELECT count(*) FROM (SELECT 1 FROM applications INDEXED BY applications_untold WHERE {_UNTOLD} LIMIT ?)"  # noqa: S608 - our own words
    return int(value(db, sql, (MOST_COUNTED,)))
