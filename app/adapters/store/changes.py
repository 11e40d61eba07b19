"""Which rows changed, and the rows themselves: what keeps a second copy in step.

``changes`` holds one line for each row the store ever had: its table, its key and the number of its last change. Triggers write it, so
no statement can forget to. A copy that stands at number ``n`` is brought up to date by the rows above ``n``, however long it was
away; a copy that stands at 0 becomes a whole one the same way. Lines stay when their row goes: that is how a copy hears of it.

Search keys are not followed; they are made anew from each application (:mod:`app.adapters.store.search`).
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.adapters.store.database import damaged, row, rows, transaction, value
from app.core.errors import StoreError
from app.services.ports import Batch, Change, CopyMark, Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlite_utils import Database

BATCH_BYTES = 8 * 1024 * 1024
"""A batch ends with the row that reaches this; an original is at most a few MB."""

BATCH_SECONDS = 0.02
BATCH_ROWS = 500

_LONG = 8192
"""Bytes: half a page. A row that goes beyond its page is longer."""

COUNTED = ("applications", "originals", "documents", "outbox", "clerks")
"""What is compared by its count after each run, the audit chain by its newest link."""

TABLES = (
    """CREATE TABLE changes (tbl TEXT NOT NULL, key ANY NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (tbl, key))
        STRICT, WITHOUT ROWID""",
    "CREATE UNIQUE INDEX changes_seq ON changes (seq)",
    """CREATE TABLE second_copy (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        folder TEXT NOT NULL DEFAULT '', at TEXT NOT NULL DEFAULT '', checked_at TEXT NOT NULL DEFAULT '',
        problem TEXT NOT NULL DEFAULT ''
    ) STRICT""",
)

COUNTS = "CREATE TABLE row_counts (tbl TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID"
"""How many rows each counted table has, kept by triggers in the store itself; empty in a second copy, which counts for itself."""

_NOT_FOLLOWED = ("changes", "row_counts", "second_copy", "copy_state", "finders", "grams", "characters")
_NEWER = "第二份备份里有本机没有的记录：本机的数据可能被换成了旧的。没有覆盖它。让管理员查清，再用恢复，或换一个空文件夹重新做"


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose rows are followed: the columns that name a row, and those that are written."""

    name: str
    keys: tuple[str, ...]
    columns: tuple[str, ...]

    def key(self, prefix: str = "") -> str:
        """Return the SQL of a row's key: its one column, or all of them as a JSON array."""
        named = [f"{prefix}{column}" for column in self.keys]
        return named[0] if len(named) == 1 else f"json_array({', '.join(named)})"

    def read(self, db: Database, key: Any) -> tuple[Any, ...] | None:
        """Return the row of this key, or None. DamagedError for one that lacks its end, see :meth:`whole`."""
        where = " AND ".join(f"{column} = ?" for column in self.keys)
        found = db.execute(
            f"SELECT {', '.join(self.columns)} FROM {self.name} WHERE {where}",  # noqa: S608 - names of our own schema
            tuple(json.loads(key)) if len(self.keys) > 1 else (key,),
        ).fetchone()
        if found and not self.whole(db, tuple(found)):
            raise damaged(f"{self.name}: zeros at the end")
        return tuple(found) if found else None

    def whole(self, db: Database, values: tuple[Any, ...]) -> bool:
        """Whether a row came out of the file whole.

        SQLCipher 4.19 gives a page that it cannot verify as zeros and fails at the next page it reads. Where the page is the last one of a
        long row nothing follows it, and the row ends in zeros without a word. Nothing stored here ends so, but for a picture that
        came so: that is told by its digest.
        """
        long = [one for one in values if isinstance(one, str | bytes) and one]
        if sum(map(len, long)) < _LONG or not any(one[-1] in {0, "\0"} for one in long):
            return True
        if self.name != "original_data":
            return False
        digest = value(db, "SELECT digest FROM originals WHERE id = ?", (values[0],))
        return bool(digest == hashlib.sha256(values[1]).hexdigest())

    def write(self, db: Database, values: tuple[Any, ...]) -> None:
        """Put a row in place of the former one of this key."""
        marks = ", ".join("?" * len(self.columns))
        db.execute(f"INSERT OR REPLACE INTO {self.name} ({', '.join(self.columns)}) VALUES ({marks})", values)  # noqa: S608

    def drop(self, db: Database, key: Any) -> None:
        """Delete the row of this key."""
        where = " AND ".join(f"{column} = ?" for column in self.keys)
        params = tuple(json.loads(key)) if len(self.keys) > 1 else (key,)
        db.execute(f"DELETE FROM {self.name} WHERE {where}", params)  # noqa: S608


