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
_ATOM: Final = re.compile(r"~|_{2,}|[A-Za-z0-9*][A-Za-z0-9.,:/@#*%+\-]*|[\u4e00-\u9fff]+|.", re.DOTALL)
_LAST_LATIN: Final = "~"
_SPACES: Final = frozenset((" ", ""))
_KEPT_APART: Final = {HAN, LATIN}
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
            han = text[0] > _LAST_LATIN
            if han and self.free() and (not inside or inside.isdisjoint(range(at, match.end()))):
                known = [plain.get(char) for char in text]
                if None not in known:
                    out += cast("list[Token]", known)
                    self.before = text[-1]
                    continue
            for place, one in enumerate(text, at) if han else ((at, text),):
                token = plain.get(one)
                if token and place not in inside and self.free():
                    out.append(token)
                    self.before = one
                    continue
                self.atom(one, place)
                if self.heavy != heavy:
                    plain, heavy = self.plain(), self.heavy
                elif out and out[-1].text == one and out[-1].kind == HAN and one not in _MARKS and not out[-1].glued:
                    plain[one] = out[-1]
        return Tokenised(tuple(_shared(self.out)), "".join(dict.fromkeys(self.missing)))

    def free(self) -> bool:
        """Whether what comes next keeps no distance from what stands before it, and may stand on a line of its own."""
        last = self.out[-1] if self.out else None
        return last is None or (last.kind == HAN and last.text not in NEVER_LAST)

    def plain(self) -> dict[str, Token]:
        """Return the tokens of characters that have no rule of their own, kept for the next paragraph in this face: most of any text."""
        return self.fonts.tokens.setdefault((self.face, self.stated, self.heavy, self.rare), {})

    def atom(self, text: str, at: int) -> None:
        if text == "~":
            self.heavy = not self.heavy
            self.face = HEI if self.heavy and self.stated == SONG else self.base
            return
        out = self.out
        if text in (" ", THIN):
            if out:
                thin = text == THIN
                out.append(Token("", GAP, self.face, _IN_NUMBER if thin else _BESIDE_HAN, glued=thin))
            self.before = text
            return
        what, kind, font, width, heavy = self.measured(text)
        inside, glued = at in self.inside, False
        if out:
            last = out[-1]
            glued = inside or text[0] in NEVER_FIRST or (bool(last.text) and last.text[-1] in NEVER_LAST)
            if self.before not in _SPACES and {last.kind, kind} == _KEPT_APART and not self.close(last.text[-1], what[0]):
                # Figures and Han keep apart, unless a mark or a space stands between them.
                out.append(Token("", GAP, self.face, _BESIDE_HAN / 2 if inside else _BESIDE_HAN, glued=inside or glued))
            elif glued and last.kind == GAP:
                out[-1] = last._replace(glued=True)
        out.append(Token(what, kind, font, width, heavy, glued))
        self.before = text

    def measured(self, text: str) -> tuple[str, str, str, float, bool]:
        """Return the text as it is drawn, what it is, its face, its width in em, and whether its stroke is thicker."""
        if text.startswith("__"):
            return text, RULE, self.face, len(text) * 0.5, False
        if text in "□☑":
            return text, BOX, self.face, _BOX_WIDTH, False
        found = self.fonts.resolve(self.face, text)
        if found is None:
            self.missing.append(text)
            text = _MISSING
            found = self.face, self.fonts.width(self.face, text)
        heavy = (self.heavy and self.stated != SONG) or self.rare
        return text, LATIN if _latin(text) else HAN, found[0], found[1], heavy

    @staticmethod
    def close(last: str, first: str) -> bool:
        """Whether one of two neighbours is a mark or a space."""
        return last in _MARKS or first in _MARKS or "　" in (last, first)


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
