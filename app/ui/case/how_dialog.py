"""怎么打: which printer takes which paper, and in how many copies. Remembered at this counter until somebody changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal

from app.services.printing import TITLES, Wish, usual
from app.ui.kit.choices import Combo
from app.ui.kit.dialogs import Dialog
from app.ui.kit.form import FormGrid
from app.ui.kit.layouts import row
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from PySide6.QtWidgets import QWidget

    from app.services.offers import Offer
    from app.services.ports import PrinterInfo

WIDE: Final = 620
_LABEL: Final = 120
_MOST: Final = 9
_USUAL: Final = "0"


class HowDialog(Dialog):
    """The printer and the copies of each paper. Signal: ``taken(dict)`` with the stored name of each paper and its :class:`Wish`."""

    taken = Signal(dict)

    def __init__(self, parent: QWidget, offers: Iterable[Offer], asked_for: Mapping[str, int]) -> None:
        """Make the dialog; ``asked_for`` is how many copies of each paper the moment asks for by itself."""
        self._wishes: dict[str, Wish] = {}
        self.printers: dict[str, Combo] = {}
        self.copies: dict[str, Combo] = {}
        self._trouble = Text("", "small", tone="warn", wrap=True, width=WIDE - 60)
        self._trouble.hide()
        form = FormGrid(_LABEL)
        super().__init__(
            parent,
            "怎么打",
            "哪种文书用哪台打印机、打几份。记在这个窗口，下次照样。",
            "记下",
            "不改",
            body=row((form, 1)),
            width=WIDE,
        )
        for offer in offers:
            kind = usual(offer.kind)
            if kind in self._wishes:
                continue
            self._wishes[kind] = offer.wish
            printer = self.printers[kind] = Combo(f"{TITLES[kind]}·打印机", width=250)
            copies = self.copies[kind] = Combo(
                f"{TITLES[kind]}·份数",
                [(_USUAL, f"照常 {asked_for.get(kind, 1)} 份"), *((str(n), f"{n} 份") for n in range(1, _MOST + 1))],
                width=120,
            )
            copies.put(str(offer.wish.copies) if offer.wish.copies <= _MOST else _USUAL)
            form.row(TITLES[kind], printer, copies)
        form.wide(self._trouble)
        self.set_printers(())
        self.act.setEnabled(False)
        self.acted.connect(lambda _reason: self.taken.emit(self.wishes()))

    def set_printers(self, printers: Sequence[PrinterInfo]) -> None:
        """Show which printers there are; one that was remembered stays in the list though it is gone."""
        default = next((one.name for one in printers if one.default), "")
        names = [one.name for one in printers]
        for kind, combo in self.printers.items():
            kept = self._wishes[kind].printer
            choices = [("", f"默认：{default}" if default else "默认打印机"), *((name, name) for name in names)]
            if kept and kept not in names:
                choices.append((kept, f"{kept}（现在找不到）" if printers else kept))
            combo.set_choices(choices)
            combo.put(kept)
        told = [f"{one.name}：{one.trouble}" for one in printers if one.trouble]
        self._trouble.put("；".join(told))
        self._trouble.setVisible(bool(told))
        self.act.setEnabled(bool(printers))

    def wishes(self) -> dict[str, Wish]:
        """Return what is chosen for each paper."""
        return {kind: Wish(combo.value(), int(self.copies[kind].value() or 0)) for kind, combo in self.printers.items()}

    def focus_first(self) -> None:
        """Stand at the first paper's printer."""
        first = next(iter(self.printers.values()), None)
        if first is not None:
            first.setFocus()
