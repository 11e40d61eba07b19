"""The second copy (第二份备份): an encrypted store in another place, kept in step row by row.

It is a store like the first one, under the same data key and with the same key slots beside it, in a folder of its own whose name comes
from the key: two counters may share a disk, and no copy is ever written over another store's. The very first copy grows batch by batch
and goes on where it was stopped; after that each run is one transaction, so the copy is always what it was after some finished run.
``copy_state`` inside the copy says which, and is written in that same transaction. The regions' kept versions go along as they are, before
the rows that name them: whoever restores elsewhere shows a draft by the version it was started with.

Rollback journal and not WAL, because the folder may be on a network share, which has no shared memory.
"""

from __future__ import annotations

import errno
import hashlib
import hmac
import json
import os
import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.adapters import version_folders
from app.adapters.durable import sync_folder, write_private
from app.adapters.store import search
from app.adapters.store.changes import apply, tally
from app.adapters.store.database import connect, row, told, value
from app.adapters.store.keys import read_key_file
from app.adapters.store.migrations import migrate
from app.adapters.store.restore import restore_check
from app.core.errors import CopyError, DamagedError, StoreError
from app.core.record import from_record
from app.services.ports import Batch, CopyMark, Restored

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlite_utils import Database

STORE, KEYS, NEW, README = "store.db", "store.keys.json", ".new", "README.txt"

_STATE = """CREATE TABLE IF NOT EXISTS copy_state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL, at TEXT NOT NULL, audit INTEGER NOT NULL, audit_hash BLOB NOT NULL, whole INTEGER NOT NULL,
    counts TEXT NOT NULL
) STRICT"""
_README = """这是窗口程序的第二份备份，内容加密，没有口令或恢复码打不开。这里的东西要在一起，不要改名。
恢复到一台新电脑：chuangkou restore --from 这个文件夹 --data-dir 新文件夹
"""
_FULL = "放第二份备份的盘满了，这次没有写完，上一次的还在。腾出空间或换一块盘；本机的数据都在"
_GONE = "第二份备份写到一半断了，上一次的还在。看盘或网络有没有断，接好会接着写；本机的数据都在"
_LOCKED = "第二份备份的文件夹写不进去。看写保护开关和权限，或换一个文件夹；本机的数据都在"
_BUSY = "第二份备份正被别的程序占用。关掉对它的扫描或恢复，会接着写；本机的数据都在"
_DAMAGED = "第二份备份有一处读不出来，已放到一边，下一次会重新写一份。本机的数据都在；再出现就换一块盘"
_SENTENCES = {"SQLITE_FULL": _FULL, "SQLITE_READONLY": _LOCKED, "SQLITE_BUSY": _BUSY, "SQLITE_LOCKED": _BUSY}


@dataclass(frozen=True, slots=True)
class Secret:
    """What opens a store, and the folder it lies in."""

    key: bytes
    folder: Path

    def name(self) -> str:
        """Return the name of this store's copy: tells stores apart, tells nothing about the key."""
        return f"chuangkou-{hmac.new(self.key, b'chuangkou second copy', hashlib.sha256).hexdigest()[:16]}"


