"""Who works at this counter. People are stopped, never deleted: their names stand in records and in the audit. Slots are the vault's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.adapters.store.database import row, rows, value
from app.core.errors import StoreError
from app.services.ports import Clerk, Role

if TYPE_CHECKING:
    from sqlite_utils import Database

_SEEN = """SELECT c.name, c.role, c.added_at, c.disabled_at, coalesce(
    (SELECT max(a.at) FROM audit a WHERE a.subject = '' AND a.who = c.name AND a.act IN ('unlock', 'unlock_recovery', 'unlock_once')), ''
    ) AS last_in FROM clerks c ORDER BY c.disabled_at <> '', c.added_at, c.name"""


def clerks(db: Database) -> list[Clerk]:
    """Return everybody, active ones first, in the order they were added."""
    return [Clerk(**{**found, "role": Role(found["role"])}) for found in rows(db, _SEEN)]


def add(db: Database, name: str, role: Role, at: str) -> None:
    """Add somebody or let a stopped one work again, inside the caller's transaction. StoreError when the name is at work already."""
    before = row(db, "SELECT disabled_at FROM clerks WHERE name = ?", (name,))
    if before and not before["disabled_at"]:
        raise StoreError("名单里已有这个姓名。同名的两位，在姓名后加一个字分开", "clerk exists")
    db.execute(
        """INSERT INTO clerks (name, role, added_at) VALUES (?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET role = excluded.role, disabled_at = ''""",
        (name, role.value, at),
    )


def stop(db: Database, name: str, at: str) -> None:
    """Stop somebody, inside the caller's transaction. StoreError for the last active supervisor."""
    _keep_a_supervisor(db, name)
    db.execute("UPDATE clerks SET disabled_at = ? WHERE name = ? AND disabled_at = ''", (at, name))


def set_role(db: Database, name: str, role: Role) -> None:
    """Give somebody another role, inside the caller's transaction. StoreError when no active supervisor would be left."""
    if role is not Role.SUPERVISOR:
        _keep_a_supervisor(db, name)
    db.execute("UPDATE clerks SET role = ? WHERE name = ?", (role.value, name))


def _keep_a_supervisor(db: Database, name: str) -> None:
    others = value(db, "SELECT count(*) FROM clerks WHERE role = 'supervisor' AND disabled_at = '' AND name <> ?", (name,))
    if not others:
        raise StoreError("这是最后一位主管。先让另一位当主管，再动这一位", "last supervisor")
