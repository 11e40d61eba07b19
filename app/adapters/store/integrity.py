"""A damaged store: what is hit, what can be saved, and a sound file in its place.

A page whose HMAC is wrong cannot be read, nor rewritten, and after meeting one SQLCipher answers nothing more on that connection
(FINDINGS.md, "Store"). So a new file is made: every row that can still be read, found by three ways (along the table from both ends, and
by every key that ``changes`` or an index still knows), then what is missing from the second copy. Indexes and search keys are made anew.
The damaged file is kept under another name.

Killed at any moment, the store is the damaged one or the mended one: ``store.db.mended`` exists only when it is whole, and the next
opening finishes what then remains (:func:`settle`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from app.adapters.durable import sync_file, sync_folder, write_private
from app.adapters.store import affected, search
from app.adapters.store.changes import Table, follow, followed, recount
from app.adapters.store.database import checkpoint, connect, opened_with, rows, told, transaction, value
from app.adapters.store.migrations import migrate
from app.core.errors import DamagedError, StoreError
from app.core.record import from_record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlite_utils import Database

    from app.services.ports import Mended

MENDING, MENDED, DAMAGED = ".mending", ".mended", ".damaged"


def check(db: Database) -> int:
    """Read every page and return how many there are. DamagedError says how many cannot be read."""
    # The check reads the file and not the WAL: a page that a kill left half written there is whole in the WAL.
    with suppress(StoreError):
        checkpoint(db)
    with told():
        bad = rows(db, "PRAGMA cipher_integrity_check")
        if bad:
            raise DamagedError(
                f"数据文件有 {len(bad)} 处读不出来。打开程序，按「查一遍数据」：会说出是哪一件，能救的都救出来",
                f"{len(bad)} pages",
            )
        return int(value(db, "PRAGMA page_count"))


def settle(store: Path) -> None:
    """Finish putting a mended store in its place, or take away one that was not finished."""
    mended, mending = store.with_name(store.name + MENDED), store.with_name(store.name + MENDING)
    if mended.exists():
        for ending in ("-wal", "-shm", ""):
            path = store.with_name(store.name + ending)
            if path.exists():
                path.replace(store.with_name(store.name + DAMAGED + ending))
        mended.replace(store)
        sync_folder(store.parent)
    for ending in ("-wal", "-shm", ""):
        mending.with_name(mending.name + ending).unlink(missing_ok=True)


def mend(store: Path, key: bytes, copy: Path | None) -> Mended:
    """Make a sound store of a damaged one that nobody has open, with what it lacks from the second copy (its file), and report.

    DamagedError when not even the schema can be read: then the second copy has to be restored as a whole.
    """
    settle(store)
    target = store.with_name(store.name + MENDING)
    write_private(target, b"")
    reader = Reader(store, key)
    new = connect(target, key)
    try:
        migrate(new, following=False)
        _carry_version(reader, new)
        with told():
            new.execute("PRAGMA foreign_keys=OFF")
        lost = _carry(reader, new)
        taken = _fill(new, key, copy, lost) if copy is not None else {}
        report = affected.report(new, lost, taken, store.name + DAMAGED, affected.known(reader, lost))
        with transaction(new):
            _index(new, {found[0] for found in new.execute("SELECT key FROM applications").fetchall()})
        with told():
            follow(new)
        checkpoint(new)
    finally:
        reader.close()
        new.close()
    sync_file(target)
    target.replace(store.with_name(store.name + MENDED))
    sync_folder(store.parent)
    settle(store)
    return report


class Reader:
    """A connection to a damaged store that is opened anew after each page it cannot read; ``met`` counts them."""

    def __init__(self, store: Path, key: bytes) -> None:
        self._store, self._key = store, key
        self.met = 0
        self._db = connect(store, key)
        self.tables = followed(self._db)

    def close(self) -> None:
        """Close the connection, if it still can be."""
        with suppress(Exception):  # it may be unable to do even that
            self._db.close()

    def ask(self, sql: str, params: tuple[Any, ...] = ()) -> list[tuple[Any, ...]] | None:
        """Return the rows, or None when a page on the way cannot be read."""
        try:
            with told():
                return list(self._db.execute(sql, params).fetchall())
        except DamagedError:
            self._again()
            return None

    def each(self, sql: str, table: Table | None = None) -> Iterator[tuple[Any, ...]]:
        """Yield rows up to the first page that cannot be read; of a ``table`` (key first, then the row) those that come out whole."""
        try:
            with told():
                for found in self._db.conn.execute(sql):
                    if table is not None and not table.whole(self._db, found[1:]):
                        break
                    yield found
                else:
                    return
        except DamagedError:
            pass
        self._again()

    def row(self, table: Table, key: Any) -> tuple[Any, ...] | None:
        """Return one row, or None when it cannot be read or is not there."""
        try:
            with told():
                return table.read(self._db, key)
        except DamagedError:
            self._again()
            return None

    def _again(self) -> None:
        self.met += 1
        self.close()
        self._db = connect(self._store, self._key)


def _carry_version(reader: Reader, new: Database) -> None:
    """Refuse a store of another schema: opening it upgrades it first, and that read every page of the schema."""
    if reader.ask("PRAGMA user_version") != new.execute("PRAGMA user_version").fetchall():
        raise StoreError("数据文件是旧版本的，又有损坏。先用第二份备份恢复到一个新文件夹", "mend: schema")


def _carry(reader: Reader, new: Database) -> dict[str, set[Any]]:
    """Bring over every row that can be read; return the keys of those that cannot, by table."""
    lost: dict[str, set[Any]] = {}
    lines = dict(_lines(reader))
    for table in reader.tables.values():
        known = {key for (name, key) in lines if name == table.name}
        known |= {found[0] for found in reader.each(f"SELECT {table.key()} FROM {table.name}")}  # noqa: S608 - names of our own schema
        brought: set[Any] = set()
        listed, met, whole = ", ".join((table.key(), *table.columns)), reader.met, False
        with transaction(new):
            for order in ("", " DESC"):
                direction = f"ORDER BY {', '.join(column + order for column in _walk(reader, table))}"
                for found in reader.each(f"SELECT {listed} FROM {table.name} NOT INDEXED {direction}", table):  # noqa: S608
                    if found[0] in brought:
                        break  # from the other end up to here all is done
                    table.write(new, found[1:])
                    brought.add(found[0])
                whole = whole or reader.met == met
            # All of a table was read: what is known beside it was deleted, whatever its indexes are like.
            known = set(brought) if whole else known
            for key in known - brought:
                values = reader.row(table, key)
                if values is not None:
                    table.write(new, values)
                    brought.add(key)
        gone = known - brought
        lost[table.name] = {key for key in gone if not _was_deleted(reader, table, key)}
    with transaction(new):
        # The highest link ever written, so that links lost at the end are noticed.
        for (last,) in reader.ask("SELECT seq FROM sqlite_sequence WHERE name = 'audit'") or []:
            new.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'audit'", (last,))
        for (name, key), seq in lines.items():
            new.execute("INSERT OR REPLACE INTO changes (tbl, key, seq) VALUES (?, ?, ?)", (name, key, seq))
        for found in reader.each("SELECT one, folder, at, checked_at, problem FROM second_copy"):
            new.execute(
                "INSERT OR REPLACE INTO second_copy (one, folder, at, checked_at, problem) VALUES (?, ?, ?, ?, ?)", found
            )
    return lost


def _walk(reader: Reader, table: Table) -> tuple[str, ...]:
    """Return the order in which a table lies in the file: its key where it has no rowid."""
    sql = "SELECT sql FROM sqlite_schema WHERE name = ?"
    made = reader.ask(sql, (table.name,)) or [("",)]
    return table.keys if "WITHOUT ROWID" in made[0][0] else ("rowid",)


def _lines(reader: Reader) -> Iterator[tuple[tuple[str, Any], int]]:
    for order in ("", " DESC"):
        for name, key, seq in reader.each(f"SELECT tbl, key, seq FROM changes NOT INDEXED ORDER BY tbl{order}, key{order}"):  # noqa: S608
            yield (name, key), seq


def _was_deleted(reader: Reader, table: Table, key: Any) -> bool:
    """Whether the row is known to be gone: asking for it met no damage and found nothing."""
    where = " AND ".join(f"{column} = ?" for column in table.keys)
    params = tuple(json.loads(key)) if len(table.keys) > 1 else (key,)
    return reader.ask(f"SELECT 1 FROM {table.name} WHERE {where}", params) == []  # noqa: S608 - names of our own schema


def _fill(new: Database, key: bytes, copy: Path, lost: dict[str, set[Any]]) -> dict[str, set[Any]]:
    """Take from the second copy what the store lacks; a row that was deleted on purpose has a newer line and stays away."""
    taken: dict[str, set[Any]] = defaultdict(set)
    try:
        old = connect(copy, key, copy=True)
    except StoreError:
        return {}
    try:
        with told(), transaction(new):
            migrate(old, following=False)
            tables = followed(old)
            for name in tables:
                lost.setdefault(name, set()).update(_missing(new, old, tables[name]))
            for name, keys in lost.items():
                for one in sorted(keys, key=str):
                    values = tables[name].read(old, one)
                    if values is not None:
                        tables[name].write(new, values)
                        taken[name].add(one)
    except StoreError:
        return dict(taken)
    finally:
        old.close()
    return dict(taken)


def _missing(new: Database, old: Database, table: Table) -> set[Any]:
    """Return the keys of rows that the copy has at their last known change and the store has not: lost here, since deleting is a change."""
    sql = f"""SELECT c.key, c.seq FROM changes c WHERE c.tbl = ?
        AND NOT EXISTS (SELECT 1 FROM {table.name} WHERE {table.key()} = c.key)"""  # noqa: S608 - names of our own schema
    found = set()
    for key, seq in new.execute(sql, (table.name,)).fetchall():
        same = value(old, "SELECT 1 FROM changes WHERE tbl = ? AND key = ? AND seq = ?", (table.name, key, seq))
        if same and table.read(old, key) is not None:
            found.add(key)
    return found


def fill(db: Database, copy: Path | None) -> Mended:
    """Take from the second copy what a sound store lost before, when the copy was not at hand."""
    lost: dict[str, set[Any]] = {}
    taken = _fill(db, opened_with(db)[1], copy, lost) if copy is not None else {}
    report = affected.report(db, lost, taken, "", affected.Known())
    with transaction(db):
        _index(db, taken.get("applications", set()))
        recount(db)
    return report


def _index(new: Database, keys: set[Any]) -> None:
    """Make the search keys of these applications anew."""
    for key in keys:
        record = value(new, "SELECT record FROM applications WHERE key = ?", (key,))
        new.execute("UPDATE applications SET found_by = '' WHERE key = ?", (key,))
        with suppress(ValueError):
            search.index(new, key, from_record(json.loads(record)))
