"""A folder into which a scanner writes its files: what is new there is offered once. Nothing in it is ever moved, changed or removed."""

from __future__ import annotations

import hashlib
import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".pdf", ".tif", ".tiff", ".bmp", ".heic"})
"""Names that are looked at; what a file really is, its content tells later."""
GONE = "看着的扫描文件夹打不开了。把盘插好，或另选一个文件夹"
_ENDS = ((b"\xff\xd8", b"\xff\xd9", 64), (b"\x89PNG", b"IEND", 64), (b"%PDF", b"%%EOF", 2048))
"""How a file begins, what stands near its end once it is whole, and how many bytes near."""
_LONG_STILL = 10
"""Looks after which a file that stays as it is counts as finished, whatever its end looks like."""
_MOST = 100 * 2**20
_MOST_KEYS = 20_000


@dataclass(frozen=True, slots=True)
class WatchedFile:
    """A finished file. ``key`` stands for its name, size and time, and tells nothing of them: it is what is remembered."""

    path: Path
    key: str

    def read(self) -> bytes:
        """Return its bytes. DeviceError when it is gone or cannot be read any more."""
        try:
            if self.path.stat().st_size > _MOST:
                raise DeviceError("扫描文件夹里有一个文件超过 100 MB，没有收。分成几个文件再扫")
            return self.path.read_bytes()
        except OSError as problem:
            raise DeviceError("扫描文件夹里的一个文件读不了了。再扫一次", type(problem).__name__) from problem


class Folder:
    """One look after another into a folder, without a thread: :meth:`look` says which files were finished since the last look.

    ``seen``: the keys offered in earlier sessions; None the first time a folder is chosen, when all that is there already is old.
    """

    def __init__(self, path: Path, seen: Iterable[str] | None) -> None:
        self.path = path
        self._seen = None if seen is None else set(seen)
        self._still: dict[str, int] = {}

    @property
    def seen(self) -> frozenset[str]:
        """The keys of files that are not offered again."""
        return frozenset(self._seen or ())

    def look(self) -> tuple[WatchedFile, ...]:
        """Return the new finished files, oldest first. DeviceError (:data:`GONE`) when the folder cannot be read; nothing is forgotten."""
        try:
            there = self._there()
        except OSError as problem:
            raise DeviceError(GONE, type(problem).__name__) from problem
        if self._seen is None:
            self._seen = set(there)
        elif len(self._seen) > _MOST_KEYS:
            # Not before: a stick's empty mount point looks like a folder whose files are all gone.
            self._seen &= set(there)
        # A file whose size or time changed has another key, and begins anew.
        self._still = {key: self._still.get(key, 0) + 1 for key in there if key not in self._seen}
        new = [key for key, looks in self._still.items() if looks > 1 and (looks > _LONG_STILL or _finished(there[key][1]))]
        self._seen |= set(new)
        for key in new:
            del self._still[key]
        return tuple(
            WatchedFile(there[key][1], key) for key in sorted(new, key=lambda key: (there[key][0], there[key][1].name))
        )

    def _there(self) -> dict[str, tuple[int, Path]]:
        """Return time and path of each file that may be an original, by key. OSError when the folder cannot be read."""
        there = {}
        with os.scandir(self.path) as entries:
            for entry in entries:
                name = entry.name
                # ~$x.pdf, .x.pdf: a program's own; .part and .tmp have no suffix of ours.
                if name.startswith((".", "~")) or Path(name).suffix.lower() not in SUFFIXES:
                    continue
                with suppress(OSError):  # removed meanwhile
                    told = entry.stat()
                    if entry.is_file() and told.st_size:
                        there[_key(name, told)] = (told.st_mtime_ns, Path(entry.path))
        return there


def _key(name: str, told: os.stat_result) -> str:
    text = f"{name}\0{told.st_size}\0{told.st_mtime_ns}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def _finished(path: Path) -> bool:
    """Whether nobody writes it any more, as far as can be known: it can be opened (Windows), and ends as its kind does."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
            for begin, end, near in _ENDS:
                if head.startswith(begin):
                    size = file.seek(0, os.SEEK_END)
                    file.seek(max(0, size - near))
                    return end in file.read()
    except OSError:
        return False
    return True


class Watched:
    """A thread of its own that looks into a folder each ``every`` seconds. :meth:`stop` it before the program ends.

    The callbacks come on that thread: ``offer`` with new files (never none); ``keep`` with the keys to remember for the next start,
    after each offer and after the very first look; ``trouble`` with one sentence when the folder cannot be read, said once, and with ''
    when it can be again.
    """

    def __init__(
        self,
        path: Path,
        seen: Iterable[str] | None,
        *,
        offer: Callable[[tuple[WatchedFile, ...]], None],
        keep: Callable[[frozenset[str]], None],
        trouble: Callable[[str], None],
        every: float = 1.0,
    ) -> None:
        self._folder = Folder(path, seen)
        self._offer = offer
        self._keep = keep
        self._trouble = trouble
        self._every = every
        self._kept = None if seen is None else self._folder.seen
        self._said = ""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watched", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more. Waits for a callback under way, unless called from it."""
        self._stopped.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(5)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                new = self._folder.look()
            except DeviceError as problem:
                self._say(problem.sentence)
            else:
                self._say("")
                self._tell(new)
            self._stopped.wait(self._every)

    def _tell(self, new: tuple[WatchedFile, ...]) -> None:
        if new and not self._stopped.is_set():
            self._offer(new)
        if self._kept != self._folder.seen:
            self._kept = self._folder.seen
            self._keep(self._kept)

    def _say(self, sentence: str) -> None:
        if sentence != self._said:
            self._said = sentence
            self._trouble(sentence)
