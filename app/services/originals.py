"""Originals (原件): files become pages, each stored before the next is asked for, and are placed under their requirement."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.core.application import Application, Page, Paper
from app.core.errors import AppError

if TYPE_CHECKING:
    from app.services.ports import Desk

FORMATS = ("JPG", "PNG", "PDF")
"""What can be read here, where a region's source names no formats."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as it came: its bytes, its bare name (never a path) and how it came (file, drop, paste)."""

    data: bytes
    name: str
    source: str = "file"


@dataclass(frozen=True, slots=True)
class Taken:
    """Pages that were stored, and one sentence for each file that could not be taken or lost something on the way."""

    pages: tuple[Page, ...]
    refused: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def take(desk: Desk, application: Application, requirement: str, files: tuple[Incoming, ...]) -> Taken:
    """Store the pages of these files for one requirement. A file that cannot be taken costs none of the others.

    A page belongs to a stored application, so a draft that was never stored is stored first.
    """
    if desk.store.application(application.id) is None:
        desk.store.save_draft(application, desk.clerk)
    rules = desk.regions.get(application.region, desk.region).files
    pages: list[Page] = []
    refused: list[str] = []
    remarks: list[str] = []
    for file in files:
        try:
            captures = desk.imaging.pages(
                file.data,
                file.name,
                formats=rules.formats or FORMATS,
                max_bytes=rules.max_bytes,
                dropped=remarks.append,
            )
            for capture in captures:
                if capture.shrunk:
                    remarks.append(f"第 {len(pages) + 1} 页原来太大，已压到规定大小，字仍看得清")
                pages.append(Page(desk.store.add_capture(application.id, requirement, capture, file.source)))
        except AppError as problem:
            refused.append(problem.sentence)
    return Taken(tuple(pages), tuple(refused), tuple(remarks))


def place(application: Application, requirement: str, pages: tuple[Page, ...]) -> Application:
    """Put new pages behind those the requirement already has. The paper was in the clerk's hands, so it counts as seen."""
    paper = application.paper(requirement)
    return application.with_paper(replace(paper, pages=(*paper.pages, *pages), seen=True))


def turn(application: Application, requirement: str, index: int, degrees: int = 90) -> Application:
    """Turn one page clockwise. The stored capture stays as it came; the turn is applied when it is handed over."""
    paper = application.paper(requirement)
    page = paper.pages[index]
    turned = replace(page, turn=(page.turn + degrees) % 360)
    return application.with_paper(replace(paper, pages=(*paper.pages[:index], turned, *paper.pages[index + 1 :])))


def move(application: Application, requirement: str, index: int, to: int) -> Application:
    """Move one page to another place in its paper; a place outside is the nearest one inside."""
    paper = application.paper(requirement)
    pages = list(paper.pages)
    page = pages.pop(index)
    pages.insert(max(0, min(to, len(pages))), page)
    return application.with_paper(replace(paper, pages=tuple(pages)))


def remove(application: Application, requirement: str, index: int) -> Application:
    """Take one page off its paper. Its capture stays in the store until the application is accepted, so this can be undone."""
    paper = application.paper(requirement)
    return application.with_paper(replace(paper, pages=(*paper.pages[:index], *paper.pages[index + 1 :])))


def transfer(application: Application, requirement: str, index: int, target: str) -> Application:
    """Move one page to the end of another requirement's paper."""
    page = application.paper(requirement).pages[index]
    return place(remove(application, requirement, index), target, (page,))


def came(paper: Paper) -> bool:
    """Whether anything came for this paper."""
    return bool(paper.pages) or paper.seen
