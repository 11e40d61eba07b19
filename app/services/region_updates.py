"""New versions of the region's folder (统筹区资料), read in with the office's answers and believed by its signature.

A version that came is only kept and offered; it is used when a supervisor says so (:mod:`app.services.region_versions`).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from app.core import region_update
from app.core.errors import AppError, RegionError
from app.core.region_update import RegionUpdate, digest, newer, order
from app.services import region_versions as versions
from app.services.ports import Answered
from app.services.sealed_answers import KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.services.hands import Ask
    from app.services.ports import Desk
    from app.services.ports.transfer import Place

LOOKED = "regions.looked"
"""Setting: the day a place was looked through, ISO."""

MOST_AT_ONCE = 4
"""Versions read in one go: each is a whole folder."""

_REFUSED, _REFUSED_MOST = "regions.refused", 64


class _RefusedError(Exception):
    """Why a version is not kept: a word for the audit, and a sentence."""

    def __init__(self, why: str, sentence: str) -> None:
        super().__init__(why)
        self.why, self.sentence = why, sentence


def take(desk: Desk, where: str, data: bytes) -> Answered | str:
    """Check a signed version and keep it: KEPT, KNOWN, or a sentence why it was refused. ``where``: its path, which has to say the same."""
    try:
        update = _believed(desk, where, data)
        made = digest(update.files)
        kept = versions.kept_versions(desk)
        before = next((one for one in kept if (one.region, one.version) == (update.region, update.version)), None)
        if before is not None and before.digest != made:
            raise _RefusedError("other", f"{update.version} 版早就有了，内容不一样，没有收。让经办机构换个新的版本号")  # noqa: TRY301
        if before is not None and versions.is_here(desk, before):
            return Answered.KNOWN
        if before is None and not newer(update.version, versions.newest_of(desk, kept)):
            raise _RefusedError("older", f"{update.version} 版不比现有的新，没有收")  # noqa: TRY301 - as below
        _usable(desk, update)
    except _RefusedError as error:
        return _refuse(desk, error.why, data, error.sentence)
    at, used = desk.clock.now().isoformat(timespec="seconds"), before.used if before else ""
    new = versions.Kept(update.region, update.version, made, update.by, update.note, update.at, at, used)
    versions.keep(desk, new, update.files)
    desk.store.note(desk.clerk, "region_came", "", f"{new.version} {new.digest[:16]}")
    return Answered.KEPT


def poll(ask: Ask, place: Place) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Look for new versions at a place; on the network lane. Returns those kept, and a sentence for each refused.

    One request when there is none. PlaceError when it does not answer; the next poll looks again.
    """
    region, newest = ask(_standing)
    came, refused = [], []
    for where in wanted(region, newest, place.names(region_update.folder(region))):
        about = place.stat(where)
        data = place.read(where) if about and about.size <= region_update.MOST_BYTES else None
        said = ask(_taking(where, data or b""))
        if not isinstance(said, Answered):
            refused.append(said)
        elif said is Answered.KEPT:
            came.append(_version(where))
    ask(lambda desk: desk.store.keep(LOOKED, _today(desk)))
    return tuple(came), tuple(refused)


def unlooked(desk: Desk) -> bool:
    """Whether no place was looked through today yet."""
    return desk.store.setting(LOOKED) != _today(desk)


def newest_here(desk: Desk) -> str:
    """Return the newest version of the counter's region that is here whole."""
    return _standing(desk)[1]


def wanted(region: str, newest: str, there: Sequence[str]) -> list[str]:
    """Return which of the paths that stand somewhere are new versions of this region, the oldest first."""
    named = [(found, one) for one in there if (found := region_update.named(one)) and found[0] == region]
    fresh = sorted((order(found[1]), one) for found, one in named if newer(found[1], newest))
    return [one for _, one in fresh][-MOST_AT_ONCE:]


def _believed(desk: Desk, where: str, data: bytes) -> RegionUpdate:
    key = desk.store.setting(KEY)
    if not key:
        raise AppError("还没有设经办机构的公钥，认不出资料是谁签的。主管在「管理」「设置」里粘贴它，再读")
    try:
        text, signature = region_update.disclose(data)
        if not desk.signatures.verify(text, signature, key, region_update.NAMESPACE):
            raise _RefusedError("forged", "签名不对，没有收。打电话问经办机构，别改文件")
        update = region_update.parse(text)
    except ValueError as error:
        raise _RefusedError("malformed", "读不出来，没有收。把程序升级，或让经办机构重新做一份") from error
    if update.region != desk.counter.region or region_update.named(where) != (update.region, update.version):
        raise _RefusedError("foreign", "里面写的不是本统筹区的这一版，没有收。让经办机构重新做一份")
    return update


def _usable(desk: Desk, update: RegionUpdate) -> None:
    """Make sure that the files make a region whose papers can be laid out, and that it is this counter's still."""
    try:
        region = desk.shelf.region(update.region, update.files)
    except RegionError as error:
        raise _unusable(update, error.problems) from error
    if faults := desk.shelf.faults(region):
        raise _unusable(update, faults)
    if region.version != update.version or region.number_prefix != desk.region.number_prefix:
        raise _RefusedError("unusable", f"{update.version} 版里的版本号或编号字头对不上，没有收。让经办机构改好再发")


def _unusable(update: RegionUpdate, problems: Sequence[str]) -> _RefusedError:
    said = f"{update.version} 版有 {len(problems)} 处写得不对，没有收。把第一处告诉经办机构：{problems[0]}"
    return _RefusedError("unusable", said.rstrip("。"))


def _refuse(desk: Desk, why: str, data: bytes, sentence: str) -> str:
    """Refuse a version; the audit hears of the same bytes once, however often they are met."""
    seen = hashlib.sha256(data).hexdigest()
    told = desk.store.setting(_REFUSED).split()
    if seen[:16] not in told:
        desk.store.keep(_REFUSED, " ".join([*told, seen[:16]][-_REFUSED_MOST:]))
        desk.store.note(desk.clerk, "region_refused", "", f"{why} {seen}")
    return f"统筹区资料{sentence}"


def _taking(where: str, data: bytes) -> Callable[[Desk], Answered | str]:
    return lambda desk: take(desk, where, data)


def _standing(desk: Desk) -> tuple[str, str]:
    return desk.counter.region, versions.newest_of(desk, versions.present(desk))


def _version(where: str) -> str:
    found = region_update.named(where)
    return found[1] if found else ""


def _today(desk: Desk) -> str:
    return desk.clock.now().date().isoformat()
