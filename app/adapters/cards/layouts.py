"""What stands where in the 256 bytes of text on a card's chip, UTF-16 little endian.

Resident cards and permits for Hong Kong, Macao and Taiwan share one layout (type J). Foreign permanent residents have two: the card of 2017
(type I) and that of December 2023 (type Y), as readers' makers publish them after the rules of the National Immigration Administration; neither was
tried with a real card here. A field that does not look like itself is left empty: nobody should trust what a wrong offset says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from app.core.cards import Card, CardKind
from app.core.codes import NATIONS, SEX
from app.core.days import iso, parse_day
from app.core.identity import read_cert
from app.core.names import read_name

if TYPE_CHECKING:
    from collections.abc import Mapping

SIZE: Final = 256
_TYPE: Final = slice(248, 250)
_LONG_TERM: Final = "长期"


@dataclass(frozen=True, slots=True)
class Place:
    """Offset and length of a field in bytes."""

    at: int
    size: int


_COMMON: Final[Mapping[str, Place]] = MappingProxyType({"valid_from": Place(188, 16), "valid_until": Place(204, 16)})
RESIDENT: Final[Mapping[str, Place]] = MappingProxyType(
    {
        **_COMMON,
        "name": Place(0, 30),
        "sex": Place(30, 2),
        "nation": Place(32, 4),
        "birth": Place(36, 16),
        "address": Place(52, 70),
        "number": Place(122, 36),
        "issuer": Place(158, 30),
    }
)
PERMIT: Final[Mapping[str, Place]] = MappingProxyType({key: place for key, place in RESIDENT.items() if key != "nation"})
"""Bytes 220 to 242 hold the pass number and how often it was issued: no application asks for them."""
FOREIGN_2017: Final[Mapping[str, Place]] = MappingProxyType(
    {
        **_COMMON,
        "latin": Place(0, 120),
        "sex": Place(120, 2),
        "number": Place(122, 30),
        "name": Place(158, 30),
        "birth": Place(220, 16),
    }
)
FOREIGN_2023: Final[Mapping[str, Place]] = MappingProxyType(
    {
        **_COMMON,
        "name": Place(0, 30),
        "sex": Place(30, 2),
        "birth": Place(36, 16),
        "latin": Place(52, 70),
        "number": Place(122, 36),
        "latin_on": Place(220, 22),
    }
)
LAYOUTS: Final[Mapping[str, tuple[CardKind, Mapping[str, Place]]]] = MappingProxyType(
    {
        "": (CardKind.RESIDENT, RESIDENT),
        "J": (CardKind.HMT, PERMIT),
        "I": (CardKind.FOREIGN, FOREIGN_2017),
        "Y": (CardKind.FOREIGN, FOREIGN_2023),
    }
)
"""By the letter at byte 248; resident cards have none."""


def card_of(text: bytes) -> Card | str:
    """Read the text of a chip: the card, or a sentence for the clerk when it is of no known kind or its number does not hold."""
    if len(text) != SIZE:
        return "证件里的内容不完整，拿开再放一次；还不行就照证件填"
    letter = _tidy(_decoded(text[_TYPE]))
    if letter not in LAYOUTS:
        return "读卡器不认得这种证件，照证件填"
    kind, layout = LAYOUTS[letter]
    raw = {key: _decoded(text[place.at : place.at + place.size]) for key, place in layout.items()}
    latin = raw.pop("latin", "") + raw.pop("latin_on", "")
    raw = {key: _tidy(value) for key, value in raw.items()}
    reading = read_cert(kind.value, raw["number"])
    if not reading.ok:
        return "读到的号码校验不符，拿开再放一次；还不行就照证件填"
    card = Card(
        kind,
        name=_name(raw["name"], latin),
        number=reading.number,
        sex=raw["sex"] if raw["sex"] in SEX else "",
        nation=raw.get("nation", "") if raw.get("nation", "") in NATIONS else "",
        birth=_day(raw["birth"]),
        address=raw.get("address", ""),
        issuer=raw.get("issuer", ""),
        valid_from=_day(raw["valid_from"]),
        valid_until=_LONG_TERM if raw["valid_until"] == _LONG_TERM else _day(raw["valid_until"]),
    )
    return _without_contradictions(card)


def _without_contradictions(card: Card) -> Card:
    """Return the card without dates that contradict each other: born after the card begins, or beginning after it ends."""
    until = card.valid_until if card.valid_until != _LONG_TERM else ""
    if card.birth and card.valid_from and card.birth > card.valid_from:
        card = replace(card, birth="", valid_from="")
    if card.valid_from and until and card.valid_from > until:
        card = replace(card, valid_from="", valid_until="")
    return card


def _name(han: str, latin: str) -> str:
    """Return the Chinese name, where there is none the Latin one. '' for what holds anything no name holds, or fills its field and may be cut."""
    words = " ".join(latin.split())
    reading = read_name(han or ("" if len(words) >= len(latin) else words))
    return reading.name if reading.ok else ""


def _day(text: str) -> str:
    day = parse_day(text)
    return iso(day) if day is not None else ""


def _decoded(octets: bytes) -> str:
    """Return a field as text, '' for one that is none."""
    try:
        text = octets.decode("utf-16-le").replace("\0", " ")
    except UnicodeDecodeError:
        return ""
    return text if all(char >= " " for char in text) else ""


def _tidy(text: str) -> str:
    """Return a field without what fills it up."""
    return text.strip(" \u3000")
