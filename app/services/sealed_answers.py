"""One sealed answer: opened, checked, kept until its turn, applied. Nothing of one that does not hold is shown to anybody."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core import answer_json, answer_wire
from app.core.errors import AppError
from app.services import places
from app.services.ports import Answered, Letter

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.answer import Answer
    from app.services.ports import Desk

KEY = "office_key"
"""Setting of the counter: the office's public key, one line of OpenSSH."""

IDENTITY = "answer_identity"
"""Setting of the counter: its own secret age key, to which answers are sealed."""

_TOLD = "answers.refused"
_TOLD_MOST = 64
SENTENCES = {
    Answered.FOREIGN: "回的是别的窗口的件，本机没有动",
    Answered.DIFFERS: "和本机导出的不是同一份，没有算送达。把这件再导出一次，让经办机构重新签",
    Answered.OTHER: "和已经读过的同一号回执说法不一样，没有动。让经办机构查这一号",
}


@dataclass(frozen=True, slots=True)
class ReadIn:
    """What reading in brought: ids of applications that are delivered now, how many were known before, a sentence for each refused one.

    ``outcomes``: answers applied now that are more than a receipt. ``waiting``: numbers that wait for ``gap``, the one that is not here.
    ``regions``: versions of the region's folder that came now and wait for a supervisor.
    """

    taken: tuple[str, ...] = ()
    known: int = 0
    refused: tuple[str, ...] = ()
    outcomes: tuple[Answer, ...] = ()
    waiting: tuple[int, ...] = ()
    gap: int = 0
    regions: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Say it to the clerk."""
        return (
            "。".join(self._told()) or "这个文件夹里没有回执和答复。选经办机构交回的那个文件夹，里面有 .received.json 或 down"
        )

    @property
    def missing(self) -> str:
        """Say which number is not here and what waits for it; '' when none does."""
        if not self.waiting:
            return ""
        several = "、".join(str(one) for one in self.waiting[:3]) + ("等" if self.waiting[3:] else "")
        return f"缺第 {self.gap} 号。{several} 先放着，读到 {self.gap} 再显示"

    def _told(self) -> list[str]:
        told = [f"{len(self.taken)} 件已送达"] if self.taken else []
        told += (
            [f"{len(self.outcomes)} 件有答复（{'、'.join(str(one.seq) for one in self.outcomes)} 号）"] if self.outcomes else []
        )
        told += [f"{self.known} 张回执以前读过"] if self.known else []
        told += [f"统筹区资料来了 {'、'.join(self.regions)} 版，主管在「管理」里看"] if self.regions else []
        told += [f"{len(self.refused)} 张没有读入：{'；'.join(self.refused)}"] if self.refused else []
        return told + ([self.missing] if self.waiting else [])


def opens(desk: Desk) -> str:
    """Return the public age key to which the office seals its answers to this counter; made when first needed."""
    secret = desk.store.setting(IDENTITY)
    if not secret:
        secret, public = desk.sealer.identity()
        desk.store.keep(IDENTITY, secret)
        desk.store.note(desk.clerk, "answer_key", "", public[-8:])
    return desk.sealer.public(secret)


def applied(desk: Desk, taken: list[str], known: int, refused: list[str]) -> ReadIn:
    """Apply what is kept and whose turn it is, each in a transaction of its own, and say how it stands."""
    outcomes: list[Answer] = []
    while done := desk.store.apply_answer(desk.clerk):
        said, came = done
        if came is not Answered.TAKEN:
            refused.append(f"第 {said.seq} 号{SENTENCES[came]}")
        elif said.kind == "received":
            taken.append(said.application)
        else:
            outcomes.append(said)
    waiting = tuple(desk.store.waiting_answers())
    gap = desk.store.answer_number() if waiting else 0
    return ReadIn(tuple(taken), known, tuple(refused), tuple(outcomes), waiting, gap)


def taking(seq: int, data: bytes, where: str) -> Callable[[Desk], Answered | str]:
    """Return :func:`take` as a step for the local lane."""
    return lambda desk: take(desk, seq, data, where)


def take(desk: Desk, seq: int, data: bytes, where: str) -> Answered | str:
    """Open, check and keep one sealed answer: KEPT, KNOWN, or a sentence why it was refused."""
    key = desk.store.setting(KEY)
    if not key:
        raise AppError("还没有设经办机构的公钥，认不出答复是谁签的。主管在「管理」「设置」里粘贴它，再读")
    secret = desk.store.setting(IDENTITY)
    opened = desk.sealer.unwrap(data, secret) if secret and 0 < len(data) <= answer_wire.MOST_BYTES else None
    if opened is None:
        return _quarantine(desk, seq, "sealed", data, "打不开：不是封给本窗口的，或没有拷全。让经办机构重新给")
    try:
        body, signature = answer_wire.disclose(opened)
        if not desk.signatures.verify(body, signature, key, answer_json.NAMESPACE):
            return _quarantine(desk, seq, "forged", data, "签名不对，已隔开，没有显示给任何人。打电话问经办机构，别改文件")
        said = answer_json.parse(body)
    except ValueError:
        return _quarantine(desk, seq, "malformed", data, "内容不是这个版本认得的答复。把程序升级，或让经办机构重签")
    if said.counter != places.wire(desk):
        return _quarantine(desk, seq, "foreign", data, "是给别的窗口的，本机没有动。告诉经办机构放错了")
    if said.seq != seq:
        return _quarantine(desk, seq, "renamed", data, f"里面写的是第 {said.seq} 号，名字对不上，没有动。让经办机构重新给")
    came = desk.store.keep_answer(Letter(said, body, signature, where), desk.clerk)
    return f"第 {seq} 号{SENTENCES[came]}" if came is Answered.OTHER else came


def _quarantine(desk: Desk, seq: int, why: str, data: bytes, sentence: str) -> str:
    """Refuse a sealed answer; the audit hears of the same bytes once, however often they are met."""
    digest = hashlib.sha256(data).hexdigest()
    told = desk.store.setting(_TOLD).split()
    if digest[:16] not in told:
        desk.store.keep(_TOLD, " ".join([*told, digest[:16]][-_TOLD_MOST:]))
        desk.store.note(desk.clerk, "answer_refused", "", f"{why} {seq} {digest}")
    return f"第 {seq} 号{sentence}"
