"""Sending one sealed bag so that it counts once: payload, tag files, the marker last (DESIGN.md, the rules under "up/v1").

The same call serves the timer, "send now" and a stick. Cut at any moment, it is called again and goes on where it was.
"""

from __future__ import annotations

import hashlib
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from app.core.errors import AppError
from app.core.submission import answer, write_marker
from app.services.ports.transfer import PlaceError, StoppedError, Trouble, freely

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from app.core.submission import Submission
    from app.services.ports.transfer import Body, Pace, Place, Sealed, Sealer, Stat


_AHEAD = 2
"""Files that are read, or only checked, while one is sent: so many and one are in memory where a place takes whole bodies."""


class ConflictError(AppError):
    """Under this submission's number stands something else: shown to a person, never written over."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one sending did. ``already``: the marker stood there before, nothing was written. Counts are objects, not bytes."""

    already: bool
    put: int = 0
    skipped: int = 0


def send(
    place: Place,
    sealer: Sealer,
    sealed: Sealed,
    submission: Submission,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Sent | None:
    """Deliver a bag and commit it by its marker; None when it was stopped in between, which loses nothing.

    ``progress`` hears (bytes there, all bytes). PlaceError when the place does not take it, ConflictError when another submission
    stands under this number, AppError when the bag on this computer is not whole.
    """
    marker = write_marker(submission, sealed.signature)
    there_already = place.read(submission.marker)
    if there_already == marker:
        # Committed before and the answer was lost. The payload is never written again after a commit.
        return Sent(already=True)
    if there_already is not None:
        raise _conflict(submission)
    put = skipped = there = 0
    size = sealed.bytes + len(marker)
    digests = sealer.digests(sealed)
    whole: dict[str, int] = {}
    with _reading(sealer.body if place.streams else sealer.read, sealed, sealer.names(sealed)) as files:
        standing = place.begin(f"{submission.bag}/")
        for name, data in files:
            if stopped():
                return None
            path = f"{submission.bag}/{name}"
            if _stands(standing.get(path), data):
                skipped += 1
            else:
                try:
                    place.put(path, data, _telling(progress, there + len(data), size), digests[name])
                except StoppedError:
                    return None
                put += 1
            whole[path] = len(data)
            there += len(data)
            progress(there, size)
    _check(place.settle(f"{submission.bag}/"), whole)
    if stopped():
        return None
    if not place.commit(submission.marker, marker) and place.read(submission.marker) != marker:
        raise _conflict(submission)
    return Sent(already=False, put=put + 1, skipped=skipped)


def listen(place: Place, counter: str, after: int) -> Iterator[tuple[int, bytes]]:
    """Yield number and bytes of the office's answers beyond one, in order, as they stand there: one request when there is none.

    The office's sequence is dense, so the first number that is not there ends it. Nothing about them is believed yet. PlaceError.
    """
    while (data := place.read(answer(counter, after + 1))) is not None:
        after += 1
        yield after, data


@contextmanager
def _reading(
    read: Callable[[Sealed, str], bytes | Body], sealed: Sealed, all_names: Iterable[str]
) -> Iterator[Iterator[tuple[str, bytes | Body]]]:
    """Yield a bag's files one by one; the next ones are read and checked, which takes longer than a quick line, while one is sent."""
    names = iter(all_names)
    with ThreadPoolExecutor(_AHEAD) as readers:
        coming = deque((name, readers.submit(read, sealed, name)) for name in islice(names, _AHEAD))

        def files() -> Iterator[tuple[str, bytes | Body]]:
            while coming:
                name, reading = coming.popleft()
                data = reading.result()
                coming.extend((one, readers.submit(read, sealed, one)) for one in islice(names, 1))
                yield name, data

        yield files()


def _telling(progress: Callable[[int, int], None], end: int, size: int) -> Pace:
    """Return a pace that tells how far an object is that ends there; begun anew it says nothing until it is further than it was."""
    least = end

    def pace(left: int) -> int:
        nonlocal least
        if left and left <= least:
            least = left
            progress(end - left, size)
        return freely(left)

    return pace


def _stands(stat: Stat | None, data: bytes | Body) -> bool:
    """Whether an object is there already: its path holds the bag's digest, so its size and a known MD5 are enough."""
    if stat is None or stat.size != len(data):
        return False
    return not stat.md5 or stat.md5 == hashlib.md5(bytes(data), usedforsecurity=False).hexdigest()


def _check(kept: Mapping[str, Stat], whole: Mapping[str, int]) -> None:
    """Raise PlaceError when the place does not hold what it took. Seen once, under the names that count, and before the marker."""
    for path, size in whole.items():
        stat = kept.get(path)
        if stat is None or stat.size != size:
            raise PlaceError(Trouble.ODD, "对方存下的和送出的不一样，这件还在本机，稍后自动再送", f"{path}: size differs")


def _conflict(submission: Submission) -> ConflictError:
    return ConflictError(
        f"{submission.counter} 第 {submission.sequence} 号在那边已有另一件，没有动它。多半是数据从旧备份恢复过，告诉管理员",
        f"conflict at {submission.marker}",
    )
