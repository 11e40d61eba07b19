"""The office's answers, kept as they came, applied in the order of their numbers; and the versions that were sent back.

An answer is kept first, whole and signed, and applied when every number before it is known: a gap lets it wait. Applying is one
transaction. What a clerk heard by telephone stands among them without a number. Nothing here is ever deleted.
"""

from __future__ import annotations

import dataclasses
import json
from contextlib import suppress
from typing import TYPE_CHECKING

from app.adapters.store import applications, originals, settings, telling
from app.adapters.store.database import row, rows, value
from app.core.answer import DECISIONS, Answer, Conflict, Receipt, summary
from app.core.answer_json import parse, written
from app.core.answer_states import FIXED, same_version, shown, state_of
from app.core.application import State
from app.core.errors import StoreError
from app.core.record import from_record
from app.services.ports import Answered

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlite_utils import Database

    from app.core.application import Application
    from app.services.ports import Letter

_THROUGH = "answers.through"
"""Setting: up to which number every answer is known."""

_CLASH = "经办机构收到两份对不上的："


def clashes(needs_you: str) -> bool:
    """Whether an application needs somebody because the office holds two versions of it that cannot both be meant."""
    return needs_you.startswith(_CLASH)


def following(db: Database) -> int:
    """Return the number of the next answer: the first that is not known, from a signed file or a receipt of the plain export."""
    through = int(settings.setting(db, _THROUGH) or 0)
    known = "SELECT EXISTS (SELECT 1 FROM inbox WHERE seq = ?) OR EXISTS (SELECT 1 FROM answers WHERE seq = ?)"
    start = through
    while value(db, known, (through + 1, through + 1)):
        through += 1
    if through != start and db.conn.in_transaction:
        settings.set_setting(db, _THROUGH, str(through))
    return through + 1


def keep(db: Database, letter: Letter, at: str, who: str) -> Answered:
    """Keep a verified answer inside the caller's transaction: KEPT, KNOWN when it was before, OTHER when its number said something else."""
    answer = letter.answer
    standing = value(db, "SELECT body FROM inbox WHERE seq = ?", (answer.seq,))
    if standing is not None:
        return Answered.KNOWN if standing == letter.body.decode() else Answered.OTHER
    receipt = row(db, "SELECT application, revision, digest, at FROM answers WHERE seq = ?", (answer.seq,))
    if receipt is not None:
        same = isinstance(answer.content, Receipt) and receipt == {name: getattr(answer, name) for name in receipt}
        return Answered.KNOWN if same else Answered.OTHER
    _insert(db, answer, (letter.body.decode(), letter.signature.decode(), letter.where), at, who)
    following(db)
    return Answered.KEPT


def known(db: Database, seq: int) -> tuple[str, str] | None:
    """Return body and kind of the kept answer with this number."""
    found = db.execute("SELECT body, kind FROM inbox WHERE seq = ?", (seq,)).fetchone()
    return tuple(found) if found else None


def waiting(db: Database) -> list[int]:
    """Return the numbers of kept answers that wait for one before them."""
    return [found[0] for found in db.execute("SELECT seq FROM inbox WHERE came = '' ORDER BY seq").fetchall()]


def apply(db: Database, at: str, who: str) -> tuple[Answer, Answered] | None:
    """Apply the next answer whose turn it is, inside the caller's transaction; None when none is."""
    found = row(db, "SELECT id, seq, body FROM inbox WHERE came = '' ORDER BY seq LIMIT 1")
    if found is None or found["seq"] >= following(db):
        return None
    answer = parse(found["body"].encode())
    came = _concerns(db, answer)
    db.execute("UPDATE inbox SET came = ? WHERE id = ?", (came, found["id"]))
    if came is Answered.TAKEN:
        _take(db, answer, at, who)
    return answer, came


