"""The notice on personal data (PIPL articles 17, 30 and 35) as a value: one text, filled with what the place says of itself.

The law asks for it although no consent is needed where an office does its statutory duty; what a place is silent about is left to the
office and never invented (domain/rules.md §1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from app.core.region import Region

PLACES: Final = frozenset({"office", "retention", "contact"})
"""What a notice's text may name in braces."""

_ASK: Final = {
    "office": "办理本事项的医疗保障经办机构（名称问经办机构）",
    "retention": "保存期限问经办机构",
    "contact": "联系方式问经办机构",
}


class ContactFacts(Protocol):
    """What a counter says of itself. Fulfilled by :class:`app.services.ports.Counter`."""

    @property
    def address(self) -> str:
        """Where it is."""

    @property
    def phone(self) -> str:
        """Its telephone."""


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice as shipped. ``parts`` are (heading, text); a text may name :data:`PLACES` in braces.

    ``version`` changes with every change of the text, so that it can be said which text somebody was told.
    """

    version: str = ""
    title: str = ""
    parts: tuple[tuple[str, str], ...] = ()


NO_NOTICE: Final = Notice()


def told(notice: Notice, region: Region, counter: ContactFacts) -> tuple[tuple[str, str], ...]:
    """Return the notice's parts filled with this place's facts; what the counter was set to wins over the region."""
    phone = counter.phone.strip() or region.fact("hotline").text.strip()
    address = counter.address.strip() or region.fact("address").text.strip()
    said = {
        "office": region.fact("office").text.strip(),
        "retention": region.fact("retention").text.strip().rstrip("。"),
        "contact": "，".join(part for part in (address, phone) if part),
    }
    filled = {name: text or _ASK[name] for name, text in said.items()}
    return tuple((head, text.format_map(filled)) for head, text in notice.parts)