class SecondCopy:
    """The second copy of one store in one folder (ports.CopyWriter). ``made`` says that one was finished there before."""

    def __init__(self, secret: Secret, folder: Path, *, made: bool) -> None:
        self._secret = secret
        self._chosen = folder
        self._folder = folder / secret.name()
        self._made = made
        self._db: Database | None = None
        self._mark = CopyMark()

    def begin(self, *, anew: bool) -> CopyMark:
        """Open the copy and return where it stands; a damaged one is put aside and a new one begun."""
        self.abandon()
        with _copying():
            self._place(anew=anew)
            self._bring_keys()
            version_folders.bring(self._secret.folder, self._folder)
            try:
                with told():
                    self._mark = self._open()
            except StoreError as problem:
                if not problem.detail.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
                    raise
                self.abandon()
                self._put_aside()
                self._mark = self._open()
        return self._mark

    def write(self, batch: Batch, at: str) -> CopyMark:
        """Write changed rows; with the last ones compare the counts, commit and close."""
        db = self._db
        if db is None:
            raise ValueError("begin comes first")
        with _copying(), self._damage_aside():
            for key in apply(db, batch.changes):
                _find_anew(db, key)
            self._mark = CopyMark(batch.through, self._mark.at, self._mark.audit, self._mark.audit_hash, self._mark.whole)
            if batch.tally is not None:
                # Row by row, on this lane where nobody waits for it: a row that went missing here is noticed at once.
                mine = tally(db)
                if mine != batch.tally:
                    self._differs(db, more=any(mine.counts[name] > count for name, count in batch.tally.counts.items()))
                self._mark = CopyMark(batch.through, at, mine.audit, mine.audit_hash, whole=True)
                _put_mark(db, self._mark, json.dumps(dict(mine.counts)))
                db.execute("COMMIT")
                self.abandon()
                self._tidy()
            elif not self._mark.whole:
                _put_mark(db, self._mark, "{}")
                db.execute("COMMIT")
                db.execute("BEGIN IMMEDIATE")
        return self._mark

    def abandon(self) -> None:
        """Close the copy; SQLite undoes what was not committed, now or at the next opening."""
        db, self._db = self._db, None
        if db is not None:
            with suppress(Exception):  # the disk may be gone; there is nothing to lose here
                if db.conn.in_transaction:
                    db.execute("ROLLBACK")
            with suppress(Exception):
                db.close()

    def check(self) -> Restored:
        """Restore the copy into a folder beside the store, read everything back, compare, and remove the folder."""
        with _copying():
            try:
                return restore_check(self._folder, self._secret.folder, self._secret.key)
            except CopyError as problem:
                if problem.detail.startswith("copy:"):
                    self._put_aside()
                raise

    def _place(self, *, anew: bool) -> None:
        chosen, home = self._chosen.resolve(), self._secret.folder.resolve()
        if chosen.is_relative_to(home):
            raise CopyError("第二份备份不能放在数据文件夹里：盘坏了两份都没有。换一块盘上的文件夹")
        if not chosen.is_dir():
            if self._made or not chosen.parent.is_dir():
                raise CopyError("找不到放第二份备份的文件夹：盘没插好，或网络没连上。接好会接着写", "copy folder is missing")
            chosen.mkdir()
        if not self._folder.is_dir():
            if self._made and not anew and not self._formers():
                raise CopyError("原来的第二份备份不在这个文件夹里了。插上原来的盘；要在这里重新做一份，按「现在备份」")
            self._folder.mkdir(mode=0o700)
        if not (self._folder / README).exists():
            write_private(self._folder / README, _README.replace("\n", "\r\n").encode("utf-8-sig"))

    def _bring_keys(self) -> None:
        """Put the newest key slots beside the copy. A file of another store there is left alone."""
        mine, target = (self._secret.folder / KEYS).read_bytes(), self._folder / KEYS
        if target.exists():
            there = target.read_bytes()
            if there == mine:
                return
            with suppress(StoreError):
                if read_key_file(there).store != read_key_file(mine).store:
                    raise CopyError("这个文件夹里是另一份数据的第二份备份，没有动它。换一个空文件夹")
        draft = self._folder / (KEYS + NEW)
        write_private(draft, mine)
        draft.replace(target)
        sync_folder(self._folder)

    def _open(self) -> CopyMark:
        path = self._folder / STORE
        if not path.exists():
            write_private(path, b"")
        self._db = db = connect(path, self._secret.key, copy=True)
        migrate(db, following=False)
        db.execute(_STATE)
        db.execute("BEGIN IMMEDIATE")
        return mark_of(db)

    def _formers(self) -> list[Path]:
        """Return copies of this very store under a former data key."""
        mine, found = read_key_file((self._secret.folder / KEYS).read_bytes()).store, []
        for keys in self._chosen.glob(f"chuangkou-*/{KEYS}"):
            with suppress(StoreError, OSError):
                if keys.parent != self._folder and read_key_file(keys.read_bytes()).store == mine:
                    found.append(keys.parent)
        return found

    def _tidy(self) -> None:
        """Now that this copy is whole, let go of what stood in for it: a damaged one, and those under a former key."""
        sync_folder(self._folder)
        for ending in ("", "-journal"):
            (self._folder / f"{STORE}.damaged{ending}").unlink(missing_ok=True)
        for former in self._formers():
            shutil.rmtree(former)

    @contextmanager
    def _damage_aside(self) -> Iterator[None]:
        """Put a copy aside once a place in it cannot be read; the next run makes a new one."""
        try:
            with told():
                yield
        except DamagedError as error:
            self.abandon()
            self._put_aside()
            raise CopyError(_DAMAGED, "copy: damaged") from error

    def _put_aside(self) -> None:
        """Keep a damaged copy: it may hold what the store has lost."""
        for ending in ("", "-journal"):
            path = self._folder / (STORE + ending)
            if path.exists():
                os.replace(path, self._folder / f"{STORE}.damaged{ending}")  # noqa: PTH105 - over the one before, on Windows too

    def _differs(self, db: Database, *, more: bool) -> None:
        """Say that the copy is not equal after all. Where it only lacks rows, it is written whole again at the next run."""
        db.execute("ROLLBACK")
        if more:
            raise CopyError("第二份备份里有本机已经读不出来的记录。没有覆盖它；按「查一遍数据」从那里补回来", "copy holds more")
        db.execute("BEGIN IMMEDIATE")
        _put_mark(db, CopyMark(), "{}")
        db.execute("COMMIT")
        raise CopyError("第二份备份和本机对不上，下一次会从头重新写。本机的数据都在", "counts differ")


