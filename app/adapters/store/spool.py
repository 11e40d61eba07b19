"""Sealed submissions on their way to the office: numbered, tried, delivered, signed for.

The row is written when the bag is whole on the disk and before any of it is sent, with the digest in ``sent``: from then on a signed
``received`` can name it. Numbers are dense because a row is never deleted and the next one is the highest and one more.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.adapters.store import answers
from app.adapters.store.database import row, rows, value
from app.core.submission import Submission
from app.services.ports.transfer import Spooled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

    from app.services.ports.transfer import Sealed

_RECEIVED = """EXISTS (SELECT 1 FROM answers a
    WHERE a.application = s.application AND a.revision = s.revision AND a.digest = s.digest)"""
_OPENED = "EXISTS (SELECT 1 FROM applications a WHERE a.id = {}.application AND a.state IN ('draft', 'waiting'))"
"""Its next version is being written: that one goes, or this one again once it is let go of."""
_AMONG = "IN (SELECT value FROM json_each(?))"


def unsealed(db: Database, ids: Sequence[str]) -> list[tuple[str, int]]:
    """Return what is queued and has no bag of its revision, oldest first; see the port."""
    which = (
        f"o.application {_AMONG}"
        if ids
        else """o.needs_you = '' AND ((o.copied_at = '' AND o.received_at = '')
            OR EXISTS (SELECT 1 FROM spool e WHERE e.application = o.application AND (e.revision < o.revision OR e.trouble = 'bag')))"""
    )
    found = db.execute(
        f"""SELECT o.application, o.revision FROM outbox o WHERE {which} AND o.purged_at = '' AND NOT {_OPENED.format("o")}
            AND NOT EXISTS (SELECT 1 FROM spool s
                WHERE s.application = o.application AND s.revision = o.revision AND s.trouble <> 'bag')
            ORDER BY o.queued_at, o.application""",  # noqa: S608 - fixed texts
        (json.dumps(list(ids)),) if ids else (),
    ).fetchall()
    return [(id_, revision) for id_, revision in found]


def add(db: Database, one: Submission, sealed: Sealed, at: str, who: str) -> Submission | None:
    """Give a bag its number inside the caller's transaction; ``one`` comes without number and predecessor. None when it is out of date."""
    queued = value(db, "SELECT revision FROM outbox WHERE application = ?", (one.application,))
    if queued != one.revision:
        return None
    answers.sent(db, one.application, sealed.digest, at, who)
    known = row(db, "SELECT * FROM spool WHERE application = ? AND revision = ?", (one.application, one.revision))
    if known:
        # Sealed anew because the bag was lost, and no marker stood anywhere: the number stays, so that none is missing.
        db.execute(
            """UPDATE spool SET digest = ?, bag = ?, signature = ?, bytes = ?, sealed_at = ?, sealed_by = ?, trouble = '', last_answer = ''
                WHERE sequence = ?""",
            (sealed.digest, sealed.folder.name, sealed.signature, sealed.bytes, at, who, known["sequence"]),
        )
        return replace(_spooled(known).submission, digest=sealed.digest)
    sequence = int(value(db, "SELECT coalesce(max(sequence), 0) + 1 FROM spool"))
    before = "SELECT digest FROM spool WHERE application = ? AND revision < ? ORDER BY revision DESC LIMIT 1"
    supersedes = str(value(db, before, (one.application, one.revision)) or "")
    db.execute(
        """INSERT INTO spool (sequence, counter, application, revision, digest, supersedes, bag, signature, bytes, sealed_at, sealed_by)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            sequence,
            one.counter,
            one.application,
            one.revision,
            sealed.digest,
            supersedes,
            sealed.folder.name,
            sealed.signature,
            sealed.bytes,
            at,
            who,
        ),
    )
    return Submission(one.counter, sequence, one.application, one.revision, sealed.digest, supersedes)


def listed(db: Database, ids: Sequence[str], *, waiting: bool) -> list[Spooled]:
    """Return submissions by number; see the port."""
    which, params = [f"NOT {_RECEIVED}"], []
    if ids:
        which.append(f"s.application {_AMONG}")
        params.append(json.dumps(list(ids)))
    if waiting:
        which += ["s.delivered_at = ''", "s.aside = 0"]
    sql = f"SELECT s.* FROM spool s WHERE {' AND '.join(which)} ORDER BY s.sequence"  # noqa: S608 - fixed texts
    return [_spooled(found) for found in rows(db, sql, tuple(params))]


def at(db: Database, sequence: int) -> Spooled | None:
    """Return the submission of this number."""
    found = row(db, "SELECT * FROM spool WHERE sequence = ?", (sequence,))
    return _spooled(found) if found else None


def current(db: Database, one: Submission) -> bool:
    """Whether this revision is the one that is queued."""
    return bool(value(db, "SELECT revision FROM outbox WHERE application = ?", (one.application,)) == one.revision)


def attempt(db: Database, sequence: int, place: str, when: str, next_at: str) -> None:
    """Note that a submission is being tried, inside the caller's transaction."""
    sql = "UPDATE spool SET attempts = attempts + 1, place = ?, tried_at = ?, next_at = ? WHERE sequence = ?"
    db.execute(sql, (place, when, next_at, sequence))


def trouble(db: Database, sequence: int, words: tuple[str, str], *, refused: bool, aside: bool) -> None:
    """Note what was answered (kind of trouble, sentence), inside the caller's transaction."""
    db.execute(
        "UPDATE spool SET trouble = ?, last_answer = ?, refusals = refusals + ?, aside = max(aside, ?) WHERE sequence = ?",
        (*words, int(refused), int(aside), sequence),
    )
    if aside:
        db.execute(
            """UPDATE outbox SET needs_you = ? WHERE needs_you = ''
                AND (application, revision) = (SELECT application, revision FROM spool WHERE sequence = ?)""",
            (words[1], sequence),
        )


def delivered(db: Database, sequence: int, place: str, when: str, *, online: bool) -> None:
    """Note that a submission is whole at a place, inside the caller's transaction; what it was stuck for is over."""
    _unstick(db, "sequence = ?", sequence)
    if online:
        db.execute(
            """UPDATE spool SET delivered_at = ?, place = ?, trouble = '', last_answer = '', next_at = '', refusals = 0, aside = 0
                WHERE sequence = ?""",
            (when, place, sequence),
        )


def aside(db: Database, application: str, sentence: str) -> bool:
    """Note that a queued application needs somebody before it can be sealed; return whether that is new."""
    sql = f"""UPDATE outbox SET needs_you = ?, last_answer = ? WHERE application = ? AND needs_you = ''
        AND NOT {_OPENED.format("outbox")}"""  # noqa: S608 - our own words
    return bool(db.execute(sql, (sentence, sentence, application)).rowcount == 1)


def again(db: Database, application: str) -> bool:
    """Have an application sealed or sent anew, inside the caller's transaction; return whether there is something to do."""
    _unstick(db, "application = ?", application)
    db.execute(
        "UPDATE outbox SET needs_you = '', last_answer = '' WHERE application = ? AND needs_you <> '' AND needs_you = last_answer",
        (application,),
    )
    cursor = db.execute(
        f"""UPDATE spool AS s SET delivered_at = '', trouble = '', last_answer = '', next_at = '', refusals = 0, aside = 0
            WHERE s.application = ? AND NOT {_RECEIVED}""",  # noqa: S608 - a fixed text
        (application,),
    )
    queued = value(db, "SELECT 1 FROM outbox WHERE application = ? AND received_at = ''", (application,))
    return bool(cursor.rowcount > 0 or queued)


def spent(db: Database) -> list[Spooled]:
    """Return submissions that the office signed for and whose bag is still here."""
    sql = f"SELECT s.* FROM spool s WHERE s.forgotten_at = '' AND {_RECEIVED} ORDER BY s.sequence"  # noqa: S608 - a fixed text
    return [_spooled(found) for found in rows(db, sql)]


def forget(db: Database, sequence: int, when: str) -> None:
    """Note that a bag is gone, inside the caller's transaction; ValueError for one that the office has not signed for."""
    sql = f"UPDATE spool AS s SET forgotten_at = ? WHERE s.sequence = ? AND {_RECEIVED}"  # noqa: S608 - a fixed text
    if db.execute(sql, (when, sequence)).rowcount != 1:
        raise ValueError("a bag goes only for a signed receipt")


def _unstick(db: Database, which: str, key: str | int) -> None:
    """Take away the sentences that the way to the office wrote; those that the office's answers wrote stay."""
    db.execute(
        f"""UPDATE outbox SET needs_you = '' WHERE needs_you <> '' AND EXISTS (SELECT 1 FROM spool s WHERE s.{which}
            AND s.application = outbox.application AND s.aside = 1 AND s.last_answer = outbox.needs_you)""",  # noqa: S608 - fixed texts
        (key,),
    )


def _spooled(found: dict[str, Any]) -> Spooled:
    one = Submission(*(found[name] for name in ("counter", "sequence", "application", "revision", "digest", "supersedes")))
    names = ("bag", "signature", "bytes", "sealed_at", "sealed_by", "attempts", "refusals", "trouble", "last_answer")
    more = ("tried_at", "next_at", "place", "delivered_at")
    return Spooled(
        one, **{name: found[name] for name in names}, aside=bool(found["aside"]), **{name: found[name] for name in more}
    )
