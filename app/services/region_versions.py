"""The versions of the region's folder (统筹区资料) at a counter: which one is in use, what another changes, and the way there and back.

New drafts begin with the one in use; every other application goes on under the version it was
started with, which stays on the shelf. The store remembers which versions it kept, by digest: a folder that was changed since is not used.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from app.core import region_update
from app.core.errors import AppError, DamagedError
from app.core.region_diff import Change, differences
from app.core.region_update import digest, newer, order
from app.services.clerks import require_supervisor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.region import Region
    from app.services.ports import Counter, Desk
    from app.services.ports.regions import Shelf

KEPT, CHOSEN = "regions.kept", "regions.chosen"
"""Settings, as JSON: what was kept; by region which version a supervisor chose, and the newest there was then."""

_SHIPPED = "随程序来的"


@dataclass(frozen=True, slots=True)
class Kept:
    """A version that the store knows. ``at``: when the office signed it; ``came``: when it came here; ``used``: when it was first used here.

    Times are local ISO, '' for never; ``by`` is the office as it signed, or what came with the program.
    """

    region: str
    version: str
    digest: str
    by: str = ""
    note: str = ""
    at: str = ""
    came: str = ""
    used: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """A version as it is shown. ``changes``: what it changes of the one in use; ``problem``: why it cannot be used, '' when it can."""

    kept: Kept
    in_use: bool = False
    offered: bool = False
    changes: tuple[Change, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a counter's region stands: its name, the version in use, and all that are kept, the newest first."""

    name: str = ""
    version: str = ""
    editions: tuple[Edition, ...] = ()

    @property
    def offered(self) -> Edition | None:
        """The version that waits for a supervisor."""
        return next((one for one in self.editions if one.offered), None)


@dataclass
class Editions(Mapping[tuple[str, str], "Region"]):
    """Kept versions, each read when first asked for and believed only with the digest that the store remembers."""

    shelf: Shelf
    digests: dict[tuple[str, str], str]
    _read: dict[tuple[str, str], Region] = field(default_factory=dict)

    def __getitem__(self, key: tuple[str, str]) -> Region:
        if key not in self._read:
            try:
                self._read[key] = _sound(self.shelf, *key, self.digests[key])
            except AppError as error:
                raise KeyError(key) from error
        return self._read[key]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.digests)

    def __len__(self) -> int:
        return len(self.digests)


# opening
def settled(desk: Desk) -> Desk:
    """Return a desk just opened with the version in use: the one a supervisor chose, unless the program brought a newer one than all.

    The one that came with the program is put on the shelf, so that drafts keep it when the program brings another one.
    """
    with suppress(AppError):  # a full disk: today's rules are here all the same, and the next opening tries again
        _archive(desk)
    base = desk.region
    try:
        known, chosen = kept_versions(desk), _chosen(desk).get(base.id, ("", ""))
    except DamagedError:
        # The door must open, or nothing could be mended: until then today's rules hold.
        return _with(desk, base)
    editions = Editions(desk.shelf, {(one.region, one.version): one.digest for one in known})
    version = region_update.in_use(base.version, *chosen)
    region = base if version == base.version else editions.get((base.id, version), base)
    return _with(replace(desk, editions=editions), region)


def filled(counter: Counter, region: Region) -> Counter:
    """Take what the counter left empty from the region's facts, where it states them."""
    return replace(
        counter,
        address=counter.address or region.fact("address").text,
        hours=counter.hours or region.fact("hours").text,
        phone=counter.phone or region.fact("hotline").text,
    )


# a supervisor's
def standing(desk: Desk) -> Standing:
    """Return every version that is kept, with what each changes of the one in use."""
    kept = sorted(
        (one for one in kept_versions(desk) if one.region == desk.counter.region),
        key=lambda one: order(one.version),
        reverse=True,
    )
    now = desk.region
    shown = [_edition(desk, one, now) for one in kept]
    waiting = next(
        (one for one in shown if not one.kept.used and not one.problem and newer(one.kept.version, now.version)), None
    )
    return Standing(now.name, now.version, tuple(replace(one, offered=one is waiting) for one in shown))


