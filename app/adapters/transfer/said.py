"""What a server's refusal means, in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from opendal import exceptions as odd

from app.adapters.transfer.links import cut
from app.services.ports.transfer import PlaceError, Trouble

if TYPE_CHECKING:
    from app.adapters.transfer.links import Link

ERRORS: tuple[type[Exception], ...] = tuple(
    one for one in vars(odd).values() if isinstance(one, type) and issubclass(one, Exception)
)
"""What OpenDAL raises; they share no base class."""
_STATUS = re.compile(r"Parts \{ status: (\d{3})")


class Meaning(NamedTuple):
    """What a refusal comes to; an error of its own for each time it is met."""

    trouble: Trouble
    sentence: str
    retry: bool = True

    def error(self, detail: str) -> PlaceError:
        """Return it as it is raised. ``detail`` is for the log."""
        return PlaceError(self.trouble, self.sentence, detail, retry=self.retry)


_UNKNOWN = Meaning(Trouble.CREDENTIALS, "对方不认这个账号或密码，没有送。在「管理」里核对", retry=False)
_DENIED = Meaning(Trouble.PERMISSION, "对方没让这个账号读写这里，没有送。问市局信息科要权限", retry=False)
_BUSY = Meaning(Trouble.NETWORK, "对方这会儿太忙。件还在本机，稍后自动再送")
_AILING = Meaning(Trouble.NETWORK, "对方这会儿出了故障。件还在本机，稍后自动再送")
_FULL = Meaning(Trouble.SPACE, "对方放不下了，件还在本机。告诉市局信息科")
_ODD = Meaning(Trouble.ODD, "对方的应答看不懂，件还在本机。告诉市局信息科")
_SKEWED = Meaning(Trouble.CLOCK, "这台电脑的时间和对方差太多，没有送。先校准时间", retry=False)
# The way is sound by the office's own authority, which OpenDAL has not read.
_LATER = Meaning(Trouble.CERTIFICATE, "市局的根证书要重开一次程序才用得上。存下，关掉程序再打开", retry=False)
HALF = Meaning(Trouble.NETWORK, "对方存到一半断了，没放完的不算数。件还在本机，稍后自动再送")
NO_BUCKET = Meaning(Trouble.NAME, "对方没有这个桶，没有送。核对桶名", retry=False)
NO_FOLDER = Meaning(Trouble.NAME, "那边没有这个文件夹，没有送。核对地址", retry=False)

_STATUSES = {
    401: _UNKNOWN,
    403: _DENIED,
    405: _DENIED,
    409: HALF,  # the folder above went away, or somebody writes the same at this moment
    413: _FULL,
    429: _BUSY,
    500: _AILING,
    502: _AILING,
    503: _BUSY,
    504: _AILING,
    507: _FULL,
}
_CODES = {
    "RequestTimeTooSkewed": _SKEWED,
    "InvalidAccessKeyId": _UNKNOWN,
    "SignatureDoesNotMatch": _UNKNOWN,
    "NoSuchBucket": NO_BUCKET,
    "QuotaExceeded": _FULL,
}
"""Of S3: they say more than the status they come with."""


def told(error: Exception, link: Link) -> PlaceError:
    """Return what an exception of OpenDAL means. Its classes say too little; what the server said and its status stand in the text."""
    text = str(error)
    detail = _first_line(text)
    if code := next((one for one in _CODES if one in text), ""):
        return _CODES[code].error(code)
    if statuses := _STATUS.findall(text):
        return refused(int(statuses[-1]), detail)
    problem = cut(link, detail)
    return _LATER.error(detail) if link.authority and "certificate" in text else problem


def refused(status: int, detail: str) -> PlaceError:
    """Return what an HTTP status means where nothing more is known. ``detail`` is for the log."""
    return _STATUSES.get(status, _ODD).error(detail)


def _first_line(text: str) -> str:
    """Return an error's first line: it names the operation, never a secret."""
    return text.partition("\n")[0][:120]
