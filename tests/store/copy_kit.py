"""One run of the second copy, as the window does it on its two lanes, and ways to damage a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store_kit import COUNTER, finalised

from app.adapters.store.backup import Secret
from app.adapters.store.database import opened_with, value

if TYPE_CHECKING:
    from pathlib import Path

    from app.adapters.store import SqlStore
    from app.services.ports import CopyMark, CopyRecord

PAGE = 16384


def copy_once(store: SqlStore, folder: Path, at: str = "2026-03-05T11:00:00", *, anew: bool = False) -> CopyMark:
    from app.services.ports import CopyRecord

    writer = store.copy_into(folder)
    try:
        mark = writer.begin(anew=anew)
        while True:
            batch = store.changes(mark)
            mark = writer.write(batch, at)
            if batch.tally is not None:
                break
    finally:
        writer.abandon()
    record: CopyRecord = CopyRecord(str(folder), at)
    store.keep_copy_record(record)
    return mark


def copy_file(store: SqlStore, folder: Path) -> Path:
    path, key = opened_with(store._db)
    return folder / Secret(key, path.parent).name() / "store.db"


def flip(path: Path, page: int, at: int = 5000) -> None:
    """Turn one bit of a page (from 1) over."""
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE + at)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))


def filled(store: SqlStore, cases: int = 4, pages: int = 2) -> list[str]:
    """A counter with some accepted cases; return their ids."""
    store.set_counter(COUNTER)
    return [finalised(store, n, n, pages=pages).id for n in range(1, cases + 1)]


def everything(store: SqlStore) -> dict[str, list]:
    """Every followed row, to compare two stores."""
    from app.adapters.store.changes import followed

    return {
        name: sorted(store._db.execute(f"SELECT {', '.join(table.columns)} FROM {name}").fetchall(), key=repr)
        for name, table in followed(store._db).items()
    }


def pages_of(store: SqlStore) -> int:
    return int(value(store._db, "PRAGMA page_count"))
