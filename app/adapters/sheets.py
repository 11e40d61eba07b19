"""Tables as workbooks that a spreadsheet opens (ports.Sheets)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTHS: Final = (16, 14, 18, 24, 22)
_MAKER: Final = "chuangkou"


class Workbooks:
    """Makes .xlsx with openpyxl, which is loaded when the first one is made."""

    def book(self, title: str, rows: Sequence[Sequence[str | int | float]]) -> bytes:
        """Return a workbook of one sheet; the first row is its head and stays in sight. Texts stay texts, whatever they begin with."""
        from openpyxl import Workbook  # noqa: PLC0415 - 200 ms that nothing else waits for
        from openpyxl.styles import Font  # noqa: PLC0415

        book = Workbook()
        sheet = book.active
        sheet.title = title
        for at, row in enumerate(rows, start=1):
            for across, value in enumerate(row, start=1):
                cell = sheet.cell(at, across, value if value != "" else None)
                if isinstance(value, str) and value:
                    cell.data_type = "s"
                if at == 1:
                    cell.font = Font(bold=True)
        for across, width in enumerate(_WIDTHS, start=1):
            sheet.column_dimensions[chr(ord("A") + across - 1)].width = width
        sheet.freeze_panes = "A2"
        book.properties.creator = _MAKER
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()
