"""What the opened store is asked in parts; :class:`app.services.ports.Store` is all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from app.core.answer import Answer
    from app.core.application import Application
    from app.core.board import Dealt
    from app.core.rating import SealedRating
    from app.core.received import Received
    from app.core.retention import Delivered, Purged
    from app.core.second_look import Look, Sighting
    from app.core.submission import Submission
    from app.services.ports.transfer import Sealed, Spooled
    from app.services.ports.values import (
        Answered,
        AuditEntry,
        Call,
        Clerk,
        Counter,
        Entry,
        Goes,
        Letter,
        Made,
        Parcel,
        Rendered,
        Role,
        Voided,
    )


class Staffing(Protocol):
    """This counter, its settings and its people."""

    # settings
    def counter(self) -> Counter | None:
        """Return this counter, or None before the first start was finished."""
        ...

    def set_counter(self, counter: Counter) -> None:
        """Store the counter."""
        ...

    def setting(self, name: str) -> str:
        """Return a setting, empty when it was never set."""
        ...

    def set_setting(self, name: str, value: str) -> None:
        """Store a setting that nobody in particular made."""
        ...

    def make_settings(self, values: Mapping[str, str], who: str, kept: Mapping[str, str] | None = None) -> None:
        """Store what somebody set, all of it or nothing; ``kept``: readings of the program's own that go with it, as :meth:`keep`."""
        ...

    def made_settings(self) -> Mapping[str, Made]:
        """Return who made each setting that somebody made, by its name."""
        ...

    def keep(self, name: str, value: str) -> None:
        """Store a reading of the program's own (last-seen time): a setting nobody made, so not in the audit."""
        ...

    # people
    def clerks(self) -> list[Clerk]:
        """Return everybody who works or worked here, active ones first, in the order they were added."""
        ...

    def add_clerk(self, name: str, role: Role, who: str) -> None:
        """Add somebody, or let a stopped one work again in this role. StoreError when the name is at work already."""
        ...

    def stop_clerk(self, name: str, who: str) -> None:
        """Note that somebody works here no more; nothing is deleted. StoreError for the last active supervisor."""
        ...

    def set_role(self, name: str, role: Role, who: str) -> None:
        """Give somebody another role. StoreError when no active supervisor would be left."""
        ...


class Answering(Protocol):
    """What was handed over, what the office answered, and the versions that follow."""

    def note_sent(self, id_: str, digest: str, who: str) -> None:
        """Note the SHA-256 of a manifest under which an application is about to be handed over whole; the same one again changes nothing."""
        ...

    def take_answer(self, answer: Received, who: str) -> Answered:
        """Apply an office's answer whose signature holds, in one transaction. What is not applied is refused in the audit."""
        ...

    def answer_number(self) -> int:
        """Return the number of the next answer that is not here, from 1."""
        ...

    def keep_answer(self, letter: Letter, who: str) -> Answered:
        """Keep a verified answer until its turn: KEPT, KNOWN, or OTHER (refused in the audit) when its number said something else before."""
        ...

    def apply_answer(self, who: str) -> tuple[Answer, Answered] | None:
        """Apply the next kept answer whose turn it is, in one transaction; None when there is none. What is not applied is in the audit."""
        ...

    def waiting_answers(self) -> list[int]:
        """Return the numbers of kept answers that wait for one before them."""
        ...

    def hear_answer(self, answer: Answer, who: str) -> None:
        """Keep and apply an answer that was heard by telephone (``seq`` 0). StoreError when that version was not handed over."""
        ...

    def answers(self, application_id: str) -> list[Answer]:
        """Return every answer about an application that was believed, by number; those only heard come last."""
        ...

    def note_told(self, application_id: str, call: Call, *, told: bool) -> None:
        """Note an attempt to tell somebody: the audit gets ``how``, the words stay in the store. ``told``: the applicant knows now."""
        ...

    def calls(self, application_id: str) -> list[Call]:
        """Return what was said about an application in the clerks' words, oldest first."""
        ...

    def decided(self, limit: int = 500) -> list[str]:
        """Return applications with a decision, the last one that came first."""
        ...

    def reopen(self, application: Application, who: str) -> Application:
        """Store the next version of one that was sent back as a draft, the former one kept. StoreError when it does not stand so."""
        ...

    def close_version(self, id_: str, who: str) -> Application:
        """Let go of such a draft: the version that was handed over stands again, as the office decided. StoreError for any other draft."""
        ...

    def editions(self, application_id: str) -> list[Application]:
        """Return the versions of an application that were sent back, oldest first."""
        ...


