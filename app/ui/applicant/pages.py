"""The pages of the applicant's screen as widgets: one page is one view, made anew when the view is another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core.applicant_view import FORWARD, Act, Page, View
from app.ui.applicant.parts import BigButton, Code, Face, loud, note
from app.ui.kit.icons import Icon, Lattice
from app.ui.kit.layouts import column, fill, row
from app.ui.kit.sign_pad import SignPad
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.ui.applicant.look import Look
    from app.ui.applicant.parts import Runs
    from app.ui.kit.layouts import Item

_WIDE: Final = 400
"""The way on, wider than the rest."""
_LEFT: Final = 320
_MARK: Final = 160
_ROOM, _ROOM_LARGE, _ONE = 280, 220, 130
"""How high what is asked may be: on its own page, there with larger letters, in one line."""
_SECOND: Final = 814
"""What the receipt's words may take beside the code."""


class PageView(QFrame):
    """One page. ``pressed(Act)``: a button was pressed; ``chosen(code)``: a face was. ``buttons`` by act, ``faces`` from left to right."""

    pressed = Signal(object)
    chosen = Signal(str)

    def __init__(self, view: View, look: Look, code: tuple[int, Runs] | None = None) -> None:
        super().__init__()
        self.view, self._look, self._code = view, look, code
        self.setProperty("role", "plain")
        self.buttons: dict[Act, BigButton] = {}
        self.faces: list[Face] = []
        self.pad: SignPad | None = None
        self._icon = Icon("volume-2", "ink2", look.size("note"))
        self._said = Text("", "a_note")
        self._sound = row(..., self._icon, self._said, ..., gap=look.px(12))
        self._icon.hide()
        if view.page is Page.BLANK:
            mark = Lattice(look.px(_MARK), "accent")
            mark.setAccessibleName("")
            fill(QVBoxLayout(self), (..., row(..., mark, ...), ...))
            return
        for act, word in zip(view.acts, view.words, strict=True):
            self._button(act, word)
        makers: Mapping[Page, Callable[[], tuple[Item, ...]]] = {
            Page.CHECK: self._check,
            Page.SIGN: self._sign,
            Page.RECEIPT: self._receipt,
            Page.RATE: self._rate,
        }
        title = Text(view.title, "a_title", wrap=True)
        pad = look.size("pad")
        body = column(title, *makers.get(view.page, self._plain)(), pad=(pad, look.px(32), pad, look.px(36)))
        fill(QVBoxLayout(self), (self._top(), (body, 1)))

    # the way on, and the sound
    def focus_first(self) -> None:
        """Stand where the work goes on: the way on; on the pad's page what wipes, so that nothing is signed by a stray Enter."""
        order = (Act.WIPE,) if self.pad is not None else tuple(reversed(self.view.acts))
        first = next((self.buttons[act] for act in order if act in self.buttons), self.faces[0] if self.faces else None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def say_sound(self, act: Act, word: str, told: str, *, possible: bool) -> None:
        """Let the button for reading aloud mean this; ``told`` stands beside it, '' for nothing; ``possible`` False where nothing can speak."""
        button = self.buttons.get(Act.AGAIN)
        if button is not None:
            button.say(act, word)
            button.setEnabled(possible)
        self._said.put(told)
        self._icon.setVisible(bool(told))

    def _button(self, act: Act, word: str) -> None:
        on = act in FORWARD
        wide = _WIDE if on and self.view.page is not Page.SIGN else _LEFT if act is Act.WRONG else 0
        made = BigButton(act, word, self._look, primary=on, least=wide)
        made.clicked.connect(lambda: self.pressed.emit(made.act))
        self.buttons[act] = made

    # the parts of a page
    def _top(self) -> QWidget:
        look, view = self._look, self.view
        inside = None if view.page is Page.CHECK else self._sound
        return row(
            Lattice(look.size("mark"), "accent"), (Text(view.place, "a_note", elide=True), 1), inside, (Text(view.corner, "a_note", right=True, elide=True), 1),
            gap=look.px(16), pad=(look.size("pad"), 0), role="a_top", height=look.size("top"),
        )  # fmt: skip

    def _foot(self, *left: Item) -> QWidget:
        """Return what is at the left, and the buttons at the right, the way on last."""
        at_left = [self.buttons[act] for act in self.view.acts if act is Act.WRONG]
        others = [self.buttons[act] for act in self.view.acts if act is not Act.WRONG]
        return row(*(left or (*at_left, ...)), *others, gap=self._look.size("gap"))

    def _lines(self, role: str = "a_line") -> list[Item]:
        look, view = self._look, self.view
        if not view.counted:
            return [Text(line, role, wrap=True) for line in view.lines]
        made: list[Item] = []
        for nth, line in enumerate(view.lines, 1):
            number = Text(str(nth), "a_lead" if role == "a_line" else role)
            made.append(row(number, (Text(line, role, wrap=True), 1), gap=look.px(22)))
        return made

    def _plain(self) -> tuple[Item, ...]:
        look, view = self._look, self.view
        said = loud(view.loud, look, (look.px(1200), look.px(_ROOM)), numeric=view.numeric) if view.loud else None
        below = Text(view.below, "a_lead", wrap=True) if view.below else None
        lines = column(*self._lines(), gap=look.px(14)) if view.lines else None
        return (look.px(22), lines, said, below, ..., self._foot())

    def _check(self) -> tuple[Item, ...]:
        look, view = self._look, self.view
        value = loud(view.loud, look, (look.px(1190), look.px(_ROOM_LARGE if look.large else _ROOM)), numeric=view.numeric)
        below = Text(view.below, "a_lead", wrap=True, centre=True)
        box = column(..., value, look.px(6), below, ..., self._sound, pad=(look.px(24), look.px(22)), role="a_box")
        return (look.px(22), (box, 1), look.px(32), self._foot())

    def _sign(self) -> tuple[Item, ...]:
        look, view = self._look, self.view
        self.pad = SignPad(view.below, least=QSize(look.px(900), look.px(250)))
        field = Text(view.below, "a_note")
        field.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        fill(QVBoxLayout(self.pad), (field, ...), pad=(look.px(24), look.px(12)))
        self.pad.changed.connect(self._written)
        role = "a_body" if look.large else "a_line"
        gap = look.size("gap")
        again, wipe, written = (self.buttons[act] for act in (Act.AGAIN, Act.WIPE, Act.WRITTEN))
        said = row((column(*self._lines(role), ..., gap=look.px(12)), 1), column(again, ...), gap=gap)
        pad = row((self.pad, 1), column(wipe, ..., written), gap=gap)
        notes = [note("pen-line", text, look) for text in view.notes]
        self._written()
        return (look.px(10), said, look.px(16), (pad, 1), look.px(10), *notes)

    def _written(self) -> None:
        if self.pad is not None:
            self.buttons[Act.WRITTEN].setEnabled(bool(self.pad.value()))

    def _receipt(self) -> tuple[Item, ...]:
        look, view = self._look, self.view
        few = len(view.notes) <= 2 and not look.large  # noqa: PLR2004 - three and more stand in smaller letters
        icons = {"结": "phone"}
        notes = [note(icons.get(text[:1], "info"), text, look, role="a_body" if few else "a_note") for text in view.notes]
        line = QFrame()
        line.setProperty("role", "a_rule")
        line.setFixedHeight(1)
        most = "number" if look.large else "giant"
        words = column(
            Text(view.over, "a_body"), loud(view.loud, look, (look.px(_SECOND), look.px(_ONE)), numeric=False, centre=False, most=most), look.px(6), line,
            look.px(4), Text(view.second_over, "a_body"),
            loud(view.second, look, (look.px(_SECOND), look.px(_ONE)), numeric=True, centre=False, most="number"), look.px(8), *notes, ...,
            gap=look.px(2),
        )  # fmt: skip
        acts = column(*(row(..., self.buttons[act]) for act in view.acts), gap=look.size("gap"))
        return (look.px(14), (row((words, 1), column(*self._scanned(), ..., acts), gap=look.px(40)), 1))

    def _scanned(self) -> tuple[Item, ...]:
        look = self._look
        if self._code is None:
            return ()
        side, runs = self._code
        code = Code(side, runs, look.size("code"), self.view.code_below)
        frame = column(code, pad=look.px(14), role="a_code")
        return (row(..., frame), look.px(6), Text(self.view.code_below, "a_note", right=True))

    def _rate(self) -> tuple[Item, ...]:
        look, view = self._look, self.view
        for code, word in view.choices:
            face = Face(code, word, look)
            face.clicked.connect(lambda _on=False, code=code: self.chosen.emit(code))
            self.faces.append(face)
        faces = QWidget()
        fill(QHBoxLayout(faces), tuple((face, 1) for face in self.faces), gap=look.px(18))
        notes = [(note("hand", text, look), 1) for text in view.notes]
        below = Text(view.below, "a_body", wrap=True)
        return (look.px(10), below, look.px(26), faces, ..., self._foot(*notes))