def use(desk: Desk, version: str) -> Desk:
    """Let new drafts begin with a kept version, a newer or a former one; return the desk that does. Drafts that are begun keep theirs.

    AppError when it is not here whole; nothing is changed then.
    """
    require_supervisor(desk)
    region = desk.counter.region
    kept = kept_versions(desk)
    found = next((one for one in kept if (one.region, one.version) == (region, version)), None)
    if found is None:
        raise AppError(f"没有 {version} 版的资料。等它随答复来，或从 U 盘读入", "no such version")
    chosen = _sound(desk.shelf, region, version, found.digest)
    desk.store.set_setting(CHOSEN, json.dumps(_chosen(desk) | {region: (version, newest_of(desk, kept))}))
    desk.store.note(desk.clerk, "region_used", "", f"{desk.region.version} {version} {found.digest[:16]}")
    if not found.used:
        _write(desk, [replace(one, used=_now(desk)) if one is found else one for one in kept])
    return _with(desk, chosen)


# inside
def _with(desk: Desk, region: Region) -> Desk:
    counter = filled(desk.store.counter() or desk.counter, region)
    return replace(desk, region=region, regions={**desk.regions, region.id: region}, counter=counter)


def _archive(desk: Desk) -> None:
    region = desk.region
    if any((one.region, one.version) == (region.id, region.version) for one in kept_versions(desk)):
        return
    if files := desk.shelf.base(region.id):
        now = _now(desk)
        keep(desk, Kept(region.id, region.version, digest(files), _SHIPPED, came=now, used=now), files)


def keep(desk: Desk, new: Kept, files: Mapping[str, bytes]) -> None:
    """Keep a version: its folder first, then the store's word for it; a folder without that word is nothing."""
    desk.shelf.keep(new.region, new.version, files)
    others = [one for one in kept_versions(desk) if (one.region, one.version) != (new.region, new.version)]
    _write(desk, [*others, new])
    if isinstance(desk.editions, Editions):
        desk.editions.digests[new.region, new.version] = new.digest


def _edition(desk: Desk, kept: Kept, now: Region) -> Edition:
    if kept.version == now.version:
        return Edition(kept, in_use=True)
    try:
        region = _sound(desk.shelf, kept.region, kept.version, kept.digest)
    except AppError as error:
        return Edition(kept, problem=error.sentence)
    return Edition(kept, changes=differences(now, region))


def _sound(shelf: Shelf, region: str, version: str, known: str) -> Region:
    """Read a kept version. AppError when its folder is gone or says something else than was kept."""
    files = shelf.files(region, version)
    if not files:
        raise AppError(f"{version} 版的文件夹不在了。下次有网时自动再取，或从 U 盘读入", "region version gone")
    if digest(files) != known:
        raise AppError(f"{version} 版的文件被改过，没有用。下次有网时自动再取，或从 U 盘读入", "region version changed")
    return shelf.region(region, files)


def is_here(desk: Desk, one: Kept) -> bool:
    """Whether a kept version's folder is there as it was kept."""
    try:
        return digest(desk.shelf.files(one.region, one.version)) == one.digest
    except AppError:
        return False


def present(desk: Desk) -> list[Kept]:
    """Return the versions of the counter's region whose folders are there as they were kept."""
    return [one for one in kept_versions(desk) if one.region == desk.counter.region and is_here(desk, one)]


def newest_of(desk: Desk, kept: Sequence[Kept]) -> str:
    """Return the newest version of the counter's region among these and the one in use."""
    versions = [one.version for one in kept if one.region == desk.counter.region]
    return max((desk.region.version, *versions), key=order)


def kept_versions(desk: Desk) -> list[Kept]:
    """Return every version that the store knows, of all regions."""
    names = Kept.__dataclass_fields__
    return [Kept(**{name: one[name] for name in names if name in one}) for one in _json(desk.store.setting(KEPT), list)]


def _write(desk: Desk, kept: Sequence[Kept]) -> None:
    desk.store.keep(KEPT, json.dumps([asdict(one) for one in kept], ensure_ascii=False))


def _chosen(desk: Desk) -> dict[str, tuple[str, str]]:
    """Return by region which version a supervisor chose, and the newest there was then."""
    return {region: (version, knew) for region, (version, knew) in _json(desk.store.setting(CHOSEN), dict).items()}


def _json(text: str, kind: type) -> Any:
    return json.loads(text) if text else kind()


def _now(desk: Desk) -> str:
    return desk.clock.now().isoformat(timespec="seconds")
