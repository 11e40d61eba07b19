"""The office's side, without a server: fetch what counters sent, verify all of it before believing any, open it, answer it.

The cabinet is plain files. What one person fetched and another answered meets in it; answers get their number there, one after the other,
and the same sealed bytes go to the counter however often they are published.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.answer import Answer, Conflict, Content, Receipt
from app.core.answer_json import NAMESPACE as ANSWER
from app.core.answer_json import written
from app.core.answer_wire import Card, enclose, read_card, write_card
from app.core.errors import AppError
from app.core.submission import DOWN, answer, read_marker, ready
from app.services import office_ratings, office_regions
from app.services.office_bag import SIGNATURE, TAGS, NotBelievedError, NotYetError, bag_files
from app.services.office_open import Opened, file_of, open_, record_of
from app.services.ports.office import Given, Office
from app.services.setup import passphrase_problem

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from app.core.submission import Submission
    from app.services.ports.office import Arrival
    from app.services.ports.transfer import Place

__all__ = [
    "Fetched",
    "Office",
    "Opened",
    "conflicts",
    "fetch",
    "file_of",
    "find",
    "give",
    "given",
    "keygen",
    "know",
    "open_",
    "pending",
    "publish",
    "record_of",
    "relock",
    "verify",
]

_TRIES = 100


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a look at a place brought. ``waiting``: markers whose bag is not all there yet. ``refused``: a sentence for each not believed.

    ``conflicts``: pairs that cannot both be meant, the one that came first before the other; both are kept.
    """

    accepted: tuple[Arrival, ...] = ()
    known: int = 0
    waiting: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    conflicts: tuple[tuple[Arrival, Arrival], ...] = ()


def keygen(office: Office, name: str, passphrase: str = "") -> tuple[bytes, str]:
    """Make the office's keys under a passphrase ('' for none); return its card for the counters and the fingerprint to read out.

    AppError when it has keys, or when the passphrase is too weak.
    """
    _strong(passphrase)
    signing, (opening, opens) = office.signatures.make(), office.sealer.identity()
    signs = office.signatures.public(signing)
    try:
        data = write_card(card := Card("office", name.strip(), "", signs, opens))
        read_card(data, "office")
    except ValueError as error:
        raise AppError("写上经办机构的名称，60 字以内", f"office name: {error}") from error
    office.cabinet.create(card, signing, opening, passphrase)
    return data, office.signatures.fingerprint(signs)


def relock(office: Office, passphrase: str) -> None:
    """Put the office's keys under another passphrase, '' for none. AppError when it is too weak."""
    _strong(passphrase)
    office.cabinet.relock(passphrase)


def know(office: Office, data: bytes) -> tuple[Card, str]:
    """Keep a counter's card; return it and the fingerprint to be compared with the counter by telephone. AppError when it is none."""
    try:
        card = read_card(data, "counter")
    except ValueError as error:
        raise AppError("这不是窗口的公钥文件。让窗口在「管理」里存一份 .counter.json", f"counter card: {error}") from error
    office.cabinet.card()
    office.cabinet.know(card)
    return card, office.signatures.fingerprint(card.signs)


def fetch(office: Office, place: Place, *, receipts: bool = True) -> Fetched:
    """Accept what counters placed, each exactly once, after every byte of it was verified; ``receipts``: sign for what is held.

    A bag that is not all there is left for the next time. Nothing at the place is changed. PlaceError when it does not answer.
    """
    by = office.cabinet.card().name
    accepted: list[Arrival] = []
    waiting, refused = [], []
    known = 0
    for counter, card in office.cabinet.counters().items():
        arrived = [one.submission for one in office.cabinet.arrivals(counter)]
        held, digests = {one.marker for one in arrived}, {one.digest for one in arrived}
        for path in place.names(ready(counter)):
            if path in held:
                known += 1
                continue
            try:
                if (came := _accept(office, place, path, card, digests)) is None:
                    known += 1
                    continue
                accepted.append(came)
                digests.add(came.submission.digest)
            except NotYetError:
                waiting.append(path)
            except NotBelievedError as error:
                refused.append(f"{path.rpartition('/')[2]}：{error}")
        if receipts:
            _sign_for(office, counter, by)
    office_ratings.take(office, place)
    pairs = conflicts(office)
    return Fetched(tuple(accepted), known, tuple(waiting), tuple(refused), tuple(pairs))


