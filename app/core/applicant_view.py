"""What the applicant's screen may show: one thing at a time, made from one case's answers alone.

It is a model of its own. Nothing of it can hold another person's case, a clerk's note, a finding or a list; the window on the second
monitor gets nothing but this. :mod:`app.core.applicant_pages` makes the pages, :mod:`app.core.applicant_flow` says which one it is now.
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
    WAIT = "wait"
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
    HEARD = "heard"
    NEXT = "next"
    SKIP = "skip"
    PAPER = "paper"


FORWARD: Final = frozenset({Act.RIGHT, Act.ON, Act.HEARD, Act.NEXT, Act.WRITTEN})
"""The way on: the one act of a page that stands out, at the lower right."""


@dataclass(frozen=True, slots=True)
class View:
    """One page of the applicant's screen.

    ``title``: the question or the heading. ``loud``: the one thing to look at (a number, a name, a date), '' for none; ``numeric``: it is to
    be read figure by figure, so it never breaks within a group. ``below``: what it is for, ``over``: what it is called. ``second`` and
    ``second_over``: one more such pair (the receipt's number). ``lines``: short sentences, one under the other, ``counted`` when they are numbered. ``notes``: small ones
    beside the way on. ``place``: whose window this is. ``step`` and ``steps``: which of how many things to check, 0 for none; ``corner``:
    what the upper right corner says. ``acts``: what can be pressed, the last one at the lower right is the way on; ``words``: theirs, in the same
    order. ``spoken``: what is read aloud: the same words as on the page, numbers and dates as people say them. ``path``: the field that 不对
    leads back to. ``who`` signs on the signing page: applicant or agent; ``document``: SHA-256 of the very form that is shown and signed.
    ``code``: what the receipt's QR says. ``choices``: of the rating, (code, word). ``private``: nothing of it is for the clerk's eyes.
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
    words: tuple[str, ...] = ()
    corner: str = ""
    numeric: bool = False
    over: str = ""
    second: str = ""
    second_over: str = ""
    counted: bool = False
    notes: tuple[str, ...] = ()
    code: str = ""
    code_below: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    private: bool = False

    def word(self, act: Act) -> str:
        """Return what stands on the button of an act, '' where the page has none."""
        return dict(zip(self.acts, self.words, strict=False)).get(act, "")


BLANK: Final = View(Page.BLANK)
