"""What the workbench's lists are made of and what they say while they are empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui import lists, worklist_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.ui.kit import Column, Line

EMPTY = {
    "drafts": ("file-text", "没有草稿", "按 F5 开始一件新申请。键入的每一项都随手存下，没有保存按钮。"),
    "waiting": ("inbox", "没有待补材料的件", "印了一次性告知书的件，会列在这里等申请人回来。"),
    "untold": ("phone", "结果都告诉了", "市局有了新的结果，没告诉申请人的会列在这里。"),
    "renewals": ("circle-check", "近期没有要续期的", "市局写明到期日的、统筹区写明年数的，到期前会列在这里。都没写的不列。"),
    "supplement": ("circle-check", "没有要补正的件", "市局退回补正的件会列在这里。"),
    "deferred": ("circle-check", "没有容缺待补的件", "容缺受理、材料还没补来的件会列在这里。"),
    "overdue": ("circle-check", "没有到期没结果的件", "承诺的日子到了、市局还没有结果的件会列在这里。"),
    "received": ("package-check", "没有等结果的件", "市局收到、还没有结果的件会列在这里。"),
    "here": ("laptop", "没有等着报送的件", "受理一件，就在这里等导出。"),
    "copied": ("hard-drive-upload", "没有已导出的件", "到「待报送」按 Ctrl E，导出到文件夹。"),
    "needs_you": ("circle-check", "没有需处理的件", "主管退回的、报送不出去的、市局收到两份对不上的，会列在这里。"),
    "today": ("inbox", "今天还没有受理", "受理的件会列在这里。"),
}
TABLES: dict[str, tuple[str, tuple[Column, ...], Callable[..., Line], tuple[int, ...]]] = {
    "drafts": ("草稿", lists.DRAFT_COLUMNS, lists.draft_line, ()),
    "waiting": ("待补材料", worklist_rows.WAITING_COLUMNS, worklist_rows.waiting_line, (3, 4)),
    "owing": ("要补的件", worklist_rows.OWING_COLUMNS, worklist_rows.owing_line, (2,)),
    "renewals": ("将到期续期", worklist_rows.RENEWAL_COLUMNS, worklist_rows.renewal_line, (5,)),
    "untold": ("结果已回", worklist_rows.UNTOLD_COLUMNS, worklist_rows.untold_line, (5,)),
    "needs_you": ("需处理", worklist_rows.STUCK_COLUMNS, worklist_rows.stuck_line, (2,)),
    "accepted": ("已受理的件", lists.ACCEPTED_COLUMNS, lists.accepted_line, (4,)),
    "found": ("查找结果", lists.FOUND_COLUMNS, lists.found_line, (2, 6)),
}
"""Accessible name, columns, row and the columns that give way in a slim window, of each kind of list."""
TABLE_OF = {"supplement": "owing", "deferred": "owing"}
ACTS = {"renewals": "办续期", "untold": "去告知", "supplement": "打开"}
MOST_PICTURES = 5
RECENT = "最近打开的"
KNOWS = "认得姓名、姓名首字母、证件后四位、电话尾号、受理编号。\n空格隔开，每段都要对上。"
