"""The second copy as the clerk knows it: where it goes, how old it is, whether a receipt waits for it, and when restoring is due.

What writes it runs in small steps on two threads (:mod:`app.ui.copy_runner`); here is what is true between two runs.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.core.errors import CopyError
from app.core.settings_all import COPY_FIRST, COPY_FOLDER, SETTINGS
from app.services.ports import CopyRecord

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from app.services.ports import CopyMark, Desk, Mended, Restored, Store

WAITS = COPY_FIRST
"""Setting of the office: holds the receipt until the second copy has the case. Off unless set."""

OLD_DAYS = 1
"""From so many days on the copy's age is a warning; the counter writes several times an hour while it is open."""

CHECK_DAYS = 30
"""So often restoring has to be proved."""


@dataclass(frozen=True, slots=True)
class CopyStanding:
    """How the second copy stands, for one line: tone (good, warn, bad, open), words, the whole sentence behind them, and the next act."""

    tone: str
    words: str
    sentence: str = ""
    check_due: bool = False


def standing(store: Store, now: dt.datetime) -> CopyStanding:
    """Return how the second copy stands."""
    counter = store.counter()
    return say(counter.second_copy if counter else "", store.copy_record(), now)


def say(folder: str, record: CopyRecord, now: dt.datetime) -> CopyStanding:
    """Put a record into words. A record of another folder says nothing about this one."""
    if not folder:
        return CopyStanding("open", "没有设置", "本机的盘坏了就找不回来。选一个另一块盘上的文件夹")
    known = record if record.folder == folder else CopyRecord(folder, problem=record.problem if not record.folder else "")
    due = check_due(known, now)
    if not known.at:
        return CopyStanding("bad" if known.problem else "warn", "还没有写过", known.problem or "按「现在备份」写第一次")
    at = dt.datetime.fromisoformat(known.at)
    days = (now.date() - at.date()).days
    clock = f"{at:%H:%M} 已写入"
    words = clock if days <= 0 else f"{days} 天没备份"
    if known.problem:
        return CopyStanding("bad", f"{at:%H:%M} 后没写成" if days <= 0 else words, known.problem, due)
    if days > OLD_DAYS:
        return CopyStanding("warn", words, "看盘插好没有，按「现在备份」", due)
    if due:
        return CopyStanding("warn", "该做恢复检查", f"满 {CHECK_DAYS} 天没有检查过能不能恢复。按「恢复检查」，不耽误办件", due)
    return CopyStanding("good", clock if days <= 0 else f"昨天 {at:%H:%M}")


def check_due(record: CopyRecord, now: dt.datetime) -> bool:
    """Whether restoring was not proved for a month, or since the copy was first made in this folder."""
    return bool(record.checked_at) and (now - dt.datetime.fromisoformat(record.checked_at)).days >= CHECK_DAYS


def choose(desk: Desk, folder: str) -> None:
    """Send the second copy to another folder from now on; the former copy stays where it is. CopyError when that cannot be."""
    counter = desk.store.counter()
    if counter is None:
        raise CopyError("先做第一次设置，再设第二份备份")
    desk.store.set_counter(replace(counter, second_copy=folder))
    desk.store.make_settings({COPY_FOLDER: folder}, desk.clerk)


def written(desk: Desk, folder: str, mark: CopyMark) -> CopyRecord:
    """Remember that the copy was equal just now."""
    before = desk.store.copy_record()
    checked = before.checked_at if before.folder == folder and before.at else mark.at
    record = CopyRecord(folder, mark.at, checked)
    desk.store.keep_copy_record(record)
    return record


def not_written(desk: Desk, folder: str, sentence: str) -> CopyRecord:
    """Remember why the copy was not written; when it was last equal stays."""
    before = desk.store.copy_record()
    record = replace(before, problem=sentence) if before.folder == folder else CopyRecord(folder, problem=sentence)
    desk.store.keep_copy_record(record)
    return record


def checked(desk: Desk, found: Restored) -> str:
    """Remember that restoring was proved, and say what came back."""
    before = desk.store.copy_record()
    desk.store.keep_copy_record(replace(before, checked_at=desk.clock.now().isoformat(timespec="seconds"), problem=""))
    desk.store.note(desk.clerk, "copy_checked", "", f"audit {found.audit}")
    return f"能恢复：{told(found)}，逐件对过"


def told(found: Restored) -> str:
    """Say what a copy holds."""
    held = f"申请 {found.counts['applications']} 件，原件 {found.originals} 页，操作记录 {found.audit} 条，写于 {found.at.replace('T', ' ')}"
    return f"{held}（缺统筹区资料 {'、'.join(found.absent)}，用它的件先按现在的版本看）" if found.absent else held


def first(store: Store) -> bool:
    """Whether the setting is on, with a second copy or without."""
    return bool(SETTINGS[WAITS].read(store.setting(WAITS)))


def waits(store: Store) -> bool:
    """Whether the office wants the receipt to wait for the second copy."""
    counter = store.counter()
    return first(store) and bool(counter and counter.second_copy)


def same_disk(folder: Path, data_dir: Path) -> bool:
    """Whether both lie on one disk, so that it takes both with it. False when that cannot be seen."""
    try:
        return folder.stat().st_dev == data_dir.stat().st_dev
    except OSError:
        return False


def held(desk: Desk, application_id: str) -> bool:
    """Whether this application's receipt still waits for the second copy."""
    if not waits(desk.store):
        return False
    return not has(desk, application_id)


def has(desk: Desk, application_id: str) -> bool:
    """Whether the second copy was written after this application was accepted, so that it surely holds it."""
    application, counter, record = desk.store.application(application_id), desk.store.counter(), desk.store.copy_record()
    if application is None or application.acceptance is None or counter is None:
        return False
    return bool(counter.second_copy) and record.folder == counter.second_copy and record.at > application.acceptance.accepted_at


def require(desk: Desk, application_id: str, kinds: Iterable[str]) -> None:
    """Hold back a receipt that has to wait. CopyError says for what."""
    if any(kind.startswith("receipt") for kind in kinds) and held(desk, application_id):
        why = desk.store.copy_record().problem
        raise CopyError(f"回执等第二份备份写好再打。{why or '正在写，写好了「接下来」里会说，再按一次打印'}")


def line(desk: Desk, application_id: str) -> str:
    """Return what the finished page may say of the second copy: only what is true."""
    if not has(desk, application_id):
        return ""
    at = dt.datetime.fromisoformat(desk.store.copy_record().at)
    return f"第二份备份 {at:%H:%M} 已写入。" if at.date() == desk.clock.now().date() else "第二份备份里有这件。"


def mended_words(found: Mended) -> tuple[str, str]:
    """Return title and text of what looking through a damaged store found."""
    if not found.affected and not found.other_lost:
        return "查过了，没有少", "每一处都读过，对得上。可以接着办。"
    gone = [one for one in found.affected if one.lost]
    lines = [f"{one.label}：{one.lost}读不出来了" if one.lost else f"{one.label}：已补回" for one in found.affected]
    if found.other_lost:
        lines.append(f"另有 {found.other_lost} 条设置或操作记录读不出来")
    source = "补回的来自第二份备份。" if found.copy_used else ""
    way = "读不出来的：有第二份备份就插上再查一遍；没有就照纸件重新录。" if gone or found.other_lost else ""
    kept = f"坏的文件留着：{found.kept}。" if found.kept else ""
    return f"查过了，碰到 {len(found.affected)} 件", "\n".join([*lines, f"{source}{way}{kept}别的件都在，可以接着办。"])
