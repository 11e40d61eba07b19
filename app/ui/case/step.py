"""What every page of an intake step is, and the form kind of it: a title, a grid of fields, one binding."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui import keys
from app.ui.case.binding import Binding
from app.ui.kit.bare import Bare
from app.ui.kit.choices import Combo, Segments
from app.ui.kit.form import FormGrid
from app.ui.kit.layouts import cap, fill, row
from app.ui.kit.moves import focus_first
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from PySide6.QtGui import QResizeEvent

    from app.core.region import Choice, Region
    from app.ui.case.state import CaseState
    from app.ui.keys import KeyHint

LABEL_WIDTH = 96
PAD = (28, 18, 28, 12)
MOST_SEGMENTS = 5
MOST_WIDTH = 1184
"""Logical px of a form with its margins; on a wider screen the rest stays empty."""
MOST_LETTERS = 22


class StepPage(Bare):
    """One step of the intake in the middle of the case frame.

    Data comes in through :meth:`show_case` alone. Signals: ``edited(path, value)`` for each answer a person gave, ``left_field()``
    when a field lost the focus (store at once), ``hints_changed()`` when :meth:`hints` would now say something else, ``side_changed()`` when :meth:`side_width` would.
    """

    edited = Signal(str, object)
    left_field = Signal()
    hints_changed = Signal()
    side_changed = Signal()

    step: ClassVar[str] = ""
    room: ClassVar[int] = 640
    """The least width, in logical px, in which the page can stand beside its own side panel."""

    def show_case(self, state: CaseState) -> None:
        """Show the case. Cheap (under 4 ms), emits nothing, moves neither focus nor caret."""
        raise NotImplementedError

    def stands_for(self, state: CaseState) -> bool:
        """Whether the page, as it was made, can show this case."""
        del state
        return True

    def ahead(self, state: CaseState) -> Iterator[None]:
        """Make ahead of the first visit what a case like this blank one may show later, a slice between two ``yield``."""
        del state
        return iter(())

    def focus_field(self, path: str) -> bool:
        """Focus the field that mends a finding (dotted path); False when this page has none for it."""
        raise NotImplementedError

    def focus_first(self) -> None:
        """Focus where the work goes on: the first empty field that is needed, or the first 缺."""
        raise NotImplementedError

    def hints(self) -> list[KeyHint]:
        """Return the foot bar's entries: only keys that work here and now."""
        return [keys.hint("next_field"), keys.hint("previous_field")]

    def set_editable(self, editable: bool) -> None:
        """Let the page be changed, or only be looked at."""
        raise NotImplementedError

    def side_panel(self) -> QWidget | None:
        """Return what stands in the right panel instead of the findings; None for the findings. Always the same widget."""
        return None

    def side_width(self, usual: int, room: int) -> int:
        """Return how wide the side panel wants to be; ``room``: logical px for page and panel together, 0 in a folded window."""
        del room
        return usual


class FormPage(StepPage):
    """A step that is a form. Subclasses fill ``self.form`` in :meth:`build` and tie fields with ``self.bound``.

    The form is built for a region, because regions offer other choices and ask other questions. The frame scrolls it and moves
    by Enter; the page itself does neither.
    """

    def __init__(self, title: str, note: str = "") -> None:
        super().__init__()
        self.title = Text(title, "h1")
        self.note = Text(note, "body2", elide=True)
        self.form = FormGrid(LABEL_WIDTH)
        self.bound = Binding(self)
        self.bound.edited.connect(self.answer)
        self.bound.left.connect(lambda _path: self.left_field.emit())
        self._box = QVBoxLayout(self)
        fill(self._box, (row(self.title, (self.note, 1), gap=14, height=36), self.form, ...), gap=8, pad=PAD)
        self._state: CaseState | None = None
        self._built: Region | None = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave what is beyond the width of a form empty."""
        super().resizeEvent(event)
        cap(self._box, event.size().width(), MOST_WIDTH, PAD[2])

    def build(self, region: Region) -> Iterator[None]:
        """Make the fields this region asks for, a slice between two ``yield``."""
        raise NotImplementedError

    def arrange(self, state: CaseState) -> None:
        """Show or hide rows and say what follows from the answers, before values are shown."""

    def answer(self, path: str, value: object) -> None:
        """Pass on what a person answered."""
        self.edited.emit(path, value)

    def prepare(self, region: Region) -> None:
        """Make the fields for a region, where they are not its own yet."""
        for _ in self._rebuilt(region):
            pass

    def ahead(self, state: CaseState) -> Iterator[None]:
        """Make the fields of the case's region."""
        yield from self._rebuilt(state.region)

    def stands_for(self, state: CaseState) -> bool:
        """Whether the fields are those of the case's region."""
        return state.region is self._built

    def show_case(self, state: CaseState) -> None:
        """Show the case; the form is made anew only when the region is another."""
        self.prepare(state.region)
        self._state = state
        self.arrange(state)
        self.bound.show_case(state)

    def focus_field(self, path: str) -> bool:
        """Focus the field of a path, or the nearest one above it."""
        return self.bound.go(path)

    def focus_first(self) -> None:
        """Focus the first field of this page with a finding that stops, else the first empty one."""
        if self._state is not None:
            stopping = {f.field for f in self._state.of(self.step) if f.stops}
            for path in self.bound.paths():
                if path in stopping and self.focus_field(path):
                    return
        focus_first(self)

    def also(self, hints: tuple[KeyHint, ...]) -> None:
        """Show further keys that somebody else serves while this form is open."""
        if hints != self._also:
            self._also = hints
            self.hints_changed.emit()

    def hints(self) -> list[KeyHint]:
        """Return the foot bar's entries."""
        return [*super().hints(), *self._also]

    def set_editable(self, editable: bool) -> None:
        """Enable or disable every field; scrolling and looking always work."""
        self._editable = editable
        self.form.setEnabled(editable)

    _editable = True
    _also: tuple[KeyHint, ...] = ()

    def _rebuilt(self, region: Region) -> Iterator[None]:
        if region is self._built:
            return
        for path in self.bound.paths():
            self.bound.drop(path)
        old, form = self.form, FormGrid(LABEL_WIDTH)
        self._built, self.form = None, form
        self._box.replaceWidget(old, form)
        old.hide()
        old.setParent(None)
        old.deleteLater()
        for _ in self.build(region):
            yield
            if self.form is not form:
                return  # somebody could not wait and made it whole
        self._built = region
        form.setEnabled(self._editable)


def choice(name: str, choices: Iterable[tuple[str, str]], *, width: int = 0) -> Segments | Combo:
    """Return segments for a few short words, a list for more: a region may bring any number of them."""
    pairs = tuple(choices)
    if len(pairs) <= MOST_SEGMENTS and sum(len(word) for _, word in pairs) <= MOST_LETTERS:
        return Segments(name, pairs)
    return Combo(name, pairs, width=width or 220)


def pairs_of(choices: Iterable[Choice]) -> list[tuple[str, str]]:
    """Return a region's choices as (code, word)."""
    return [(c.code, c.name) for c in choices]
