"""What every document of a layout shows: the characters of its own words and of the region's, never those of a case.

They begin each font's subset in an order of their own, so that the bulk of the font is deflated once (:mod:`app.adapters.documents.subset`).
The same layout, region, counter and edition give the same characters, whatever was drawn before: files stay the same byte for byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.adapters.documents.layout import EDITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from app.adapters.documents.fonts import Fonts
    from app.adapters.documents.layout import Layout
    from app.adapters.documents.style import Style
    from app.adapters.documents.words import Codes, Condition, Template

_FIGURES: Final = "0123456789-年月日"
_DRAWN: Final = frozenset(" \n\t　~_□☑\u2009")
"""Drawn without a glyph, or not at all."""

Words = list[tuple[str, str]]
"""Face wanted, text."""


def steady_words(layout: Layout, style: Style, edition: str, codes: Codes, data: Mapping[str, Any]) -> Words:
    """Return the words that this layout prints in this edition for everybody here."""
    scopes = ({**data, edition: True},)
    found: Words = [(style.roles["value"].font, _FIGURES)]

    def say(font: str, template: Template) -> None:
        if template.steady:
            found.append((font, template.fill(scopes, codes)))
        else:
            found.extend((font, part) for part in template.parts if isinstance(part, str))

    for section in layout.sections:
        if _elsewhere(section.when, edition):
            continue
        found.append((style.roles["side"].font, section.side))
        for row in section.rows:
            for cell in () if _elsewhere(row.when, edition) else row.cells:
                if _elsewhere(cell.when, edition):
                    continue
                font = style.roles[cell.role].font
                if cell.kind == "tick":
                    found.extend((font, word) for word in codes[cell.text.bindings[0].pipes[0]].values())
                else:
                    say(font, cell.text)
                say(style.roles["foot"].font, cell.foot)
    for template in layout.footer:
        say(style.roles["footer"].font, template)
    return found


def steady_characters(words: Words, fonts: Fonts) -> dict[str, str]:
    """Return the characters of these words by the face that has them, each once.

    Ordered by their numbers, so that characters with one radical stand together: outlines and numbers deflate a little better.
    """
    found: dict[str, set[str]] = {}
    for font, text in words:
        for char in text:
            resolved = None if char in _DRAWN else fonts.resolve(font, char)
            if resolved is not None:
                found.setdefault(resolved[0], set()).add(char)
    return {face: "".join(sorted(characters)) for face, characters in found.items()}


def _elsewhere(when: Condition, edition: str) -> bool:
    """Whether this is printed in other editions only."""
    return any(term.path in EDITIONS and (term.path == edition) == term.negated for term in when.terms)


def changing(layout: Layout) -> Iterator[Template]:
    """Yield the templates of the region's own words: what they say tells one set of steady words from another."""
    for section in layout.sections:
        for row in section.rows:
            for cell in row.cells:
                yield from (one for one in (cell.text, cell.foot) if one.steady and not one.fixed)
    yield from (one for one in layout.footer if one.steady and not one.fixed)
