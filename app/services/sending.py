"""Sending what is sealed through one place after another, each attempt noted before it is made."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.errors import AppError
from app.core.outbox import PATIENCE, next_try
from app.services import places, rating
from app.services.pacing import Paced
from app.services.ports.transfer import PlaceError, Sealed, Spooled, Trouble
from app.services.sealing import SPOOL, seal_due
from app.services.uplink import ConflictError, send

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.core.places import PlaceSettings
    from app.services.hands import Hands
    from app.services.ports import Desk
    from app.services.ports.transfer import Place

_DOWN = frozenset({Trouble.NAME, Trouble.REFUSED, Trouble.CERTIFICATE, Trouble.CREDENTIALS, Trouble.CLOCK, Trouble.GONE})
"""Troubles that no submission causes: the place is not asked for the next one."""

NOTE = "README.txt"
_NOTE = """这个文件夹里是窗口程序密封的门诊慢特病申请，只有持有市局私钥的人能打开。
整个 up 文件夹交给经办机构，不要改名，不要只拷其中几个文件。
  up/v1/窗口/ready   每件一张签名的标记，最后写：有标记的才算数
  up/v1/窗口/bags    每件一个密封包（BagIt 1.0，内容用 age 加密）
  up/v1/窗口/ratings 申请人的评价，一张一个文件，里面没有人名
核对：bagit.py --validate 包；打开：age -d -i 私钥 data/0000.age；验签：ssh-keygen -Y verify
data/0000.age 是登记记录，里面 files 按顺序列出其余各文件是什么。
名字带 .part 的是中途停下的，不完整，可以删。
"""


@dataclass(frozen=True, slots=True)
class Try:
    """One place that was tried in a run, and what it said, as a sentence; ``trouble`` '' when it answered as it should."""

    place: str
    sentence: str
    trouble: str = ""


class Sending:
    """One run over one or more places. ``left``: what still has to go; the rest is in ``delivered`` or ``aside``."""

    def __init__(self, hands: Hands, due: Sequence[Spooled], later: Sequence[Spooled], *, online: bool = True) -> None:
        self._hands = hands
        self._online = online
        self._later = list(later)
        self.left = list(due)
        self.delivered: list[str] = []
        self.aside: list[str] = []
        self.refusal = ""
        self._done = 0

    def through(self, settings: PlaceSettings) -> Try:
        """Send all that is left to one place, one after the other; return what the place said."""
        before = len(self.delivered)
        try:
            with closing(self._hands.places.open(settings)) as opened:
                place = Paced(opened, settings.kilobytes, self._hands.stop)
                if not self._online:
                    place.commit(NOTE, _NOTE.replace("\n", "\r\n").encode("utf-8-sig"))
                down = self._all(place, settings.name)
                if down is None and self._hands.heard:
                    counter = self._hands.ask(places.wire)
                    self._hands.heard(place, counter)
                if down is None and not self._hands.stop.is_set():
                    rating.send(self._hands, place, online=self._online)
        except PlaceError as problem:
            down = problem
        if down is not None:
            return Try(settings.name, down.sentence, down.trouble)
        count = len(self.delivered) - before
        return Try(settings.name, f"{settings.name}应答了，送出 {count} 件" if count else f"{settings.name}应答了")

    def _all(self, place: Place, name: str) -> PlaceError | None:
        """Send one after the other; the problem when the place is down.

        Where one does not get through and the next one does, it was that one. Where two in a row do not, it is the place.
        """
        left: list[Spooled] = []
        doubtful: tuple[Spooled, PlaceError] | None = None
        passed = False
        while self.left and not self._hands.stop.is_set():
            one = self.left.pop(0)
            problem = self._one(place, name, one)
            if problem is None:
                passed = True
                if doubtful:
                    self._refused(*doubtful, left)
                    doubtful = None
                self.left += self._later
                self._later = []
            elif problem.trouble in _DOWN or doubtful:
                held = [doubtful[0]] if doubtful else []
                self.left = [*left, *held, one, *self.left]
                return problem
            else:
                doubtful = (one, problem)
        if doubtful and passed:
            self._refused(*doubtful, left)
            doubtful = None
        self.left = [*left, *([doubtful[0]] if doubtful else []), *self.left]
        return doubtful[1] if doubtful else None

    def _one(self, place: Place, name: str, one: Spooled, *, mended: bool = False) -> PlaceError | None:
        """Send one submission; the problem when the place did not take it."""
        hands, number = self._hands, one.submission.sequence
        spool = hands.ask(lambda desk: self._begin(desk, one, name))
        sealed = Sealed(spool / one.bag, one.submission.digest, one.signature, one.bytes)
        count = self._done + len(self.left) + 1

        def progress(done: int, size: int) -> None:
            hands.tell("send", self._done, count, done, size, name)

        try:
            sent = send(place, hands.sealer, sealed, one.submission, progress, hands.stop.is_set)
        except PlaceError as problem:
            if self._online:
                self._note(one, problem.trouble, problem.sentence)
            return problem
        except ConflictError as problem:
            self._note(one, "conflict", problem.sentence, aside=True)
        except AppError as problem:
            # No marker stood there, so the bag may be made anew under the same number.
            self._note(one, "bag", problem.sentence, aside=mended)
            if not mended and (new := self._mended(one)):
                return self._one(place, name, new, mended=True)
        else:
            if sent is None:
                self.left.insert(0, one)
                return None
            hands.ask(lambda desk: desk.store.note_delivered(number, name, desk.clerk, online=self._online))
            self.delivered.append(one.submission.application)
        self._done += 1
        return None

    def _begin(self, desk: Desk, one: Spooled, name: str) -> Path:
        """Note the attempt before it is made; return the spool folder."""
        if self._online:
            later = next_try(one.attempts + 1, desk.clock.now(), self._hands.chance())
            desk.store.note_attempt(one.submission.sequence, name, later.isoformat(timespec="seconds"))
        return desk.data_dir / SPOOL

    def _mended(self, one: Spooled) -> Spooled | None:
        """Seal a lost bag anew, out of the same application; None when that cannot be done."""
        id_, number = one.submission.application, one.submission.sequence
        seal_due(self._hands, (id_,))
        found = self._hands.ask(lambda desk: desk.store.spooled(ids=(id_,), waiting=False))
        new = next((row for row in found if row.submission.sequence == number and row.trouble != "bag"), None)
        if new is None:
            self.aside.append(id_)
        return new

    def _refused(self, one: Spooled, problem: PlaceError, left: list[Spooled]) -> None:
        """Count that one alone was refused; set it aside after so many times, else another place may take it."""
        self.refusal = problem.sentence
        aside = self._online and one.refusals + 1 >= PATIENCE
        if self._online:
            self._note(one, problem.trouble, problem.sentence, refused=True, aside=aside)
        if not aside:
            left.append(one)

    def _note(self, one: Spooled, trouble: str, sentence: str, *, refused: bool = False, aside: bool = False) -> None:
        number = one.submission.sequence
        self._hands.ask(
            lambda desk: desk.store.note_trouble(number, trouble, sentence, desk.clerk, refused=refused, aside=aside)
        )
        if aside:
            self.aside.append(one.submission.application)
