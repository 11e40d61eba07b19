"""The scanner dialog for what is no material: no watched folder, and every question goes to the device lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.ports import ScanWish
from app.ui.case.scan_dialog import ScanDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from app.services.devices import Remembered
    from app.services.ports import Abilities, Scanner, Scanners
    from app.ui.lane import Lane


def scanner_choice(
    parent: QWidget, paper: str, found: Remembered | None, scanners: Scanners, device: Callable[[], Lane], *, use: bool
) -> ScanDialog:
    """Return the dialog, wired but not open yet. ``found`` is the scanner remembered; ``use``: it scans at once."""
    dialog = ScanDialog(
        parent,
        paper,
        found.scanner if found else None,
        found.wish if found else ScanWish(),
        "",
        "用这台扫" if use else "用这台",
    )
    dialog.folder_row.hide()

    def learn(scanner: Scanner) -> None:
        def learned(can: Abilities) -> None:
            dialog.set_abilities(scanner, can)

        # One that does not answer shows every way of scanning.
        device().run(lambda: scanners.abilities(scanner), then=learned, failed=lambda _problem: None, owner=dialog)

    def look() -> None:
        device().run(scanners.found, then=dialog.found, failed=lambda _problem: dialog.found(()), owner=dialog)

    def seek(address: str) -> None:
        device().run(
            lambda: scanners.at(address),
            then=lambda scanner: dialog.add(scanner, choose=True),
            failed=lambda problem: dialog.refuse(problem.sentence),
            owner=dialog,
        )

    dialog.asked.connect(learn)
    dialog.looked.connect(look)
    dialog.typed.connect(seek)
    if found is not None:
        learn(found.scanner)
    return dialog
