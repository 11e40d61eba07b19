"""The bars above and below the work: case header and foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.ui import keys, theme
from app.ui.kit.buttons import Button
from app.ui.kit.icons import Icon
from app.ui.kit.layouts import fill, held
from app.ui.kit.text import Chip, HintLabel, Text

if TYPE_CHECKING:
    from collections.abc import Sequence


class CaseHeader(QFrame):
    """Whose case this is and that it is safe: name, facts, chips, 已存, 放一放. ``later()`` when 放一放 was pressed (F10 is bound here).

    ``screen_wanted()`` when the applicant's screen is to be shown or darkened (F9 is bound here).
    """

    later = Signal()
    screen_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "case")
        self._compact = self._lit = False
        self._facts = ("", "")
        self._chips: tuple[tuple[str, str, str], ...] = ()
        self._made: list[Chip] = []
        self._name = Text("", "name")
        self._fact = Text("", "body2", elide=True)
        self._row = QHBoxLayout()
        fill(self._row, (), gap=6)
        self._tick = Icon("check", "good", 15)
        self._saved = Text("", "small")
        self._later = Button(keys.KEYS["later"].word, "small", key=keys.cap("later"))
        self._later.clicked.connect(self.later)
        self.monitor = Button(keys.KEYS["applicant"].word, "small", key=keys.cap("applicant"), icon="monitor")
        self.monitor.clicked.connect(self.screen_wanted)
        box = QHBoxLayout(self)
        fill(box, (self._name, 14, self._fact, 16), pad=(16, 0))
        box.addLayout(self._row)
        fill_more = (self._tick, 5, self._saved, 18, self.monitor, 8, self._later)
        box.addStretch(1)
        for item in fill_more:
            if isinstance(item, int):
                box.addSpacing(item)
            else:
                box.addWidget(item)
        self.setFixedHeight(theme.current().size("case"))
        keys.bind(self, "later", self.later.emit)
        keys.bind(self, "applicant", self.screen_wanted.emit)
        self.put("", "")

    def put(self, name: str, facts: str, short: str = "", chips: Sequence[tuple[str, str, str]] = ()) -> None:
        """Show a case: name ('' for none yet), facts (女·72 岁·5104 **** 0025·城乡居民) and chips as (text, tone, icon).

        ``short`` are the facts for a narrow window.
        """
        self._name.put(name or "新的一件")
        self._facts = (facts, short or facts)
        self._fact.put(self._facts[self._compact])
        if tuple(chips) != self._chips:
            self._chips = tuple(chips)
            for one in self._chips[len(self._made) :]:
                self._made.append(Chip(*one))
                self._row.addWidget(self._made[-1])
            for at, chip in enumerate(self._made):
                if at < len(self._chips):
                    chip.put(*self._chips[at])
                chip.setVisible(at < len(self._chips))

    def saved(self, at: str, tone: str = "good") -> None:
        """Say when the draft was last stored (``已存 10:24:31``), or that it could not be (tone ``bad``). '' shows nothing."""
        self._saved.put(at, "" if tone == "good" else tone)
        self._tick.put("check" if tone == "good" else theme.TONE_ICONS[tone], tone)
        self._tick.setVisible(bool(at))

    def set_screen(self, *, on: bool) -> None:
        """Say whether the applicant's screen shows this case."""
        self._lit = on
        word, cap = "申请人屏亮着" if on else keys.KEYS["applicant"].word, keys.cap("applicant")
        if self._compact:
            self.monitor.put("亮着" if on else "", cap)
            self.monitor.setAccessibleName(f"{word} {cap}")
        else:
            self.monitor.put(word, cap)

    def compact(self, *, on: bool) -> None:
        """Shorten the facts for a narrow window."""
        self._compact = on
        self._fact.put(self._facts[on])
        self.set_screen(on=self._lit)


class FootBar(QFrame):
    """What the keys do here and now, and the way on. 38 px in lists, 48 in a case.

    Signals: ``back()`` and ``on()`` from its two buttons. The shortcuts F8 and Shift F8 are bound here while the button is shown.
    """

    back = Signal()
    on = Signal()

    def __init__(self, *, case: bool = False) -> None:
        super().__init__()
        self.setProperty("role", "foot")
        self._hints: tuple[keys.KeyHint, ...] = ()
        self._right: tuple[keys.KeyHint, ...] = ()
        self._limit = 99
        self._left_box, self._right_box = QHBoxLayout(), QHBoxLayout()
        fill(self._left_box, (), gap=18)
        fill(self._right_box, (), gap=18)
        self.back_button = Button(keys.KEYS["back"].word, "small", key=keys.cap("back"))
        self.on_button = Button(keys.KEYS["on"].word, "primary", key=keys.cap("on"))
        self.back_button.clicked.connect(self.back)
        self.on_button.clicked.connect(self.on)
        box = QHBoxLayout(self)
        fill(box, (), gap=8, pad=(16, 0))
        box.addLayout(self._left_box)
        box.addStretch(1)
        box.addLayout(self._right_box)
        box.addWidget(self.back_button)
        box.addWidget(self.on_button)
        self.setFixedHeight(theme.current().size("foot") + (10 if case else 0))
        self._shortcuts = {
            "on": keys.bind(self, "on", self.on.emit),
            "back": keys.bind(self, "back", self.back.emit),
        }
        self.ways()

    def hints(self, left: Sequence[keys.KeyHint], right: Sequence[keys.KeyHint] = ()) -> None:
        """Show what works here: ``left`` reads from the left edge, ``right`` stands at the right one."""
        if (tuple(left), tuple(right)) != (self._hints, self._right):
            self._hints, self._right = tuple(left), tuple(right)
            self._show()

    def limit(self, count: int) -> None:
        """Show at most so many hints, for a narrow window."""
        if count != self._limit:
            self._limit = count
            self._show()

    def ways(self, on: str = "", back: str = "", *, on_key: str = "on", primary: bool = True, back_too: bool = False) -> None:
        """Set the words of the two buttons; '' hides one and switches its shortcut off.

        ``on_key``: another named key (``new``) to print, whose shortcut the page binds itself. ``back_too``: both ways lead to the same
        place, so one button says it and both keys work.
        """
        self.on_button.put(on, keys.cap(on_key))
        self.on_button.set_kind("primary" if primary else "plain")
        self.back_button.put(back)
        self.on_button.setVisible(bool(on))
        self.back_button.setVisible(bool(back))
        for shortcut in self._shortcuts["on"]:
            shortcut.setEnabled(bool(on) and on_key == "on")
        for shortcut in self._shortcuts["back"]:
            shortcut.setEnabled(bool(back) or back_too)

    def _show(self) -> None:
        for box, hints in ((self._left_box, self._hints[: self._limit]), (self._right_box, self._right)):
            # A label that is there serves again: the bar changes with every other key, and making one takes a millisecond.
            there = _labels(box)
            for label, hint in zip(there, hints, strict=False):
                label.put(hint)
                label.show()
            for hint in hints[len(there) :]:
                box.addWidget(HintLabel(hint))
            for label in there[len(hints) :]:
                label.hide()


def _labels(box: QHBoxLayout) -> list[HintLabel]:
    return [one for one in held(box) if isinstance(one, HintLabel)]