def hear(db: Database, answer: Answer, at: str, who: str) -> None:
    """Keep and apply an answer heard by telephone, inside the caller's transaction. StoreError when nothing was handed over to answer."""
    queued = value(db, "SELECT revision FROM outbox WHERE application = ?", (answer.application,))
    if queued is None:
        raise StoreError("这件还没有报送，没有答复可记。先办完受理", f"heard: {answer.application}")
    if queued != answer.revision:
        raise StoreError("这件又报了新的一版，刚才记的没有存。重新打开它再记", f"heard: {answer.application}")
    _insert(db, answer, (written(answer).decode(), "", ""), at, who, came=Answered.TAKEN)
    _take(db, answer, at, who)


def told(db: Database, application: str) -> list[Answer]:
    """Return every answer about an application that was believed, receipts of the plain export too: by number, those only heard last."""
    sql = "SELECT body, seq FROM inbox WHERE application = ? AND came = ? ORDER BY id"
    found = rows(db, sql, (application, Answered.TAKEN))
    sealed = [parse(one["body"].encode(), heard=one["seq"] is None) for one in found]
    plain = rows(
        db,
        """SELECT seq, application, revision, digest, at, given_by AS "by" FROM answers a
            WHERE application = ? AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.seq = a.seq) ORDER BY seq""",
        (application,),
    )
    every = [*(Answer("", content=Receipt(), **one) for one in plain), *sealed]
    return sorted(every, key=lambda one: (one.heard, one.seq))


def decided(db: Database, limit: int) -> list[str]:
    """Return applications that have a decision, those whose last one came last first."""
    sql = """SELECT application FROM inbox WHERE kind IN ('supplement', 'approved', 'refused') AND came = ?
        GROUP BY application ORDER BY max(id) DESC LIMIT ?"""
    return [found[0] for found in db.execute(sql, (Answered.TAKEN, limit)).fetchall()]


def reopen(
    db: Database, application: Application, at: str, who: str, states: Collection[State] = (State.SUPPLEMENT,)
) -> Application:
    """Store the next version of one that was sent back as a draft, inside the caller's transaction; the former one is kept.

    Pages that were cleared by rule are not in it any more. StoreError when it stands in none of these states.
    """
    before = applications.standing(db, application.id)
    if before is None or before["state"] not in states or before["revision"] + 1 != application.revision:
        raise StoreError("这件不是待补正，没有另开一版。在「结果」里看它现在怎样", f"reopen {application.id}")
    db.execute(
        """INSERT INTO editions (application, revision, record, ended_at)
            SELECT id, revision, record, ? FROM applications WHERE id = ? ON CONFLICT DO NOTHING""",
        (at, application.id),
    )
    db.execute("UPDATE outbox SET purging = 0 WHERE application = ?", (application.id,))
    gone = set(originals.missing(db, application))
    papers = tuple(
        dataclasses.replace(paper, pages=tuple(page for page in paper.pages if page.original not in gone))
        for paper in application.papers
    )
    application = dataclasses.replace(application, papers=papers)
    applications.write(db, application, at=at, who=who)
    return application


def close(db: Database, id_: str, at: str, who: str) -> Application:
    """Put the version that was sent back in the place of its draft again, inside the caller's transaction; it stands as the office decided."""
    before = applications.standing(db, id_)
    found = row(db, "SELECT revision, record FROM editions WHERE application = ? ORDER BY revision DESC LIMIT 1", (id_,))
    draft = applications.read(db, id_)
    if before is None or draft is None or found is None or draft.state not in applications.OPEN or draft.mends is None:
        raise StoreError("这件不是补正的草稿，没有动", f"close {id_}")
    application = from_record(json.loads(found["record"]))
    state = state_of(told(db, id_), _handed(db, id_), State.SUPPLEMENT, application.accepted_as)
    # Its own revision again: that is the one the office's answers name.
    application = dataclasses.replace(application, state=state, revision=found["revision"])
    applications.write(db, application, at=at, who=who)
    return application


