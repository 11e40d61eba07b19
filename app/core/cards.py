"""What a card's own chip says: an identity card, a residence permit, a social-security card."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CardKind(StrEnum):
    """Which card it was. The values are psn_cert_type where there is one (domain dictionary 4.2), else their own."""

    RESIDENT = "01"
    FOREIGN = "07"
    HMT = "17"
    SOCIAL = "90"


@dataclass(frozen=True, slots=True)
class Card:
    """What was read from a chip. Empty where the card does not say it.

    ``number``: the certificate number (社会保障号码 on a social-security card); ``sex`` and ``nation`` codes of GB/T 2261.1 and 3304; ``birth``,
    ``valid_from`` and ``valid_until`` ISO dates, ``valid_until`` may be 长期; ``card_number``: a social-security card's own. ``locked``: part of
    it wants the office's key (PSAM), in words, '' when nothing was held back. The portrait is never read.
    """

    kind: CardKind
    name: str = ""
    number: str = ""
    sex: str = ""
    nation: str = ""
    birth: str = ""
    address: str = ""
    issuer: str = ""
    valid_from: str = ""
    valid_until: str = ""
    card_number: str = ""
    locked: str = ""
