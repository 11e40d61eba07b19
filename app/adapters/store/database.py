"""One SQLCipher connection through sqlite-utils, transactions, and what the machine's errors mean to a clerk.

sqlite-utils knows only the standard library's exceptions, so nothing here relies on those it catches (``alter=``, ``ignore=``, cached
counts): SQL is spelled out and run through ``Database.execute``. Both packages are loaded at the first opening (FINDINGS.md: 116 to
350 ms), off the first paint of the window.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from app.adapters.store import lean
from app.core.errors import DamagedError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlite_utils import Database

PAGE_SIZE = 16384
BUSY_SECONDS = 2.0
WAL_LIMIT = 64 * 1024 * 1024

_FULL = "硬盘满了，刚才这一步没有存下，之前存的都在。腾出空间后再做一次"
_BUSY = "数据正被别的程序占用，刚才这一步没有存下，之前存的都在。关掉备份或杀毒程序对它的扫描，再做一次"
_BROKEN = "数据文件有一处读不出来了，刚才这一步没有做成。按「查一遍数据」：别的件照常，坏的那处从第二份备份补回"
_STRANGE = "数据文件打不开：它和旁边的钥匙文件不是一对，或已损坏。不要删任何文件；让管理员用同一天的备份把两个文件一起拷回"
_DISK = "硬盘读写出错，刚才这一步没有存下，之前存的都在。看一下硬盘和连线；再出现就换一块盘，用第二副本恢复"
_LOCKED_DOWN = "数据文件夹写不进去，刚才这一步没有存下。让管理员给写入权限"
_OTHER = "数据没有存下，之前存的都在。关掉程序再开一次；再出现就告诉管理员"

_PLAIN = b"SQLite format 3\0"
_CORRUPT = 11
# Primary result codes of SQLite: https://www.sqlite.org/rescode.html
_SENTENCES = {
    3: _LOCKED_DOWN,  # SQLITE_PERM
    5: _BUSY,  # SQLITE_BUSY
    6: _BUSY,  # SQLITE_LOCKED
    7: "内存不够，刚才这一步没有存下。关掉别的程序，再做一次",  # SQLITE_NOMEM
    8: _LOCKED_DOWN,  # SQLITE_READONLY
    10: _DISK,  # SQLITE_IOERR
    _CORRUPT: _BROKEN,  # SQLITE_CORRUPT: also what SQLCipher says of a page whose HMAC is wrong
    13: _FULL,  # SQLITE_FULL
    14: "数据文件打不开。看一下数据文件夹还在不在、能不能读写",  # SQLITE_CANTOPEN
    26: _STRANGE,  # SQLITE_NOTADB
}
# Our own bugs: a wrong statement, a broken constraint, a value out of range, a call from another thread.
_OURS = {1, 19, 20, 21, 25}


_opened: WeakKeyDictionary[Database, tuple[Path, bytes]] = WeakKeyDictionary()


_damage = [0]


def damage_met() -> int:
    """Return how often this program met a place it cannot read. SQLCipher answers nothing more on a connection that did."""
    return _damage[0]


def opened_with(db: Database) -> tuple[Path, bytes]:
    """Return the file and the key a connection was opened with: the second copy lies under the same key."""
    return _opened[db]


def damaged(detail: str) -> DamagedError:
    """Return what is raised for a value that came out wrong though SQLite said nothing; the connection is counted as hurt."""
    _damage[0] += 1
    return DamagedError(_BROKEN, detail)


def look(path: Path) -> None:
    """Refuse a file that cannot be a store before anything touches it: SQLite would quietly make a new store of an empty one."""
    with path.open("rb") as file:
        head = file.read(len(_PLAIN))
    size = path.stat().st_size
    if head == _PLAIN:
        raise StoreError(
            "数据文件夹里的 store.db 没有加密，不是这个程序写的，没有动它。把原来的 store.db 放回来再开", "store is plain"
        )
    if size < PAGE_SIZE:
        raise StoreError(
            "数据文件 store.db 是空的或只剩开头，没有动它。用第二份备份恢复到一个新文件夹", f"store has {size} bytes"
        )


def load() -> None:
    """Bring what the first opening would wait for, ciphers and argon2id too (about 150 ms)."""
    import argon2.low_level  # noqa: F401, PLC0415
    from cryptography.hazmat.primitives.ciphers import aead  # noqa: F401, PLC0415
    from sqlcipher3 import dbapi2  # noqa: F401, PLC0415

    lean.load()


def connect(path: Path, key: bytes, *, copy: bool = False) -> Database:
    """Open the encrypted file with its raw key (32 bytes); ``copy`` opens a second copy, see backup.py.

    Order and settings as FINDINGS.md, "Store". StoreError when the file is missing, damaged, in clear or of another key.
    """
    # Loaded here, see above.
    lean.load()
    from sqlcipher3 import dbapi2  # noqa: PLC0415
    from sqlite_utils import Database  # noqa: PLC0415

    if not path.exists():
        raise StoreError(
            "钥匙文件在，数据文件 store.db 不在了。不要重新建；把备份里的 store.db 拷回数据文件夹", "store.db is missing"
        )
    with told():
        connection = dbapi2.connect(str(path), isolation_level=None, timeout=BUSY_SECONDS)
    try:
        with told():
            db = Database(connection, execute_plugins=False, recursive_triggers=False)
            _prepare(db, key)
            if copy:
                # Rows come in the order of their changes, and triggers and cascades did their work in the store already.
                settings = {
                    "journal_mode": "TRUNCATE",
                    "foreign_keys": "OFF",
                    "recursive_triggers": "OFF",
                    "cache_size": "-16384",
                }
                for name, setting in settings.items():
                    db.execute(f"PRAGMA {name}={setting}")
            else:
                db.execute("PRAGMA journal_mode=WAL")
                db.execute(f"PRAGMA journal_size_limit={WAL_LIMIT}")
    except BaseException:
        connection.close()
        raise
    _opened[db] = (path, key)
    return db


def _prepare(db: Database, key: bytes) -> None:
    db.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    db.execute(f"PRAGMA cipher_page_size={PAGE_SIZE}")
    db.execute("PRAGMA cipher_log_level=NONE")
    db.execute("SELECT count(*) FROM sqlite_master").fetchone()  # a wrong key shows only here
    if str(value(db, "PRAGMA cipher_status")) != "1":
        # Without a key SQLCipher silently writes plaintext.
        raise StoreError("这台电脑的加密部件不能用，数据没有打开。重新安装程序", "cipher_status is not 1")
    db.execute("PRAGMA temp_store=MEMORY")  # a temporary file would hold records in clear
    db.execute("PRAGMA auto_vacuum=INCREMENTAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA foreign_keys=ON")
    db.execute("PRAGMA cache_size=-65536")
    db.execute("PRAGMA secure_delete=ON")
    db.execute("PRAGMA recursive_triggers=ON")  # so that REPLACE meets the triggers that forbid deleting


@contextmanager
def told() -> Iterator[None]:
    """Turn the machine's failures into StoreError with a sentence; our own mistakes pass as they are."""
    from sqlcipher3 import dbapi2  # noqa: PLC0415 - see above

    try:
        yield
    except dbapi2.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        if code is None or code & 0xFF in _OURS:
            raise
        said, name = _SENTENCES.get(code & 0xFF, _OTHER), f"{getattr(error, 'sqlite_errorname', code)}"
        if code & 0xFF == _CORRUPT:
            _damage[0] += 1
            raise DamagedError(said, name) from error
        raise StoreError(said, name) from error


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """One thing a person did: all of it is stored when the block ends, or none of it.

    BEGIN IMMEDIATE, because a deferred one can find itself locked half way (FINDINGS.md: 63 of 120).
    """
    with told():
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.execute("COMMIT")
        except BaseException:
            # A full disk may have ended the transaction already.
            if db.conn.in_transaction:
                db.execute("ROLLBACK")
            raise


def checkpoint(db: Database) -> None:
    """Bring what was written into the store itself, and cut the WAL to nothing."""
    with told():
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def vacuum(db: Database, pages: int) -> int:
    """Give up to so many free pages at the end of the file back to the disk; return how many free pages are left."""
    with told():
        # Through executescript: execute() frees a single page (FINDINGS.md, "Store").
        db.conn.executescript(f"PRAGMA incremental_vacuum({pages:d})")
        checkpoint(db)
        return int(value(db, "PRAGMA freelist_count"))


def rows(db: Database, sql: str, params: tuple[Any, ...] | dict[str, Any] = ()) -> list[dict[str, Any]]:
    """Return all rows of a question by column name."""
    cursor = db.execute(sql, params)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def row(db: Database, sql: str, params: tuple[Any, ...] | dict[str, Any] = ()) -> dict[str, Any] | None:
    """Return the first row of a question, or None."""
    found = rows(db, sql, params)
    return found[0] if found else None


def value(db: Database, sql: str, params: tuple[Any, ...] | dict[str, Any] = ()) -> Any:
    """Return the first column of the first row, or None."""
    found = db.execute(sql, params).fetchone()
    return found[0] if found else None