def kept_pages(db: Database, application: str) -> tuple[str, ...]:
    """Return the pages that former versions of an application show: they were handed over and go by rule only."""
    found = rows(db, "SELECT record FROM editions WHERE application = ?", (application,))
    return tuple(id_ for one in found for id_ in originals.used(from_record(json.loads(one["record"]))))


def editions(db: Database, application: str) -> list[Application]:
    """Return the versions of an application that were sent back, oldest first."""
    sql = "SELECT revision, record FROM editions WHERE application = ? ORDER BY revision"
    found = rows(db, sql, (application,))
    return [dataclasses.replace(from_record(json.loads(one["record"])), revision=one["revision"]) for one in found]


def _concerns(db: Database, answer: Answer) -> Answered:
    """Whether this very submission was handed over here."""
    if value(db, "SELECT 1 FROM outbox WHERE application = ?", (answer.application,)) is None:
        return Answered.FOREIGN
    handed = "SELECT 1 FROM sent WHERE application = ? AND digest = ? AND revision = ?"
    known_ = value(db, handed, (answer.application, answer.digest, answer.revision))
    return Answered.TAKEN if known_ else Answered.DIFFERS


def _take(db: Database, answer: Answer, at: str, who: str) -> None:
    id_ = answer.application
    if isinstance(answer.content, Receipt):
        db.execute(
            """INSERT INTO answers (seq, application, revision, digest, at, given_by, read_at, read_by)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
            (answer.seq, id_, answer.revision, answer.digest, answer.at, answer.by, at, who),
        )
        # The first receipt of a version stands: the days of retention run from it.
        db.execute(
            """UPDATE outbox SET received_at = ?, received_digest = ? WHERE application = ? AND revision = ? AND received_at = ''""",
            (answer.at, answer.digest, id_, answer.revision),
        )
    if answer.kind in DECISIONS:
        applications.forget_expiry(db, id_)
    same = same_version(answer.revision, _handed(db, id_), since(db, id_))
    if isinstance(answer.content, Conflict) and same:
        db.execute("UPDATE outbox SET needs_you = ? WHERE application = ?", (f"{_CLASH}{summary(answer.content)}"[:200], id_))
    if answer.kind in DECISIONS and same:
        # A decision about this version ends the doubt which of two was meant.
        db.execute("UPDATE outbox SET needs_you = '' WHERE application = ? AND needs_you LIKE ? || '%'", (id_, _CLASH))
    move(db, id_, at)
    if answer.kind in DECISIONS:
        every = told(db, id_)
        telling.decided(db, answer, shown(every, _handed(db, id_), since(db, id_)), every)


def move(db: Database, id_: str, at: str) -> None:
    """Let an application stand where its answers put it, inside the caller's transaction."""
    standing = applications.standing(db, id_)
    if standing is None or State(standing["state"]) in FIXED:
        return
    state = state_of(told(db, id_), _handed(db, id_), State(standing["state"]), since(db, id_))
    if state != standing["state"]:
        applications.move(db, id_, state, at)


def _handed(db: Database, id_: str) -> int:
    return int(value(db, "SELECT revision FROM outbox WHERE application = ?", (id_,)) or 0)


def since(db: Database, id_: str) -> int:
    """Return the first revision that says what the one handed over last says, 0 where it is that very one."""
    application = None
    # A record that cannot be read holds up no answer; it never was signed later, or that cannot be known.
    with suppress(StoreError):
        application = applications.read(db, id_)
    if application is None:
        return 0
    mended = application.mends if application.acceptance is None else None
    return mended.since if mended else application.accepted_as


def _insert(
    db: Database, answer: Answer, came_as: tuple[str, str, str], at: str, who: str, came: Answered | None = None
) -> None:
    body, signature, where = came_as
    db.execute(
        """INSERT INTO inbox (seq, kind, application, body, signature, place, read_at, read_by, came)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (answer.seq or None, answer.kind, answer.application, body, signature, where, at, who, came or ""),
    )
