"""What the opened store is asked in parts; :class:`app.services.ports.Store` is all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.core.answer import Answer
    from app.core.application import Application
    from app.core.received import Received
    from app.core.retention import Delivered, Purged
    from app.core.submission import Submission
    from app.services.ports.transfer import Sealed, Spooled
    from app.services.ports.values import (
        Answered,
        AuditEntry,
        Clerk,
        Counter,
        Letter,
        Parcel,
        Role,
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
        """Store a setting."""
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

    def journal(self, id_: str) -> list[AuditEntry]:
        """Return what other counters noted about an application before it came here, oldest first; ``who`` names the counter too."""
        ...
