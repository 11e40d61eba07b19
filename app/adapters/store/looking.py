"""The opened store: second looks at what was accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.adapters.store import inbox, looks
from app.adapters.store.database import told, transaction
from app.adapters.store.opened import Opened
from app.core.application import State
from app.core.errors import StoreError
from app.core.second_look import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.application import Application
    from app.core.second_look import Look, Sighting


class Looking(Opened):
    """The part of the store that knows who looked (ports.Looking)."""

    def keep_look(self, look: Look, how: str = "") -> None:
        """Keep a look and its audit row in one transaction; see :class:`app.services.ports.Store`."""
        with transaction(self._db):
            if looks.stands(self._db, look.application) != look.revision:
                raise StoreError("这件刚有了新的一版，没有记下。重新打开再看", f"look at {look.application}")
            if look.verdict is Verdict.RETURNED and looks.gone(self._db, look.application):
                raise StoreError("这件已经送出，退回拦不住了。有问题打电话告诉经办机构", f"look at {look.application}: gone")
            looks.keep(self._db, look)
            self._note(look.who, "look", look.application, f"{look.verdict.value} {how}".strip())

    def reopen_returned(self, application: Application, who: str) -> Application:
        """Store the next version of one that a supervisor sent back as a draft; see :class:`app.services.ports.Store`."""
        with transaction(self._db):
            if not looks.sent_back(self._db, application.id):
                raise StoreError("这件没有退回，没有另开一版。回工作台看它在哪一步", f"correct {application.id}")
            stored = inbox.reopen(self._db, application, self._now(), who, (State.READY,))
            self._note(who, "reopen", application.id, f"{stored.revision} look")
        return stored

    def looks(self, application_id: str) -> list[Look]:
        """Return every look at an application, oldest first."""
        with told():
            return looks.of(self._db, application_id)

    def sightings(self, ids: Sequence[str]) -> list[Sighting]:
        """Return the accepted ones among these with the newest look at their accepted version."""
        with told():
            return looks.sightings(self._db, ids)
