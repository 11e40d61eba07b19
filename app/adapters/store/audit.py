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


def newest(db: Database, limit: int, subject: str = "") -> list[AuditEntry]:
    """Return the newest links first, with a subject only those about it."""
    about, params = ("WHERE subject = ?", (subject, limit)) if subject else ("", (limit,))
    found = rows(db, f"SELECT at, who, act, subject, what FROM audit {about} ORDER BY seq DESC LIMIT ?", params)  # noqa: S608 - a fixed text
    return [AuditEntry(**entry) for entry in found]


def lines(db: Database, after: int, limit: int) -> list[str]:
    """Return links beyond one as lines of JSON, oldest first; each hash can be computed anew from the line and the one before."""
    sql = "SELECT seq, at, who, act, subject, what, lower(hex(hash)) AS hash FROM audit WHERE seq > ? ORDER BY seq LIMIT ?"
    return [json.dumps(found, ensure_ascii=False, separators=(",", ":")) for found in rows(db, sql, (after, limit))]


def head(db: Database, accepted: str = "") -> tuple[int, str]:
    """Return the number and the hash (hex) of the newest link, or of the one that accepted this application or put it aside."""
    which = "WHERE subject = :id AND act IN ('finalise', 'void')" if accepted else ""
    found = row(db, f"SELECT seq, hash FROM audit {which} ORDER BY seq DESC LIMIT 1", {"id": accepted})  # noqa: S608 - a fixed text
    return (found["seq"], found["hash"].hex()) if found else (0, "")


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
