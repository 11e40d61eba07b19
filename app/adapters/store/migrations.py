"""The schema, as the steps that lead to it. A change is a new function at the end, never an edit of an old one.

``user_version`` counts the steps taken. Every table is STRICT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.adapters.store import changes
from app.adapters.store.database import told, transaction, value
from app.core.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlite_utils import Database

_FIRST = (
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE counters (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        region TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL, hours TEXT NOT NULL,
        phone TEXT NOT NULL, second_copy TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE clerks (
        name TEXT PRIMARY KEY,
        role TEXT NOT NULL CHECK (role IN ('clerk', 'supervisor')),
        added_at TEXT NOT NULL,
        disabled_at TEXT NOT NULL DEFAULT ''
    ) STRICT, WITHOUT ROWID""",
    # touched: a counter of its own, because seconds tie and clocks go back.
    """CREATE TABLE applications (
        key INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        revision INTEGER NOT NULL,
        state TEXT NOT NULL CHECK
            (state IN ('draft', 'waiting', 'ready', 'sent', 'approved', 'supplement', 'refused', 'void')),
        region TEXT NOT NULL, region_version TEXT NOT NULL, kind TEXT NOT NULL, by_agent INTEGER NOT NULL,
        step TEXT NOT NULL, author TEXT NOT NULL,
        name TEXT NOT NULL, cert_number TEXT NOT NULL, phone TEXT NOT NULL, sex TEXT NOT NULL, birth TEXT NOT NULL,
        diseases TEXT NOT NULL,
        number TEXT UNIQUE CHECK (number <> ''),
        accepted_at TEXT NOT NULL, due TEXT NOT NULL, due_provisional INTEGER NOT NULL,
        pages INTEGER NOT NULL, bytes INTEGER NOT NULL,
        note TEXT NOT NULL DEFAULT '',
        created_at TEXT NOT NULL, updated_at TEXT NOT NULL, saved_by TEXT NOT NULL,
        touched INTEGER NOT NULL,
        found_by TEXT NOT NULL DEFAULT '',
        record TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX applications_touched ON applications (touched)",
    "CREATE INDEX applications_state ON applications (state, touched)",
    "CREATE INDEX applications_accepted ON applications (accepted_at) WHERE accepted_at <> ''",
    # The application may be stored after its first page, so there is no foreign key here.
    """CREATE TABLE originals (
        id TEXT PRIMARY KEY,
        application TEXT NOT NULL,
        requirement TEXT NOT NULL,
        media TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, dpi INTEGER NOT NULL, shrunk INTEGER NOT NULL,
        source TEXT NOT NULL, bytes INTEGER NOT NULL, digest TEXT NOT NULL, added_at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX originals_application ON originals (application)",
    """CREATE TABLE thumbnails (
        original TEXT PRIMARY KEY REFERENCES originals (id) ON DELETE CASCADE, jpeg BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE original_data (
        original TEXT PRIMARY KEY REFERENCES originals (id) ON DELETE CASCADE, data BLOB NOT NULL
    ) STRICT""",
    """CREATE TRIGGER original_data_stays BEFORE UPDATE ON original_data
        BEGIN SELECT RAISE(ABORT, 'an original is never altered'); END""",
    """CREATE TABLE documents (
        application TEXT NOT NULL REFERENCES applications (id),
        kind TEXT NOT NULL,
        revision INTEGER NOT NULL,
        pages INTEGER NOT NULL, digest TEXT NOT NULL, made_at TEXT NOT NULL, pdf BLOB NOT NULL,
        UNIQUE (application, kind, revision)
    ) STRICT""",
    """CREATE TABLE outbox (
        application TEXT PRIMARY KEY REFERENCES applications (id),
        revision INTEGER NOT NULL,
        queued_at TEXT NOT NULL, queued_by TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0, last_answer TEXT NOT NULL DEFAULT '', next_at TEXT NOT NULL DEFAULT '',
        copied_at TEXT NOT NULL DEFAULT '', copied_to TEXT NOT NULL DEFAULT '', received_at TEXT NOT NULL DEFAULT '',
        needs_you TEXT NOT NULL DEFAULT '',
        status TEXT NOT NULL GENERATED ALWAYS AS (CASE
            WHEN needs_you <> '' THEN 'needs_you'
            WHEN received_at <> '' THEN 'received'
            WHEN copied_at <> '' THEN 'copied'
            ELSE 'here' END) STORED
    ) STRICT""",
    "CREATE INDEX outbox_status ON outbox (status)",
    "CREATE TABLE numbers (day TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    # AUTOINCREMENT remembers the highest link ever written, so that links cut off the end are noticed.
    """CREATE TABLE audit (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL, who TEXT NOT NULL, act TEXT NOT NULL, subject TEXT NOT NULL, what TEXT NOT NULL,
        hash BLOB NOT NULL
    ) STRICT""",
    "CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END",
    "CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END",
    # Heads and tails of numbers, and pinyin initials, for a B-tree; see search.py for the kinds.
    """CREATE TABLE finders (
        kind TEXT NOT NULL, value TEXT NOT NULL, application INTEGER NOT NULL REFERENCES applications (key) ON DELETE CASCADE,
        PRIMARY KEY (kind, value, application)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX finders_application ON finders (application)",
    # Trigrams never find two characters; single characters do. 'ascii' keeps every character beyond ASCII, rare ones too.
    "CREATE VIRTUAL TABLE grams USING fts5 (text, content='', contentless_delete=1, tokenize='trigram')",
    "CREATE VIRTUAL TABLE characters USING fts5 (text, content='', contentless_delete=1, tokenize='ascii')",
)


def _first(db: Database) -> None:
    for statement in _FIRST:
        db.execute(statement)


def _audit_by_subject(db: Database) -> None:
    """Find the history of one application quickly: it is asked for with every row chosen in the queue."""
    db.execute("CREATE INDEX audit_subject ON audit (subject, seq)")


_HANDING = (
    "ALTER TABLE outbox ADD COLUMN copied_by TEXT NOT NULL DEFAULT ''",
    # To whom a draft was given, in words; empty while it is this counter's own.
    "ALTER TABLE applications ADD COLUMN handed TEXT NOT NULL DEFAULT ''",
    """CREATE TABLE handovers (
        parcel TEXT NOT NULL, came INTEGER NOT NULL,
        application TEXT NOT NULL, other TEXT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL,
        PRIMARY KEY (parcel, came)
    ) STRICT, WITHOUT ROWID""",
    # What other counters noted about an application before it came here. Their chains stay with them; the hash proves a line there.
    """CREATE TABLE journals (
        application TEXT NOT NULL, counter TEXT NOT NULL, seq INTEGER NOT NULL,
        at TEXT NOT NULL, who TEXT NOT NULL, act TEXT NOT NULL, what TEXT NOT NULL, hash BLOB NOT NULL,
        PRIMARY KEY (application, counter, seq)
    ) STRICT, WITHOUT ROWID""",
)


def _handing(db: Database) -> None:
    """Keep apart who sent an application from who took it, and let a draft go to another counter with its journal."""
    for statement in _HANDING:
        db.execute(statement)


def _second_copy(db: Database) -> None:
    """Remember which rows changed, for the second copy, and how that copy stands; see changes.py."""
    for statement in changes.TABLES:
        db.execute(statement)


_ANSWERING = (
    # Each whole hand-over of a revision, by the SHA-256 of its manifest: a later one may differ in bytes and be true all the same.
    """CREATE TABLE sent (
        application TEXT NOT NULL REFERENCES applications (id), digest TEXT NOT NULL,
        revision INTEGER NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL,
        PRIMARY KEY (application, digest)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE answers (
        seq INTEGER PRIMARY KEY,
        application TEXT NOT NULL REFERENCES applications (id),
        revision INTEGER NOT NULL, digest TEXT NOT NULL, at TEXT NOT NULL, given_by TEXT NOT NULL,
        read_at TEXT NOT NULL, read_by TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX answers_application ON answers (application)",
    "ALTER TABLE outbox ADD COLUMN received_digest TEXT NOT NULL DEFAULT ''",
    # purged_at is set before the first page goes; purging is 1 while pages are left, so that a kill in between is made good.
    "ALTER TABLE outbox ADD COLUMN purged_at TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE outbox ADD COLUMN purged_days INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE outbox ADD COLUMN purging INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX outbox_kept ON outbox (received_at, application) WHERE received_at <> '' AND purged_at = ''",
    "CREATE INDEX outbox_purging ON outbox (application) WHERE purging = 1",
    "CREATE TRIGGER applications_stay BEFORE DELETE ON applications BEGIN SELECT RAISE(ABORT, 'an application stays'); END",
    "CREATE TRIGGER outbox_stays BEFORE DELETE ON outbox BEGIN SELECT RAISE(ABORT, 'what was queued stays'); END",
    "CREATE TRIGGER sent_stays BEFORE DELETE ON sent BEGIN SELECT RAISE(ABORT, 'what was handed over stays'); END",
    "CREATE TRIGGER answers_stay BEFORE DELETE ON answers BEGIN SELECT RAISE(ABORT, 'an answer stays'); END",
)


def _answering(db: Database) -> None:
    """Know what was handed over and what the office says it holds, so that originals can go by rule."""
    for statement in _ANSWERING:
        db.execute(statement)


_SENDING = (
    # A bag that was sealed, and how far it is. The digest stands for every byte of it; the number is the counter's own, without gaps.
    """CREATE TABLE spool (
        sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
        counter TEXT NOT NULL, application TEXT NOT NULL REFERENCES applications (id), revision INTEGER NOT NULL,
        digest TEXT NOT NULL UNIQUE, supersedes TEXT NOT NULL,
        bag TEXT NOT NULL, signature TEXT NOT NULL, bytes INTEGER NOT NULL, sealed_at TEXT NOT NULL, sealed_by TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0, refusals INTEGER NOT NULL DEFAULT 0,
        trouble TEXT NOT NULL DEFAULT '', last_answer TEXT NOT NULL DEFAULT '', aside INTEGER NOT NULL DEFAULT 0,
        tried_at TEXT NOT NULL DEFAULT '', next_at TEXT NOT NULL DEFAULT '', place TEXT NOT NULL DEFAULT '',
        delivered_at TEXT NOT NULL DEFAULT '', forgotten_at TEXT NOT NULL DEFAULT '',
        UNIQUE (application, revision)
    ) STRICT""",
    "CREATE INDEX spool_waiting ON spool (sequence) WHERE delivered_at = '' AND aside = 0",
    "CREATE INDEX spool_kept ON spool (sequence) WHERE forgotten_at = ''",
    "CREATE INDEX outbox_unsealed ON outbox (queued_at) WHERE copied_at = '' AND received_at = ''",
    "CREATE TRIGGER spool_stays BEFORE DELETE ON spool BEGIN SELECT RAISE(ABORT, 'what was numbered stays'); END",
)


def _sending(db: Database) -> None:
    """Give what is sealed for the office a number, and remember how far each of it came."""
    for statement in _SENDING:
        db.execute(statement)


_DECIDING = (
    # The office's answers, whole and signed as they came, and those only heard (without number). came: '' while it waits for its turn.
    """CREATE TABLE inbox (
        id INTEGER PRIMARY KEY,
        seq INTEGER UNIQUE CHECK (seq > 0),
        kind TEXT NOT NULL, application TEXT NOT NULL, body TEXT NOT NULL, signature TEXT NOT NULL, place TEXT NOT NULL,
        read_at TEXT NOT NULL, read_by TEXT NOT NULL,
        came TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    "CREATE INDEX inbox_application ON inbox (application)",
    "CREATE INDEX inbox_waiting ON inbox (seq) WHERE came = ''",
    # The versions that were sent back, as they were handed over.
    """CREATE TABLE editions (
        application TEXT NOT NULL REFERENCES applications (id), revision INTEGER NOT NULL,
        record TEXT NOT NULL, ended_at TEXT NOT NULL,
        PRIMARY KEY (application, revision)
    ) STRICT, WITHOUT ROWID""",
    "CREATE TRIGGER inbox_stays BEFORE DELETE ON inbox BEGIN SELECT RAISE(ABORT, 'what was answered stays'); END",
    """CREATE TRIGGER inbox_never_changes BEFORE UPDATE OF seq, kind, application, body, signature ON inbox
        BEGIN SELECT RAISE(ABORT, 'an answer is never altered'); END""",
    "CREATE TRIGGER editions_stay BEFORE DELETE ON editions BEGIN SELECT RAISE(ABORT, 'a version stays'); END",
    "CREATE TRIGGER editions_never_change BEFORE UPDATE ON editions BEGIN SELECT RAISE(ABORT, 'a version stays'); END",
)


def _deciding(db: Database) -> None:
    """Keep what the office answered, in the order of its numbers, and the versions it sent back."""
    for statement in _DECIDING:
        db.execute(statement)


def _counting(db: Database) -> None:
    """Keep count of what a second copy is compared by; see changes.py."""
    db.execute(changes.COUNTS)


_LACKING = (
    # Of a one-time notice while its case waits, or of deferred papers once it is accepted: when told, by when, how many, which.
    "ALTER TABLE applications ADD COLUMN told_at TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE applications ADD COLUMN deadline TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE applications ADD COLUMN lacking INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE applications ADD COLUMN lacks TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX applications_lacking ON applications (deadline) WHERE lacking > 0",
)


def _lacking(db: Database) -> None:
    """List what is still to come, and by when, without opening each record."""
    for statement in _LACKING:
        db.execute(statement)


_REMINDING = (
    # The last day of an approval: '' nobody looked yet, '-' nobody says; reckoned from the region's years instead of said by the office.
    "ALTER TABLE applications ADD COLUMN expires TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE applications ADD COLUMN reckoned INTEGER NOT NULL DEFAULT 0",
    # With what decides whether it is being renewed, so that counting reads no rows.
    "CREATE INDEX applications_expires ON applications (expires, cert_number, diseases) WHERE state = 'approved'",
    "CREATE INDEX applications_renewing ON applications (upper(cert_number), diseases) WHERE kind = 'renewal' AND state <> 'void'",
    "CREATE INDEX applications_unreckoned ON applications (key) WHERE state = 'approved' AND expires = ''",
    "CREATE INDEX applications_owed ON applications (due) WHERE due <> '' AND state IN ('ready', 'sent')",
)


def _reminding(db: Database) -> None:
    """List what ends and what the office owes without looking at every application."""
    for statement in _REMINDING:
        db.execute(statement)


_TELLING = (
    # What was said on the telephone, in the clerk's words: they stay in this store and get into no log and no audit row.
    """CREATE TABLE calls (
        id INTEGER PRIMARY KEY,
        application TEXT NOT NULL REFERENCES applications (id), at TEXT NOT NULL, who TEXT NOT NULL, how TEXT NOT NULL, words TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX calls_application ON calls (application)",
    "CREATE TRIGGER calls_stay BEFORE DELETE ON calls BEGIN SELECT RAISE(ABORT, 'what was said stays'); END",
    "CREATE TRIGGER calls_never_change BEFORE UPDATE ON calls BEGIN SELECT RAISE(ABORT, 'what was said stays'); END",
    # 1 while nobody heard the decision that counts: the list of those is short, whatever was decided in all the years.
    "ALTER TABLE applications ADD COLUMN untold INTEGER NOT NULL DEFAULT 0",
    """UPDATE applications SET untold = 1 WHERE id IN (SELECT application FROM inbox
            WHERE came = 'taken' AND kind IN ('supplement', 'approved', 'refused'))
        AND NOT EXISTS (SELECT 1 FROM audit WHERE subject = applications.id AND act = 'told' AND what IN ('reached', 'visit', 'letter'))""",
    "CREATE INDEX applications_untold ON applications (state) WHERE untold = 1",
)


def _telling(db: Database) -> None:
    """Keep what was said to applicants, and know who was not told yet."""
    for statement in _TELLING:
        db.execute(statement)


_LOOKING = (
    # Who looked a second time at an accepted version. The note is free text: it stays here and gets into no log and no audit row.
    """CREATE TABLE looks (
        id INTEGER PRIMARY KEY,
        application TEXT NOT NULL REFERENCES applications (id), revision INTEGER NOT NULL,
        at TEXT NOT NULL, who TEXT NOT NULL,
        verdict TEXT NOT NULL CHECK (verdict IN ('passed', 'returned', 'released', 'lapsed')), note TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX looks_application ON looks (application, revision)",
    "CREATE TRIGGER looks_stay BEFORE DELETE ON looks BEGIN SELECT RAISE(ABORT, 'a look stays'); END",
    "CREATE TRIGGER looks_never_change BEFORE UPDATE ON looks BEGIN SELECT RAISE(ABORT, 'a look stays'); END",
)


def _looking(db: Database) -> None:
    """Keep who looked a second time before something left the counter."""
    for statement in _LOOKING:
        db.execute(statement)


def _making(db: Database) -> None:
    """Keep who made a setting, and when; empty for what the program keeps for itself."""
    for column in ("who", "made_at"):
        db.execute(f"ALTER TABLE settings ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")


_RATING = (
    # That an applicant was asked, and what was sealed: no row of the one leads to a row of the other.
    "CREATE TABLE asked (application TEXT PRIMARY KEY REFERENCES applications (id)) STRICT, WITHOUT ROWID",
    """CREATE TABLE ratings (
        id TEXT PRIMARY KEY, counter TEXT NOT NULL, sealed BLOB NOT NULL, sticks INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID""",
)


def _rating(db: Database) -> None:
    """Keep what applicants thought of the service, sealed, until the office has it."""
    for statement in _RATING:
        db.execute(statement)


MIGRATIONS: tuple[Callable[[Database], None], ...] = (
    _first,
    _audit_by_subject,
    _handing,
    _second_copy,
    _answering,
    _sending,
    _deciding,
    _counting,
    _lacking,
    _reminding,
    _telling,
    _looking,
    _making,
    _rating,
)


def migrate(db: Database, *, following: bool = True) -> None:
    """Bring the store to this program's schema, each step in a transaction of its own; a new store in one.

    ``following`` is off in a second copy. StoreError when a newer program wrote it; nothing is touched then.
    """
    with told():
        version = int(value(db, "PRAGMA user_version"))
    if version > len(MIGRATIONS):
        raise StoreError(
            "这份数据是更新的程序版本写的，这个版本不动它。把程序升级到那个版本再开",
            f"schema {version}, this program knows {len(MIGRATIONS)}",
        )
    steps = range(version, len(MIGRATIONS))
    # A new store holds nothing that a step could fail on: all of it at once waits for the disk once.
    for together in [steps] if not version else [[step] for step in steps]:
        with transaction(db):
            for step in together:
                MIGRATIONS[step](db)
            db.execute(f"PRAGMA user_version={together[-1] + 1}")
    if following:
        with told():
            changes.follow(db)
