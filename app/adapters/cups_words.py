"""What CUPS says, in a clerk's words: the answers of ``lp`` and ``lpstat`` in the C locale (cups-client 2.x)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.services.printing import KEPT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WAITS: Final = "这份在打印机里排着，弄好会自己印出来，不用再按。"
STOPPED: Final = "打印机停着"

_REASONS: Final[Mapping[str, str]] = {
    "media-empty": "打印机没纸了，装上 A4 纸",
    "media-needed": "打印机等着放纸，装上 A4 纸",
    "media-jam": "打印机卡纸了，打开盖子取出来",
    "cover-open": "打印机的盖子开着，合上",
    "door-open": "打印机的盖子开着，合上",
    "toner-empty": "打印机没有墨粉了，换上新的",
    "marker-supply-empty": "打印机没有墨粉了，换上新的",
    "offline": "没连上打印机，看看开没开、线插好没有",
    "connecting-to-device": "没连上打印机，看看开没开、线插好没有",
    "timed-out": "没连上打印机，看看开没开、线插好没有",
    "shutdown": "没连上打印机，看看开没开、线插好没有",
    "paused": f"{STOPPED}，在系统的打印机设置里恢复它",
    "stopped": f"{STOPPED}，在系统的打印机设置里恢复它",
    "moving-to-paused": f"{STOPPED}，在系统的打印机设置里恢复它",
}
"""Keyword of RFC 8011 ``printer-state-reasons`` (without its ending) to the fact and the way out; the first that fits is said."""
_HELD: Final = "这份被扣在打印队列里，在系统的打印机设置里放行"


def refused(said: str) -> str:
    """Return the sentence for what ``lp`` said when it took nothing."""
    words = said.lower()
    if "no default destination" in words:
        return f"还没有选默认打印机，在「怎么打」里选一台，再按一次打印。{KEPT}"
    if "does not exist" in words or "unknown destination" in words or "invalid destination" in words:
        return f"记着的打印机找不到了，在「怎么打」里换一台，再按一次打印。{KEPT}"
    if "not accepting" in words or "rejecting" in words:
        return f"打印机不收新任务，在系统的打印机设置里恢复它，再按一次打印。{KEPT}"
    if any(word in words for word in ("connect", "scheduler", "unable to", "bad file descriptor", "no such file")):
        return f"打印服务没有启动，找信息科启动 CUPS，再按一次打印。{KEPT}"
    return f"打印机没有收下这份文件，看看打印机有没有报警，再按一次打印。{KEPT}"


def trouble(alerts: Iterable[str]) -> str:
    """Return the fact and the way out for a printer's reasons, without a full stop; empty when none of them stops paper."""
    stems = {alert.strip().removesuffix("-error").removesuffix("-report").removesuffix("-warning") for alert in alerts}
    return next((words for reason, words in _REASONS.items() if any(reason in stem for stem in stems)), "")


def waiting(job: Iterable[str], printer: Iterable[str]) -> str:
    """Return the sentence for a job that is not out yet, from its own reasons and its printer's."""
    if any("hold" in alert for alert in job):
        return f"{_HELD}。文件也存好了。"
    found = trouble((*job, *printer))
    return f"{found}。{WAITS}" if found else f"还没印完：前面还有别的在印，或打印机在预热。{WAITS}"


def blocks(told: str) -> dict[str, list[str]]:
    """Read ``lpstat -l``: the first word of each unindented line to what stands below it."""
    found: dict[str, list[str]] = {}
    below: list[str] = []
    for line in told.splitlines():
        if line[:1].isspace():
            below.append(line.strip())
        elif line:
            name = line.removeprefix("printer ").split(" ", 1)[0]
            below = found.setdefault(name, [])
            below.append(line)
    return found


def alerts_of(block: Iterable[str]) -> tuple[str, ...]:
    """Return the reasons of a job or a printer, ``paused`` among them for one that was stopped."""
    lines = tuple(block)
    told = [
        word for line in lines if line.startswith("Alerts:") for word in line.removeprefix("Alerts:").replace(",", " ").split()
    ]
    if any(" disabled since " in line for line in lines):
        # What the administrator or the driver wrote when it stopped stands on the next line and may be a better reason.
        return (*told, *lines[1:2], "paused")
    return tuple(one for one in told if one != "none")
