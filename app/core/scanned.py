"""What a scanner typed: an acceptance number, whole, or what an input method left of it.

A scanner at the keyboard types letters and digits like a person. With a Chinese input method on, the letters before the first dash become
some word and dashes come full width; day, sequence and check digit stay, and they are enough to find the one application they belong to.
"""

from __future__ import annotations

import re
from typing import Final

from app.core.characters import fold, plain_dashes
from app.core.numbering import parse_number

_REST: Final = re.compile(r"(\d{6})[\s\-]*(\d{4,9})[\s\-]*(\d)\D*$", re.ASCII)


def number_in(text: str) -> str:
    """Return the acceptance number that a scan says, in its usual writing; '' where none stands in it."""
    for word in (text, *text.split()):
        read = parse_number(word)
        if read is not None:
            return str(read)
    return ""


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
