"""What this process holds: memory as the system counts it, handles, and Qt objects. Linux only, as /proc is asked."""

from __future__ import annotations

import ctypes
import gc
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import heap_kit
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from app.adapters.store import SqlStore

LOOKS, BETWEEN_S = 5, 0.2


@dataclass(frozen=True)
class Memory:
    """Megabytes: resident, of it nobody else's, a fair share, of it what no file backs (heaps, stacks), and what C and C++ hold of the heaps.

    A thread's heap keeps what is free at its top, up to some 20 MB, and ``malloc_trim`` leaves it: only the last figure is without that.
    """

    rss: float
    uss: float
    pss: float
    anonymous: float
    heap: float


@dataclass(frozen=True)
class Handles:
    """Files open for good, threads, top-level widgets, and QObjects that Python knows."""

    files: int
    threads: int
    windows: int
    objects: int


def memory() -> Memory:
    """Return the memory of this process."""
    kb = {}
    for line in Path("/proc/self/smaps_rollup").read_text("ascii").splitlines()[1:]:
        name, _, rest = line.partition(":")
        kb[name] = int(rest.split()[0])
    private = kb["Private_Clean"] + kb["Private_Dirty"]
    return Memory(*(kilo / 1024 for kilo in (kb["Rss"], private, kb["Pss"], kb["Anonymous"], heap_kit.held() / 1024)))


def let_go(store: SqlStore | None = None) -> None:
    """Let Qt end what waits for its end, Python collect what nobody holds, and the system have back what is free.

    ``store``: its pages in memory are dropped too, of which it keeps 64 MB at most; only on the thread it was opened on.
    """
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
        gc.collect()
    if store is not None:
        store._db.execute("PRAGMA shrink_memory")
    ctypes.CDLL(None).malloc_trim(0)


def _open_files() -> int:
    time.sleep(BETWEEN_S)
    return len(list(Path("/proc/self/fd").iterdir())) - 1  # the folder's own


def handles() -> Handles:
    """Return what is open. Card readers are looked for every ten seconds and open files of their own meanwhile: of several looks the least counts."""
    windows = QApplication.topLevelWidgets() if isinstance(QApplication.instance(), QApplication) else ()
    return Handles(
        min(_open_files() for _ in range(LOOKS)),
        len(list(Path("/proc/self/task").iterdir())),
        len(windows),
        sum(counted().values()),
    )


def counted() -> Counter[str]:
    """Return how many QObjects of each class Python holds."""
    return Counter(type(one).__name__ for one in gc.get_objects() if isinstance(one, QObject))
