"""Whose a lost row was: each application that a damaged place hit is named, by what the rest of the file still says of it.

A lost row took its columns along, but not those that an index holds too, nor the audit, the papers and the queue. What no row tells any
more is found from the other side: an application that shows a page which is not there, and one that is spoken of and not there.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.adapters.store.database import row, transaction, value
from app.core.masks import mask_cert, mask_name
from app.services.ports import Affected, Mended

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlite_utils import Database

    from app.adapters.store.changes import Table
    from app.adapters.store.integrity import Reader

_WORDS = {
    "applications": "登记内容",
    "originals": "一页原件",
    "original_data": "一页原件",
    "thumbnails": "一页原件的小图",
    "documents": "一份文书",
    "outbox": "排队记录",
    "sent": "报送记录",
    "spool": "报送记录",
    "answers": "一份答复",
    "inbox": "一份答复",
    "editions": "补正前的一版",
    "handovers": "移交记录",
    "looks": "一次复核",
    "journals": "别的窗口的操作记录",
    "audit": "一条操作记录",
}
_OTHER = "一条记录"
_NAMES = {"applications": "id", "audit": "subject"}
"""The column that holds the application; ``application`` in all other tables."""

_PAGELESS = """SELECT DISTINCT a.id FROM applications a,
    json_each(iif(json_valid(a.record), a.record, '{}'), '$.papers') paper, json_each(paper.value, '$.pages') page
    WHERE NOT (EXISTS (SELECT 1 FROM originals WHERE id = page.value ->> '$.original')
        AND EXISTS (SELECT 1 FROM original_data WHERE original = page.value ->> '$.original'))
    AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.application = a.id AND o.purged_at <> '')
    AND (EXISTS (SELECT 1 FROM outbox o WHERE o.application = a.id)
        OR NOT EXISTS (SELECT 1 FROM audit u WHERE u.subject = a.id AND u.act = 'purge'))"""
_SPOKEN_OF = " UNION ".join(
    f"SELECT {column} FROM {source} {column} NOT IN (SELECT id FROM applications)"  # noqa: S608 - fixed texts
    for column, source in (
        ("subject", "audit WHERE act IN ('create', 'taken_over', 'finalise') AND"),
        *(("application", f"{table} WHERE") for table in ("outbox", "documents", "sent", "spool", "editions")),
    )
)


@dataclass(frozen=True, slots=True)
class Known:
    """What indexes still say of lost rows: the application by table and key, and number and certificate by application."""

    owners: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    certs: Mapping[str, str] = field(default_factory=dict)


def known(reader: Reader, lost: Mapping[str, set[Any]]) -> Known:
    """Read out of the damaged file's indexes what they hold of the rows that are lost."""
    owners: dict[str, dict[Any, str]] = {}
    for name, keys in lost.items():
        table, column = reader.tables[name], _NAMES.get(name, "application")
        if not keys or column not in table.columns or column in table.keys:
            continue
        named = _indexed(reader, table, table.keys[0])
        found = ((named.get(at, at), owner) for at, owner in _indexed(reader, table, column).items())
        owners[name] = {key: str(owner) for key, owner in found if key in keys}
    ids = owners.get("applications", {})
    if not ids:
        return Known(owners)
    numbers = _indexed(reader, reader.tables["applications"], "number")
    certs = {}
    for order in ("", " DESC"):
        sql = f"SELECT value, application FROM finders WHERE kind = 'cert' ORDER BY value{order}, application{order}"  # noqa: S608 - a fixed text
        certs.update({ids[key]: str(word) for word, key in reader.each(sql) if key in ids})
    return Known(owners, {ids[key]: str(number) for key, number in numbers.items() if number and key in ids}, certs)


def _indexed(reader: Reader, table: Table, column: str) -> dict[int, Any]:
    """Return a column by rowid as far as one of the table's indexes has it, read from both ends; nothing if none has."""
    found: dict[int, Any] = {}
    for _, index, _, _, partial in reader.ask(f"PRAGMA index_list({table.name})") or []:
        columns = [name for _, _, name in reader.ask(f"PRAGMA index_info({index})") or []]
        if partial or column not in columns:
            continue
        for order in ("", " DESC"):
            by = ", ".join(name + order for name in columns)
            sql = f"SELECT rowid, {column} FROM {table.name} INDEXED BY {index} ORDER BY {by}"  # noqa: S608 - names of our own schema
            found.update(dict(reader.each(sql)))
    return found