def followed(db: Database) -> dict[str, Table]:
    """Return every table that is followed, by name, as this store's schema has it."""
    sql = """SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
        AND name NOT LIKE 'grams\\_%' ESCAPE '\\' AND name NOT LIKE 'characters\\_%' ESCAPE '\\'"""
    names = [found[0] for found in db.execute(sql).fetchall()]
    return {name: _table(db, name) for name in names if name not in _NOT_FOLLOWED}


def _table(db: Database, name: str) -> Table:
    columns = rows(db, f"PRAGMA table_info({name})")  # leaves generated columns out
    keys = [column["name"] for column in sorted(columns, key=lambda c: c["pk"]) if column["pk"]]
    if not keys:
        unique = next(index for index in rows(db, f"PRAGMA index_list({name})") if index["origin"] == "u")
        keys = [column["name"] for column in rows(db, f"PRAGMA index_info({unique['name']})")]
    return Table(name, tuple(keys), tuple(column["name"] for column in columns))


def follow(db: Database) -> None:
    """Have every table followed; called after migrating, so that a table of a later schema needs no thought.

    Rows that were there before get a line each, and are counted. A migration that makes a table anew must delete its lines from
    ``changes``; its triggers went with it, so it is counted anew.
    """
    there = {found[0] for found in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()}
    _keep_count(db, [name for name in COUNTED if f"counted_{name}_insert" not in there])
    new = [table for table in followed(db).values() if f"changes_{table.name}_insert" not in there]
    if not new:
        return
    with transaction(db):
        for table in new:
            for act, kept in (("insert", "NEW."), ("update", "NEW."), ("delete", "OLD.")):
                db.execute(
                    f"""CREATE TRIGGER IF NOT EXISTS changes_{table.name}_{act} AFTER {act} ON {table.name} BEGIN
                        INSERT INTO changes (tbl, key, seq)
                        VALUES ('{table.name}', {table.key(kept)}, (SELECT coalesce(max(seq), 0) + 1 FROM changes))
                        ON CONFLICT (tbl, key) DO UPDATE SET seq = excluded.seq; END"""  # noqa: S608 - names of our own schema
                )
            # A row that goes on under another key is gone under the former one.
            db.execute(
                f"""CREATE TRIGGER IF NOT EXISTS changes_{table.name}_renamed AFTER UPDATE OF {", ".join(table.keys)} ON {table.name}
                    WHEN {table.key("OLD.")} IS NOT {table.key("NEW.")} BEGIN
                    UPDATE changes SET seq = (SELECT max(seq) + 1 FROM changes)
                    WHERE tbl = '{table.name}' AND key = {table.key("OLD.")}; END"""  # noqa: S608 - names of our own schema
            )
            last = value(db, "SELECT coalesce(max(seq), 0) FROM changes")
            db.execute(
                f"""INSERT INTO changes (tbl, key, seq)
                    SELECT '{table.name}', k, ? + row_number() OVER () FROM (SELECT {table.key()} AS k FROM {table.name})
                    WHERE NOT EXISTS (SELECT 1 FROM changes WHERE tbl = '{table.name}' AND key = k)""",  # noqa: S608
                (last,),
            )


