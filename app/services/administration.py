"""What a supervisor sets and reads: idle minutes, the scale of the window, the audit in words and as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import AppError
from app.services import answers, places
from app.services.clerks import require_supervisor
from app.services.outside import write_new
from app.services.ports import Role
from app.services.telling import How

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.services.ports import AuditEntry, Desk

IDLE = "idle_minutes"
IDLE_DEFAULT, IDLE_LEAST, IDLE_MOST = 5, 1, 30
SCALES = (100, 110, 125, 150, 175, 200)
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
    "sent": "导出的清单校验值",
    "received": "读入回执，已送达",
    "answer_refused": "回执没有读入",
    "purge": "按规定清理原件",
    "answer": "读入市局的答复",
    "heard": "记下电话里的答复",
    "told": "告诉申请人",
    "reopen": "另开一版补正",
    "close_version": "不再补正，回到报送的那一版",
    "answer_key": "做了读答复的钥匙",
    "office_key": "设经办机构公钥",
    "retention": "设原件保留天数",
    "seal": "封好这件",
    "deliver": "报送到",
    "set_aside": "送不出，放到需处理",
    "send_again": "再送",
    "places": "改报送地点",
    "office_keys": "设市局的封包公钥",
    "counter_key": "做了窗口的签名钥匙",
}
"""Acts in the audit, in words. One that is not here is shown as it stands."""


_WORDS = {
    Role.CLERK.value: "经办",
    Role.SUPERVISOR.value: "主管",
    "recovery": "用恢复码",
    IDLE: "自动锁定",
    "scale": "放大",
} | {
    How.REACHED.value: "打通了",
    How.NO_ANSWER.value: "没人接",
    How.WRONG_NUMBER.value: "号不对",
    How.VISIT.value: "当面",
    How.LETTER.value: "交了通知",
    How.MISTAKEN.value: "上一次记错了",
}
"""Words that rows about people and settings hold."""


def idle_minutes(desk: Desk) -> int:
    """Return after how many minutes without a key or a click the window locks itself."""
    text = desk.store.setting(IDLE)
    return int(text) if text.isdigit() and IDLE_LEAST <= int(text) <= IDLE_MOST else IDLE_DEFAULT


def set_idle_minutes(desk: Desk, text: str) -> int:
    """Set it. AppError says what fits."""
    require_supervisor(desk)
    if not (text.isascii() and text.isdigit() and IDLE_LEAST <= int(text) <= IDLE_MOST):
        raise AppError(f"写 {IDLE_LEAST} 到 {IDLE_MOST} 之间的整数")
    desk.store.set_setting(IDLE, text)
    return int(text)


def scale(desk: Desk) -> int:
    """Return the scale of the window in percent, as it will be at the next start."""
    try:
        text = (desk.data_dir / "scale").read_text("ascii", "replace").strip()
    except OSError:
        return SCALES[0]
    return int(text) if text.isdigit() and int(text) in SCALES else SCALES[0]


def set_scale(desk: Desk, percent: int) -> None:
    """Write the scale beside the store, where it can be read before Qt is loaded. AppError when it cannot be written."""
    require_supervisor(desk)
    if percent not in SCALES:
        raise ValueError("no such scale")
    path = desk.data_dir / "scale"
    try:
        draft = path.with_name("scale.next")
        draft.write_text(str(percent), "ascii")
        draft.replace(path)
    except OSError as problem:
        raise AppError("数据文件夹写不进去，放大倍数没有改。让管理员给写入权限", type(problem).__name__) from problem
    desk.store.note(desk.clerk, "setting", "", "scale")


def told(entry: AuditEntry) -> str:
    """Return what an audit row says, in words."""
    return ACTS.get(entry.act, entry.act)


def about(entry: AuditEntry) -> str:
    """Return what an audit row is about: the tail of an application's id, and what was noted."""
    what = " ".join(_WORDS.get(word, word) for word in entry.what.split(" "))
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
