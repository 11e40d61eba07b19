"""What places that OpenDAL reaches share, and S3-compatible stores; WebDAV is in ``dav``.

Only whole ``write`` calls are used: OpenDAL's file object commits a truncated object when an exception passes through it. So a limit
counts between objects, by their size; a stop gives up the body that is under way, within a second.
"""

from __future__ import annotations

import asyncio
import atexit
import re
import time
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote, urlsplit

import opendal
from opendal import exceptions as odd
from opendal import layers

from app.adapters.transfer.links import believe, cut
from app.adapters.transfer.patience import patiently, spend
from app.adapters.transfer.said import ERRORS, HALF, NO_BUCKET, told
from app.services.ports.transfer import PlaceError, Stat, Trouble, freely

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from app.adapters.transfer.links import Account, Link
    from app.services.ports.transfer import Body, Pace

PART = ".part"
SECONDS = 60.0
"""For an answer, asked up to three times; a body has more by its size. OpenDAL's own timeout is one figure for bodies of any size."""
_SLOWEST = 8 * 1024
_MD5 = re.compile(r"[0-9a-f]{32}", re.ASCII)
_T = TypeVar("_T")
_LEAVING_S = 0.2
# A thread of OpenDAL's lets go of what it held of Python's a moment after its answer; one that does so while the interpreter ends aborts
# the process, with all of its work done.
atexit.register(time.sleep, _LEAVING_S)


class Objects:
    """What both kinds share. Belongs to one thread at a time. Fulfils :class:`app.services.ports.transfer.Place` but for ``put`` and ``commit``."""

    streams = False
    _tags_are_md5 = False
    _homeless = HALF
    """What it means when a body is not taken because that in which it would lie is not there."""

    def __init__(self, link: Link, scheme: str, options: dict[str, str]) -> None:
        believe(link)
        self._link = link
        self._operator = self._made(scheme, options)
        self._runner: asyncio.Runner | None = None

    def stat(self, path: str) -> Stat | None:
        """Return an object's size, and its MD5 where its entity tag is one."""
        try:
            found = self._or_none(lambda: self._operator.stat(path))
        except PlaceError as problem:
            if problem.trouble is Trouble.PERMISSION:
                # The answer to HEAD has no body that tells why; the same question with one does.
                self.read(path)
            raise
        return self._known(found) if found else None

    def read(self, path: str) -> bytes | None:
        """Return an object's bytes."""
        return self._or_none(lambda: self._operator.read(path))

    def names(self, folder: str) -> list[str]:
        """Return the objects under a folder."""
        return sorted(self.sizes(folder))

    def sizes(self, folder: str) -> dict[str, Stat]:
        """Return the objects under a folder with their sizes: a question for each thousand, on WebDAV for each folder."""

        # OpenDAL's blocking lister holds the interpreter while it waits for the server; its asynchronous one does not.
        async def listed() -> dict[str, Stat]:
            entries = await self._operator.list(folder, recursive=True)
            found = {one.path: self._known(one.metadata) async for one in entries if not one.path.endswith(("/", PART))}
            return {path: stat for path, stat in found.items() if f"{PART}/" not in path.removeprefix(folder)}

        return self._or_none(listed) or {}

    def begin(self, folder: str) -> dict[str, Stat]:
        """Return what stands under a folder."""
        return self.sizes(folder)

    def settle(self, folder: str) -> dict[str, Stat]:
        """Return what stands under a folder now: each object has had its name since it was put."""
        return self.sizes(folder)

    def remove(self, path: str) -> None:
        """Remove an object."""
        self._or_none(lambda: self._operator.delete(path))

    def close(self) -> None:
        """Let go of the event loop; connections end by themselves when they rest."""
        if self._runner is not None:
            self._runner.close()
            self._runner = None

    def _made(self, scheme: str, options: dict[str, str]) -> opendal.AsyncOperator:
        try:
            operator = opendal.AsyncOperator(scheme, **options)
        except (odd.ConfigInvalid, odd.Unexpected, odd.Unsupported) as error:
            raise PlaceError(Trouble.NAME, "报送地址写得不对，核对地址和桶名", "configuration", retry=False) from error
        return operator.layer(layers.RetryLayer(max_times=2, min_delay=0.2, max_delay=2.0, jitter=True))

    def _known(self, found: opendal.types.Metadata) -> Stat:
        tag = (found.etag or "").strip('"').lower()
        return Stat(found.content_length, tag if self._tags_are_md5 and _MD5.fullmatch(tag) else "")

    def _or_none(self, work: Callable[[], Awaitable[_T]]) -> _T | None:
        try:
            return self._asked(work)
        except odd.NotFound as error:
            if "NoSuchBucket" in str(error):
                raise told(error, self._link) from error
            return None

    def _asked(self, work: Callable[[], Awaitable[_T]], pace: Pace = freely, size: int = 0) -> _T:
        """Wait for an answer, with what went wrong as a sentence. NotFound and ConditionNotMatch pass, and what ``pace`` raises."""

        async def answer() -> _T:
            return await patiently(work(), pace, SECONDS + size / _SLOWEST)

        if self._runner is None:
            self._runner = asyncio.Runner()
        try:
            # Not the runner's own run: on the main thread it puts a signal handler in and out, a sixth of a millisecond each time.
            return self._runner.get_loop().run_until_complete(answer())
        except (odd.NotFound, odd.ConditionNotMatch):
            raise
        except TimeoutError as error:
            raise cut(self._link, "no answer") from error
        except ERRORS as error:
            raise told(error, self._link) from error

    def _write(self, path: str, data: bytes, pace: Pace, *, through: opendal.AsyncOperator | None = None) -> None:
        """Write a whole body; ``through``: by this operator, and only where nothing stands. ConditionNotMatch passes, and what ``pace`` raises."""
        operator, new = through or self._operator, through is not None
        pace(0)
        try:
            self._asked(lambda: operator.write(path, data, if_not_exists=new or None), pace, len(data))
        except odd.NotFound as error:
            raise self._homeless.error("write") from error


