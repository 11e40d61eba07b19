"""What the applicant's screen may show: one thing at a time, made from one case's answers alone.

It is a model of its own. Nothing of it can hold another person's case, a clerk's note, a finding or a list; the window on the second
monitor gets nothing but this.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Page(StrEnum):
    """What stands on the applicant's screen."""

    BLANK = "blank"
    WELCOME = "welcome"
    BRING = "bring"
    CHECK = "check"
    DECLARE = "declare"
    SIGN = "sign"
    RECEIPT = "receipt"
    RATE = "rate"
    THANKS = "thanks"


class Act(StrEnum):
    """What the applicant can press. At most three on a page."""

    RIGHT = "right"
    WRONG = "wrong"
    AGAIN = "again"
    SLOWER = "slower"
    STOP = "stop"
    WIPE = "wipe"
    WRITTEN = "written"
    ON = "on"
    SKIP = "skip"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class View:
    """One page of the applicant's screen.

    ``title``: the question or the heading. ``loud``: the one thing to look at (a number, a name, a date), '' for none. ``below``: what it is for.
    ``lines``: short sentences, one under the other. ``place``: whose window this is. ``step`` and ``steps``: which of how many things to check, 0
    for none. ``acts``: what can be pressed, the last one at the lower right is the way on. ``spoken``: what is read aloud: the same words as on
    the page, numbers and dates as people say them. ``path``: the field that 不对 leads back to. ``who`` signs on the signing page: applicant or
    agent; ``document``: SHA-256 of the very form that is shown and signed.
    """

    page: Page
    title: str = ""
    loud: str = ""
    below: str = ""
    lines: tuple[str, ...] = ()
    place: str = ""
    step: int = 0
    steps: int = 0
    acts: tuple[Act, ...] = ()
    spoken: str = ""
    path: str = ""
    who: str = ""
    document: str = ""


BLANK: Final = View(Page.BLANK)
