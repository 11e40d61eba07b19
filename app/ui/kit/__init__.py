"""The kit: every part a page of Chuangkou is built from. Import from here: ``from app.ui.kit import Field, FormGrid``.

Data goes in through one setter (``put``, mostly), one meaningful signal comes out, a widget knows nothing else: no service, no store.
Setters never emit; signals mean that a person did something. Colours and sizes come from :mod:`app.ui.theme`, shortcuts from
:mod:`app.ui.keys`, work off the GUI thread from :mod:`app.ui.lane`.

====================  ================================================================================================================
Layout                ``row(a, 8, b, ..., c, gap=8, pad=(16, 8), role="band")``, ``column(...)``, ``rule()``, ``scroller(w)``, ``stacked(s, ws)``;
                      roles: page plain side rail sheet band bandtop desk slot (tone, on) open choice more
Words                 Text(text, role), Icon, KeyCap, HintLabel, Chip, Verdict, Lattice
Buttons               Button(text, kind, key=, icon=), ToolButton(icon, name), Toggle(text)
Fields                Field, DateField, SuggestField, TextArea: ``put value edited left set_source set_finding``
Choices               Segments, Combo: ``put value chosen set_choices``; Check: ``put value ticked``
Form                  FormGrid ``head row wide between``, FormRow ``say set_label setVisible``, SectionHead, MessageLine
Binder                ties fields to dotted paths of the Application: ``add show show_findings go edited(path, value)``
Moves                 EnterMoves(page), focus_first(page), fields_of(page), in_reading_order(*widgets), keep_in_sight(area, widget)
Findings              FindingsPanel ``put set_current next_finding reason_current go(field) reason(id)``, count(findings)
Lists                 ListTable(name, [Column], two_lines=) ``put([Line(key, (Cell | str, ...))]) selected(key) opened(key)``
Messages              MessageBar ``say clear acted``, EmptyState, Skeleton, Dialog ``open acted(reason)``
Frames                CaseFrame (header, rail, middle, side, foot), CaseHeader, Rail + Step, FootBar, TopBar + Tab
====================  ================================================================================================================

A step page, whole::

    class Person(QFrame):
        edited = Signal(str, object)

        def __init__(self) -> None:
            super().__init__()
            self._binder = Binder(self)
            form = FormGrid()
            form.head("申请人")
            name = self._binder.add("applicant.name", Field("申请人·姓名", width=180))
            form.row("姓名", name, form.between("性别"), self._binder.add("applicant.sex", Segments("申请人·性别", SEX.items())))
            fill(QVBoxLayout(self), (Text("身份", "h1"), 12, form, ...), pad=(28, 18, 28, 8))
            self._binder.edited.connect(self.edited)

        def show_case(self, application: Application, findings: Sequence[Finding]) -> None:
            self._binder.show(application)
            self._binder.show_findings(findings)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.ui.kit.bars import CaseHeader, FootBar
    from app.ui.kit.binder import Binder
    from app.ui.kit.buttons import Button, Toggle, ToolButton
    from app.ui.kit.choices import Check, Combo, Segments
    from app.ui.kit.dialogs import Dialog
    from app.ui.kit.fields import DateField, Field, TextArea
    from app.ui.kit.findings import FindingRow, FindingsPanel, count
    from app.ui.kit.form import FormGrid, FormRow, MessageLine, SectionHead
    from app.ui.kit.frames import CaseFrame
    from app.ui.kit.icons import Icon, Lattice, draw_lattice, icon, pixmap
    from app.ui.kit.layouts import column, empty, fill, held, restyle, row, rule, scroller, stacked
    from app.ui.kit.messages import EmptyState, MessageBar, Skeleton
    from app.ui.kit.moves import EnterMoves, fields_of, focus_first, in_reading_order, keep_in_sight
    from app.ui.kit.rail import Rail, Step
    from app.ui.kit.suggest import SuggestField
    from app.ui.kit.table import Cell, Column, Line, ListTable, RowDelegate, RowModel
    from app.ui.kit.text import Chip, HintLabel, KeyCap, Text, Verdict
    from app.ui.kit.topbar import Tab, TopBar

# Which module holds what: a module is imported when its first name is asked for, since the window that is shown first (the lock)
# needs a third of the kit and nobody should wait for the rest.
_HOMES = {
    "bars": "CaseHeader FootBar",
    "binder": "Binder",
    "buttons": "Button Toggle ToolButton",
    "choices": "Check Combo Segments",
    "dialogs": "Dialog",
    "fields": "DateField Field TextArea",
    "findings": "FindingRow FindingsPanel count",
    "form": "FormGrid FormRow MessageLine SectionHead",
    "frames": "CaseFrame",
    "icons": "Icon Lattice draw_lattice icon pixmap",
    "layouts": "column empty fill held restyle row rule scroller stacked",
    "messages": "EmptyState MessageBar Skeleton",
    "moves": "EnterMoves fields_of focus_first in_reading_order keep_in_sight",
    "rail": "Rail Step",
    "suggest": "SuggestField",
    "table": "Cell Column Line ListTable RowDelegate RowModel",
    "text": "Chip HintLabel KeyCap Text Verdict",
    "topbar": "Tab TopBar",
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = [
    "Binder",
    "Button",
    "CaseFrame",
    "CaseHeader",
    "Cell",
    "Check",
    "Chip",
    "Column",
    "Combo",
    "DateField",
    "Dialog",
    "EmptyState",
    "EnterMoves",
    "Field",
    "FindingRow",
    "FindingsPanel",
    "FootBar",
    "FormGrid",
    "FormRow",
    "HintLabel",
    "Icon",
    "KeyCap",
    "Lattice",
    "Line",
    "ListTable",
    "MessageBar",
    "MessageLine",
    "Rail",
    "RowDelegate",
    "RowModel",
    "SectionHead",
    "Segments",
    "Skeleton",
    "Step",
    "SuggestField",
    "Tab",
    "Text",
    "TextArea",
    "Toggle",
    "ToolButton",
    "TopBar",
    "Verdict",
    "column",
    "count",
    "draw_lattice",
    "empty",
    "fields_of",
    "fill",
    "focus_first",
    "held",
    "icon",
    "in_reading_order",
    "keep_in_sight",
    "pixmap",
    "restyle",
    "row",
    "rule",
    "scroller",
    "stacked",
]


def __getattr__(name: str) -> object:
    """Import the module that holds ``name`` (PEP 562)."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = found
    return found
