"""The audit chain: each row carries the SHA-256 of itself and the row before it; triggers forbid changing and deleting.

What is written down: creating, taking over, changing state, discarding, accepting, adding originals, copying out, and whatever the
services note (view, print, unlock). Not every keystroke: a draft is stored many times a minute, and its revision counts that.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from app.adapters.store.database import row, rows, value
from app.core.errors import StoreError
from app.services.ports import AuditEntry

if TYPE_CHECKING:
    from sqlite_utils import Database

START = bytes(32)
_CHUNK = 5000


def append(db: Database, entry: AuditEntry) -> None:
    """Append one link, inside the caller's transaction."""
    last = row(db, "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
    seq, before = (last["seq"] + 1, last["hash"]) if last else (1, START)
    db.execute(
        "INSERT INTO audit (seq, at, who, act, subject, what, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (seq, entry.at, entry.who, entry.act, entry.subject, entry.what, link(before, seq, entry)),
    )


def newest(db: Database, limit: int) -> list[AuditEntry]:
    """Return the newest links first."""
    found = rows(db, "SELECT at, who, act, subject, what FROM audit ORDER BY seq DESC LIMIT ?", (limit,))
    return [AuditEntry(**entry) for entry in found]


def verify(db: Database) -> int:
    """Return how many links hold. StoreError names the first one that was changed, taken out or cut off."""
    before, held = START, 0
    while True:
        sql = "SELECT seq, at, who, act, subject, what, hash FROM audit WHERE seq > ? ORDER BY seq LIMIT ?"
        found = db.execute(sql, (held, _CHUNK)).fetchall()
        for seq, at, who, act, subject, what, digest in found:
            if seq != held + 1 or digest != link(before, seq, AuditEntry(at, who, act, subject, what)):
                raise _broken(held + 1)
            before, held = digest, seq
        if len(found) < _CHUNK:
            break
    if held != (value(db, "SELECT seq FROM sqlite_sequence WHERE name = 'audit'") or 0):
        raise _broken(held + 1)
    return held


def link(before: bytes, seq: int, entry: AuditEntry) -> bytes:
    """Return the hash of a link: SHA-256 over the hash before it and the row as canonical JSON."""
    content = json.dumps([seq, entry.at, entry.who, entry.act, entry.subject, entry.what], separators=(",", ":"))
    return hashlib.sha256(before + content.encode()).digest()


def _broken(seq: int) -> StoreError:
    return StoreError(f"操作记录从第 {seq} 条起对不上，有人绕过程序改过。先不要办件，告诉管理员", f"audit link {seq}")
