"""From the second copy back to a store: into a new folder, everything read once, compared with what the copy says of itself.

A restore that is interrupted leaves what an interrupted setting-up leaves (see vault.py): nothing exists, and the next one clears it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from app.adapters import version_folders
from app.adapters.durable import sync_file, sync_folder, write_private
from app.adapters.store import audit, settings
from app.adapters.store.attempts import Attempts
from app.adapters.store.changes import follow, tally
from app.adapters.store.database import checkpoint, connect, look, row, rows, told
from app.adapters.store.keys import read_key_file
from app.adapters.store.lock import StoreLock
from app.adapters.store.migrations import migrate
from app.core.errors import CopyError, StoreError
from app.services.ports import Restored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlite_utils import Database

    from app.adapters.store.keys import KeyFile

STORE, KEYS, LOCK, NEW, JOURNAL = "store.db", "store.keys.json", "store.lock", ".new", "-journal"
ATTEMPTS = "store.attempts.json"
CHECK = "restore-check"
"""The folder beside the store into which a check restores; encrypted like the store, and removed in the end."""

_PIECE = 1 << 20
KEPT_VERSIONS = "regions.kept"
"""The setting in which :mod:`app.services.region_versions` remembers them, as JSON: region, version, digest and more."""


def find_copy(folder: Path) -> Path:
    """Return the folder that holds the second copy: this one, or the one copy below it. CopyError when there is none or several."""
    if (folder / STORE).is_file():
        return folder
    found = sorted(path.parent for path in folder.glob(f"chuangkou-*/{STORE}"))
    if not found:
        raise CopyError("这个文件夹里没有第二份备份。选放着 chuangkou-… 的那个文件夹")
    if len(found) > 1:
        names = "、".join(f"{path.name}（{'、'.join(slots_of(path).clerks())}）" for path in found)
        raise CopyError(f"这里有几份备份：{names}。选其中一个文件夹")
    return found[0]


def slots_of(copy: Path) -> KeyFile:
    """Return the key slots beside a copy. CopyError when they cannot be read."""
    try:
        return read_key_file((copy / KEYS).read_bytes())
    except OSError as error:
        raise CopyError("备份旁边的 store.keys.json 读不出来，没有它打不开备份。看盘有没有插好", f"{error.strerror}") from error


def restore(copy: Path, data_dir: Path, unlock: Callable[[KeyFile], bytes]) -> Restored:
    """Restore a copy into a data folder that holds no store, prove it, and return what it holds.

    WrongSecretError when the secret does not open it; CopyError when the copy is not sound or the folder is taken: then nothing was
    made.
    """
    slots = slots_of(copy)
    key = unlock(slots)
    if (data_dir / KEYS).exists() or ((data_dir / STORE).exists() and not (data_dir / (KEYS + NEW)).exists()):
        raise CopyError("这个数据文件夹里已经有一份数据，没有覆盖它。换一个新文件夹")
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = StoreLock(data_dir / LOCK)
    try:
        _clear(data_dir)
        write_private(data_dir / (KEYS + NEW), slots.to_bytes())
        sync_folder(data_dir)
        try:
            found = _bring(copy, data_dir / (STORE + NEW), key)
            with suppress(OSError):  # what is missing is said (Restored.absent), and comes again with the office's answers
                version_folders.bring(copy, data_dir)
        except BaseException:
            _clear(data_dir)
            raise
        Attempts(data_dir / ATTEMPTS).begin(fresh=True)
        (data_dir / (STORE + NEW)).replace(data_dir / STORE)
        sync_folder(data_dir)
        (data_dir / (KEYS + NEW)).replace(data_dir / KEYS)
        sync_folder(data_dir)
        return found
    finally:
        lock.release()


def restore_check(copy: Path, home: Path, key: bytes) -> Restored:
    """Prove that a copy can be restored, in a folder beside the store that is removed again."""
    folder = home / CHECK
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        return _bring(copy, folder / STORE, key)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _bring(copy: Path, target: Path, key: bytes) -> Restored:
    """Copy the file, with what an interrupted run left beside it, and read all of it; what is not sound raises."""
    source = copy / STORE
    if not source.is_file():
        raise CopyError("第二份备份还没有写过。先按「现在备份」")
    try:
        look(source)
    except StoreError as error:  # it speaks of the store, and leads to this very copy
        what = "没有加密，不是这个程序写的" if error.detail == "store is plain" else "是空的，或只剩开头"
        raise CopyError(f"第二份备份{what}，不能拿来恢复。换一份备份", error.detail) from error
    if shutil.disk_usage(target.parent).free < source.stat().st_size * 1.1:
        raise CopyError("本机放不下恢复出来的一份。腾出和备份一样大的空间再来")
    for ending in (JOURNAL, ""):
        path = source.with_name(source.name + ending)
        if path.exists():
            write_private(target.with_name(target.name + ending), b"")
            with path.open("rb") as came, target.with_name(target.name + ending).open("wb") as made:
                shutil.copyfileobj(came, made, _PIECE)
    db = connect(target, key)
    try:
        found = replace(_prove(db), absent=_absent(db, copy))
        migrate(db, following=False)
        with told():
            db.execute("DROP TABLE copy_state")
            db.execute("DELETE FROM second_copy")
            follow(db)
        checkpoint(db)
    finally:
        db.close()
    sync_file(target)
    return found


def _prove(db: Database) -> Restored:
    with told():
        if rows(db, "PRAGMA cipher_integrity_check") or rows(db, "PRAGMA integrity_check") != [{"integrity_check": "ok"}]:
            raise CopyError("第二份备份有损坏，这次没有恢复。换一份备份；本机还能用的话，把它重新做一份", "copy: integrity")
        begun = row(db, "SELECT 1 FROM sqlite_master WHERE name = 'copy_state'")  # cut off in its very first moment it has none
        found = row(db, "SELECT at, counts, audit, audit_hash, whole FROM copy_state") if begun else None
        if not found or not found["whole"]:
            raise CopyError("第二份备份还没有写完过一次，不能拿来恢复。换一份备份")
        links, mine = audit.verify(db), tally(db)
        said = json.loads(found["counts"])
        if (dict(mine.counts), mine.audit, mine.audit_hash) != (said, found["audit"], found["audit_hash"]):
            raise CopyError("第二份备份里的件数和它自己记的对不上，这次没有恢复。换一份备份", "copy: counts differ")
        return Restored(found["at"], said, links, _originals(db))


def _absent(db: Database, copy: Path) -> tuple[str, ...]:
    """Return the kept versions of regions that do not lie beside the copy with the digest that the store remembers."""
    from app.core.region_update import digest  # noqa: PLC0415 - the start does not need it

    with told():
        known = json.loads(settings.setting(db, KEPT_VERSIONS) or "[]")
    lacking = []
    for one in known:
        try:
            there = digest(version_folders.kept(copy, one["region"], one["version"]))
        except OSError:
            there = ""
        if there != one["digest"]:
            lacking.append(f"{one['version']} 版")
    return tuple(lacking)


def _originals(db: Database) -> int:
    """Return how many originals there are, each compared with the digest it was stored under."""
    held = 0
    for digest, data in db.conn.execute("SELECT o.digest, d.data FROM originals o JOIN original_data d ON d.original = o.id"):
        if hashlib.sha256(data).hexdigest() != digest:
            raise CopyError("第二份备份里有一页原件和存入时不一样，这次没有恢复。换一份备份", "copy: original digest")
        held += 1
    return held


def _clear(data_dir: Path) -> None:
    """Clear away an interrupted restore; the mark goes last."""
    for name in (STORE + NEW, STORE):
        for ending in ("", "-wal", "-shm", JOURNAL):
            (data_dir / (name + ending)).unlink(missing_ok=True)
    sync_folder(data_dir)
    (data_dir / (KEYS + NEW)).unlink(missing_ok=True)
