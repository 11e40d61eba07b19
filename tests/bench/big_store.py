"""Stores of years: a hundred thousand or a million applications, made in large transactions with the store's own rows and search keys.

A counter's mix after years: nearly all was handed over and received, some hundreds wait on this computer, two hundred are drafts. Names are
drawn with the weights names have, so that a common one is found thousands of times and a rare one once; same names in each run.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from typing import TYPE_CHECKING

import whole_kit
from test_bench_store import typed

from app.adapters.store import Vault, applications, audit, changes, search
from app.adapters.store.database import checkpoint, transaction, value
from app.core.application import Acceptance, Applicant, State
from app.services.ports import AuditEntry
from app.services.setup import install

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.adapters.store import SqlStore
    from app.core.application import Application

DRAFTS, WAITING, HERE, NEEDS_YOU, VOID = 180, 20, 300, 12, 40
CHUNK = 50_000
A_DAY = 150
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤单"
GIVEN = "英华玉秀明兰文芳建国红军平丽桂珍海春金荣志永云梅霞小德强生艳伟林洪凤清杰敏琴燕新学静忠良美东福义光昌祥慧淑立宝爱民成龙世峰秋玲香翠辉胜正庆根素松娟萍勇少雪仁晓莲月天亚涛鹏贵景树克彩权才莉利家开庭坤康佳雨泽宇辰欣怡梓涵浩然子轩念雄信"
_LAST_DAY = dt.date(2026, 2, 6)
_WEIGHTS = {letters: list(accumulate(1 / (at + 3) for at in range(len(letters)))) for letters in (SURNAMES, GIVEN)}


@dataclass(frozen=True)
class Big:
    """A store of many, shut: where it lies, how many it holds, and how long making it took."""

    folder: Path
    count: int
    seconds: float

    def open(self) -> SqlStore:
        """Open it as a clerk does, argon2id included."""
        return Vault(self.folder, whole_kit.FixedClock(str(_LAST_DAY))).open(whole_kit.CLERK, whole_kit.PASSPHRASE)


def make(folder: Path, count: int) -> None:
    """Set up a counter with so many applications."""
    vault = Vault(folder, whole_kit.FixedClock(str(_LAST_DAY)))
    store = install(whole_kit.answers(), vault).store
    db = store._db
    for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
        db.execute(f"PRAGMA {setting}").fetchall()
    # The lines of the second copy are made at the end, as for a store from before it was followed.
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'changes_%'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    db.execute("DELETE FROM changes")
    people, finders = _people(count), []
    while chunk := list(islice(people, CHUNK)):
        with transaction(db):
            _write(db, chunk, finders)
    with transaction(db):
        finders.sort()
        db.conn.executemany("INSERT INTO finders (kind, value, application) VALUES (?, ?, ?)", finders)
    changes.follow(db)
    db.execute("PRAGMA journal_mode=WAL").fetchall()
    checkpoint(db)
    store.close()


def _people(count: int) -> Iterator[tuple[int, Application, str]]:
    """Key, application and queue status of each, oldest first."""
    chance = random.Random(5)
    blank = typed(0)
    for key in range(1, count + 1):
        left = count - key
        surname = chance.choices(SURNAMES, cum_weights=_WEIGHTS[SURNAMES])[0]
        given = chance.choices(GIVEN, cum_weights=_WEIGHTS[GIVEN], k=1 if chance.random() < 0.15 else 2)
        day = _LAST_DAY - dt.timedelta(days=left // A_DAY)
        person = Applicant(
            surname + "".join(given),
            cert_number=f"6209021900{chance.randrange(10**8):08}",
            phone=f"138{chance.randrange(10**8):08}",
            sex="2",
            birth="1900-01-01",
        )
        state, queue = _standing(key, left)
        number = f"PZ03-{day:%y%m%d}-{left % A_DAY + 1:04}-{key % 97:02}"
        accepted = Acceptance(number, f"{day}T10:30:00", "2026-03-20") if queue else None
        yield key, replace(blank, id=f"01JR{key:022}", applicant=person, state=state, acceptance=accepted, papers=()), queue


def _standing(key: int, left: int) -> tuple[State, str]:
    if left < DRAFTS * 2 and left % 2:
        return State.DRAFT, ""
    if key <= WAITING:
        return State.WAITING, ""
    if key <= WAITING + VOID:
        return State.VOID, ""
    if left < DRAFTS * 2 + HERE:
        return State.READY, "here"
    if not key % 1000 and key <= NEEDS_YOU * 1000:
        return State.READY, "needs_you"
    return State.READY, "copied" if key % 10 == 0 else "received"


def _write(db, chunk, finders) -> None:
    blank = applications._row(db, replace(chunk[0][1], acceptance=None), "2026-02-06T10:00:00", whole_kit.CLERK)
    kept = chunk[0][1].applicant
    record = _blanked(blank["record"], kept.name, kept.cert_number, kept.phone, chunk[0][1].id)
    rows, grams, characters, queued, links = [], [], [], [], []
    for key, one, queue in chunk:
        person, accepted = one.applicant, one.acceptance
        found_by = search.keys(one)
        rows.append(
            blank
            | {
                "key": key,
                "id": one.id,
                "state": one.state.value,
                "name": person.name,
                "cert_number": person.cert_number,
                "phone": person.phone,
                "number": accepted.number if accepted else None,
                "accepted_at": accepted.accepted_at if accepted else "",
                "due": accepted.due if accepted else "",
                "touched": key,
                "found_by": found_by.source,
                "record": record % tuple(map(json.dumps, (one.id, person.name, person.cert_number, person.phone))),
            }
        )
        grams.append((key, found_by.text))
        characters.append((key, " ".join(found_by.name)))
        finders += [(kind, word, key) for kind, word in found_by.finders]
        links.append(AuditEntry("2026-02-06T10:00:00", whole_kit.CLERK, "create", one.id))
        if accepted:
            at = {"copied": ("x", "", ""), "received": ("x", "x", ""), "needs_you": ("x", "", "缺一页")}.get(
                queue, ("", "", "")
            )
            queued.append((one.id, 1, accepted.accepted_at, whole_kit.CLERK, *at))
    names = tuple(rows[0])
    into = f"INSERT INTO applications ({', '.join(names)}) VALUES ({', '.join(':' + name for name in names)})"
    db.conn.executemany(into, rows)
    db.conn.executemany("INSERT INTO grams (rowid, text) VALUES (?, ?)", grams)
    db.conn.executemany("INSERT INTO characters (rowid, text) VALUES (?, ?)", characters)
    db.conn.executemany(
        "INSERT INTO outbox (application, revision, queued_at, queued_by, copied_at, received_at, needs_you)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        queued,
    )
    seq, before = value(db, "SELECT coalesce(max(seq), 0) FROM audit"), value(db, "SELECT hash FROM audit ORDER BY seq DESC")
    written = []
    for seq_, entry in enumerate(links, seq + 1):
        before = audit.link(before, seq_, entry)
        written.append((seq_, entry.at, entry.who, entry.act, entry.subject, entry.what, before))
    db.conn.executemany("INSERT INTO audit (seq, at, who, act, subject, what, hash) VALUES (?, ?, ?, ?, ?, ?, ?)", written)


def _blanked(record: str, *values: str) -> str:
    """Return a record's text with a place for id, name, number and phone: writing each anew as JSON takes ten times as long."""
    name, cert, phone, id_ = (json.dumps(one) for one in values)
    text = record.replace("%", "%%")
    for one in (id_, name, cert, phone):
        assert text.count(one) == 1
        text = text.replace(one, "%s")
    return text
