"""Finding an application by whatever the clerk has: part of a name, initials, the tail of a number.

Text is folded first (full width to half width, lower case, spaces, dashes, name dots and stray NULs away), so that 阿依古丽·买买提 is found however the
dot is typed and an acceptance number with or without its dashes. Then each part of the question is looked for in all of these at once:

- ``grams``: name and acceptance number, three characters and more, anywhere;
- ``characters``: the name, one or two characters, anywhere (a trigram index never finds two);
- ``finders``: beginnings of initials, certificate and phone, and their ends, stored backwards so that an end is a beginning too.

Every part must be found. A question that is one acceptance number is answered by that application alone. Here is what is looked for and
where it is stored; :mod:`app.adapters.store.hits` looks.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.adapters.store.database import value
from app.core.numbering import parse_number
from app.core.pinyin import initials

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlite_utils import Database

    from app.core.application import Application

GRAM = 3
CERT_HEAD = 6
PHONE_HEAD = 7
_DROPPED = re.compile(r"[\s\x00·•‧・⋅∙.\-‐‑–—_/]+")
_LAST = "\U0010ffff"


def fold(text: str) -> str:
    """Return text as it is compared."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text).casefold())


@dataclass(frozen=True, slots=True)
class Keys:
    """What an application is found by. ``source``: the answers it comes from, as JSON; ``finders``: pairs of kind and word."""

    source: str
    name: str
    text: str
    finders: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to find a part: a phrase in ``grams`` or ``characters``, or a beginning among the ``finders`` of a kind."""

    place: str
    word: str

    @property
    def phrase(self) -> bool:
        """Whether it is looked for in running text."""
        return self.place in ("grams", "characters")

    @property
    def match(self) -> str:
        """The question to FTS5."""
        text = self.word if self.place == "grams" else " ".join(self.word)
        return '"' + text.replace('"', '""') + '"'

    @property
    def reach(self) -> tuple[str, str, str]:
        """Kind, first word and the end of all words that begin so."""
        return self.place, self.word, self.word + _LAST

    def in_text(self, source: str) -> bool:
        """Whether this phrase stands in the text of the application with these answers (:attr:`Keys.source`)."""
        name, *_, number = json.loads(source)
        return self.word in _clean(fold(name)) or (self.place == "grams" and self.word in fold(number))


def keys(application: Application) -> Keys:
    """Return what an application is found by."""
    return keys_of(_source(application))


def keys_of(source: str) -> Keys:
    """Return the same from the answers as they are kept beside the application."""
    name, cert, *phones, number = json.loads(source)
    folded = _clean(fold(name))
    return Keys(source, folded, f"{folded}\n{fold(number)}", frozenset(_finders(name, fold(cert), map(fold, phones))))


def index(db: Database, key: int, application: Application) -> None:
    """Store what the application is found by, inside the caller's transaction. Costs nothing while none of it changed."""
    source = _source(application)
    if value(db, "SELECT found_by FROM applications WHERE key = ?", (key,)) == source:
        return
    found_by = keys_of(source)
    db.execute("UPDATE applications SET found_by = ? WHERE key = ?", (source, key))
    db.execute("DELETE FROM finders WHERE application = ?", (key,))
    for kind, word in sorted(found_by.finders):
        db.execute("INSERT INTO finders (kind, value, application) VALUES (?, ?, ?)", (kind, word, key))
    db.execute("DELETE FROM grams WHERE rowid = ?", (key,))
    db.execute("INSERT INTO grams (rowid, text) VALUES (?, ?)", (key, found_by.text))
    db.execute("DELETE FROM characters WHERE rowid = ?", (key,))
    db.execute("INSERT INTO characters (rowid, text) VALUES (?, ?)", (key, " ".join(found_by.name)))


def _source(application: Application) -> str:
    person = application.applicant
    acceptance = application.acceptance or (application.mends.acceptance if application.mends else None)
    number = acceptance.number if acceptance else ""
    return json.dumps([person.name, person.cert_number, person.phone, person.other_phone, number])


def _finders(name: str, cert: str, phones: Iterable[str]) -> set[tuple[str, str]]:
    words = {("initials", fold(letters)) for letters in initials(name)} if name else set()
    words |= {("cert", cert), ("cert_tail", cert[::-1])}
    for phone in phones:
        words |= {("phone", phone), ("phone_tail", phone[::-1])}
    return {(kind, _clean(word)) for kind, word in words if word}


def _clean(text: str) -> str:
    """Half a surrogate pair, as some input methods leave it, cannot be stored as UTF-8."""
    return text.encode("utf-8", "replace").decode()


def exact(db: Database, text: str) -> int | None:
    """Return the key of the application whose acceptance number the whole question is, dashes or not; or None."""
    number = parse_number(text)
    found = value(db, "SELECT key FROM applications WHERE number = ?", (str(number),)) if number else None
    return int(found) if found is not None else None


def parts(text: str) -> list[tuple[Way, ...]]:
    """Return for each part of a question the ways that may find it; nothing for an empty question."""
    folded = (_clean(fold(part)) for part in text.split())
    return [_ways(part) for part in dict.fromkeys(folded) if part]


def _ways(part: str) -> tuple[Way, ...]:
    text = Way("grams" if len(part) >= GRAM else "characters", part)
    return text, *(Way(kind, word) for kind, word in _beginnings(part).items())


def _beginnings(part: str) -> dict[str, str]:
    """Return which finders this part may begin."""
    if not (part.isascii() and part.isalnum()):
        return {}
    if part.isalpha():
        return {"initials": part}
    heads = {"cert_tail": part[::-1], "phone_tail": part[::-1]}
    if len(part) >= CERT_HEAD:
        heads["cert"] = part
    if len(part) >= PHONE_HEAD:
        heads["phone"] = part
    return heads
