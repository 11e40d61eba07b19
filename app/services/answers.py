"""Reading in what the office answers: signed receipts (回执) beside a plain export, and sealed answers from a stick or a place.

Sealed answers count without gaps. Each is kept as soon as its signature holds, and applied when every number before it is known: 214 and 215
wait for 213, and nobody is shown what they say before. :mod:`app.core.answer_wire` has what a sealed answer is made of.
"""

from __future__ import annotations

import hashlib
import re
import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.core import answer_wire, region_update
from app.core.errors import AppError
from app.core.received import ENDING, MOST_BYTES, NAMESPACE, SIGNATURE, Received, parse
from app.core.submission import DOWN, answer
from app.services import places, region_updates
from app.services.clerks import require_supervisor
from app.services.ports import Answered
from app.services.sealed_answers import IDENTITY, KEY, SENTENCES, ReadIn, applied, opens, take, taking
from app.services.uplink import listen

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.hands import Ask
    from app.services.ports import Desk
    from app.services.ports.transfer import Place

__all__ = [
    "IDENTITY",
    "KEY",
    "LISTED",
    "ReadIn",
    "brought",
    "card",
    "fingerprint",
    "hearing",
    "holds",
    "opens",
    "poll",
    "read_answers",
    "set_key",
    "standing",
    "take_card",
]

LISTED = "answers.listed"
"""The day the numbers at a place were last listed, ISO: a gap shows there and nowhere else."""

MOST_AT_ONCE = 200
"""Answers read in one go; the next poll goes on."""

_NUMBERED = re.compile(r"(\d{10})\.age", re.ASCII)
_NAME_MOST = 40
_GONE = "这个文件夹读不到：U 盘拔了，或被移走。插好再读一次"


def read_answers(desk: Desk, folder: Path) -> ReadIn:
    """Read every receipt in a folder and in the folders right below it, and the sealed answers for this counter, as often as one likes.

    Each is a transaction of its own. What is not the office's, not whole or not about what was handed over here is refused, in the audit, with a sentence, and costs none of
    the others. AppError when the office's key is not set or the folder cannot be read.
    """
    key = desk.store.setting(KEY)
    if not key:
        raise AppError("还没有设经办机构的公钥，认不出回执是谁签的。主管在「管理」「设置」里粘贴它，再读")
    taken: list[str] = []
    known, refused = 0, []
    for path in _found(folder):
        came = _read(desk, path, key)
        if isinstance(came, Received):
            taken.append(came.application)
        elif came:
            refused.append(f"{_name(path)} {came}")
        else:
            known += 1
    said = [take(desk, *_file(path)) for path in _sealed_files(desk, folder)]
    refused += [one for one in said if not isinstance(one, Answered)]
    known += said.count(Answered.KNOWN)
    regions, unfit = _versions(desk, folder)
    return replace(applied(desk, taken, known, [*refused, *unfit]), regions=regions)


def brought(desk: Desk, folder: Path) -> ReadIn | None:
    """Read what a stick brings besides, when submissions were put on it; None where it brings nothing new, or nothing could be believed."""
    if not desk.store.setting(KEY):
        return None
    try:
        read = read_answers(desk, folder)
    except AppError:
        # The stick was pulled by now: what was put on it was said already.
        return None
    return read if read.taken or read.outcomes or read.refused or read.regions else None


def poll(ask: Ask, place: Place, counter: str) -> ReadIn:
    """Read the answers that stand at a place; on the network lane. One request when there is none, and once a day one more for the list.

    The region's new versions are looked for once a day, by the poll after that one.

    Nothing is asked for while the office's key is not set: nothing could be believed. PlaceError when the place does not answer; what was
    read before that is kept.
    """
    known_office, after, look = ask(lambda desk: (desk.store.setting(KEY), desk.store.answer_number() - 1, _unlisted(desk)))
    if not known_office:
        return ReadIn()
    where = f"{DOWN}/{counter}"
    said: list[Answered | str] = []
    for seq, data in listen(place, counter, after):
        said.append(ask(taking(seq, data, where)))
        if len(said) == MOST_AT_ONCE:
            break
    if look:
        there = [seq for seq in map(_number, place.names(f"{where}/")) if seq > after + len(said)]
        known = ask(lambda desk: set(desk.store.waiting_answers()))
        beyond = [one for one in there if one not in known][:MOST_AT_ONCE]
        found = ((seq, place.read(answer(counter, seq))) for seq in beyond)
        said += [ask(taking(seq, one, where)) for seq, one in found if one]
        ask(lambda desk: desk.store.keep(LISTED, desk.clock.now().date().isoformat()))
    refused = [one for one in said if not isinstance(one, Answered)]
    read = ask(lambda desk: applied(desk, [], said.count(Answered.KNOWN), refused))
    # Not in the poll that listed: no poll that brings nothing is more than two requests.
    if look or not ask(region_updates.unlooked):
        return read
    regions, unfit = region_updates.poll(ask, place)
    return replace(read, regions=regions, refused=(*read.refused, *unfit))


def hearing(ask: Ask, told: Callable[[ReadIn], None]) -> Callable[[Place, str], None]:
    """Return what :attr:`app.services.hands.Hands.heard` is: the poll, and who hears on the network lane what it brought."""
    return lambda place, counter: told(poll(ask, place, counter))


def standing(desk: Desk) -> ReadIn:
    """Return which numbers wait for which one, without reading anything; the shown rows are the outcomes'."""
    return applied(desk, [], 0, [])


