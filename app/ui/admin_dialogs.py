"""Questions of the administration page: a few fields that must be right before they act, and codes that are shown once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui.door.secret import SecretField
from app.ui.kit import Button, Dialog, Field, FormGrid, Segments, Text, column, row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtGui import QShowEvent

    from app.ui.lane import Lane

WIDE = 480
_LABEL = 96
_ACROSS = 5

Input = Field | SecretField | Segments


class Ask(Dialog):
    """A dialog with fields. ``answered(dict)`` when its act was pressed and ``check`` (answers → problem) found nothing.

    It stays open until :meth:`done_well`, or says with :meth:`fail` what came of it; what was typed as a secret is wiped then.
    """

    answered = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        title: str,
        text: str,
        act: str,
        fields: Mapping[str, tuple[str, Input]],
        check: Callable[[dict[str, str]], str],
        *,
        stay: str = "不做了",
        more: Sequence[QWidget] = (),
        danger: bool = False,
    ) -> None:
        form = FormGrid(_LABEL)
        for label, field in fields.values():
            form.row(label, field if isinstance(field, Segments) else (field, 1))
        for widget in more:
            form.wide(widget)
        super().__init__(parent, title, text, act, stay, body=column(form, pad=(0, 6, 0, 0)), width=WIDE, danger=danger)
        self.fields = {name: field for name, (_, field) in fields.items()}
        self._check = check

    def confirm(self) -> None:
        """Act once everything is right; otherwise say what is not."""
        if not self.act.isEnabled():
            return
        answers = {name: field.value() for name, field in self.fields.items()}
        problem = self._check(answers)
        self.message.say("bad" if problem else "", problem)
        if not problem:
            self.act.setEnabled(False)
            self.answered.emit(answers)

    def fail(self, sentence: str) -> None:
        """Say that it was not done, and let it be tried again."""
        self.act.setEnabled(True)
        self.message.say("bad", sentence)
        for field in self.fields.values():
            if isinstance(field, SecretField):
                field.wipe()

    def done_well(self) -> None:
        """Close: it was done."""
        self.accept()

    def showEvent(self, event: QShowEvent) -> None:
        """Stand in the first field."""
        super().showEvent(event)
        next(iter(self.fields.values())).setFocus(Qt.FocusReason.OtherFocusReason)


def answered(
    lane: Lane, dialog: Ask, work: Callable[[dict[str, str]], Callable[[], Any] | None], then: Callable[[Any], object]
) -> None:
    """Open a dialog and do on the lane what it was answered; it closes when that was done. ``work`` returns None to let it stay open."""

    def act(answers: dict[str, str]) -> None:
        job = work(answers)
        if job is None:
            dialog.fail("")
            return

        def done(result: object) -> None:
            dialog.done_well()
            then(result)

        lane.run(
            job,
            then=done,
            failed=lambda problem: dialog.fail(problem.sentence),
            owner=dialog,
            broken=lambda: dialog.fail("程序出了差错，这一步没有做成"),
        )

    dialog.answered.connect(act)
    dialog.open()


class CodeDialog(Dialog):
    """A code, shown once, in groups large enough to be copied by hand. ``printed()`` where there is a button to print it."""

    printed = Signal()

    def __init__(
        self, parent: QWidget, title: str, text: str, code: str, *, prints: bool = False, lines: Sequence[str] = ()
    ) -> None:
        groups = QGridLayout()
        groups.setHorizontalSpacing(18)
        groups.setVerticalSpacing(8)
        found = re.findall(r"[0-9A-Z]{1,4}", code)
        for at, group in enumerate(found):
            shown = Text(group, "h2", centre=True)
            shown.setAccessibleName(f"第 {at + 1} 组 {' '.join(group)}")
            groups.addWidget(shown, at // _ACROSS, at % _ACROSS, Qt.AlignmentFlag.AlignCenter)
        sheet = QWidget()
        sheet.setLayout(groups)
        print_button = Button("打印", icon="printer")
        print_button.setVisible(prints)
        told = [Text(line, "small", wrap=True, width=WIDE - 46) for line in lines]
        body = column(column(sheet, pad=(16, 14), role="sheet"), 10, row(print_button, ...), *told, gap=4)
        super().__init__(parent, title, text, "记下了", "关上", body=body, width=WIDE)
        print_button.clicked.connect(self.printed)
        self.code = code
        self.stay.setVisible(False)
