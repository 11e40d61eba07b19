"""What a machine read from a paper: values with where they stand on the page, none of them true before a person says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

Box = tuple[float, float, float, float]
"""Left, top, width and height as shares of the upright picture, 0 to 1."""


class Looks(StrEnum):
    """What a page looks like."""

    ID_FRONT = "id_front"
    ID_BACK = "id_back"
    SOCIAL_CARD = "social_card"
    DIAGNOSIS = "diagnosis"
    DISCHARGE = "discharge"
    REPORT = "report"
    PRESCRIPTION = "prescription"
    UNKNOWN = ""


NAMES: Final = {
    Looks.ID_FRONT: "身份证人像面",
    Looks.ID_BACK: "身份证国徽面",
    Looks.SOCIAL_CARD: "社会保障卡",
    Looks.DIAGNOSIS: "诊断证明",
    Looks.DISCHARGE: "出院小结",
    Looks.REPORT: "检查检验报告",
    Looks.PRESCRIPTION: "处方",
}
"""What a clerk calls it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of print as the machine read it. ``score`` is its mean confidence, 0 to 1; ``box`` where it stands.

    ``chars``: the confidence of each character of ``text``; empty where the engine does not tell.
    """

    text: str
    score: float
    box: Box
    chars: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One value read from a page.

    ``name`` says what it is, apart from whose it is: name, sex, nation, birth, address, cert_number, cert_until, issuer, social_number,
    card_number (a social-security card's own), hospital, doctor, diagnosis, issued_on. ``value`` is as an application holds it (codes, ISO dates). ``certain``: it passed every rule that
    can be asked of it; it still wants a person's word. ``unsure`` are positions in ``value`` of characters worth a second look.
    ``repaired``: what was printed had one wrong character that only one other could replace.
    """

    name: str
    value: str
    score: float
    box: Box
    certain: bool = False
    unsure: tuple[int, ...] = ()
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class PageReading:
    """Everything read from one page."""

    looks: Looks = Looks.UNKNOWN
    readings: tuple[Reading, ...] = ()
    lines: tuple[Line, ...] = ()

    def of(self, name: str) -> Reading | None:
        """Return the reading of this name, None where there is none."""
        return next((one for one in self.readings if one.name == name), None)


NOTHING_READ: Final = PageReading()