def conflicts(office: Office) -> list[tuple[Arrival, Arrival]]:
    """Return pairs of submissions of which only one can be meant, the first accepted one first."""
    found, of = [], defaultdict[str, list["Arrival"]](list)
    for later in sorted(office.cabinet.arrivals(), key=_came):
        before = of[later.submission.application]
        if first := next((one for one in before if _clash(one.submission, later.submission)), None):
            found.append((first, later))
        before.append(later)
    return found


def find(office: Office, counter: str, sequence: int, digest: str = "") -> Arrival:
    """Return an accepted submission by the counter's number. AppError when there is none, or two and no digest (or its beginning) tells."""
    found = [
        one
        for one in office.cabinet.arrivals(counter)
        if one.submission.sequence == sequence and one.submission.digest.startswith(digest)
    ]
    if len(found) > 1:
        raise AppError(f"{counter} 第 {sequence} 号有两件，写上 --digest 的前几位来选", "two of one number")
    if not found:
        raise AppError(f"没有收到过 {counter} 第 {sequence} 号。用 chuangkou office fetch 再收一次", "no such arrival")
    return found[0]


def verify(office: Office, arrival: Arrival) -> list[str]:
    """Read an accepted submission back, all of it; return a sentence for each thing that does not hold, none when all does."""
    card = office.cabinet.counters().get(arrival.submission.counter)
    if card is None:
        return [f"不认识窗口 {arrival.submission.counter}，没有它的公钥"]
    try:
        tags = office.cabinet.read(arrival, TAGS)
        for _name, _data in bag_files(
            office,
            arrival.submission,
            office.cabinet.read(arrival, SIGNATURE).decode(),
            card,
            tags,
            lambda name: office.cabinet.read(arrival, name),
        ):
            pass
    except AppError as error:
        return [error.sentence]
    except (NotBelievedError, UnicodeDecodeError) as error:
        return [str(error)]
    return []


def give(office: Office, arrival: Arrival, content: Content, by: str, at: str = "") -> Given:
    """Answer a submission: numbered, signed, sealed to its counter, kept. The same answer given again is the one that was given.

    AppError when something in it is not as it should be, or when the counter is not known.
    """
    one = arrival.submission
    card = office.cabinet.counters().get(one.counter)
    if card is None:
        raise AppError(
            f"还没有窗口 {one.counter} 的公钥，答复封不了。先 chuangkou office counter 读它的 .counter.json", "no card"
        )
    for _ in range(_TRIES):
        before = office.cabinet.answers(one.counter)
        same = next((given for given in before if given.answer.digest == one.digest and given.answer.content == content), None)
        if same:
            return same
        seq = before[-1].answer.seq + 1 if before else 1
        said = Answer(one.counter, seq, one.application, one.revision, one.digest, at or office.now(), by.strip(), content)
        try:
            body = written(said)
        except ValueError as error:
            raise AppError(
                _WORDS.get(str(error), f"这一项不对：{error}。照 resources/schemas/README.md 写"), f"answer: {error}"
            ) from error
        signature = office.signatures.sign(body, office.cabinet.signing_key(), ANSWER)
        given = Given(said, body, signature, office.sealer.wrap(enclose(body, signature), [card.opens]))
        if office.cabinet.give(given):
            return given
    raise AppError("别人也在答复这个窗口，没有写上。再来一次", "answer numbers taken")


def given(office: Office, arrival: Arrival) -> list[Answer]:
    """Return what was answered to a submission, by number."""
    one = arrival.submission
    return [each.answer for each in office.cabinet.answers(one.counter) if each.answer.digest == one.digest]


