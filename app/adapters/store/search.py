"""Finding an application by whatever the clerk has: part of a name, initials, the tail of a number.

Text is folded first (full width to half width, lower case, spaces, dashes, name dots and stray NULs away), so that 阿依古丽·买买提 is found however the
dot is typed and an acceptance number with or without its dashes. Then each part of the question is looked for in all of these at once:

- ``grams``: name and acceptance number, three characters and more, anywhere;
- ``characters``: the name, one or two characters, anywhere (a trigram index never finds two);
- ``finders``: beginnings of initials, certificate and phone, and their ends, stored backwards so that an end is a beginning too.

Every part must be found. A question that is one acceptance number is answered by that application alone.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING

from app.adapters.store.database import value
from app.core.numbering import parse_number
from app.core.pinyin import initials

if TYPE_CHECKING:
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


def index(db: Database, key: int, application: Application) -> None:
    """Store what the application is found by, inside the caller's transaction. Costs nothing while none of it changed."""
    person = application.applicant
    number = application.acceptance.number if application.acceptance else ""
    found_by = json.dumps([person.name, person.cert_number, person.phone, person.other_phone, number])
    if value(db, "SELECT found_by FROM applications WHERE key = ?", (key,)) == found_by:
        return
    db.execute("UPDATE applications SET found_by = ? WHERE key = ?", (found_by, key))
    db.execute("DELETE FROM finders WHERE application = ?", (key,))
    for kind, word in sorted(_finders(application)):
        db.execute("INSERT INTO finders (kind, value, application) VALUES (?, ?, ?)", (kind, word, key))
    name = _clean(fold(person.name))
    db.execute("DELETE FROM grams WHERE rowid = ?", (key,))
    db.execute("INSERT INTO grams (rowid, text) VALUES (?, ?)", (key, f"{name}\n{fold(number)}"))
    db.execute("DELETE FROM characters WHERE rowid = ?", (key,))
    db.execute("INSERT INTO characters (rowid, text) VALUES (?, ?)", (key, " ".join(name)))


def _finders(application: Application) -> set[tuple[str, str]]:
    person = application.applicant
    words = {("initials", fold(letters)) for letters in initials(person.name)} if person.name else set()
    cert = fold(person.cert_number)
    words |= {("cert", cert), ("cert_tail", cert[::-1])}
    for phone in (fold(person.phone), fold(person.other_phone)):
        words |= {("phone", phone), ("phone_tail", phone[::-1])}
    return {(kind, _clean(word)) for kind, word in words if word}


def _clean(text: str) -> str:
    """Half a surrogate pair, as some input methods leave it, cannot be stored as UTF-8."""
    return text.encode("utf-8", "replace").decode()


def exact(db: Database, text: str) -> str | None:
    """Return the id of the application whose acceptance number the whole question is, dashes or not; or None."""
    number = parse_number(text)
    found = value(db, "SELECT id FROM applications WHERE number = ?", (str(number),)) if number else None
    return str(found) if found is not None else None


def where(text: str) -> tuple[str, dict[str, str]]:
    """Return a condition on ``a.key`` that every part of the question holds, and its parameters; empty for an empty question."""
    parts = [folded for part in text.split() if (folded := _clean(fold(part)))]
    conditions: list[str] = []
    params: dict[str, str] = {}
    for at, part in enumerate(dict.fromkeys(parts)):
        ways, values = _ways(part, f"p{at}")
        conditions.append("a.key IN (" + " UNION ".join(ways) + ")")
        params |= values
    return " AND ".join(conditions), params


def _ways(part: str, name: str) -> tuple[list[str], dict[str, str]]:
    """Return the subqueries that may find one part, with parameters whose names begin with ``name``."""
    ways: list[str] = []
    params: dict[str, str] = {}
    if len(part) >= GRAM:
        ways.append(f"SELECT rowid FROM grams WHERE grams MATCH :{name}")  # noqa: S608 - a parameter's name
        params[name] = _phrase(part)
    else:
        ways.append(f"SELECT rowid FROM characters WHERE characters MATCH :{name}")  # noqa: S608 - a parameter's name
        params[name] = _phrase(" ".join(part))
    for kind, word in _beginnings(part).items():
        ways.append(
            f"SELECT application FROM finders WHERE kind = '{kind}' AND value >= :{name}_{kind} AND value < :{name}_{kind}_"  # noqa: S608 - names of ours
        )
        params |= {f"{name}_{kind}": word, f"{name}_{kind}_": word + _LAST}
    return ways, params


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


def _phrase(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
