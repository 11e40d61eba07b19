"""Text into what is set: characters and figures with their face and width, gaps, writing lines, tick boxes.

Widths are in em, so that shrinking costs nothing. Rules of DESIGN_DOCUMENTS: figures keep 1/8 em from Han, 1/16 em inside a date;
two full-width marks in a row share one em; a name that Hei lacks a character of is set in Song as a whole.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple, cast

from app.adapters.documents.fonts import HEI, SONG, Fonts
from app.adapters.documents.words import THIN

HAN: Final = "han"
LATIN: Final = "latin"
GAP: Final = "gap"
RULE: Final = "rule"
BOX: Final = "box"

NEVER_FIRST: Final = frozenset("，。、；：！？）》〉」』】〕”’…—％℃·)],.;:!?%／")
NEVER_LAST: Final = frozenset("（《〈「『【〔“‘([①②③④⑤⑥⑦⑧⑨")
HALF_INK: Final = frozenset("，。、；：！？）》」』】〕”’")
"""Closing marks with half an em of ink in a full em."""
_CIRCLED: Final = frozenset("①②③④⑤⑥⑦⑧⑨")
_OPENING: Final = NEVER_LAST - _CIRCLED
_MARKS: Final = NEVER_FIRST | NEVER_LAST
_BESIDE_HAN: Final = 0.125
_IN_NUMBER: Final = 0.22
_BOX_WIDTH: Final = 1.06
_WIDE: Final = 0.9
_MISSING: Final = "〓"
_WHOLE: Final = re.compile(
    r"\d{4}年\d{1,2}月\d{1,2}日|\d+~? ?(?:个工作日|号窗口|[个件份页条元岁次种号项年月日时分人张])|第\d+页|[一二三四五六七八九十]{1,2}[条款项]"
    r"|（[^）]{1,4}）|□[^□☑\s　]{1,8}|☑[^□☑\s　]{1,8}|__+日|——|……"
)
_UNITS: Final = frozenset("条款项")
"""The only characters without a rule of their own that make a whole with their neighbours (see :data:`_WHOLE`)."""
_ATOM: Final = re.compile(r"~|_{2,}|[A-Za-z0-9*][A-Za-z0-9.,:/@#*%+\-]*|.", re.DOTALL)
_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


class Token(NamedTuple):
    """One thing on a line. ``width`` in em; ``glued``: no line break before it; ``heavy``: drawn with a thicker stroke."""

    text: str
    kind: str
    font: str
    width: float
    heavy: bool = False
    glued: bool = False


class Tokenised(NamedTuple):
    """A paragraph's tokens, and the characters no face has."""

    tokens: tuple[Token, ...]
    missing: str = ""


def tokenise(text: str, font: str, fonts: Fonts) -> Tokenised:
    """Return the tokens of one paragraph set in this face; ``~word~`` is emphasis, □ ☑ and ____ are drawn."""
    plain = fonts.tokens.get((font, font, False, False))
    if plain and not _UNITS.intersection(text):
        known = tuple([plain.get(char) for char in text])
        if None not in known:
            return Tokenised(cast("tuple[Token, ...]", known))
    text = _SELECTORS.sub("", text)
    has = fonts.face(HEI).glyph
    rare = font == HEI and any(char > "\u2fff" and not has(char) and char.isalpha() for char in text)
    return _Tokeniser(text, SONG if rare else font, font, fonts, rare=rare).run()


