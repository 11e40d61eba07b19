"""The opened store: submissions on their way to the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.adapters.store import originals, outbox, signed, spool
from app.adapters.store.database import told, transaction
from app.adapters.store.opened import Opened
from app.core.submission import Submission
from app.services.ports import Goes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.ports import Rendered
    from app.services.ports.transfer import Sealed, Spooled


class Sending(Opened):
    """The part of the store that speaks of what is sealed and sent (ports.Sending)."""

    def media(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the media types of these pages, those that exist."""
        with told():
            return originals.media(self._db, ids)

    def unsealed(self, ids: Sequence[str] = ()) -> list[tuple[str, int]]:
        """Return application and revision of what is queued and was not sealed, oldest first; see :class:`app.services.ports.Store`."""
        with told():
            return spool.unsealed(self._db, ids)

    def spool(self, counter: str, application: str, revision: int, sealed: Sealed, who: str) -> Submission | None:
        """Give a sealed bag its number and note its digest as handed over; None when another revision is queued by now."""
        with transaction(self._db):
            one = Submission(counter, 0, application, revision, sealed.digest)
            numbered = spool.add(self._db, one, sealed, self._now(), who)
            if numbered:
                self._note(who, "seal", application, f"{numbered.sequence} {sealed.digest}")
        return numbered

    def keep_signed(self, application_id: str, document: Rendered, who: str) -> Goes:
        """Store a signed edition of the form and queue its application under a new revision; see :class:`app.services.ports.Store`."""
        with transaction(self._db):
            goes = signed.keep(self._db, application_id, document, self._now(), who)
            self._note(who, "document", application_id, f"{document.kind} {document.digest[:8]}")
            if goes is not Goes.STAYS:
                self._note(who, "queue_signed", application_id, goes.value)
        return goes

    def spooled(self, *, ids: Sequence[str] = (), waiting: bool = True) -> list[Spooled]:
        """Return sealed submissions by number; see :class:`app.services.ports.Store`."""
        with told():
            return spool.listed(self._db, ids, waiting=waiting)

    def note_attempt(self, sequence: int, place: str, next_at: str) -> None:
        """Note, before a submission is tried online, that it is. Not in the audit: an offline week would fill it."""
        with transaction(self._db):
            spool.attempt(self._db, sequence, place, self._now(), next_at)

    def note_trouble(self, sequence: int, trouble: str, sentence: str, who: str, *, refused: bool, aside: bool) -> None:
        """Note what was answered; the audit hears of it when somebody is needed."""
        with transaction(self._db):
            spool.trouble(self._db, sequence, (trouble, sentence), refused=refused, aside=aside)
            one = spool.at(self._db, sequence)
            if aside and one:
                self._note(who, "set_aside", one.submission.application, f"{sequence} {trouble}")

    def note_delivered(self, sequence: int, place: str, who: str, *, online: bool) -> None:
        """Note that a submission is whole at a place; its application counts as copied out, when it is of this revision still."""
        with transaction(self._db):
            at, one = self._now(), spool.at(self._db, sequence)
            if one is None:
                raise ValueError("no such number")
            spool.delivered(self._db, sequence, place, at, online=online)
            if spool.current(self._db, one.submission):
                outbox.copied(self._db, one.submission.application, place, at, who)
            self._note(who, "deliver" if online else "copy", one.submission.application, f"{sequence} {place}")

    def set_aside(self, application: str, sentence: str, who: str) -> None:
        """Note that a queued application could not even be sealed and needs somebody."""
        with transaction(self._db):
            if spool.aside(self._db, application, sentence):
                self._note(who, "set_aside", application)

    def send_again(self, ids: Sequence[str], who: str) -> None:
        """Have these sealed or sent again at once; those received are passed over."""
        with transaction(self._db):
            for id_ in ids:
                if spool.again(self._db, id_):
                    self._note(who, "send_again", id_)

    def spent(self) -> list[Spooled]:
        """Return submissions whose bag may go: the office signed for this very digest."""
        with told():
            return spool.spent(self._db)

    def forget_bag(self, sequence: int) -> None:
        """Note that a bag was removed from this computer. ValueError for one that the office has not signed for."""
        with transaction(self._db):
            spool.forget(self._db, sequence, self._now())
