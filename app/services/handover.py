"""Handover (移交): a half-done application goes to a colleague. At the same counter he simply opens it; to another it goes as a parcel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import AppError
from app.services.clerks import require_supervisor

if TYPE_CHECKING:
    from pathlib import Path

    from app.core.application import Application
    from app.services.ports import Desk, Parcel


def hand_over(desk: Desk, id_: str, to: str, folder: Path) -> Parcel:
    """Write a draft into an encrypted file for ``to`` (a counter and a name, in words). AppError when nothing was handed over."""
    to = to.strip()
    if not to:
        raise AppError("写上交给谁，比如 2 号窗口 李娜")
    return desk.store.hand_over(id_, to, folder, desk.clerk)


def take_in(desk: Desk, file: Path, code: str) -> Application:
    """Take a parcel in: the draft is this counter's from now on, its pages and its journal with it."""
    return desk.store.take_in(file, code, desk.region.id, desk.clerk)


def take_back(desk: Desk, id_: str, reason: str) -> None:
    """Make a draft that was given away this counter's own again. Only when the other counter did not read it; nobody here can know."""
    require_supervisor(desk)
    if not reason.strip():
        raise AppError("写一句为什么拿回")
    desk.store.take_back(id_, reason.strip(), desk.clerk)
