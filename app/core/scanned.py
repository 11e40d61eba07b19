"""What a scanner typed: an acceptance number, whole, or what an input method left of it; or the id that a one-time notice bears before.

A scanner at the keyboard types letters and digits like a person. With a Chinese input method on, the letters before the first dash become
some word and dashes come full width; day, sequence and check digit stay, and they are enough to find the one application they belong to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.core.characters import fold, plain_dashes
from app.core.numbering import parse_number

_ID: Final = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
NOTICE_ELSEWHERE: Final = "这张告知书上的件不在这台电脑里。到印它的窗口去办，或让那边把草稿移交过来。"
_REST: Final = re.compile(r"(\d{6})[\s\-]*(\d{4,9})[\s\-]*(\d)\D*$", re.ASCII)


_TOKEN: Final = re.compile(r"(?=.*\d)[A-Za-z0-9+/=_:.-]{20,}")
"""How the code of an e-voucher is taken to look: one long word. Nothing public says how it is built, so this only has to be unlike everything else."""
_ADDRESS: Final = re.compile(r"(https?://|www\.)", re.IGNORECASE)
_DIVIDER: Final = "CKP:"
"""As :mod:`app.core.dividers` begins its codes."""


class ScanKind(StrEnum):
    """What a scanner at the keyboard read: a case of ours, an e-voucher, a divider of a stack, a web address."""

    CASE = "case"
    VOUCHER = "voucher"
    DIVIDER = "divider"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Scan:
    """A row of letters that is a code. ``code``: of a case its acceptance number or id; of anything else nothing is kept."""

    kind: ScanKind
    code: str = ""


def read(row: str) -> Scan | None:
    """Return what code this row of letters is, None for a row that is to stay what was typed: numbers of people, telephones, words."""
    case = number_in(row) or id_in(row)
    if case:
        return Scan(ScanKind.CASE, case)
    if row.startswith(_DIVIDER):
        return Scan(ScanKind.DIVIDER)
    if _ADDRESS.match(row):
        return Scan(ScanKind.ADDRESS)
    return Scan(ScanKind.VOUCHER) if _TOKEN.fullmatch(row) else None


def number_in(text: str) -> str:
    """Return the acceptance number that a scan says, in its usual writing; '' where none stands in it."""
    for word in (text, *text.split()):
        read = parse_number(word)
        if read is not None:
            return str(read)
    return ""


def id_in(text: str) -> str:
    """Return the application's id (a ULID) that a one-time notice bears while there is no acceptance number; '' for anything else."""
    plain = fold(text).strip().upper()
    return plain if _ID.fullmatch(plain) else ""


def rest_of(text: str) -> str:
    """Return day, sequence and check digit of a scan whose beginning an input method ate: 260206-0018-5; '' where there is no such thing.

    A bare row of digits is none: that is an identity number or a telephone.
    """
    if number_in(text):
        return ""
    plain = re.sub(r"[—–_~·]+", "-", plain_dashes(fold(text))).strip()
    found = _REST.search(plain)
    if found is None or plain.isdigit() or not plain[: found.start()].strip("- "):
        return ""
    return "-".join(found.groups())


def elsewhere(text: str, prefix: str, counter: str) -> str:
    """Say where an application is that this computer does not hold, by its number; '' for what is no acceptance number.

    ``prefix`` and ``counter`` are this counter's own.
    """
    read = parse_number(number_in(text))
    if read is None:
        return ""
    day = f"{read.day.year} 年 {read.day.month} 月 {read.day.day} 日"
    if read.prefix != prefix:
        return f"这是别的统筹区（{read.prefix}）{read.counter} 号窗口 {day}受理的。让申请人到那里办，或打那边的咨询电话。"
    if read.counter != counter:
        return f"这件由 {read.counter} 号窗口 {day}受理，在那个窗口的电脑里。到那个窗口打开；受理前的草稿可以让那边移交过来。"
    return f"编号是本窗口 {day}受理的，这台电脑里没有。多半在换下来的旧电脑或第二份备份里，找管理员。"
