"""What the office's board counts: applications of some days without anybody in them."""

from __future__ import annotations

import json

from app.adapters.store.database import told
from app.adapters.store.opened import Opened
from app.core.application import State
from app.core.board import Dealt

_SQL = """SELECT accepted_at, state, record FROM applications WHERE accepted_at >= :first AND accepted_at < :after
    UNION ALL SELECT accepted_at, state, record FROM applications
        WHERE state = 'waiting' AND accepted_at = '' AND told_at >= :first AND told_at < :after"""


class Boarding(Opened):
    """The part of the store that counts for the office's board (ports.Boarding)."""

    def dealt(self, first: str, after: str) -> list[Dealt]:
        """Return what was accepted, or told what is missing and not accepted yet, from one day (ISO) to before another."""
        with told():
            return [_dealt(*found) for found in self._db.execute(_SQL, {"first": first, "after": after}).fetchall()]


def _dealt(accepted_at: str, state: str, record: str) -> Dealt:
    said = json.loads(record)
    waiting = said.get("waiting") or {}
    return Dealt(
        began=str(said.get("started_at", "")),
        accepted=accepted_at,
        told=str(waiting.get("given_at", "")),
        notices=int(waiting.get("nth", 0)),
        lacked=tuple(dict.fromkeys(str(gap["name"]) for gap in waiting.get("gaps", ()))),
        returned=state == State.SUPPLEMENT or bool(said.get("mends")),
    )
