"""What happened to one application, in words, from the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.services.ports import Desk

WORDS = {
    "create": "开始受理",
    "continue": "接着办",
    "change": "改过",
    "finalise": "受理，排进待报送",
    "view": "打开看过",
    "print": "打印",
    "save_pdf": "存为 PDF",
    "copy": "导出",
    "void": "作废",
    "drop_page": "清掉没有用上的一页",
    "handover": "移交出去",
    "taken_over": "读入移交的件",
    "taken_back": "拿回",
}
PAPERS = {"form": "申请表", "receipt": "受理回执", "receipt-large": "大字回执"}


def history(desk: Desk, application_id: str) -> list[tuple[str, str]]:
    """Return (local ISO time, words) of everything noted about an application, here and at the counters it came from, oldest first."""
    told: list[tuple[str, str]] = []
    for entry in (*desk.store.journal(application_id), *reversed(desk.store.audit(subject=application_id))):
        if entry.act in WORDS:
            paper = PAPERS.get(entry.what.partition(" ")[0], "")
            told.append((entry.at, f"{WORDS[entry.act]}{paper}，{entry.who}"))
    return told