def mark_of(db: Database) -> CopyMark:
    """Return where an opened copy stands."""
    found = row(db, "SELECT seq, at, audit, audit_hash, whole FROM copy_state")
    return CopyMark(**{**found, "whole": bool(found["whole"])}) if found else CopyMark()


def _put_mark(db: Database, mark: CopyMark, counts: str) -> None:
    db.execute(
        "INSERT OR REPLACE INTO copy_state (one, seq, at, audit, audit_hash, whole, counts) VALUES (1, ?, ?, ?, ?, ?, ?)",
        (mark.seq, mark.at, mark.audit, mark.audit_hash, int(mark.whole), counts),
    )


def _find_anew(db: Database, key: int) -> None:
    """Give a copied application its search keys. ``found_by`` came with the row, so it says nothing about the copy's own."""
    record = value(db, "SELECT record FROM applications WHERE key = ?", (key,))
    db.execute("UPDATE applications SET found_by = '' WHERE key = ?", (key,))
    # A record this program cannot read is copied all the same.
    with suppress(ValueError):
        search.index(db, key, from_record(json.loads(record)))


@contextmanager
def _copying() -> Iterator[None]:
    """Turn the machine's failures into what they mean for the copy. The store's sentences speak of the store's own disk."""
    from sqlcipher3 import dbapi2  # noqa: PLC0415 - see database.py

    try:
        yield
    except CopyError:
        raise
    except dbapi2.Error as error:
        name = str(getattr(error, "sqlite_errorname", ""))
        raise CopyError(_sentence(name), name) from error
    except StoreError as error:
        raise CopyError(
            _sentence(error.detail) if error.detail.startswith("SQLITE") else error.sentence, error.detail
        ) from error
    except OSError as error:
        full, locked = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}, {errno.EROFS, errno.EACCES, errno.EPERM}
        said = _FULL if error.errno in full else _LOCKED if error.errno in locked else _GONE
        raise CopyError(said, f"copy: {error.strerror}") from error


def _sentence(name: str) -> str:
    return next((said for code, said in _SENTENCES.items() if name.startswith(code)), _GONE)
