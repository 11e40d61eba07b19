"""The morning self-test: what a day at the window stands on, each looked at once, green or with the next step (under 20 seconds).

The parts run where they may wait: :func:`here` on the local lane, :func:`printer` on the printer's, :func:`scanner` and :func:`place` beside the
window. None of them raises: what the machine refuses is a result.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.core.clock_guard import Doubt
from app.core.disk_space import Level, level, size
from app.core.errors import AppError
from app.core.office_sheets import Line, OfficeSheet
from app.services import clock_guard, devices, disk, places, second_copy, tryout

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Sequence

    from app.core.places import PlaceSettings
    from app.core.workdays import Calendar
    from app.services.ports import Desk, Printer, Scanner, Scanners
    from app.services.ports.cards import CardReaders
    from app.services.ports.transfer import Places

LIMIT_S: Final = 18.0
"""What has not answered by then is said to be late: the whole test stays under 20 seconds."""
_LAST: Final = "selftest"
_AHEAD_MONTH: Final = 11
"""From November on next year's holidays matter: a promise of 20 working days reaches over New Year."""

ITEMS: Final = {
    "disk": "硬盘",
    "clock": "时钟",
    "calendar": "放假安排",
    "region": "统筹区资料",
    "copy": "第二份备份",
    "paper": "文书",
    "printer": "打印机",
    "scanner": "扫描仪",
    "camera": "高拍仪",
    "reader": "读卡器",
    "place": "报送地点",
}
"""What is looked at, in the order of the list."""


@dataclass(frozen=True, slots=True)
class Result:
    """How one thing stands. ``tone``: good, warn, bad, or open for what is not set up and needs not be; ``todo``: the next step, '' for none."""

    id: str
    tone: str
    said: str
    todo: str = ""

    @property
    def label(self) -> str:
        """What people call it."""
        return ITEMS[self.id]


@dataclass(frozen=True, slots=True)
class Here:
    """What the local lane found, and what the other lanes need to know: the scanner in use and the places, with our name on the wire."""

    results: tuple[Result, ...]
    scanner: Scanner | None
    places: tuple[PlaceSettings, ...]
    wire: str


@dataclass(frozen=True, slots=True)
class LastTest:
    """When it was last run, ISO, and how many things then needed a look."""

    at: str
    open: int


def here(desk: Desk) -> Here:
    """Look at what lies on this computer."""
    now = desk.clock.now()
    looks: dict[str, Callable[[], Result]] = {
        "disk": lambda: _disk(desk),
        "clock": lambda: _clock(desk),
        "calendar": lambda: calendar(desk.calendar, now.date()),
        "region": lambda: _region(desk),
        "copy": lambda: _copy(desk, now),
        "paper": lambda: _paper(desk),
    }
    results = tuple(_safe(id_, look) for id_, look in looks.items())
    known = devices.remembered(desk)
    try:
        there, wire = places.places(desk), places.wire(desk)
    except AppError as problem:
        failed = Result("place", "bad", problem.sentence, "到「管理·报送地点」里看")
        return Here((*results, failed), known.scanner if known else None, (), "")
    return Here(results, known.scanner if known else None, there, wire)


def printer(prints: Printer) -> Result:
    """Look whether something can print here."""

    def look() -> Result:
        found = prints.printers()
        if found:
            first = found[0]
            if first.trouble:
                return Result("printer", "bad", f"{first.name}：{first.trouble}", "弄好再测；急的件先办，文书留着稍后印")
            return Result("printer", "good", f"{first.name} 能打。印一张自检纸条看墨色和边距")
        if prints.available():
            return Result("printer", "good", "能打。印一张自检纸条看墨色和边距")
        return Result("printer", "bad", "没有找到打印机", "开机、插好线、装好纸，再测；文书都留着，稍后能印")

    return _safe("printer", look)


def scanner(scanners: Scanners, known: Scanner | None) -> Result:
    """Ask the scanner that served last, else look whether there is one."""

    def look() -> Result:
        if known is not None:
            scanners.abilities(known)
            return Result("scanner", "good", f"{known.name} 应答")
        found = scanners.found()
        if found:
            return Result("scanner", "good", f"找到 {found[0].name}" + (f"等 {len(found)} 台" if len(found) > 1 else ""))
        return Result("scanner", "warn", "没有找到扫描仪", "开机、插好线再测；也可以用高拍仪或选文件")

    return _safe("scanner", look)


def camera(names: Sequence[str] | None) -> Result:
    """Put the cameras that were found into words; None where the computer lacks what a camera needs."""
    if names is None:
        return Result("camera", "open", "这台电脑少了多媒体组件", "要用高拍仪，让管理员装上；扫描不受影响")
    if not names:
        return Result("camera", "open", "没有接高拍仪", "有的话插上 USB 线")
    return Result("camera", "good", names[0])


def reader(readers: CardReaders, *, off: bool = False) -> Result:
    """Look for card readers; ``off``: this counter set that none is used."""

    def look() -> Result:
        if off:
            return Result("reader", "open", "设了不用读卡器，证件信息手工键入")
        found, lacking = readers.found(), readers.lacking()
        if found:
            more = f"等 {len(found)} 台" if len(found) > 1 else ""
            return Result("reader", "good", f"{found[0].name}{more} 应答。放一张证件试试")
        return Result("reader", "open", "没有读卡器，证件信息手工键入", "；".join(lacking))

    return _safe("reader", look)