class BucketPlace(Objects):
    """A bucket of an S3-compatible store (Ceph, OBS, OSS, SeaweedFS, MinIO). A path in ``link.url`` is the folder in the bucket."""

    _tags_are_md5 = True
    _homeless = NO_BUCKET

    def __init__(self, link: Link, bucket: str, account: Account, region: str = "us-east-1") -> None:
        parts = urlsplit(link.url)
        options = {
            "endpoint": f"{parts.scheme}://{parts.netloc}",
            "bucket": bucket,
            "region": region,
            "access_key_id": account.user,
            "secret_access_key": account.secret,
            "root": unquote(parts.path) or "/",
            # Nothing from this machine's environment or a metadata server.
            "disable_config_load": "true",
            "disable_ec2_metadata": "true",
        }
        # SeaweedFS keeps an empty object where a connection is cut behind the headers, unless they have a checksum. CRC32C costs a tenth of
        # MD5; a store that knows only Content-MD5 takes a body all the same, and what is wrong there is seen before it is signed for.
        super().__init__(link, "s3", {**options, "checksum_algorithm": "crc32c"})
        # A marker that is not whole would stand in the way for ever, and every store checks this one.
        self._markers = self._made("s3", {**options, "checksum_algorithm": "md5"})

    def put(self, path: str, data: bytes | Body, pace: Pace = freely, digest: str = "") -> None:  # noqa: ARG002 - the CRC32C is checked
        """Write an object; a store of this kind shows it whole or not at all."""
        self._write(path, bytes(data), pace)
        spend(len(data), pace)

    def commit(self, path: str, data: bytes) -> bool:
        """Write an object with ``If-None-Match: *``."""
        try:
            self._write(path, data, freely, through=self._markers)
        except odd.ConditionNotMatch:
            return False
        return True
