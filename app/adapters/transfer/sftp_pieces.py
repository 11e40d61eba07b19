"""Writing a file over SFTP piece by piece, looking up between them whether it is still wanted."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

import asyncssh

from app.adapters.transfer import patience
from app.adapters.transfer.patience import LOOK

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from app.services.ports.transfer import Pace

SECONDS = 30.0
"""How long a server may take nothing; four times that for a single answer."""
_FLYING = 4
"""Pieces that are under way at once, so that the line is never idle while an answer travels."""
_T = TypeVar("_T")


async def write(client: asyncssh.SFTPClient, path: str, data: bytes, pace: Pace) -> None:
    """Write a file and make it durable where the server can. What ``pace`` raises passes; then the connection is to be given up."""

    async def opened() -> asyncssh.SFTPClientFile:
        return await client.open(path, "wb")

    file = await patiently(opened(), pace)
    try:
        await _pieces(file, data, pace)
        # Not every server knows it; there the rename after a whole write is all that can be had.
        with suppress(asyncssh.SFTPOpUnsupported):
            await patiently(file.fsync(), pace)
    except asyncssh.SFTPError:
        with suppress(asyncssh.Error):
            await file.close()
        raise
    await patiently(file.close(), pace)


async def _pieces(file: asyncssh.SFTPClientFile, data: bytes, pace: Pace) -> None:
    """Write a file's bytes, a few pieces at once. TimeoutError when the server took nothing for so long."""
    flying: set[asyncio.Task[int]] = set()
    at, quiet = 0, 0.0
    try:
        while at < len(data) or flying:
            if at < len(data) and len(flying) < _FLYING:
                size = pace(len(data) - at)
                flying.add(asyncio.create_task(file.write(data[at : at + size], at)))
                at += size
                await asyncio.sleep(0)  # on its way before the next one waits for its time
                continue
            done, flying = await asyncio.wait(flying, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED)
            quiet = 0.0 if done else quiet + LOOK
            for one in done:
                one.result()
            pace(0)
            if quiet > SECONDS:
                raise TimeoutError
    finally:
        for one in flying:
            one.cancel()
        await asyncio.gather(*flying, return_exceptions=True)


async def patiently(asked: Coroutine[Any, Any, _T], pace: Pace) -> _T:
    """Wait for one answer, looking up now and then whether it is still wanted. TimeoutError when none comes."""
    return await patience.patiently(asked, pace, SECONDS * 4)