def _keep_count(db: Database, names: list[str]) -> None:
    if not names:
        return
    with transaction(db):
        for name in names:
            for act, more in (("insert", 1), ("delete", -1)):
                db.execute(
                    f"""CREATE TRIGGER IF NOT EXISTS counted_{name}_{act} AFTER {act} ON {name} BEGIN
                        UPDATE row_counts SET n = n + {more} WHERE tbl = '{name}'; END"""  # noqa: S608 - names of our own schema
                )
        recount(db, names)


def recount(db: Database, names: Iterable[str] = COUNTED) -> None:
    """Count these tables row by row, inside the caller's transaction."""
    for name in names:
        db.execute(f"INSERT OR REPLACE INTO row_counts (tbl, n) SELECT '{name}', count(*) FROM {name}")  # noqa: S608 - names of our own


def batch(db: Database, mark: CopyMark) -> Batch:
    """Return the next changed rows above the mark, bounded in bytes and time, with counts once nothing is left.

    Read inside one transaction, so the counts are those of the very state that the copy then holds. StoreError when the copy
    holds more than this store: then the store was put back to an older state, and the copy is the better one.
    """
    db.execute("BEGIN")
    try:
        if mark.whole and not _holds(db, mark):
            raise StoreError(_NEWER, f"copy at {mark.seq}, audit {mark.audit}")
        found, through, drained = _read(db, mark.seq)
        return Batch(found, through, _kept_tally(db) if drained else None)
    finally:
        db.execute("COMMIT")


def _holds(db: Database, mark: CopyMark) -> bool:
    newest = int(value(db, "SELECT coalesce(max(seq), 0) FROM changes"))
    link = value(db, "SELECT hash FROM audit WHERE seq = ?", (mark.audit,))
    return newest >= mark.seq and (link or b"") == mark.audit_hash


def _read(db: Database, after: int) -> tuple[tuple[Change, ...], int, bool]:
    tables, end, size = followed(db), time.monotonic() + BATCH_SECONDS, 0
    listed = db.execute("SELECT tbl, key, seq FROM changes WHERE seq > ? ORDER BY seq LIMIT ?", (after, BATCH_ROWS)).fetchall()
    found: list[Change] = []
    for name, key, seq in listed:
        values = tables[name].read(db, key)
        found.append(Change(name, key, seq, values))
        size += sum(len(part) for part in values or () if isinstance(part, str | bytes))
        if size >= BATCH_BYTES or time.monotonic() > end:
            break
    return tuple(found), found[-1].seq if found else after, len(found) == len(listed) < BATCH_ROWS


def tally(db: Database) -> Tally:
    """Count, row by row, what a copy is compared by."""
    return _tally(db, {name: int(value(db, f"SELECT count(*) FROM {name}")) for name in COUNTED})  # noqa: S608 - names of our own


def _kept_tally(db: Database) -> Tally:
    """Return the same of the store itself, which keeps count as rows come and go: among a million, counting would be felt."""
    kept = dict(db.execute("SELECT tbl, n FROM row_counts").fetchall())
    return _tally(db, {name: kept[name] for name in COUNTED})


def _tally(db: Database, counts: dict[str, int]) -> Tally:
    link = row(db, "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1") or {"seq": 0, "hash": b""}
    return Tally(counts, link["seq"], link["hash"])


def apply(db: Database, changes: tuple[Change, ...]) -> Iterator[int]:
    """Write changed rows into a copy, inside the caller's transaction; yields the key of each application that has to be found anew."""
    tables = followed(db)
    for change in changes:
        table = tables[change.table]
        if change.values is None:
            table.drop(db, change.key)
        else:
            table.write(db, change.values)
            if change.table == "applications":
                yield change.key
        db.execute(
            "INSERT INTO changes (tbl, key, seq) VALUES (?, ?, ?) ON CONFLICT (tbl, key) DO UPDATE SET seq = excluded.seq",
            (change.table, change.key, change.seq),
        )
