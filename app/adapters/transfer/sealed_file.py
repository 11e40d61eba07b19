"""One file of a sealed bag on its way: whole, or piece by piece through a small buffer. What comes out is what was sealed."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.adapters.transfer.seen import State
from app.core.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO
    from pathlib import Path

    from app.adapters.transfer.seen import Seen
    from app.services.ports.transfer import Pace

NOT_WHOLE = "这件的密封包不完整，不会送出。从本机的件再封一次"
_BUFFER = 128 * 1024
"""Bytes, small enough for a core's own cache; 256 KB were no quicker."""


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file, and the SHA-256 (hex) it was sealed with. One that was hashed here a moment ago and is the same on the disk is not hashed again.

    AppError from each method when it is not there as it was sealed.
    """

    path: Path
    digest: str
    seen: Seen

    def read(self) -> bytes:
        """Return it whole."""
        with self._opened() as (file, state):
            data = file.read()
        if not self.seen.knows(self.path, self.digest, state):
            self._note(hashlib.sha256(data).hexdigest(), state)
        return data

    def body(self) -> FileBody:
        """Return it as it is sent, checked."""
        with self.checked() as (_file, state):
            return FileBody(self, state.size)

    @contextmanager
    def checked(self) -> Iterator[tuple[FileIO, State]]:
        """Open it at its beginning, with the state in which it is what was sealed."""
        with self._opened() as (file, state):
            if not self.seen.knows(self.path, self.digest, state):
                self._note(hashlib.file_digest(file, "sha256").hexdigest(), state)
                file.seek(0)
            yield file, state

    def another(self) -> AppError:
        """Return what is said of a file that is not what was sealed."""
        return AppError(NOT_WHOLE, f"bag {self.path.parent.name}: {self.path.name}")

    @contextmanager
    def _opened(self) -> Iterator[tuple[FileIO, State]]:
        try:
            with self.path.open("rb", buffering=0) as file:
                yield file, State.of(os.fstat(file.fileno()))
        except OSError as error:
            raise self.another() from error

    def _note(self, found: str, state: State) -> None:
        if found != self.digest:
            raise self.another()
        self.seen.note(self.path, self.digest, state)


@dataclass(frozen=True, slots=True)
class FileBody:
    """Fulfils :class:`app.services.ports.transfer.Body`."""

    file: SealedFile
    size: int

    def __len__(self) -> int:
        """Return its size in bytes."""
        return self.size

    def __bytes__(self) -> bytes:
        """Return it whole."""
        return self.file.read()

    def pieces(self, pace: Pace) -> Iterator[memoryview]:
        """Yield it from the beginning; see the port. The last piece is held back until all were read out of the file that was checked."""
        with self.file.checked() as (file, state):
            left, allowed = self.size, 0
            buffer = memoryview(bytearray(min(_BUFFER, left)))
            while left:
                allowed = allowed or pace(left)
                got = file.readinto(buffer[:allowed])
                left, allowed = left - got, allowed - got
                if not got or (not left and State.of(os.fstat(file.fileno())) != state):
                    raise self.file.another()
                yield buffer[:got]
