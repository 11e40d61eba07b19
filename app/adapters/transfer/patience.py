"""Waiting for an answer, or for the time a limit asks for, while looking up whether it is still wanted."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from app.services.ports.transfer import Pace

LOOK = 0.5
"""Seconds between two looks."""
_T = TypeVar("_T")


async def patiently(asked: Awaitable[_T], pace: Pace, seconds: float) -> _T:
    """Return the answer. TimeoutError when none comes in so many seconds; what ``pace`` raises passes. Either gives the question up."""
    task, end = asyncio.ensure_future(asked), time.monotonic() + seconds
    try:
        while True:
            done, _ = await asyncio.wait({task}, timeout=LOOK)
            if done:
                return task.result()
            pace(0)
            if time.monotonic() > end:
                raise TimeoutError
    finally:
        task.cancel()


def spend(size: int, pace: Pace) -> None:
    """Have a limit waited for by what has gone. What ``pace`` raises passes; the object is there then, and is found there next time."""
    while size:
        size -= pace(size)
