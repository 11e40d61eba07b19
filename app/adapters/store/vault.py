"""The key slots and the way to the store (ports.Vault).

``store.db`` is the store, ``store.keys.json`` the slots, ``store.lock`` keeps a second program out. Setting up makes both under names
ending in ``.new`` and puts the key file in place last: its rename is the one moment before which nothing exists and after which
all does. A ``.new`` key file without a key file is therefore the mark of an interrupted setting-up, whose store was never opened.

Later changes of the slots are written to ``store.keys.json.next`` and renamed over the key file. ``store.attempts.json`` counts wrong
passphrases (:mod:`app.adapters.store.attempts`). Changing the data key is told in :meth:`Vault.rekey`.
"""

from __future__ import annotations

import errno
import shutil
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from app.adapters.durable import sync_file, sync_folder, write_private
from app.adapters.store import people
from app.adapters.store.attempts import Attempts
from app.adapters.store.audit import append, verify
from app.adapters.store.database import checkpoint, connect, look, rows, told, transaction
from app.adapters.store.integrity import settle
from app.adapters.store.keys import KeyFile, new_key, new_key_file, read_key_file
from app.adapters.store.lock import StoreLock
from app.adapters.store.migrations import migrate
from app.adapters.store.sqlstore import SqlStore
from app.core.errors import DamagedError, StoreError, WrongSecretError
from app.services.ports import AuditEntry, Clock, Role, Store

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlite_utils import Database

STORE = "store.db"
KEYS = "store.keys.json"
LOCK = "store.lock"
ATTEMPTS = "store.attempts.json"
NEW = ".new"
NEXT = ".next"

_NO_START = "数据文件的开头读不出来了，打不开。不要删它；让管理员用第二份备份恢复到一个新文件夹，办过的件在那里"
_NO_KEYS = (
    "数据文件 store.db 在，钥匙文件 store.keys.json 不在了。不要删数据，也不要重新建；把备份里的钥匙文件拷回数据文件夹再开"
)


