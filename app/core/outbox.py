"""The queue's patience and its words: when a submission is tried again, and what a stuck one says to the clerk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

WAITS: Final = (1, 2, 5, 10, 20, 30)
"""Minutes after the first, second … attempt that did not get through; the last one stays."""
JITTER: Final = 0.25
"""How much of a wait is left to chance, so that twenty counters do not come back in one second."""
PATIENCE: Final = 5
"""After so many refusals of one submission alone, while others get through, it is set aside for a person."""


def next_try(attempts: int, now: dt.datetime, chance: float) -> dt.datetime:
    """Return when to try again after so many attempts (1 and more). ``chance`` in 0 … 1 spreads the wait by :data:`JITTER`."""
    minutes = WAITS[min(max(attempts, 1), len(WAITS)) - 1]
    return now + dt.timedelta(minutes=minutes * (1 - JITTER / 2 + JITTER * chance))


@dataclass(frozen=True, slots=True)
class Way:
    """The way out of one kind of trouble: what to do at this counter, the button that does it, and what to say on the telephone.

    ``act``: retry, places (open the set-up), clock, export (take a stick), open (the case itself). ``call`` is empty where nobody has
    to be rung.
    """

    todo: str
    act: str
    call: str = ""


WAYS: Final[Mapping[str, Way]] = {
    "network": Way("看网线和路由器的灯；不用守着，通了自动再送", "retry"),
    "name": Way("核对报送地点的地址；别的网页也打不开，就是网络没通", "places"),
    "refused": Way(
        "问市局信息科服务开了没有；急的用 U 盘", "export", "报送服务的端口连不上，网络是通的，麻烦看一下服务开了没有"
    ),
    "certificate": Way("先打电话核对，别点过去", "places", "报送服务器的证书变了，麻烦核对是不是你们换的，新的根证书发一份"),
    "credentials": Way("在报送地点里重填账号和密码", "places", "报送账号登不进去，麻烦看一下是不是停用了或改了密码"),
    "permission": Way("问市局要写的权限；急的用 U 盘", "export", "报送账号能登录，没有写的权限，麻烦开一下"),
    "space": Way("让市局腾空间；急的用 U 盘", "export", "报送服务器放不下了，麻烦腾一下空间"),
    "clock": Way("先把这台电脑的日期和时间校准", "clock"),
    "gone": Way("插好 U 盘，或重新选文件夹", "places"),
    "odd": Way("再试一次；还不行就用 U 盘", "export", "报送服务器的应答看不懂，麻烦看一下那边的记录"),
    "conflict": Way("不要再送，告诉管理员", "open", "同一个报送序号下已有另一件，麻烦把那边收到的这件报给我们核对"),
    "bag": Way("从本机的件再封一次", "retry"),
}
"""By :class:`app.services.ports.transfer.Trouble`, and ``conflict`` and ``bag`` for what is wrong with the submission itself."""


def way(trouble: str) -> Way:
    """Return the way out of a trouble; that of an odd answer for one this version does not know."""
    return WAYS.get(trouble, WAYS["odd"])


def say(trouble: str, counter: str, at: dt.datetime) -> str:
    """Return what to say on the telephone: who calls, when it happened, what was seen; '' where nobody has to be rung."""
    sentence = way(trouble).call
    here = f"这里是 {counter}" if counter[:1].isdigit() else f"这里是{counter}"
    return f"{here}，{at:%H:%M} 送件的时候，{sentence}。" if sentence else ""