class _Tokeniser:
    def __init__(self, text: str, face: str, stated: str, fonts: Fonts, *, rare: bool) -> None:
        self.text, self.face, self.base, self.stated, self.fonts, self.rare = text, face, face, stated, fonts, rare
        self.inside = {at for match in _WHOLE.finditer(text) for at in range(match.start() + 1, match.end())}
        self.out: list[Token] = []
        self.missing: list[str] = []
        self.heavy = False
        self.before = ""

    def run(self) -> Tokenised:
        out, inside, plain, heavy = self.out, self.inside, self.plain(), False
        for match in _ATOM.finditer(self.text):
            text, at = match[0], match.start()
            token = plain.get(text)
            last = out[-1] if out else None
            if token and at not in inside and (last is None or (last.kind == HAN and last.text not in NEVER_LAST)):
                out.append(token)
                self.before = text
                continue
            self.atom(text, at)
            if self.heavy != heavy:
                plain, heavy = self.plain(), self.heavy
            elif out and out[-1].text == text and out[-1].kind == HAN and text not in _MARKS and not out[-1].glued:
                plain[text] = out[-1]
        return Tokenised(tuple(_shared(self.out)), "".join(dict.fromkeys(self.missing)))

    def plain(self) -> dict[str, Token]:
        """Return the tokens of characters that have no rule of their own, kept for the next paragraph in this face: most of any text."""
        return self.fonts.tokens.setdefault((self.face, self.stated, self.heavy, self.rare), {})

    def atom(self, text: str, at: int) -> None:
        if text == "~":
            self.heavy = not self.heavy
            self.face = HEI if self.heavy and self.stated == SONG else self.base
            return
        if text in (" ", THIN):
            if self.out:
                thin = text == THIN
                self.out.append(Token("", GAP, self.face, _IN_NUMBER if thin else _BESIDE_HAN, glued=thin))
            self.before = text
            return
        token = self.token(text)
        self.gap(token, at)
        last = self.out[-1] if self.out else None
        glued = last is not None and (
            at in self.inside or text[0] in NEVER_FIRST or (bool(last.text) and last.text[-1] in NEVER_LAST)
        )
        if glued and last is not None and last.kind == GAP:
            self.out[-1] = last._replace(glued=True)
        self.out.append(token._replace(glued=True) if glued else token)
        self.before = text

    def token(self, text: str) -> Token:
        if text.startswith("__"):
            return Token(text, RULE, self.face, len(text) * 0.5)
        if text in "□☑":
            return Token(text, BOX, self.face, _BOX_WIDTH)
        found = self.fonts.resolve(self.face, text)
        if found is None:
            self.missing.append(text)
            text = _MISSING
            found = self.face, self.fonts.width(self.face, text)
        heavy = (self.heavy and self.stated != SONG) or self.rare
        return Token(text, LATIN if _latin(text) else HAN, found[0], found[1], heavy)

    def gap(self, token: Token, at: int) -> None:
        """Keep figures and Han apart, unless a mark or a space stands between them."""
        if not self.out or self.before in (" ", "") or token.kind not in (HAN, LATIN):
            return
        last = self.out[-1]
        if last.kind not in (HAN, LATIN) or last.kind == token.kind:
            return
        ends = {last.text[-1], token.text[0]}
        if ends & _MARKS or "　" in ends:
            return
        inside = at in self.inside
        self.out.append(Token("", GAP, self.face, _BESIDE_HAN / 2 if inside else _BESIDE_HAN, glued=inside))


def _latin(text: str) -> bool:
    return text[0].isascii() and (text[0].isalnum() or text[0] == "*")


def _shared(tokens: list[Token]) -> list[Token]:
    """Let two full-width marks in a row share one em."""
    for at, first in enumerate(tokens[:-1]):
        if first.text not in HALF_INK:
            continue
        second = tokens[at + 1]
        full = first.kind == second.kind == HAN and first.width > _WIDE
        if full and (second.text in HALF_INK or second.text in _OPENING):
            tokens[at] = first._replace(width=0.5)
    return tokens


def split(token: Token, fonts: Fonts) -> tuple[Token, ...]:
    """Return one token per character: a number wider than its cell may break anywhere."""
    return tuple(
        Token("", GAP, token.font, _IN_NUMBER, glued=True)
        if char == THIN
        else token._replace(text=char, width=fonts.width(token.font, char))
        for char in token.text
    )


def width(tokens: tuple[Token, ...], track: float = 0) -> float:
    """Return the width of a line in em; ``track`` is added between its tokens."""
    return sum([token.width for token in tokens]) + track * max(0, len(tokens) - 1)


def tail(tokens: tuple[Token, ...]) -> float:
    """Return what a closing mark at the end of a line gives back, in em."""
    last = tokens[-1] if tokens else None
    return 0.5 if last and last.kind == HAN and last.width > _WIDE and last.text in HALF_INK else 0