class Lacking(Protocol):
    """Papers that are still to come."""

    def park(
        self, application: Application, documents: Sequence[Rendered], who: str, *, unsaid: Sequence[str] = ()
    ) -> Application:
        """In one transaction: WAITING with its notice (``application.waiting``), the papers that were given, the audit; at a new revision.

        ``unsaid``: what the notice before should have named, as field paths; an audit row of its own. StoreError when it is no draft.
        """
        ...

    def reopen_owing(self, application: Application, who: str) -> Application:
        """Store the next version of an accepted application, a draft that takes in what it owes; the former one is kept.

        StoreError when it does not stand as accepted and undecided.
        """
        ...

    def deferred_due(self, day: str = "", limit: int = 500) -> list[Entry]:
        """Return accepted applications that still owe deferred papers, the one due first on top; with a day (ISO) those due by then."""
        ...


class Sending(Protocol):
    """Submissions on their way to the office."""

    def media(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the media types of these pages, those that exist."""
        ...

    def unsealed(self, ids: Sequence[str] = ()) -> list[tuple[str, int]]:
        """Return application and revision of what is queued and was not sealed, oldest first: all that waits here, or only these.

        Without ``ids`` what was copied out in the plain form, and what needs somebody, is left out.
        """
        ...

    def spool(self, counter: str, application: str, revision: int, sealed: Sealed, who: str) -> Submission | None:
        """Give a sealed bag its number and note its digest as handed over, in one transaction. Numbers count from 1 without gaps.

        None and nothing noted when another revision is queued by now.
        """
        ...

    def keep_signed(self, application_id: str, document: Rendered, who: str) -> Goes:
        """Store a signed edition of the form and queue its application under a new revision, in one transaction; say how it goes out.

        Number, day and answers stay what they were. StoreError when there is no such application.
        """
        ...

    def spooled(self, *, ids: Sequence[str] = (), waiting: bool = True) -> list[Spooled]:
        """Return sealed submissions that the office has not signed for, by number; ``waiting``: neither delivered online nor set aside."""
        ...

    def note_attempt(self, sequence: int, place: str, next_at: str) -> None:
        """Note, before a submission is tried online, that it is, and when it is tried again if nothing more is heard."""
        ...

    def note_trouble(self, sequence: int, trouble: str, sentence: str, who: str, *, refused: bool, aside: bool) -> None:
        """Note what was answered. ``refused``: it alone; ``aside``: it needs somebody from now on, with this sentence."""
        ...

    def note_delivered(self, sequence: int, place: str, who: str, *, online: bool) -> None:
        """Note that a submission is whole at a place, its marker too; ``online`` False for a stick, from which it may never arrive."""
        ...

    def set_aside(self, application: str, sentence: str, who: str) -> None:
        """Note that a queued application could not even be sealed and needs somebody."""
        ...

    def send_again(self, ids: Sequence[str], who: str) -> None:
        """Have these sealed or sent again at once, whatever they waited for; those received are passed over."""
        ...

    def spent(self) -> list[Spooled]:
        """Return submissions whose bag may go: the office signed for this very digest."""
        ...

    def forget_bag(self, sequence: int) -> None:
        """Note that a bag was removed from this computer. Only for those :meth:`spent` returned."""
        ...


class Retaining(Protocol):
    """Originals that may go because the office holds them."""

    def delivered(self, before: str, after: Delivered | None = None, limit: int = 64) -> list[Delivered]:
        """Return applications that the office received before then (ISO) and whose originals are here, longest first, beyond ``after``."""
        ...

    def begin_purge(self, id_: str, days: int, who: str) -> int:
        """Note that an application's originals go, and return how many pages; they go one by one with :meth:`purge_page`.

        0 and nothing noted when the store does not know it as received whole: the last word on it is the store's.
        """
        ...

    def purge_page(self) -> bool:
        """Delete one page of those that are to go; False when none is left. A kill in between is made good by the next call."""
        ...

    def purged(self, application_id: str) -> Purged | None:
        """Return that an application's originals were cleared by rule, or None."""
        ...

    def sender(self, application_id: str) -> str:
        """Return who copied an accepted application out first, '' while nobody did."""
        ...


class Handing(Protocol):
    """Drafts that go to another counter and come from one."""

    def hand_over(self, id_: str, to: str, folder: Path, who: str) -> Parcel:
        """Write a draft with its pages and its journal into an encrypted file, and mark it as given to ``to``.

        From then on it can be looked at here and not changed. AppError when the folder does not take the file; then nothing changed.
        """
        ...

    def take_in(self, file: Path, code: str, region: str, who: str) -> Application:
        """Take a handed-over draft in: it belongs to this counter now. WrongSecretError for a wrong code.

        StoreError when the file is not whole, is of another region, was taken in before, or its application is this counter's already.
        """
        ...

    def take_back(self, id_: str, reason: str, who: str) -> None:
        """Make a draft that was given away this counter's own again, with a reason. StoreError when it was not given away."""
        ...

    def handed(self, id_: str) -> str:
        """Return to whom a draft was given, in words; '' while it is this counter's own."""
        ...

    def voided(self, id_: str) -> Voided | None:
        """Return why, when and by whom an application was put aside for good; None for one that is not void."""
        ...

    def journal(self, id_: str) -> list[AuditEntry]:
        """Return what other counters noted about an application before it came here, oldest first; ``who`` names the counter too."""
        ...


class Reminding(Protocol):
    """What comes up again by itself, and the same person's other applications. Each question is answered out of an index."""

    def same_person(self, cert_number: str, limit: int = 20) -> list[Entry]:
        """Return the applications of whoever has this certificate number, last touched first, void ones too."""
        ...

    def renewals(self, first: str, last: str, limit: int = 500) -> list[Entry]:
        """Return approved applications that end between two days (ISO) and that nobody renews yet, the first to end on top."""
        ...

    def overdue(self, day: str, limit: int = 500) -> list[Entry]:
        """Return accepted applications without a decision whose promised day is this one (ISO) or past, the oldest promise first."""
        ...

    def opened(self, limit: int = 5) -> list[Entry]:
        """Return the applications that were opened last, by the audit, the last one first."""
        ...

    def untold_entries(self, limit: int = 500) -> list[Entry]:
        """Return applications whose decision the applicant does not know yet, the last one that moved first."""
        ...

    def told_rows(self, ids: Sequence[str]) -> list[AuditEntry]:
        """Return the audit's rows of attempts to tell somebody about these applications, oldest first."""
        ...

    def unreckoned(self, limit: int = 50) -> list[str]:
        """Return approved applications whose end nobody looked at since they were approved."""
        ...

    def keep_expiry(self, application_id: str, day: str, *, reckoned: bool) -> None:
        """Remember when an approval ends, '' where nobody says. A reading of the program's own, so not in the audit."""
        ...


class Boarding(Protocol):
    """What the office's board counts."""

    def dealt(self, first: str, after: str) -> list[Dealt]:
        """Return what was accepted, or told what is missing and not accepted yet, from one day (ISO) to before another; nobody is in it."""
        ...


class Looking(Protocol):
    """Second looks at what was accepted."""

    def keep_look(self, look: Look, how: str = "") -> None:
        """Keep a look with its audit row (``how`` in fixed words), in one transaction; what was sent back needs somebody in the queue.

        StoreError when another version of the application stands by now, or one that is sent back left the counter already.
        """
        ...

    def reopen_returned(self, application: Application, who: str) -> Application:
        """Store the next version of one that a supervisor sent back as a draft; the former version is kept, and stays in the queue.

        StoreError when it does not stand as sent back.
        """
        ...

    def looks(self, application_id: str) -> list[Look]:
        """Return every look at an application, oldest first."""
        ...

    def sightings(self, ids: Sequence[str]) -> list[Sighting]:
        """Return the accepted ones among these with the newest look, and the drafts that correct what a look sent back."""
        ...


class Rating(Protocol):
    """What applicants thought of the service, sealed. That one was asked is known here; what they chose is not."""

    def rated(self, application_id: str) -> bool:
        """Whether an applicant was asked, whatever they chose."""
        ...

    def keep_rating(self, application_id: str, counter: str, id_: str, sealed: bytes, who: str) -> bool:
        """Keep a sealed sheet and note that this case was asked, in one transaction; False, and nothing kept, when it was asked before.

        Neither the sheet nor the audit row says what was chosen, and the sheet does not say whose it is.
        """
        ...

    def ratings(self, limit: int) -> Sequence[SealedRating]:
        """Return sheets that are still here, those that are on the fewest sticks first, else in the order of their random names."""
        ...

    def rating_gone(self, id_: str, *, online: bool) -> None:
        """Let go of a sheet that the office's place has; on a stick (``online`` False) only count it, and let go after the third."""
        ...
