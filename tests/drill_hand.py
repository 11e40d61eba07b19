"""A clerk who says before each call to a service what it will change, and after it that it is done."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from drill_kit import say
from drill_world import PASSPHRASES, STEP, standing
from whole_kit import CLERK, JQ, CachedPages, FixedClock, answered, files_of, print_documents, seen

from app.adapters.store.database import value
from app.core.errors import AppError
from app.core.numbering import number
from app.core.same_person import joined
from app.core.second_look import reopened
from app.core.settings_all import SCALES
from app.services import (
    administration,
    clerks,
    handover,
    intake,
    originals,
    printing,
    privacy,
    same_person,
    second_look,
    settings,
)
from app.services.finalise import Ready, finalise
from app.services.ports import Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.core.application import Application, Paper
    from app.services.originals import Incoming
    from app.services.ports import Desk

DAY = "2026-02-06"
PAPERS = {"identity": ("id-front.jpg", "id-back.jpg"), "diagnosis": ("diagnosis.jpg",), "records": ("discharge.pdf", "lab.jpg")}
COLLEAGUES = ("沈念", "周敏", "马念")
PATHS = ("applicant", "agent", "insurance", "remote", "diseases", "care", "summary", "reasons", "notified")
NOTE: STEP = {"+": 1}


class WalkingClock(FixedClock):
    """A clock that goes on a little each time it is asked."""

    def now(self) -> dt.datetime:
        self.moment += dt.timedelta(milliseconds=100)
        return self.moment


@cache
def digests(file: Incoming) -> tuple[tuple[str, ...], ...]:
    """What each page of a file will be stored as: the picture as it came, where there is one, and the page."""
    pages = CachedPages().pages(
        file.data, file.name, formats=originals.FORMATS, max_bytes=None, dropped=lambda _: None, find_page=True
    )
    both = [(page.untouched, page) if page.untouched else (page,) for page in pages]
    return tuple(tuple(hashlib.sha256(one.data).hexdigest()[:16] for one in pair) for pair in both)


class Hand:
    """A clerk at a desk. :meth:`do` is what a drill changes."""

    def __init__(self, desk: Desk, out: Path) -> None:
        self.desk = desk
        self.out = out
        self.clock: FixedClock = desk.clock  # type: ignore[assignment]

    def do(self, steps: list[STEP], call: Callable[[], Any], found: Callable[[Any], STEP] = lambda _: {}) -> Any:
        """Call a service. ``steps`` say what it will change, ``found`` what could not be known before."""
        say("will", steps)
        result = call()
        say("did", found(result))
        return result

    # the case
    def save(self, application: Application, *, reopened: bool = False) -> Application:
        new = self.desk.store.application(application.id) is None
        stored = standing(application, revision=application.revision + 1)
        steps = [{f"a:{application.id}": stored, "+": int(new)}, *([NOTE] if reopened else [])]
        return self.do(steps, lambda: intake.save(self.desk, application, reopened=reopened))[0]

    def take(self, application: Application, requirement: str, name: str) -> Application:
        """Take one file's pages in and store the draft that shows them."""
        (file,) = files_of(JQ, name)
        stored = [[application.id, digest] for pair in digests(file) for digest in pair]

        def call() -> originals.Taken:
            taken = originals.take(self.desk, application, requirement, (file,))
            if taken.refused:
                raise AppError(taken.refused[0])
            return taken

        def found(taken: originals.Taken) -> STEP:
            ids = [id_ for page in taken.pages for id_ in (page.whole, page.original) if id_]
            return {f"p:{id_}": one for id_, one in zip(ids, stored, strict=True)}

        taken = self.do([{"p:*": one, "+": 1} for one in stored], call, found)
        return self.save(originals.place(application, requirement, taken.pages))

    def finalise(self, application: Application) -> Application:
        desk, id_ = self.desk, application.id
        day = self.clock.moment.date()
        sequence = desk.store.next_sequence(day.isoformat())
        mends, former = application.mends, desk.store.editions(id_)
        bears = mends.acceptance.number if mends else number(desk.region.number_prefix, desk.counter.code, day, sequence)
        shown = {page.original for paper in application.papers for page in paper.pages}
        of_it = "SELECT id FROM originals WHERE application = ?"
        unused = {f"p:{one}": None for (one,) in desk.store._db.execute(of_it, (id_,)).fetchall() if one not in shown}
        kept = replace(application, mends=former[-1].mends if former else None)
        stored = standing(kept, state="ready", revision=application.revision + 1, number=bears)
        step = {f"a:{id_}": stored, f"d:{id_}": "*", f"o:{id_}": "here", **unused, "+": 1}
        if mends is None:
            step["seq"] = value(desk.store._db, "SELECT coalesce(sum(last), 0) FROM numbers") + 1

        def call() -> Ready:
            result = finalise(desk, application)
            if not isinstance(result, Ready):
                raise TypeError(str(result.findings))
            return result

        result = self.do([step], call, lambda ready: {f"d:{id_}": {one.kind: one.digest[:16] for one in ready.documents}})
        return result.application

    def print(self, id_: str) -> None:
        documents = list(self.desk.store.documents(id_).values())
        self.do([NOTE] * len(documents), lambda: print_documents(self.desk, id_, documents))
        self.do([NOTE] * len(documents), lambda: printing.save_documents(self.desk, id_, documents, self.out))

    def export(self, *ids: str) -> None:
        def call() -> None:
            done = self.desk.exporter.export(self.desk.store, ids, self.out, CLERK)
            if done.failed:
                raise AppError(done.failed[0].partition("：")[2] or done.failed[0])

        def found(_: None) -> STEP:
            sent = desk.store._db.execute("SELECT application, digest FROM sent ORDER BY digest").fetchall()
            return {f"t:{id_}": [digest[:16] for one, digest in sent if one == id_] for id_ in ids}

        desk = self.desk
        handed = [{f"t:{id_}": "*", "+": 1} for id_ in ids]
        self.do([*handed, *({f"o:{id_}": "copied", "+": 1} for id_ in ids), NOTE], call, found)

    def look(self, id_: str) -> None:
        """A supervisor lets it go without a second look: at once, after having sent it back, or once that was corrected."""
        desk, key, queue = self.desk, f"l:{id_}", f"o:{id_}"
        ends = random.choice(("at once", "sent back", "corrected"))
        if ends == "at once":
            self.do([{key: ["released"], "+": 1}], lambda: second_look.released(desk, id_, "市局催"))
            return
        step: STEP = {key: ["returned"], queue: "needs_you", "+": 1}
        self.do([step], lambda: second_look.returned(desk, id_, "缺一个章"))
        step = {key: ["returned", "released"], "+": 1}
        if ends == "sent back" or not self.correct(id_):
            step[queue] = "here"
        self.do([step], lambda: second_look.released(desk, id_, "市局催"))

    def correct(self, id_: str) -> bool:
        """Open what was sent back as its next version; True when it was accepted under its number again, False when that was let go."""
        desk = self.desk
        before = desk.store.application(id_)
        draft = reopened(before, second_look.sent_back(desk, before))
        draft = self.do([{f"a:{id_}": standing(draft), "+": 1}], lambda: second_look.correct(desk, id_))
        digits = f"1380000{random.randrange(10_000):04}"
        draft = self.save(replace(draft, applicant=replace(draft.applicant, phone=digits), read_back=True))
        if random.random() < 0.3:
            stands = standing(before, number=before.acceptance.number)
            self.do([{f"a:{id_}": stands, "+": 1}], lambda: intake.discard(desk, draft, "问过，没有错"))
            return False
        self.finalise(draft)
        return True

    def reopen(self, id_: str) -> Application:
        return self.do([NOTE], lambda: intake.reopen(self.desk, id_))

    def discard(self, application: Application) -> None:
        step = {f"a:{application.id}": standing(application, state="void"), "+": 1}
        self.do([step], lambda: intake.discard(self.desk, application, "申请人不办了"))

    def give(self, application: Application) -> Application:
        """Hand a draft over and have it again: the parcel comes home, or the supervisor takes it back."""
        desk, key = self.desk, f"a:{application.id}"
        given = {key: standing(application, handed="2 号窗口 李娜"), "+": 1}
        parcel = self.do([given], lambda: handover.hand_over(desk, application.id, "2 号窗口 李娜", self.out))
        if random.random() < 0.5:
            self.do([{key: standing(application), "+": 1}], lambda: handover.take_back(desk, application.id, "还没有读"))
            return application
        home = {key: standing(application, revision=application.revision + 1), "+": 1}
        return self.do([home], lambda: handover.take_in(desk, self.out / parcel.file, parcel.code))

    def join(self, application: Application) -> Application:
        """Take over the papers of another draft, which is voided then."""
        desk, other = self.desk, self.take(self.typed(), "records", "lab.jpg")
        (file,) = files_of(JQ, "lab.jpg")
        copies = [[application.id, pair[-1]] for pair in digests(file)]

        def found(papers: tuple[Paper, ...]) -> STEP:
            ids = [page.original for paper in papers for page in paper.pages]
            return {f"p:{id_}": one for id_, one in zip(ids, copies, strict=True)}

        steps: list[STEP] = [NOTE, *({"p:*": one, "+": 1} for one in copies)]
        papers = self.do(steps, lambda: same_person.take_papers(desk, application, other.id), found)
        application = self.save(joined(application, papers))
        voided = {f"a:{other.id}": standing(other, state="void"), "+": 1}
        self.do([NOTE, voided], lambda: same_person.join(desk, application.id, other.id, papers))
        return application

    # the house
    def house(self) -> None:
        """One thing that a supervisor does."""
        random.choice((self.people, self.settings, self.passphrase))()

    def people(self) -> None:
        desk = self.desk
        here = {one.name: one for one in desk.store.clerks() if not one.disabled_at}
        name = random.choice(COLLEAGUES)
        if name in here:
            gone: list[STEP] = [{f"c:{name}": [here[name].role.value, True], "+": 1}]
            if any(desk.vault.ways(name)):
                gone.append({f"k:{name}": None})
            self.do(gone, lambda: clerks.stop(desk, name))
            return
        role = random.choice(tuple(Role))
        steps: list[STEP] = [{f"c:{name}": [role.value, False], "+": 1}, NOTE]
        if not any(desk.vault.ways(name)):  # left by one who was killed while he was stopped
            steps.append({f"k:{name}": [False, True]})
        self.do(steps, lambda: clerks.add(desk, name, role, self.word))

    @property
    def word(self) -> str:
        return PASSPHRASES[self._word()]

    def _word(self) -> int:
        try:
            self.desk.vault.check(CLERK, PASSPHRASES[self._known])
        except AppError:
            raise AssertionError("the passphrase that was acknowledged opens no more") from None
        return self._known

    _known = 0

    def passphrase(self) -> None:
        old, new = self._known, 1 - self._known
        change = partial(clerks.change_passphrase, self.desk, PASSPHRASES[old], PASSPHRASES[new], PASSPHRASES[new])
        self.do([{"pass": new}, NOTE], change)
        self._known = new

    def settings(self) -> None:
        desk = self.desk
        minutes = str(random.choice([n for n in range(1, 31) if n != settings.idle_minutes(desk)]))
        self.do([{"s:idle_minutes": minutes, "+": 1}], lambda: settings.change(desk, "idle_minutes", minutes))
        on = desk.store.setting(privacy.SETTING) == "off"
        why = f"理由 {random.random()}"
        steps: list[STEP] = [{"s:lists.cover.reason": why, "s:lists.cover": "on" if on else "off", "+": 1}, NOTE]
        self.do(steps, lambda: privacy.set_cover(desk, on=on, reason=why))
        scale = str(random.choice(SCALES))
        self.do([{"s:scale": scale, "+": 1}], lambda: settings.change(desk, "scale", scale))
        self.do([NOTE], lambda: administration.save_audit(desk, self.out))

    def filled(self, *names: str) -> Application:
        """A whole draft with pages as its records."""
        whole = answered(self.desk)
        application = self.save(whole)
        for requirement, file in (("identity", "id-front.jpg"), ("identity", "id-back.jpg"), ("diagnosis", "diagnosis.jpg")):
            application = self.take(application, requirement, file)
        for name in names:
            application = self.take(application, "records", name)
        return application

    def typed(self) -> Application:
        """A draft with its first answers."""
        application = replace(intake.start(self.desk), summary=f"头晕 {random.random()}")
        return self.save(intake.answer(application, "applicant.name", "柏守田"))

    def case(self) -> None:
        """One application from the first key to the stick; one in five ends otherwise."""
        desk = self.desk
        whole = answered(desk)
        application = replace(intake.start(desk), id=whole.id)
        for path in PATHS:
            application = self.save(replace(application, **{path: getattr(whole, path)}))
        if random.random() < 0.3:
            application = self.join(application)
        for requirement, names in PAPERS.items():
            for name in names:
                application = self.take(application, requirement, name)
        application = self.save(originals.turn(application, "records", 0))
        if random.random() < 0.5:
            application = self.take(application, "records", "lab.jpg")
            application = self.save(originals.remove(application, "records", 0))
        if random.random() < 0.3:
            application = self.give(self.save(self.reopen(application.id), reopened=True))
        if random.random() < 0.1:
            self.discard(application)
            return
        application = self.finalise(self.save(seen(desk, application)))
        self.print(application.id)
        if random.random() < 0.3:
            self.look(application.id)
        self.export(application.id)