def publish(office: Office, place: Place) -> tuple[int, tuple[str, ...]]:
    """Put every answer and every region version that is not there yet; return how many, and a sentence for each number under which something else stands."""
    put, wrong = 0, []
    for counter in office.cabinet.counters():
        there, given_ = set(place.names(f"{DOWN}/{counter}/")), office.cabinet.answers(counter)
        for one in given_:
            path = answer(counter, one.answer.seq)
            if path in there and one is not given_[-1]:
                continue
            if place.commit(path, one.sealed):
                put += 1
            elif place.read(path) != one.sealed:
                wrong.append(f"{counter} 第 {one.answer.seq} 号那边已有另一份答复，没有动它。多半有两套文件夹在答复，查清再发")
    versions, clashing = office_regions.put(office, place) if office.cabinet.updates() else (0, ())
    return put + versions, (*wrong, *clashing)


def _accept(office: Office, place: Place, path: str, card: Card, digests: Container[str]) -> Arrival | None:
    """Take one submission whole; None for one whose very bytes are held under another number."""
    marker = place.read(path)
    if marker is None:
        raise NotYetError
    try:
        submission, signature = read_marker(path, marker)
    except ValueError as error:
        raise NotBelievedError("标记读不出来，没有收") from error
    if submission.digest in digests:
        return None
    tags = place.read(f"{submission.bag}/{TAGS}")
    if tags is None:
        raise NotYetError

    def read(name: str) -> bytes:
        data = place.read(f"{submission.bag}/{name}")
        if data is None:
            raise NotYetError
        return data

    return office.cabinet.accept(submission, marker, bag_files(office, submission, signature, card, tags, read), office.now())


def _strong(passphrase: str) -> None:
    if passphrase and (problem := passphrase_problem(passphrase)):
        raise AppError(problem, "office passphrase")


def _clash(one: Submission, other: Submission) -> bool:
    return one.digest != other.digest and (one.revision == other.revision or one.supersedes == other.supersedes)


def _came(one: Arrival) -> tuple[int, str, str]:
    return one.order, one.arrived_at, one.submission.marker


def _sign_for(office: Office, counter: str, by: str) -> None:
    """Answer what has no receipt yet; of a pair that cannot both be meant the later one gets the conflict instead."""
    answered = {
        given.answer.digest for given in office.cabinet.answers(counter) if given.answer.kind in {"received", "conflict"}
    }
    clashing = {later.submission.digest: first for first, later in conflicts(office)}
    for one in office.cabinet.arrivals(counter):
        if one.submission.digest in answered:
            continue
        first = clashing.get(one.submission.digest)
        content = Conflict(first.submission.digest, "同一件收到两份不同的，打电话核对留哪一份") if first else Receipt()
        give(office, one, content, by)
        answered.add(one.submission.digest)


_WORDS = {
    "by": "写上答复的人或科室，60 字以内",
    "number": "写上正式编号，60 字以内",
    "faults": "补正至少写一处，要补什么都写全",
    "problem": "每一处都写上要补什么",
    "reason": "写上为什么，一段话，不换行",
    "begins": "起始日写成 2026-02-06，没有就空着",
    "ends": "到期日写成 2026-02-06，没有就空着",
    "review_by": "复审日写成 2026-02-06，没有就空着",
    "until": "补齐期限写成 2026-02-06，没有就空着",
}


def pending(office: Office) -> Sequence[Arrival]:
    """Return what is held and not decided: neither sent back, approved nor refused; the oldest first."""
    decided = {
        given.answer.digest
        for counter in office.cabinet.counters()
        for given in office.cabinet.answers(counter)
        if given.answer.kind in {"supplement", "approved", "refused"}
    }
    superseded = {one.submission.supersedes for one in office.cabinet.arrivals()}
    found = [one for one in office.cabinet.arrivals() if one.submission.digest not in decided | superseded]
    return sorted(found, key=_came)
