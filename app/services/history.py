"""What happened to one application, in words, from the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.printing import TITLES

if TYPE_CHECKING:
    from app.services.ports import Desk

WORDS = {
    "create": "开始受理",
    "continue": "接着办",
    "change": "改过",
    "finalise": "受理，排进待报送",
    "view": "打开看过",
    "print": "打印",
    "sign": "在屏上签",
    "sign_scan": "扫回签好的",
    "queue_signed": "签好的排进待报送",
    "save_pdf": "存为 PDF",
    "copy": "导出",
    "void": "作废",
    "drop_page": "清掉没有用上的一页",
    "handover": "移交出去",
    "taken_over": "读入移交的件",
    "taken_back": "拿回",
    "seal": "封好",
    "deliver": "送到市局",
    "set_aside": "送不出，放到需处理",
    "send_again": "再送一次",
    "received": "读入回执，已送达",
    "purge": "按规定清理原件",
    "answer": "读入市局的答复",
    "heard": "记下电话里的答复",
    "told": "告诉申请人",
    "look": "复核",
    "keep_both": "和同一个人的另一件都留",
    "take_papers": "收进同一个人另一件的材料",
    "copy_earlier": "抄来同一个人以前那件的内容",
    "reopen": "另开一版补正",
    "close_version": "不再补正，回到报送的那一版",
}
PAPERS = {**TITLES, "receipt-large": "大字回执"}


def history(desk: Desk, application_id: str) -> list[tuple[str, str]]:
    """Return (local ISO time, words) of everything noted about an application, here and at the counters it came from, oldest first."""
    told: list[tuple[str, str]] = []
    for entry in (*desk.store.journal(application_id), *reversed(desk.store.audit(subject=application_id))):
        if entry.act in WORDS:
            paper = PAPERS.get(entry.what.partition(" ")[0], "")
            told.append((entry.at, f"{WORDS[entry.act]}{paper}，{entry.who}"))
    return told