def card(desk: Desk) -> tuple[str, bytes]:
    """Return name and bytes of this counter's card for the office: both its public keys, nothing secret."""
    counter = places.wire(desk)
    signs = desk.signatures.public(places.counter_key(desk))
    made = answer_wire.Card("counter", desk.counter.name.strip() or counter, counter, signs, opens(desk))
    return f"{counter}.counter.json", answer_wire.write_card(made)


def take_card(desk: Desk, data: bytes) -> str:
    """Set both keys of the office from its card; return the fingerprint, to be compared with the office by telephone. AppError for no card."""
    require_supervisor(desk)
    try:
        office = answer_wire.read_card(data, "office")
    except ValueError as error:
        raise AppError("这不是经办机构的公钥文件。让他们发 office.json", f"card: {error}") from error
    places.set_office_keys(desk, office.opens)
    return set_key(desk, office.signs)


def set_key(desk: Desk, text: str) -> str:
    """Set the office's public key; return its fingerprint, to be compared with the office by telephone. AppError when it is none."""
    require_supervisor(desk)
    key = desk.signatures.key(text)
    fingerprint = desk.signatures.fingerprint(key)
    desk.store.make_settings({KEY: key}, desk.clerk)
    desk.store.note(desk.clerk, "office_key", "", fingerprint)
    return fingerprint


def fingerprint(desk: Desk) -> str:
    """Return the fingerprint of the office's key, '' while none is set."""
    key = desk.store.setting(KEY)
    return desk.signatures.fingerprint(key) if key else ""


def holds(folder: Path) -> bool:
    """Whether a folder holds receipts, sealed answers or new versions of a region."""
    return bool(_found(folder)) or any((folder / DOWN).glob("*/*.age")) or any((folder / DOWN / "regions").glob("*/*.json"))


def _found(folder: Path) -> list[Path]:
    try:
        if not folder.is_dir():
            raise AppError(_GONE, "answers: no folder")
        return sorted({*folder.glob(f"*{ENDING}"), *folder.glob(f"*/*{ENDING}")})
    except OSError as error:
        raise AppError(_GONE, f"answers: {error.strerror}") from error


def _read(desk: Desk, path: Path, key: str) -> Received | str:
    """Read one receipt: what it delivered, a sentence why it was refused, or '' for one that was known."""
    data = _small(path)
    if not data:
        return _refuse(desk, "unreadable", b"", "读不出来，或太大，不像回执。让经办机构重新给")
    signature = _small(path.with_name(path.name + SIGNATURE))
    if not signature:
        return _refuse(desk, "unsigned", data, f"旁边没有签名文件 {SIGNATURE}。让经办机构连签名一起给")
    if not desk.signatures.verify(data, signature, key, NAMESPACE):
        return _refuse(desk, "forged", data, "签名对不上经办机构的公钥。先不要信它，打电话问经办机构")
    try:
        answer = parse(data)
    except ValueError:
        return _refuse(desk, "malformed", data, "签名对，内容却不是这个版本认得的回执。把程序升级，或让经办机构重签")
    came = desk.store.take_answer(answer, desk.clerk)
    if came is Answered.TAKEN:
        return answer
    return "" if came is Answered.KNOWN else SENTENCES[came]


def _refuse(desk: Desk, why: str, data: bytes, sentence: str) -> str:
    desk.store.note(desk.clerk, "answer_refused", "", f"{why} {hashlib.sha256(data).hexdigest()}")
    return sentence


def _small(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return a small plain file, nothing for anything else."""
    try:
        about = path.lstat()
        if not stat.S_ISREG(about.st_mode) or about.st_size > most:
            return b""
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise AppError(_GONE, f"answers: {error.strerror}") from error


def _name(path: Path) -> str:
    name = path.name.removesuffix(ENDING)
    shown = name if len(name) <= _NAME_MOST else f"{name[:_NAME_MOST]}…"
    return f"「{shown}」"


def _sealed_files(desk: Desk, folder: Path) -> list[Path]:
    """Return the sealed answers for this counter: where a place has them, or laid into the folder by hand."""
    try:
        found = {*(folder / DOWN / places.wire(desk)).glob("*.age"), *folder.glob("*.age"), *folder.glob("*/*.age")}
    except OSError as error:
        raise AppError(_GONE, f"answers: {error.strerror}") from error
    return sorted((path for path in found if _NUMBERED.fullmatch(path.name)), key=lambda path: (path.name, str(path)))


def _versions(desk: Desk, folder: Path) -> tuple[tuple[str, ...], list[str]]:
    """Keep the region's new versions that lie where a place has them; return those that came, and a sentence for each refused."""
    region = desk.counter.region
    try:
        there = [path.relative_to(folder).as_posix() for path in (folder / region_update.folder(region)).glob("*.json")]
    except OSError as error:
        raise AppError(_GONE, f"answers: {error.strerror}") from error
    came, refused = [], []
    for where in region_updates.wanted(region, region_updates.newest_here(desk), there) if there else ():
        said = region_updates.take(desk, where, _small(folder / where, region_update.MOST_BYTES))
        if not isinstance(said, Answered):
            refused.append(said)
        elif said is Answered.KEPT:
            came.append(Path(where).stem)
    return tuple(came), refused


def _file(path: Path) -> tuple[int, bytes, str]:
    return _number(path.name), _small(path, answer_wire.MOST_BYTES), path.parent.name


def _number(path: str) -> int:
    """Return the number that an answer's name says, 0 for any other name."""
    found = _NUMBERED.fullmatch(path.rpartition("/")[2])
    return int(found[1]) if found else 0


def _unlisted(desk: Desk) -> bool:
    return desk.store.setting(LISTED) != desk.clock.now().date().isoformat()