class Vault:
    """One data folder: whether a store was set up in it, setting one up, opening it."""

    def __init__(self, data_dir: Path, clock: Clock) -> None:
        self._folder = data_dir
        self._clock = clock
        self._store = data_dir / STORE
        self._keys = data_dir / KEYS
        self._new_store = data_dir / (STORE + NEW)
        self._new_keys = data_dir / (KEYS + NEW)
        self._next_store = data_dir / (STORE + NEXT)
        self._attempts = Attempts(data_dir / ATTEMPTS)

    def exists(self) -> bool:
        """Whether a store was set up here. True also when its key file is lost, so that nothing is set up over it."""
        return self._keys.exists() or (self._store.exists() and not self._new_keys.exists())

    def clerks(self) -> list[str]:
        """Return the clerk names that have a slot; none before setting up. StoreError when the key file is damaged or lost.

        What a clerk still has to wait begins to count here, at the sight of the list.
        """
        if not self.exists():
            return []
        names = self._slots().clerks()
        for name in names:
            self.wait(name)
        return names

    def wait(self, clerk: str) -> int:
        """Return the seconds this clerk has to wait before a passphrase is looked at."""
        return self._attempts.wait(clerk)

    def ways(self, clerk: str) -> tuple[bool, str]:
        """Return whether a clerk has a passphrase, and until which day a one-time code (ISO), '' for none."""
        return self._slots().current(self._today()).ways(clerk)

    def create(self, clerk: str, passphrase: str) -> tuple[str, SqlStore]:
        """Set up the store with its first clerk, a supervisor; return the recovery code and the opened store.

        Interrupted half-way, nothing exists, and the next call clears away what was left. StoreError when a store is here
        already or the folder cannot be written; ValueError without a name or passphrase.
        """
        if not clerk.strip() or not passphrase:
            raise ValueError("a clerk needs a name and a passphrase")
        lock = self._lock()
        try:
            code = self._set_up(clerk, passphrase)
            return code, self._opened(self._slots().unlock_recovery(code), lock)
        except BaseException:
            lock.release()
            raise

    def open(self, clerk: str, passphrase: str) -> SqlStore:
        """Open the store with a clerk's passphrase. WrongSecretError when it opens nothing; StoreError when the machine fails."""
        return self._open(lambda slots: self._clerk_key(slots, clerk, passphrase), clerk)

    def open_with_recovery(self, code: str) -> SqlStore:
        """Open the store with the printed recovery code; case, dashes and O/0, I/L/1 do not matter."""
        return self._open(lambda slots: slots.unlock_recovery(code))

    def open_with_once(self, clerk: str, code: str, passphrase: str) -> SqlStore:
        """Open the store with a supervisor's one-time code and set the clerk's passphrase in the same act; the code is gone then."""
        if not passphrase:
            raise ValueError("a one-time code needs a passphrase to follow it")
        lock = self._lock()
        try:
            self._settle()
            return self._opened(self.use_once(clerk, code, passphrase), lock)
        except BaseException:
            lock.release()
            raise

    def check(self, clerk: str, passphrase: str) -> None:
        """Make sure that this is a clerk's passphrase, while the store is open already. WrongSecretError when it is not."""
        self._clerk_key(self._slots(), clerk, passphrase)
        self._attempts.right(clerk)

    def check_recovery(self, code: str) -> None:
        """Make sure that this is the recovery code, while the store is open already. WrongSecretError when it is not."""
        self._slots().unlock_recovery(code)

    def check_once(self, clerk: str, code: str) -> None:
        """Make sure that this one-time code is this clerk's and not over, without using it up. WrongSecretError when it is not."""
        self._slots().unlock_once(clerk, code, self._today())

    # Changing the slots, while the store is open. Each is one rename of the key file: before it nothing, after it all.
    def use_once(self, clerk: str, code: str, passphrase: str) -> bytes:
        """Set a clerk's passphrase by a one-time code, which is gone then; return the data key."""
        slots = self._slots()
        key = slots.unlock_once(clerk, code, self._today())
        self._write(slots.with_clerk(clerk, passphrase, key))
        self._attempts.right(clerk)
        return key

    def set_passphrase(self, clerk: str, old: str, new: str) -> None:
        """Change a clerk's own passphrase. WrongSecretError when the old one is not right."""
        slots = self._slots()
        key = self._clerk_key(slots, clerk, old)
        self._attempts.right(clerk)
        self._write(slots.with_clerk(clerk, new, key))

    def set_by_recovery(self, clerk: str, code: str, new: str) -> None:
        """Set a clerk's passphrase by the recovery code. WrongSecretError when the code is not this store's."""
        slots = self._slots()
        self._write(slots.with_clerk(clerk, new, slots.unlock_recovery(code)))
        self._attempts.right(clerk)

    def make_once(self, by: str, passphrase: str, clerk: str, until: dt.date) -> str:
        """Make a one-time code for a clerk, by somebody's own passphrase; it works to the end of the day ``until``."""
        slots = self._slots()
        key = self._proven(slots, by, passphrase)
        changed, code = slots.with_once(clerk, until, key)
        self._write(changed)
        return code

    def make_recovery(self, by: str, passphrase: str) -> str:
        """Make a new recovery code in place of the printed one, by somebody's own passphrase."""
        slots = self._slots()
        changed, code = slots.with_recovery(self._proven(slots, by, passphrase))
        self._write(changed)
        return code

    def remove(self, clerk: str) -> None:
        """Take away every way in that a clerk has. Nothing happens when there is none."""
        self._write(self._slots().without(clerk))

    def rekey(self, store: Store, by: str, passphrase: str) -> str:
        """Give the store a new data key and return the new recovery code. Only ``by`` keeps a way in; the others need one-time codes.

        Killed at any moment, the store opens with the slots of before or of after:

        1. ``store.db.next`` is the whole store under the new key, checked and durable; the key file does not know of it.
        2. The key file holds the slots of both keys, the new ones as ``following``. While ``store.db.next`` is there, the next
           opening takes it and ``following`` away: nothing happened.
        3. ``store.db.next`` is renamed to ``store.db``. From here the next opening makes ``following`` the slots: all happened.
        4. The key file holds the new slots alone.

        It takes as much free room as the store, twice. What the disk still holds of the former file is under the former key.
        StoreError when the machine fails; the store is open again either way.
        """
        if not isinstance(store, SqlStore):
            raise TypeError("only the real store has a data key")
        slots = self._slots()
        key = self._proven(slots, by, passphrase)
        fresh = new_key()
        following, code = replace(slots, slots=()).with_clerk(by, passphrase, fresh).with_recovery(fresh)

        def change(db: Database) -> Database:
            checkpoint(db)
            db.close()
            try:
                with _disk():
                    self._copy(key, fresh)
                    self._write(replace(slots, following=following.slots))
                    self._next_store.replace(self._store)
                    sync_folder(self._folder)
            except BaseException:
                self._settle()
                store.swap(connect(self._store, key))
                raise
            self._settle()
            return connect(self._store, fresh)

        store.change(change)
        return code

    def _copy(self, key: bytes, fresh: bytes) -> None:
        """Make the store under the new key beside the store, and read all of it once."""
        self._drop_next()
        write_private(self._next_store, b"")
        shutil.copyfile(self._store, self._next_store)
        db = connect(self._next_store, key)
        try:
            with told():
                db.execute("PRAGMA journal_mode=DELETE").fetchall()
                db.execute(f"PRAGMA rekey=\"x'{fresh.hex()}'\"")
        finally:
            db.close()
        db = connect(self._next_store, fresh)
        try:
            with told():
                damaged = rows(db, "PRAGMA cipher_integrity_check")
            if damaged:
                raise StoreError("换了钥匙的那一份对不上，没有换。之前的都在，看一下硬盘", "rekey: cipher_integrity_check")
            verify(db)
            checkpoint(db)
        finally:
            db.close()
        sync_file(self._next_store)
        sync_folder(self._folder)

    def _settle(self) -> None:
        """Finish a change of the data key that was interrupted, or take back what it left; see :meth:`rekey`."""
        if not self._keys.exists():
            return
        slots = self._slots()
        undone = self._next_store.exists()
        if slots.following:
            self._write(replace(slots, slots=slots.slots if undone else slots.following, following=()))
        with _disk():
            self._keys.with_name(KEYS + NEXT).unlink(missing_ok=True)
            if undone:
                self._drop_next()

    def _drop_next(self) -> None:
        for ending in ("-wal", "-shm", "-journal", ""):
            self._next_store.with_name(self._next_store.name + ending).unlink(missing_ok=True)
        sync_folder(self._folder)

    def _clerk_key(self, slots: KeyFile, clerk: str, passphrase: str) -> bytes:
        """Return the data key; a wrong passphrase is counted before it is told, and tells how long to wait."""
        self._attempts.check(clerk)
        try:
            return slots.unlock_clerk(clerk, passphrase)
        except WrongSecretError as error:
            if not slots.ways(clerk)[0]:
                raise
            with _disk():
                seconds = self._attempts.wrong(clerk)
            raise WrongSecretError(error.sentence, error.detail, wait=seconds) from error

    def _proven(self, slots: KeyFile, by: str, passphrase: str) -> bytes:
        key = self._clerk_key(slots, by, passphrase)
        self._attempts.right(by)
        return key

    def _write(self, slots: KeyFile) -> None:
        """Put a key file in the place of the former one: whole or not at all. One-time codes whose day is over go on the way."""
        draft = self._keys.with_name(KEYS + NEXT)
        with _disk():
            write_private(draft, slots.current(self._today()).to_bytes())
            draft.replace(self._keys)
            sync_folder(self._folder)

    def _today(self) -> dt.date:
        return self._clock.now().date()

    def _open(self, unlock: Callable[[KeyFile], bytes], clerk: str = "") -> SqlStore:
        if not self.exists():
            raise StoreError("这个数据文件夹里还没有数据。先做第一次设置，或换到原来的数据文件夹", "no store")
        lock = self._lock()
        try:
            self._settle()
            store = self._opened(unlock(self._slots()), lock)
            with _disk():
                wrong = self._attempts.right(clerk) if clerk else 0
            if wrong:
                # Nobody could write it down while the store was shut.
                store.note(clerk, "unlock_refused", "", str(wrong))
        except BaseException:
            lock.release()
            raise
        return store

    def _opened(self, key: bytes, lock: StoreLock) -> SqlStore:
        with _disk():
            settle(self._store)
            if self._store.exists():
                look(self._store)
        try:
            db = connect(self._store, key)
            try:
                migrate(db)
            except BaseException:
                db.close()
                raise
        except DamagedError as error:
            raise StoreError(_NO_START, error.detail) from error
        return SqlStore(db, self._clock, lock.release)

    def _slots(self) -> KeyFile:
        if not self._keys.exists():
            raise StoreError(_NO_KEYS, "key file is missing")
        with _disk():
            data = self._keys.read_bytes()
        return read_key_file(data)

    def _lock(self) -> StoreLock:
        with _disk():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = not (self._folder / LOCK).exists() or not self.exists()
        lock = StoreLock(self._folder / LOCK)
        try:
            with _disk():
                self._attempts.begin(fresh=fresh)
        except BaseException:
            lock.release()
            raise
        return lock

    def _set_up(self, clerk: str, passphrase: str) -> str:
        if self.exists():
            raise StoreError("这个数据文件夹里已经有一份数据，没有重新建。用原来的口令打开它", "store exists")
        slots, key, code = new_key_file(clerk, passphrase)
        with _disk():
            self._clear_leftovers()
            self._make(clerk, slots, key)
        return code

    def _make(self, clerk: str, slots: KeyFile, key: bytes) -> None:
        write_private(self._new_keys, slots.to_bytes())
        sync_folder(self._folder)
        write_private(self._new_store, b"")  # so that the store, and the WAL after it, is readable by its owner only
        db = connect(self._new_store, key)
        try:
            migrate(db)
            at = self._clock.now().isoformat(timespec="seconds")
            with transaction(db):
                people.add(db, clerk, Role.SUPERVISOR, at)
                append(db, AuditEntry(at, clerk, "set_up", "", ""))
        finally:
            db.close()
        sync_file(self._new_store)
        self._new_store.replace(self._store)
        sync_folder(self._folder)
        self._new_keys.replace(self._keys)
        sync_folder(self._folder)

    def _clear_leftovers(self) -> None:
        """Clear away an interrupted setting-up. The mark goes last, so that a second interruption leaves it too."""
        for store in (self._new_store, self._store):
            for ending in ("", "-wal", "-shm"):
                store.with_name(store.name + ending).unlink(missing_ok=True)
        sync_folder(self._folder)
        self._new_keys.unlink(missing_ok=True)


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StoreError("硬盘满了，数据文件夹没有建成。腾出空间后再来一次", "vault: disk full") from error
        raise StoreError("数据文件夹读写不了。让管理员看一下权限和硬盘，或换一个文件夹", f"vault: {error.strerror}") from error
