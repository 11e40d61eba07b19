"""A layout that is edited while its form is looked at: drawn by the files as they are now, and used from then on once they can be.

Only the folder that today's region was read from, and only while it names the version that the application follows: a version that is
kept or signed is never edited. Rules are not read anew, a case must not change its questions in somebody's hands. What is looked at
is what prints: once the new layouts hold, everything here is drawn by them.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.core.errors import AppError, RegionError

if TYPE_CHECKING:
    from pathlib import Path

    from app.core.application import Application
    from app.core.region import Region
    from app.services.ports import Desk, Rendered


@dataclass(frozen=True, slots=True)
class Redrawn:
    """The form by the files as they are now, or why it could not be drawn by them, in one sentence; neither where nothing concerns it."""

    document: Rendered | None = None
    problem: str = ""


def folder(desk: Desk, application: Application) -> Path | None:
    """Return the folder whose layouts this application is drawn by, None where its version comes from elsewhere."""
    now = desk.region_of(application)
    return desk.shelf.folder(now.id) if desk.regions.get(now.id) is now else None


def redraw(desk: Desk, application: Application, moment: str) -> Redrawn:
    """Read the layouts of the application's region anew, check them all, draw the form. On the local lane."""
    now = desk.region_of(application)
    if desk.regions.get(now.id) is not now:
        return Redrawn()
    try:
        region = _edited(desk, now)
        document = desk.printery.render("form", "normal", application, region, desk.counter, moment=moment)
    except RegionError as error:
        return Redrawn(problem=_kept(error.problems[0] if error.problems else error.sentence))
    except AppError as error:
        return Redrawn(problem=_kept(error.sentence))
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        # Somebody is typing these files: a value of another kind is a mistake in them, not in the program.
        return Redrawn(problem=_kept(f"版式里有一个值写法不对（{error}）"))
    if isinstance(desk.regions, MutableMapping):
        desk.regions[region.id] = region
    return Redrawn(document)


def _edited(desk: Desk, now: Region) -> Region:
    """Return today's region with the layouts of its folder. AppError when they are not to be used, with the reason."""
    new = desk.shelf.region(now.id, desk.shelf.base(now.id))
    if new.version != now.version:
        raise AppError(f"文件夹里写的是 {new.version} 版，这件按 {now.version} 版办。把版本改回来，或重开程序用在新收的件上")
    region = replace(now, layouts=new.layouts) if new.layouts != now.layouts else now
    if faults := desk.shelf.faults(region):
        raise RegionError(faults[0])
    return region


def _kept(problem: str) -> str:
    return f"{problem.rstrip('。')}。先按改之前的版式显示"
