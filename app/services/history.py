"""What happened to one application, in words, from the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.services.ports import Desk

WORDS = {
    "create": "开始受理",
    "continue": "接着办",
    "finalise": "受理，排进待报送",
    "view": "打开看过",
    "print": "打印",
    "save_pdf": "存为 PDF",
    "copy": "导出",
    "void": "作废",
}
PAPERS = {"form": "申请表", "receipt": "受理回执", "receipt-large": "大字回执"}


def history(desk: Desk, application_id: str) -> list[tuple[str, str]]:
    """Return (local ISO time, words) of everything noted about an application, oldest first."""
    told: list[tuple[str, str]] = []
    for entry in reversed(desk.store.audit()):
        if entry.subject == application_id and entry.act in WORDS:
            paper = PAPERS.get(entry.what.partition(" ")[0], "")
            told.append((entry.at, f"{WORDS[entry.act]}{paper}，{entry.who}"))
    return told
