"""A possible mistake: what looks odd, what was filled in, and the two ways on — mend it, or keep it for a reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.core.application import get
from app.ui.kit import Chip, Dialog, Text, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from app.core.application import Application
    from app.core.findings import Finding

_TYPED = re.compile(r"[^\x00-\x7f]|\d[\d -]{4,}\d")
"""What a person wrote: Chinese, a date, a number. A code of a choice says nothing to a reader."""
COMMON = ("和证件原件核对过", "原件上就是这样", "申请人当面说明了")
"""Reasons that Alt ↓ puts into the field, one after the other."""
_WORDS = "照这样办，写下理由：它随申请一起报送，留有你的名字。"


def mistake_dialog(
    parent: QWidget, finding: Finding, application: Application, mend: Callable[[], object], keep: Callable[[str], object]
) -> Dialog:
    """Return the question about a doubt (疑). ``mend()`` when it is to be changed, ``keep(reason)`` when it stays as it is.

    The finding's title names the two values that do not go together; what stands in its field is added where the title leaves it out.
    """
    said = filled(finding, application)
    dialog = Dialog(
        parent,
        finding.title,
        f"{finding.todo.rstrip('。')}。{_WORDS}".lstrip("。"),
        "照这样办",
        "改",
        reason="看到了什么、为什么可以收",
        value=finding.reason,
        common=COMMON,
        body=row(Chip("现在填的", "warn", "triangle-alert"), (Text(said, wrap=True), 1), gap=8, pad=(0, 8, 0, 0))
        if said
        else None,
    )
    dialog.stay.clicked.connect(mend)
    dialog.acted.connect(keep)
    return dialog


def filled(finding: Finding, application: Application) -> str:
    """Return label and value of the finding's field, empty where the title says the value or it is not text somebody wrote."""
    try:
        value = get(application, finding.field)
    except LookupError:
        return ""
    if not isinstance(value, str) or not _TYPED.search(value) or value in finding.title:
        return ""
    return f"{finding.label} {value}".strip()