def report(new: Database, lost: dict[str, set[Any]], taken: dict[str, set[Any]], kept: str, told: Known) -> Mended:
    """Say which applications were hit, and what each of them lacks for good; an original without its data goes as a whole."""
    hit: dict[str, set[str]] = defaultdict(set)
    orphans = {found[0] for found in new.execute(_SPOKEN_OF).fetchall()}
    other = nameless = 0
    for name, keys in lost.items():
        for key in keys:
            gone = key not in taken.get(name, set())
            id_ = _owner(new, name, key, told)
            if id_ and (name != "audit" or id_ in orphans or value(new, "SELECT 1 FROM applications WHERE id = ?", (id_,))):
                hit[id_].update({_WORDS.get(name, _OTHER)} if gone else ())
            elif name == "applications":
                nameless += gone
            else:
                other += gone
    nameless -= len(orphans - hit.keys())
    for id_ in orphans:
        hit[id_].add(_WORDS["applications"])
    for (id_,) in new.execute(_PAGELESS).fetchall():
        hit[id_].add(_WORDS["originals"])
    with transaction(new):
        new.execute("DELETE FROM originals WHERE id NOT IN (SELECT original FROM original_data)")
        new.execute("INSERT OR IGNORE INTO thumbnails (original, jpeg) SELECT id, x'' FROM originals")
    affected = [Affected(id_, _label(new, id_, told), "、".join(sorted(words))) for id_, words in sorted(hit.items())]
    affected += [Affected(f"#{at}", _label(new, "", told), _WORDS["applications"]) for at in range(nameless)]
    return Mended(tuple(affected), other, bool(taken), kept)


def _owner(new: Database, name: str, key: Any, told: Known) -> str:
    """Return the application of a lost row, '' when nothing says it."""
    found = None
    if name in {"originals", "original_data", "thumbnails"}:
        found = (
            value(new, "SELECT application FROM originals WHERE id = ?", (key,))
            or told.owners.get("originals", {}).get(key)
            or value(new, "SELECT subject FROM audit WHERE act = 'original' AND what = ?", (key,))
            or value(new, "SELECT id FROM applications WHERE instr(record, ?)", (str(key),))
        )
    elif name == "applications":
        found = value(new, "SELECT id FROM applications WHERE key = ?", (key,))
    elif name == "outbox":
        found = key
    elif name in {"documents", "sent", "editions", "journals"}:
        found = json.loads(key)[0]
    elif name == "handovers":
        sql = "SELECT subject FROM audit WHERE act IN ('handover', 'taken_over') AND what LIKE '% ' || ?"
        found = value(new, sql, (str(json.loads(key)[0])[:8],))
    return str(found or told.owners.get(name, {}).get(key) or "")


def _label(new: Database, id_: str, told: Known) -> str:
    """Return number or masked name; of an application that is lost, whatever is known to find its papers by."""
    found = row(new, "SELECT coalesce(number, '') AS number, name FROM applications WHERE id = ?", (id_,))
    if found:
        return str(found["number"]) or (f"草稿·{mask_name(found['name'])}" if found["name"] else "一件没写姓名的草稿")
    accepted = "SELECT what FROM audit WHERE subject = ? AND act = 'finalise' AND subject <> '' ORDER BY seq DESC"
    if number := told.numbers.get(id_) or value(new, accepted, (id_,)):
        return f"编号 {number} 的一件"
    former = (
        "SELECT record ->> '$.applicant.name' FROM editions WHERE application = ? AND json_valid(record) ORDER BY revision DESC"
    )
    if name := value(new, former, (id_,)):
        return f"{mask_name(name)}的一件"
    if cert := told.certs.get(id_):
        return f"证件号 {mask_cert(cert.upper())} 的一件"
    begun = row(
        new,
        """SELECT at, who FROM audit WHERE subject = :id AND subject <> '' AND act IN ('create', 'taken_over', 'original')
            UNION ALL SELECT added_at, '' FROM originals WHERE application = :id ORDER BY at LIMIT 1""",
        {"id": id_},
    )
    return f"{begun['at'][:16].replace('T', ' ')} {begun['who']}开始的一件" if begun else "编号不明的一件"
