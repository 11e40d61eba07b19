"""The key slots and the way to the store (ports.Vault).

``store.db`` is the store, ``store.keys.json`` the slots, ``store.lock`` keeps a second program out. Setting up makes both under names
ending in ``.new`` and puts the key file in place last: its rename is the one moment before which nothing exists and after which
all does. A ``.new`` key file without a key file is therefore the mark of an interrupted setting-up, whose store was never opened.
"""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.adapters.durable import sync_file, sync_folder, write_private
from app.adapters.store import settings
from app.adapters.store.audit import append
from app.adapters.store.database import connect, transaction
from app.adapters.store.keys import KeyFile, new_key_file, read_key_file
from app.adapters.store.lock import StoreLock
from app.adapters.store.migrations import migrate
from app.adapters.store.sqlstore import SqlStore
from app.core.errors import StoreError
from app.services.ports import AuditEntry, Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

STORE = "store.db"
KEYS = "store.keys.json"
LOCK = "store.lock"
NEW = ".new"

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

    def exists(self) -> bool:
        """Whether a store was set up here. True also when its key file is lost, so that nothing is set up over it."""
        return self._keys.exists() or (self._store.exists() and not self._new_keys.exists())

    def clerks(self) -> list[str]:
        """Return the clerk names that have a slot; none before setting up. StoreError when the key file is damaged or lost."""
        return self._slots().clerks() if self.exists() else []

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
        return self._open(lambda slots: slots.unlock_clerk(clerk, passphrase))

    def open_with_recovery(self, code: str) -> SqlStore:
        """Open the store with the printed recovery code; case, dashes and O/0, I/L/1 do not matter."""
        return self._open(lambda slots: slots.unlock_recovery(code))

    def check(self, clerk: str, passphrase: str) -> None:
        """Make sure that this is a clerk's passphrase, while the store is open already. WrongSecretError when it is not."""
        self._slots().unlock_clerk(clerk, passphrase)

    def check_recovery(self, code: str) -> None:
        """Make sure that this is the recovery code, while the store is open already. WrongSecretError when it is not."""
        self._slots().unlock_recovery(code)

    def _open(self, unlock: Callable[[KeyFile], bytes]) -> SqlStore:
        if not self.exists():
            raise StoreError("这个数据文件夹里还没有数据。先做第一次设置，或换到原来的数据文件夹", "no store")
        lock = self._lock()
        try:
            return self._opened(unlock(self._slots()), lock)
        except BaseException:
            lock.release()
            raise

    def _opened(self, key: bytes, lock: StoreLock) -> SqlStore:
        db = connect(self._store, key)
        try:
            migrate(db)
        except BaseException:
            db.close()
            raise
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
        return StoreLock(self._folder / LOCK)

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
                settings.add_clerk(db, clerk, "supervisor", at)
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
