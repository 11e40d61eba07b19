"""Which scanner takes which paper, how it scans, which folder is watched, and where a page goes that comes by itself."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from app.core.settings_all import WATCHED
from app.services.originals import came
from app.services.ports.devices import Feed, Scanner, ScanWish

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from app.core.application import Application
    from app.core.requirements import Need
    from app.services.ports import Desk

_DEFAULT = ""


@dataclass(frozen=True, slots=True)
class Remembered:
    """The device and the wish that served last."""

    scanner: Scanner
    wish: ScanWish


@dataclass(frozen=True, slots=True)
class WatchedPlace:
    """The folder that is watched. ``seen``: keys of its files offered already; None when nobody looked yet."""

    path: str
    seen: frozenset[str] | None


def remembered(desk: Desk, requirement: str = _DEFAULT) -> Remembered | None:
    """Return what scanned this requirement last, else what scanned anything last, else None."""
    for name in (requirement, _DEFAULT):
        found = _read(desk.store.setting(_device(name)))
        if found:
            return found
    return None


def remember(desk: Desk, requirement: str, scanner: Scanner, wish: ScanWish) -> None:
    """Remember a device and how it scanned, for this requirement and for whichever has none yet. Call when a page came."""
    text = json.dumps({"scanner": asdict(scanner), "wish": asdict(wish)}, ensure_ascii=False)
    for name in dict.fromkeys((requirement, _DEFAULT)):
        if desk.store.setting(_device(name)) != text:
            desk.store.keep(_device(name), text)


def forget(desk: Desk, requirement: str = _DEFAULT) -> None:
    """Forget the device of one requirement, or the one that serves where none is remembered."""
    desk.store.keep(_device(requirement), "")


def watched(desk: Desk) -> WatchedPlace | None:
    """Return the folder that is watched, None when there is none."""
    path = desk.store.setting(WATCHED)
    keys = desk.store.setting("watched.seen")
    return WatchedPlace(path, frozenset(json.loads(keys)) if keys else None) if path else None


def watch(desk: Desk, path: str) -> None:
    """Watch another folder; '' for none. What lies in it already counts as old."""
    if path != desk.store.setting(WATCHED):
        desk.store.make_settings({WATCHED: path}, desk.clerk, {"watched.seen": ""})


def mark_seen(desk: Desk, path: str, keys: Iterable[str]) -> None:
    """Remember which files of the watched folder were offered (``Watched``'s ``keep``); nothing when another folder is watched by now."""
    if path == desk.store.setting(WATCHED):
        desk.store.keep("watched.seen", json.dumps(sorted(keys)))


def next_requirement(
    needs: Sequence[Need], application: Application, current: str = "", *, taken: Collection[str] = ()
) -> str | None:
    """Return the requirement that a page coming by itself belongs to: the next one for which nothing came yet.

    The one in hand if nothing came for it, else the next after it in the region's order, round again from the first; reminders only when
    all others have come. What this program prints itself takes none. ``taken``: requirements to which pages are on their way that are not in the application yet. None when
    everything has come: then somebody must say where it goes.
    """
    open_ = [
        need
        for need in needs
        if not need.requirement.made_here and need.id not in taken and not came(application.paper(need.id))
    ]
    if any(need.id == current for need in open_):
        return current
    at = next((place for place, need in enumerate(needs) if need.id == current), -1)
    after = [*needs[at + 1 :], *needs[: at + 1]]
    for optional in (False, True):
        for need in after:
            if need in open_ and need.optional is optional:
                return need.id
    return None


def _device(requirement: str) -> str:
    return f"device.{requirement}" if requirement else "device"


def _read(text: str) -> Remembered | None:
    """Read what :func:`remember` wrote. None for nothing, and for what another version wrote otherwise."""
    try:
        known: dict[str, Any] = json.loads(text)
        wish = known["wish"]
        return Remembered(Scanner(**known["scanner"]), ScanWish(**{**wish, "feed": Feed(wish["feed"])}))
    except (ValueError, TypeError, KeyError):
        return None
