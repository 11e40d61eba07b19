"""What every part of the opened store stands on: the connection, the time, and the audit."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from app.adapters.store import audit
from app.adapters.store.database import PAGE_SIZE, WAL_LIMIT, connect, damage_met, opened_with
from app.services.ports import AuditEntry, Clock

if TYPE_CHECKING:
    from sqlite_utils import Database


FOLD_AT = WAL_LIMIT // PAGE_SIZE
"""Frames in the WAL at which SQLite itself brings them into the store file, in the middle of somebody's work: fold() does it before."""


class Opened:
    """An opened, migrated connection. It belongs to the thread that opened it."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._closed = False

    @property
    def _db(self) -> Database:
        """The connection; opened anew after one met a damaged place, so that everything else goes on."""
        if self._met != damage_met() and not self._closed and not self._current.conn.in_transaction:
            path, key = opened_with(self._current)
            with suppress(Exception):  # it may be unable to do even that
                self._current.close()
            self._db = connect(path, key)
        return self._current

    @_db.setter
    def _db(self, db: Database) -> None:
        self._met = damage_met()
        self._current = db
        db.execute(f"PRAGMA wal_autocheckpoint={FOLD_AT}").fetchall()

    def _now(self) -> str:
        return self._clock.now().isoformat(timespec="seconds")

    def _note(self, who: str, act: str, subject: str = "", what: str = "") -> None:
        audit.append(self._db, AuditEntry(self._now(), who, act, subject, what))
