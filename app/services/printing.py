"""Printing: the bytes that were previewed and stored are the bytes that print, and each print is in the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import AppError
from app.services import second_copy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.services.ports import Desk, Rendered

TITLES = {"form": "申请表", "receipt": "受理回执", "receipt-large": "受理回执（大字）"}


def print_documents(desk: Desk, application_id: str, documents: Sequence[Rendered]) -> None:
    """Print these documents as stored. Raises AppError when the printer does not take them; they stay ready to print."""
    second_copy.require(desk, application_id, (document.kind for document in documents))
    for document in documents:
        desk.printer.print(document.pdf, TITLES.get(document.kind, "文书"))
        desk.store.note(desk.clerk, "print", application_id, f"{document.kind} {document.digest[:8]}")


def save_documents(desk: Desk, application_id: str, documents: Sequence[Rendered], folder: Path) -> tuple[str, ...]:
    """Write these documents as PDF files where the clerk chose, named by number and kind. Answers the file names.

    It is the clerk's own act to have them in clear outside the store, so it is in the audit. Raises AppError when the place does
    not take them; a file of the same name is never overwritten.
    """
    second_copy.require(desk, application_id, (document.kind for document in documents))
    application = desk.store.application(application_id)
    number = application.acceptance.number if application and application.acceptance else application_id
    names: list[str] = []
    for document in documents:
        name = f"{number}-{document.kind}.pdf"
        path = folder / name
        try:
            if not path.exists() or path.read_bytes() != document.pdf:
                _write_new(path, document.pdf)
        except FileExistsError:
            raise AppError(f"那里已有另一份 {name}，没有覆盖。换一个文件夹") from None
        except OSError as problem:
            raise AppError("这个文件夹写不进去。换一个文件夹，文书还在本机", type(problem).__name__) from problem
        desk.store.note(desk.clerk, "save_pdf", application_id, f"{document.kind} {document.digest[:8]}")
        names.append(name)
    return tuple(names)


def _write_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet; broken off half-way (a full or pulled stick), nothing stands under its name."""
    with path.open("xb") as file:
        try:
            file.write(data)
            file.flush()
        except OSError:
            path.unlink(missing_ok=True)
            raise


def print_recovery_code(desk: Desk, code: str) -> None:
    """Print the recovery code on one page. It is in no audit and on no disk of ours; only that it was printed is noted."""
    desk.printer.print(desk.printery.recovery_sheet(code, desk.counter), "恢复码")
    desk.store.note(desk.clerk, "print", "", "recovery code")
