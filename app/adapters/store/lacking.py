"""The opened store: papers that are still to come, of a case that waits for them or was accepted without them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.adapters.store import applications, handover, inbox, outbox
from app.adapters.store.database import told, transaction
from app.adapters.store.opened import Opened
from app.core.application import Application, State
from app.core.deferral import BRINGS
from app.core.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.ports import Entry, Rendered


class Lacking(Opened):
    """The part of the store that speaks of papers still to come (ports.Lacking)."""

    def park(
        self, application: Application, documents: Sequence[Rendered], who: str, *, unsaid: Sequence[str] = ()
    ) -> Application:
        """Store a case as WAITING with its notice and the papers given, in one transaction; see :class:`app.services.ports.Store`."""
        waiting = application.waiting
        if waiting is None:
            raise ValueError("nothing was told")
        with transaction(self._db):
            before = applications.standing(self._db, application.id)
            if before and before["state"] not in applications.OPEN:
                raise StoreError("这件已经受理过，没有再告知", f"application {application.id} is {before['state']}")
            handover.refuse_given(before)
            revision, at = (before["revision"] if before else 0) + 1, self._now()
            parked = replace(application, state=State.WAITING, revision=revision)
            applications.write(self._db, parked, at=at, who=who)
            outbox.add_documents(self._db, application.id, documents, at)
            if before is None:
                self._note(who, "create", application.id)
            if documents:
                self._note(who, "document", application.id, " ".join(f"{one.kind} {one.digest[:8]}" for one in documents))
            if unsaid:
                self._note(who, "notice.incomplete", application.id, f"{waiting.nth - 1} {' '.join(unsaid)}")
            self._note(who, "notice", application.id, f"{waiting.nth} {' '.join(gap.field for gap in waiting.gaps)}")
        return parked

    def reopen_owing(self, application: Application, who: str) -> Application:
        """Store the next version of an accepted application as a draft; see :class:`app.services.ports.Store`."""
        with transaction(self._db):
            stored = inbox.reopen(self._db, application, self._now(), who, BRINGS)
            self._note(who, "reopen", application.id, f"{stored.revision} deferred")
        return stored

    def deferred_due(self, day: str = "", limit: int = 500) -> list[Entry]:
        """Return accepted applications that still owe deferred papers, the one due first on top; with a day those due by then."""
        with told():
            return applications.deferred(self._db, day, limit)