def place(there: Places, settings: Sequence[PlaceSettings], wire: str) -> Result:
    """Try the places in their order until one takes what is sent, all seven steps of :mod:`app.services.tryout`."""

    def look() -> Result:
        if not settings:
            return Result("place", "open", "没有设报送地点，用 U 盘报送", "要联网报送，到「管理·报送地点」里设")
        problems: list[str] = []
        for one in settings:
            steps = tryout.try_out(there, one, wire, secrets.token_hex(8))
            problem = next((step.problem for step in steps if step.problem is not None), None)
            if problem is None:
                return Result("place", "warn" if problems else "good", "；".join([*problems, f"{one.name} 收得下"]))
            problems.append(f"{one.name}：{problem.sentence}")
        return Result("place", "warn", "；".join(problems), "照常受理，先存在本机；通了自己会送")

    return _safe("place", look)


def late(id_: str) -> Result:
    """Say of one that it did not answer in time."""
    return Result(id_, "warn", f"{int(LIMIT_S)} 秒没有应答", "看电源和线，再测一遍；办件不用等它")


def slip(results: Iterable[Result], counter: str) -> OfficeSheet:
    """Return the slip that proves printer and ink: what was looked at and how it stands. It names nobody."""
    words = {"good": "好", "warn": "要看", "bad": "不好", "open": "没有设"}
    lines = tuple(
        Line(f"{one.label}：{words[one.tone]}", "\n".join(part for part in (one.said, one.todo) if part)) for one in results
    )
    return OfficeSheet("answers", "早晨自检", lines, f"{counter}：字迹清楚、四边不缺，打印机就是好的。")


def summary(results: Sequence[Result]) -> tuple[str, str]:
    """Return the tone and the words for all of it."""
    bad = [one.label for one in results if one.tone == "bad"]
    warn = [one.label for one in results if one.tone == "warn"]
    if bad or warn:
        return "bad" if bad else "warn", f"{len(bad) + len(warn)} 处要看：{'、'.join([*bad, *warn])}"
    return "good", "都好，可以开窗"


def keep(desk: Desk, results: Sequence[Result]) -> None:
    """Remember that it was run."""
    said = {"at": desk.clock.now().isoformat(timespec="seconds"), "open": sum(one.tone in {"bad", "warn"} for one in results)}
    desk.store.keep(_LAST, json.dumps(said))
    desk.store.note(desk.clerk, "selftest", "", " ".join(f"{one.id}:{one.tone}" for one in results))


def last(desk: Desk) -> LastTest | None:
    """Return when it was last run here; None for never."""
    try:
        known = json.loads(desk.store.setting(_LAST))
        return LastTest(str(known["at"]), int(known["open"]))
    except (ValueError, KeyError, TypeError):
        return None


def calendar(published: Calendar, today: dt.date) -> Result:
    """Judge whether the days promised from today on rest on published holidays."""
    if not published.knows(today.year):
        return Result("calendar", "bad", f"没有 {today.year} 年的放假安排，承诺日期都是暂算", "让管理员更新放假安排")
    if today.month >= _AHEAD_MONTH and not published.knows(today.year + 1):
        return Result("calendar", "warn", f"{today.year + 1} 年的还没有，过年后的日期是暂算", "国务院办公厅公布后更新")
    return Result("calendar", "good", f"到 {max(published.years)} 年")


def _safe(id_: str, look: Callable[[], Result]) -> Result:
    try:
        return look()
    except AppError as problem:
        return Result(id_, "bad", problem.sentence)


def _disk(desk: Desk) -> Result:
    space = disk.watch(desk)
    match level(space.free, space.total):
        case Level.LIMIT:
            return Result("disk", "bad", f"只剩 {size(space.free)}，先不收原件", "在工作台「本机」里按「腾空间」")
        case Level.LOW:
            return Result("disk", "warn", f"快满了，还剩 {size(space.free)}", "在工作台「本机」里按「腾空间」")
        case _:
            return Result("disk", "good", f"还剩 {size(space.free)}")


def _clock(desk: Desk) -> Result:
    verdict = clock_guard.look(desk)
    if verdict.doubt is Doubt.NONE:
        return Result("clock", "good", f"{verdict.now:%Y-%m-%d %H:%M}，日期对得上")
    return Result("clock", "bad", verdict.sentence, "在工作台「本机」里按「核对」，核对前不能受理")


def _region(desk: Desk) -> Result:
    return Result("region", "good", f"{desk.region.name} {desk.region.version} 版")


def _copy(desk: Desk, now: dt.datetime) -> Result:
    standing = second_copy.standing(desk.store, now)
    tone = "warn" if standing.tone == "open" else standing.tone
    return Result("copy", tone, standing.words, "" if standing.tone == "good" else standing.sentence)


def _paper(desk: Desk) -> Result:
    drawn = desk.printery.office_sheet(
        slip((), desk.counter.name), "letter", desk.region, desk.counter, moment=desk.clock.now().isoformat(timespec="seconds")
    )
    if drawn.problems:
        return Result("paper", "bad", drawn.problems[0], "重新安装程序，已存的不受影响")
    return Result("paper", "good", "字体和版式齐全")
