"""What the office's window asks of the machine, on its lanes. Everything is opened in memory only."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from app.core.answer import Answer, summary
from app.core.errors import AppError
from app.core.submission import DOWN
from app.services import office as verbs
from app.services import office_desk
from app.services.ports.transfer import freely
from app.ui.office.reading import Brief, Case, Leaf, brief, by_due, case

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from app.core.answer import Content
    from app.services.office import Fetched, Office
    from app.services.ports.office import Arrival, Hold
    from app.services.ports.transfer import Body, Pace, Place, Stat

DPI = 150
"""Of a document's page on the screen."""

_DONE = frozenset({"supplement", "approved", "refused"})
_OLD = "记录读不出来，没有打开。让窗口把这件再报一次，或把程序升级"
_UNDRAWN = "这一页画不出来。用 chuangkou office open 写到文件夹里再看"


class Drawing(Protocol):
    """Documents as pictures."""

    def count(self, pdf: bytes) -> int:
        """Return how many pages a PDF has. AppError when it cannot be read."""
        ...

    def picture(self, pdf: bytes, page: int, dpi: float) -> tuple[int, int, bytes]:
        """Return width, height and BGRA bytes of a page (from 0). AppError when it cannot be drawn."""
        ...


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What a look at the place brought: how many came, how many answers were put, and a sentence for all that needs a person."""

    came: int = 0
    put: int = 0
    waiting: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inbox:
    """What waits for an answer, by the promised day; what was set aside stands in ``aside`` and is never opened.

    ``done``: what was sent back or decided, the last one first; a name only where it was read in this run.
    """

    briefs: tuple[Brief, ...] = ()
    aside: tuple[Brief, ...] = ()
    twins: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    done: tuple[Brief, ...] = ()


@dataclass
class OfficeDesk:
    """The office's side with the place it works with. ``open_place``: None for the one that was set up. Methods run off the GUI thread."""

    office: Office
    drawing: Drawing
    open_place: Callable[[Path | None], Place]
    _sound: set[Path] = field(default_factory=set)
    _read: dict[str, Brief] = field(default_factory=dict)

    def locked(self) -> bool:
        """Whether the private keys need a passphrase first."""
        return self.office.cabinet.locked()

    def unlock(self, passphrase: str) -> None:
        """Open the private keys. WrongSecretError when it is not their passphrase."""
        self.office.cabinet.unlock(passphrase)
        self.office.cabinet.opening_keys()

    def inbox(self, said: Callable[[str], object]) -> Inbox:
        """Verify and read everything that waits; ``said`` hears how far it is, from this thread."""
        waiting = verbs.pending(self.office)
        pairs = verbs.conflicts(self.office)
        twins = {one.submission.digest for pair in pairs for one in pair}
        states, holds = office_desk.standings(self.office), self.office.cabinet.holds()
        found: list[Brief] = []
        aside: list[Brief] = []
        for at, arrival in enumerate(waiting, start=1):
            if len(waiting) > 1:
                said(f"正在核对第 {at} 件，共 {len(waiting)} 件")
            digest = arrival.submission.digest
            one = self._brief(arrival, twin=digest in twins)
            holder = holds[digest].who if digest in holds else ""
            (aside if one.trouble else found).append(replace(one, state=states[digest], holder=holder))
        answers = [given.answer for counter in self.office.cabinet.counters() for given in self.office.cabinet.answers(counter)]
        told = tuple(sorted((one for one in answers if one.kind != "received"), key=lambda one: one.at, reverse=True))
        self._read |= {one.digest: one for one in found}
        done = tuple(
            self._done(answer, states[answer.digest]) for answer in told if answer.digest in states and answer.kind in _DONE
        )
        return Inbox(tuple(by_due(found)), tuple(aside), tuple(_twin(*pair) for pair in pairs), told, done)

    def open(self, digest: str, today: dt.date, by: str = "") -> Case:
        """Verify a submission once more, take it in hand and open it. AppError says why it was not opened."""
        arrival = self._arrival(digest)
        self._sound.discard(arrival.folder)
        if wrong := self._wrong(arrival):
            raise AppError(f"没有打开：{wrong}。已隔开，让窗口再报一次", "set aside")
        record = verbs.record_of(self.office, arrival)
        pdfs = [at for at, name in enumerate(record["files"]) if name.endswith(".pdf")]
        pages = {at: self.drawing.count(verbs.file_of(self.office, arrival, at)) for at in pdfs}
        try:
            made = case(record, pages, arrival.submission, today)
        except (ValueError, LookupError, TypeError) as error:
            raise AppError(_OLD, f"record: {type(error).__name__}") from error
        pairs = [pair for pair in verbs.conflicts(self.office) if any(one.submission.digest == digest for one in pair)]
        said = tuple(
            f"{one.at[:10]} {summary(one.content)}" for one in verbs.given(self.office, arrival) if one.kind != "received"
        )
        who = self._who(by)
        hold = office_desk.open_for(self.office, arrival, who)
        return replace(made, twin=_twin(*pairs[0]) if pairs else "", said=said, holder=_holder(hold) if hold.who != who else "")

    def take_over(self, digest: str, by: str) -> None:
        """Take a submission out of somebody else's hands; that is kept."""
        office_desk.take_over(self.office, self._arrival(digest), self._who(by))

    def leaf(self, digest: str, leaf: Leaf) -> bytes:
        """Return a page as an encoded picture. AppError when it cannot be drawn."""
        data = verbs.file_of(self.office, self._arrival(digest), leaf.file)
        if not leaf.pdf:
            if QImage.fromData(data).isNull():
                raise AppError(_UNDRAWN, f"file {leaf.file}")
            return data
        width, height, pixels = self.drawing.picture(data, leaf.page, DPI)
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImage(pixels, width, height, width * 4, QImage.Format.Format_RGB32).save(buffer, "BMP")  # type: ignore[call-overload]
        return bytes(buffer.data().data())

    def give(self, digest: str, content: Content, by: str) -> Answer:
        """Sign an answer and keep it. AppError when it cannot be given, or when a colleague was first."""
        if not any(one.submission.digest == digest for one in verbs.pending(self.office)):
            raise AppError("这件已经有人答复了，没有再签发。收一次件，列表就是新的", "answered meanwhile")
        arrival, who = self._arrival(digest), self._who(by)
        hold = office_desk.open_for(self.office, arrival, who)
        if hold.who != who:
            raise AppError(f"{_holder(hold)}，没有签发。问过本人，按「接过来」再签", "held by another")
        return verbs.give(self.office, arrival, content, who).answer

    def exchange(self, folder: Path | None, said: Callable[[str], object], *, fetch: bool) -> Exchanged:
        """Fetch (when asked for) and put every answer; ``said`` hears how far it is. AppError when the place does not answer."""
        said("正在连上报送地点")
        place = _Telling(self.open_place(folder), said)
        fetched: Fetched | None = None
        try:
            if fetch:
                fetched = verbs.fetch(self.office, place)
            said("正在放答复")
            put, wrong = verbs.publish(self.office, place)
        finally:
            place.close()
        came = fetched or verbs.Fetched()
        return Exchanged(len(came.accepted), put, len(came.waiting), (*came.refused, *wrong))

    def name(self) -> str:
        """Return the office's name."""
        return self.office.cabinet.card().name

    def _who(self, by: str) -> str:
        return by or self.office.cabinet.card().name

    def _done(self, answer: Answer, state: str) -> Brief:
        """Return the line of an answered one; its record is not opened again for that."""
        arrival = self._arrival(answer.digest)
        one = arrival.submission
        plain = Brief(one.digest, one.counter, one.sequence, bool(one.supersedes), arrival.order)
        said = f"{answer.at[5:10]} {summary(answer.content)}"
        return replace(self._read.get(one.digest, plain), state=state, holder="", said=said)

    def _arrival(self, digest: str) -> Arrival:
        found = next((one for one in self.office.cabinet.arrivals() if one.submission.digest == digest), None)
        if found is None:
            raise AppError("这件不在经办机构的文件夹里了。看看是谁移走的，再收一次", "no such arrival")
        return found

    def _brief(self, arrival: Arrival, *, twin: bool) -> Brief:
        one = arrival.submission
        wrong = self._wrong(arrival)
        if not wrong:
            try:
                return brief(one, arrival.order, verbs.record_of(self.office, arrival), twin=twin)
            except AppError as error:
                wrong = error.sentence
            except (ValueError, LookupError, TypeError):
                wrong = _OLD
        return Brief(one.digest, one.counter, one.sequence, bool(one.supersedes), arrival.order, trouble=wrong, twin=twin)

    def _wrong(self, arrival: Arrival) -> str:
        """Return why an arrival is not to be believed; what was sound in this run is not read again for the list."""
        if arrival.folder in self._sound:
            return ""
        wrong = "；".join(verbs.verify(self.office, arrival))
        if not wrong:
            self._sound.add(arrival.folder)
        return wrong


