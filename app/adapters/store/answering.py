"""The opened store: what was handed over, what the office answered, and the versions that follow."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from app.adapters.store import answers, inbox, telling
from app.adapters.store.database import told, transaction
from app.adapters.store.opened import Opened
from app.services.ports import Answered, Call, Letter

if TYPE_CHECKING:
    from app.core.answer import Answer
    from app.core.application import Application
    from app.core.received import Received


class Answering(Opened):
    """The part of the store that speaks of the office's answers (ports.Answering)."""

    def note_sent(self, id_: str, digest: str, who: str) -> None:
        """Note the SHA-256 of a manifest under which an application is about to be handed over whole; the same one again changes nothing."""
        with transaction(self._db):
            if answers.sent(self._db, id_, digest, self._now(), who):
                self._note(who, "sent", id_, digest)

    def take_answer(self, answer: Received, who: str) -> Answered:
        """Apply an office's answer whose signature holds, in one transaction. What is not applied is refused in the audit."""
        with transaction(self._db):
            came = answers.take(self._db, answer, self._now(), who)
            if came is Answered.TAKEN:
                inbox.move(self._db, answer.application, self._now())
                self._note(who, "received", answer.application, f"{answer.seq} {answer.digest}")
            elif came is not Answered.KNOWN:
                subject = "" if came is Answered.FOREIGN else answer.application
                self._note(who, "answer_refused", subject, f"{came} {answer.seq} {answer.digest}")
        return came

    def answer_number(self) -> int:
        """Return the number of the next answer that is not here, from 1."""
        with told():
            return inbox.following(self._db)

    def keep_answer(self, letter: Letter, who: str) -> Answered:
        """Keep a verified answer until its turn; see :class:`app.services.ports.Store`."""
        with transaction(self._db):
            came = inbox.keep(self._db, letter, self._now(), who)
            if came is Answered.OTHER:
                self._note(who, "answer_refused", "", f"{came} {letter.answer.seq} {hashlib.sha256(letter.body).hexdigest()}")
        return came

    def apply_answer(self, who: str) -> tuple[Answer, Answered] | None:
        """Apply the next kept answer whose turn it is, in one transaction; None when there is none."""
        with transaction(self._db):
            done = inbox.apply(self._db, self._now(), who)
            if done:
                answer, came = done
                act = {"received": "received"}.get(answer.kind, "answer") if came is Answered.TAKEN else "answer_refused"
                subject = "" if came is Answered.FOREIGN else answer.application
                self._note(who, act, subject, f"{answer.seq} {answer.kind} {answer.digest}")
        return done

    def waiting_answers(self) -> list[int]:
        """Return the numbers of kept answers that wait for one before them."""
        with told():
            return inbox.waiting(self._db)

    def hear_answer(self, answer: Answer, who: str) -> None:
        """Keep and apply an answer that was heard by telephone; the audit says that nobody signed it."""
        with transaction(self._db):
            inbox.hear(self._db, answer, self._now(), who)
            self._note(who, "heard", answer.application, answer.kind)

    def answers(self, application_id: str) -> list[Answer]:
        """Return every answer about an application that was believed, by number; those only heard come last."""
        with told():
            return inbox.told(self._db, application_id)

    def note_told(self, application_id: str, call: Call, *, told: bool) -> None:
        """Note an attempt to tell somebody; see :class:`app.services.ports.Store`."""
        with transaction(self._db):
            telling.keep(self._db, application_id, call, told=told)
            self._note(call.who, "told", application_id, call.how)

    def calls(self, application_id: str) -> list[Call]:
        """Return what was said about an application in the clerks' words, oldest first."""
        with told():
            return telling.calls(self._db, application_id)

    def decided(self, limit: int = 500) -> list[str]:
        """Return applications with a decision, the last one that came first."""
        with told():
            return inbox.decided(self._db, limit)

    def reopen(self, application: Application, who: str) -> Application:
        """Store the next version of one that was sent back as a draft; see :class:`app.services.ports.Store`."""
        with transaction(self._db):
            stored = inbox.reopen(self._db, application, self._now(), who)
            self._note(who, "reopen", application.id, str(stored.revision))
        return stored

    def close_version(self, id_: str, who: str) -> Application:
        """Let go of the draft of a next version: what was handed over stands again, as the office decided."""
        with transaction(self._db):
            stored = inbox.close(self._db, id_, self._now(), who)
            self._note(who, "close_version", id_, stored.state.value)
        return stored

    def editions(self, application_id: str) -> list[Application]:
        """Return the versions of an application that were sent back, oldest first."""
        with told():
            return inbox.editions(self._db, application_id)
