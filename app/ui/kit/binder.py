"""Fields tied to the dotted paths of the application (``applicant.phone``), so that a page is a list of names and nothing more."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from app.core.application import get
from app.ui.kit.choices import Check, Combo, Segments
from app.ui.kit.fields import Field, TextArea

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.core.findings import Finding
    from app.ui.kit.form import Input

W = TypeVar("W", Field, TextArea, Segments, Combo, Check)
_WORST = {"bad": 0, "warn": 1}


class Binder(QObject):
    """``name = binder.add("applicant.name", Field("申请人·姓名"))``.

    Signals: ``edited(path, value)`` (str, or bool for a Check) when a person changed a field; ``left(path)`` when the focus went on.
    """

    edited = Signal(str, object)
    left = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fields: dict[str, Input] = {}

    def add(self, path: str, field: W) -> W:
        """Tie a field to a path and return it."""
        self._fields[path] = field
        if isinstance(field, (Field, TextArea)):
            field.edited.connect(lambda value: self.edited.emit(path, value))
            field.left.connect(lambda: self.left.emit(path))
        elif isinstance(field, Check):
            field.ticked.connect(lambda value: self.edited.emit(path, value))
        else:
            field.chosen.connect(lambda value: self.edited.emit(path, value))
        return field

    def drop(self, path: str) -> None:
        """Forget a path whose widget is going away."""
        self._fields.pop(path, None)

    def field(self, path: str) -> Input | None:
        """Return the field of a path."""
        return self._fields.get(path)

    def show(self, value: object) -> None:
        """Show what stands at every path of ``value`` (an Application, or any part when the paths are relative to it).

        A path that does not exist in this value shows empty.
        """
        for path, field in self._fields.items():
            try:
                held = get(value, path)
            except LookupError:
                held = ""
            if isinstance(field, Check):
                field.put(bool(held))
            else:
                field.put(str(held))

    def show_findings(self, findings: Iterable[Finding]) -> None:
        """Give each field its worst finding (缺 before 疑; one with a reason counts no more), and none to the others."""
        worst: dict[str, Finding] = {}
        for finding in findings:
            if finding.tone.value not in _WORST or not finding.stops:
                continue
            held = worst.get(finding.field)
            if held is None or _WORST[finding.tone.value] < _WORST[held.tone.value]:
                worst[finding.field] = finding
        for path, field in self._fields.items():
            found = worst.get(path)
            field.set_finding(found.tone.value if found else "", found.title if found else "")

    def go(self, path: str) -> bool:
        """Focus the field of a path, or the nearest one above it (``papers.x.issued_on`` → ``papers.x``); return whether there is one."""
        while path:
            field = self._fields.get(path)
            if field is not None:
                field.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return True
            path = path.rpartition(".")[0]
        return False
