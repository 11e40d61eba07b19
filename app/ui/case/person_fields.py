"""The fields a person's document needs, the same for applicant and agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core import masks
from app.core.days import iso
from app.core.identity import CERT_KINDS, CertReading, age_on, read_cert
from app.ui.kit.choices import Combo
from app.ui.kit.fields import Field
from app.ui.kit.text import Chip

if TYPE_CHECKING:
    import datetime as dt

CERT_NAMES = tuple((kind.code, kind.name) for kind in CERT_KINDS.values())
CHECKED_KINDS = frozenset({"01", "17"})
"""Kinds whose number carries a published check character."""

_WORDS = {
    "check": "校验不符",
    "kind": "不是这种证件",
    "chars": "有别的字符",
    "length": "位数不对",
    "old15": "15 位旧号",
    "date": "日期不存在",
    "future": "日期还没到",
}


def cert_kind(name: str) -> Combo:
    """Return the list of documents; ``name`` is the accessible name."""
    return Combo(name, CERT_NAMES, width=204)


def cert_number(name: str, width: int = 0) -> Field:
    """Return the field of a document number, painted in groups at rest."""
    return Field(name, width=width, numeric=True, group=masks.group_cert)


def phone(name: str, placeholder: str = "") -> Field:
    """Return the field of a telephone number, painted in groups at rest."""
    return Field(name, width=180, numeric=True, group=masks.group_phone, placeholder=placeholder)


class CertChip(Chip):
    """What the number says about itself, at every keystroke: how far it is, that it agrees, or what is wrong with it."""

    def __init__(self) -> None:
        super().__init__("")
        self.reading = CertReading("", "")
        self.hide()

    def read(self, kind: str, number: str, today: dt.date) -> CertReading:
        """Show the reading of a number as typed so far, and return it."""
        reading = read_cert(kind, number, today)
        if reading != self.reading:
            self.reading = reading
            self._tell()
        return reading

    def _tell(self) -> None:
        reading = self.reading
        kind = CERT_KINDS.get(reading.kind)
        if reading.ok and reading.kind in CHECKED_KINDS:
            self.put("校验相符", "good", "circle-check")
        elif reading.partial and reading.number and reading.problem_id == "length" and kind:
            self.put(f"已 {len(reading.number)} 位", "neutral")
        elif reading.problem:
            tone = "bad" if reading.kind in CHECKED_KINDS else "warn"
            self.put(_WORDS.get(reading.problem_id, "看一看"), tone, "octagon-x" if tone == "bad" else "triangle-alert")
        self.setVisible(bool(reading.number) and (not reading.ok or reading.kind in CHECKED_KINDS))


def derived(reading: CertReading, today: dt.date) -> str:
    """Say what follows from a sound number: birth date, full years, and the area as a hint."""
    parts = []
    if reading.birth:
        parts += [iso(reading.birth), f"{age_on(reading.birth, today)} 岁"]
    if reading.area and reading.ok:
        parts.append(reading.area)
    return "·".join(parts)