class _Telling:
    """A place that says in words how far a look at it is."""

    def __init__(self, place: Place, said: Callable[[str], object]) -> None:
        self._place, self._said = place, said
        self._markers: dict[str, int] = {}

    def names(self, folder: str) -> Sequence[str]:
        """List a folder."""
        found = self._place.names(folder)
        if not folder.startswith(DOWN):
            self._said(f"正在看 {folder.split('/')[2]} 报了什么")
            self._markers = {name: at for at, name in enumerate(found, start=1)}
        return found

    def read(self, path: str) -> bytes | None:
        """Read an object."""
        if path in self._markers:
            self._said(f"正在收第 {self._markers[path]} 件，共 {len(self._markers)} 件")
        return self._place.read(path)

    @property
    def streams(self) -> bool:
        """Whether the place sends a body piece by piece."""
        return self._place.streams

    def put(self, path: str, data: bytes | Body, pace: Pace = freely, digest: str = "") -> None:
        """Write an object."""
        self._place.put(path, data, pace, digest)

    def commit(self, path: str, data: bytes) -> bool:
        """Write an object where nothing stands."""
        return self._place.commit(path, data)

    def stat(self, path: str) -> Stat | None:
        """Return an object's size."""
        return self._place.stat(path)

    def begin(self, folder: str) -> Mapping[str, Stat]:
        """Begin to fill a folder."""
        return self._place.begin(folder)

    def settle(self, folder: str) -> Mapping[str, Stat]:
        """Give what was put there its name."""
        return self._place.settle(folder)

    def remove(self, path: str) -> None:
        """Remove an object."""
        self._place.remove(path)

    def close(self) -> None:
        """Let go of connections."""
        self._place.close()


def _holder(hold: Hold) -> str:
    return f"{hold.who} {hold.at[5:16].replace('T', ' ')} 打开了这件，在他手里"


def _twin(first: Arrival, later: Arrival) -> str:
    one, other = first.submission, later.submission
    return (
        f"{one.counter} 第 {one.sequence} 号和第 {other.sequence} 号是同一件的两份，内容不同。打电话核对留哪一份，再答复那一份"
    )
