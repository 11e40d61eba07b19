"""How many applications stand where, without counting a million of them each time.

What still waits is counted once for a connection, in the indexes; from then on temporary triggers keep count in a table in memory, inside the same
transactions. Nothing of it is stored, so nothing can drift: neither the second copy nor a restored or mended store knows of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.adapters.store.database import value

if TYPE_CHECKING:
    from sqlite_utils import Database

_OPEN = "state IN ('draft', 'waiting')"
_COUNTING = (
    "CREATE TEMP TABLE tallies (place TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "INSERT INTO tallies VALUES ('here', 0), ('copied', 0), ('needs_you', 0)",
    """INSERT OR REPLACE INTO tallies SELECT status, count(*) FROM main.outbox
        WHERE status IN ('here', 'copied', 'needs_you') GROUP BY status""",
    f"INSERT INTO tallies SELECT 'drafts', count(*) FROM main.applications WHERE {_OPEN}",  # noqa: S608 - a fixed text
    """INSERT INTO tallies SELECT column1, (SELECT count(*) FROM main.applications WHERE state = column2)
        FROM (VALUES ('supplement', 'supplement'), ('office', 'sent'))""",
    """CREATE TEMP TRIGGER tally_queued AFTER INSERT ON main.outbox BEGIN
        UPDATE tallies SET n = n + 1 WHERE place = NEW.status; END""",
    """CREATE TEMP TRIGGER tally_moved AFTER UPDATE ON main.outbox WHEN OLD.status <> NEW.status BEGIN
        UPDATE tallies SET n = n + iif(place = NEW.status, 1, -1) WHERE place IN (OLD.status, NEW.status); END""",
    """CREATE TEMP TRIGGER tally_gone AFTER DELETE ON main.outbox BEGIN
        UPDATE tallies SET n = n - 1 WHERE place = OLD.status; END""",
    f"""CREATE TEMP TRIGGER tally_begun AFTER INSERT ON main.applications WHEN NEW.{_OPEN} BEGIN
        UPDATE tallies SET n = n + 1 WHERE place = 'drafts'; END""",  # noqa: S608 - a fixed text
    f"""CREATE TEMP TRIGGER tally_changed AFTER UPDATE OF state ON main.applications WHEN (OLD.{_OPEN}) <> (NEW.{_OPEN}) BEGIN
        UPDATE tallies SET n = n + iif(NEW.{_OPEN}, 1, -1) WHERE place = 'drafts'; END""",  # noqa: S608 - a fixed text
    """CREATE TEMP TRIGGER tally_answered AFTER UPDATE OF state ON main.applications
        WHEN OLD.state <> NEW.state AND (OLD.state IN ('sent', 'supplement') OR NEW.state IN ('sent', 'supplement')) BEGIN
        UPDATE tallies SET n = n + (NEW.state = 'sent') - (OLD.state = 'sent') WHERE place = 'office';
        UPDATE tallies SET n = n + (NEW.state = 'supplement') - (OLD.state = 'supplement') WHERE place = 'supplement'; END""",
    """CREATE TEMP TRIGGER tally_came AFTER INSERT ON main.applications WHEN NEW.state IN ('sent', 'supplement') BEGIN
        UPDATE tallies SET n = n + 1 WHERE place = iif(NEW.state = 'sent', 'office', 'supplement'); END""",
    """CREATE TEMP TRIGGER tally_went AFTER DELETE ON main.applications WHEN OLD.state IN ('sent', 'supplement') BEGIN
        UPDATE tallies SET n = n - 1 WHERE place = iif(OLD.state = 'sent', 'office', 'supplement'); END""",
    f"""CREATE TEMP TRIGGER tally_dropped AFTER DELETE ON main.applications WHEN OLD.{_OPEN} BEGIN
        UPDATE tallies SET n = n - 1 WHERE place = 'drafts'; END""",  # noqa: S608 - a fixed text
)


def tallies(db: Database) -> dict[str, int]:
    """Return how many drafts there are (waiting ones included), and how many applications stand here, copied or in need of somebody.

    ``office``: at the office, without a decision; ``supplement``: sent back, and nobody mends it yet.
    """
    if value(db, "SELECT 1 FROM sqlite_temp_schema WHERE name = 'tallies'") is None:
        db.execute("SAVEPOINT counting")
        try:
            for statement in _COUNTING:
                db.execute(statement)
        except BaseException:
            db.execute("ROLLBACK TO counting")
            raise
        finally:
            db.execute("RELEASE counting")
    return dict(db.execute("SELECT place, n FROM tallies").fetchall())
