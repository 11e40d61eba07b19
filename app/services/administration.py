"""What a supervisor reads and takes along: the audit in words and as a file, and the counter's card for the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import AppError
from app.core.settings_all import SETTINGS
from app.services import answers, places
from app.services.audit_words import in_words
from app.services.clerks import require_supervisor
from app.services.outside import write_new
from app.services.ports import Role
from app.services.telling import How

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.services.ports import AuditEntry, Desk

SHOWN = 200
_CHUNK = 2000

ACTS = {
    "set_up": "第一次设置",
    "setup": "设好窗口",
    "counter": "改窗口资料",
    "setting": "改设置",
    "unlock": "打开",
    "unlock_recovery": "用恢复码打开",
    "unlock_once": "用一次性码打开，设了新口令",
    "unlock_refused": "口令不对，没打开",
    "clerk_added": "加人",
    "clerk_stopped": "停用",
    "clerk_role": "改角色",
    "once_code": "发一次性码",
    "passphrase": "换口令",
    "recovery_renewed": "换恢复码",
    "rekey": "换数据钥匙",
    "create": "开始受理",
    "continue": "接着办",
    "change": "改过",
    "state": "改状态",
    "original": "收原件",
    "drop_page": "清掉没用上的原件",
    "view": "打开看",
    "finalise": "受理，排进待报送",
    "print": "打印",
    "save_pdf": "存为 PDF",
    "copy": "导出这件",
    "export": "导出",
    "void": "作废",
    "handover": "移交",
    "taken_over": "读入移交的件",
    "taken_back": "拿回移交的件",
    "audit_export": "操作记录存成文件",
    "settings_file": "设置存成文件",
    "settings_read": "按文件改设置",
    "board_export": "办件情况存成表格",
    "look": "第二人复核",
    "sent": "导出的清单校验值",
    "received": "读入回执，已送达",
    "answer_refused": "回执没有读入",
    "purge": "按规定清理原件",
    "answer": "读入市局的答复",
    "heard": "记下电话里的答复",
    "told": "告诉申请人",
    "take_papers": "收进同一个人另一件的材料",
    "reopen": "另开一版补正",
    "close_version": "不再补正，回到报送的那一版",
    "answer_key": "做了读答复的钥匙",
    "office_key": "设经办机构公钥",
    "region_came": "收到统筹区新资料",
    "region_refused": "统筹区新资料没有收",
    "region_used": "换统筹区资料的版本",
    "retention": "设原件保留天数",
    "seal": "封好这件",
    "deliver": "报送到",
    "set_aside": "送不出，放到需处理",
    "send_again": "再送",
    "places": "改报送地点",
    "office_keys": "设市局的封包公钥",
    "counter_key": "做了窗口的签名钥匙",
    "rating": "问了申请人办得怎么样",
    "document": "存好文书",
    "notice": "给了一次性告知书",
    "declined": "告知暂不能受理",
    "sign": "在屏上签",
    "sign_scan": "扫回签好的",
    "queue_signed": "签好的排进待报送",
    "keep_both": "和同一个人的另一件都留",
    "copy_earlier": "抄来同一个人以前那件的内容",
    "selftest": "早晨自检",
    "show_names": "显示全名",
    "cover_lists": "清单遮住姓名号码",
    "uncover_lists": "清单不遮姓名号码",
    "clock_confirmed": "确认了电脑的日期",
    "copy_checked": "核对第二份备份",
    "make_room": "腾空间",
    "mend": "修复数据",
}
"""Acts in the audit, in words. One that is not here is shown as it stands."""


_WORDS = {
    Role.CLERK.value: "经办",
    Role.SUPERVISOR.value: "主管",
    "recovery": "用恢复码",
} | {
    How.REACHED.value: "打通了",
    How.NO_ANSWER.value: "没人接",
    How.WRONG_NUMBER.value: "号不对",
    How.VISIT.value: "当面",
    How.LETTER.value: "交了通知",
    How.MISTAKEN.value: "上一次记错了",
}
"""Words that rows about people and settings hold."""


def told(entry: AuditEntry) -> str:
    """Return what an audit row says, in words."""
    return ACTS.get(entry.act, entry.act)


def about(entry: AuditEntry) -> str:
    """Return what an audit row is about: the tail of an application's id, and what was noted."""
    if entry.act == "setting" and entry.what in SETTINGS:
        return SETTINGS[entry.what].name
    what = " ".join(_WORDS.get(word, word) for word in in_words(entry.act, entry.what).split(" "))
    return f"{entry.subject[-8:]} {what}".strip()


def newest(desk: Desk) -> list[AuditEntry]:
    """Return the newest audit rows first."""
    return desk.store.audit(SHOWN)


def save_audit(desk: Desk, folder: Path) -> str:
    """Write the whole audit as JSON lines, each with its hash, where the supervisor chose. Returns the file's name.

    The chain is verified first. AppError when it is broken, or when the place does not take the file; one that is there is not overwritten.
    """
    require_supervisor(desk)
    desk.store.verify_audit()
    name = f"audit-{desk.counter.code}-{desk.clock.now():%Y%m%d-%H%M%S}.jsonl"
    try:
        write_new(folder / name, _lines(desk))
    except FileExistsError:
        raise AppError(f"那里已有 {name}，没有覆盖。换一个文件夹") from None
    except OSError as problem:
        raise AppError("这个文件夹写不进去，操作记录没有存。换一个文件夹", type(problem).__name__) from problem
    desk.store.note(desk.clerk, "audit_export", "", name)
    return name


def save_counter_card(desk: Desk, folder: Path) -> str:
    """Write what the office needs of this counter where the supervisor chose, nothing secret in it. Returns the card's name.

    The card holds both public keys; the line beside it is for ``ssh-keygen -Y verify``. AppError when the place does not take them; what is
    there is not overwritten.
    """
    require_supervisor(desk)
    name, card = answers.card(desk)
    line = f"{places.wire(desk)}.allowed_signers"
    try:
        write_new(folder / name, [card])
        if not (folder / line).exists():
            write_new(folder / line, [f"{places.counter_line(desk)}\n".encode()])
    except FileExistsError:
        raise AppError(f"那里已有 {name}，没有覆盖。换一个文件夹") from None
    except OSError as problem:
        raise AppError("这个文件夹写不进去，公钥没有存。换一个文件夹", type(problem).__name__) from problem
    return name


def _lines(desk: Desk) -> Iterator[bytes]:
    after = 0
    while lines := desk.store.audit_lines(after, _CHUNK):
        yield from (f"{line}\n".encode() for line in lines)
        after += len(lines)
