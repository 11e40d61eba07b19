"""A form signed after acceptance: kept with its application, which is queued under a revision of its own and so goes out with it.

A bag that is being sealed at that moment gets no number (its revision is not the queued one any more), so no bag is ever numbered that
lacks what was kept before. What was handed over already stays what it is; the new revision names it as superseded.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.adapters.store import applications, inbox, outbox
from app.adapters.store.database import row, value
from app.core.application import State
from app.core.errors import StoreError
from app.services.ports import Goes

if TYPE_CHECKING:
    from sqlite_utils import Database

    from app.services.ports import Rendered

_OPEN = (State.READY, State.SENT)
"""While the office has not decided, what was signed still matters to it."""


def keep(db: Database, id_: str, document: Rendered, at: str, who: str) -> Goes:
    """Store a signed edition and queue its application anew, inside the caller's transaction. StoreError when there is no such application."""
    application = applications.read(db, id_)
    if application is None:
        raise StoreError("这件申请不在这台电脑上，签好的没有存", f"application {id_}")
    outbox.add_documents(db, id_, (document,), at)
    queued = row(db, "SELECT revision, needs_you, purged_at FROM outbox WHERE application = ?", (id_,))
    if queued is None or application.state not in _OPEN or queued["purged_at"] or inbox.clashes(queued["needs_you"]):
        return Goes.STAYS
    since = application.accepted_as or application.revision
    out = value(
        db,
        """SELECT EXISTS (SELECT 1 FROM sent WHERE application = ?1 AND revision >= ?2)
            OR EXISTS (SELECT 1 FROM outbox WHERE application = ?1 AND copied_at <> '')""",
        (id_, since),
    )
    application = replace(application, revision=queued["revision"] + 1, accepted_as=since)
    applications.write(db, application, at=at, who=who)
    outbox.enqueue(db, id_, application.revision, at, who)
    inbox.move(db, id_, at)
    return Goes.AGAIN if out else Goes.ALONG
