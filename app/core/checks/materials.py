"""The papers on the counter, held against what this application needs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.core.application import Application, Page, Paper
from app.core.checks.findings import doubt, good, missing, open_
from app.core.days import iso, parse_day
from app.core.findings import Finding, Tone
from app.core.quality import CARD_SIDES, EMBLEM, FLAWS, PORTRAIT, RETAKES, SEAL, SWAPPED, alike, card_side
from app.core.requirements import Need, asks, entry_of, freshness

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from app.core.region import Region, Requirement

SIDES = 2
CARD = "身份证"
"""In the name of a paper whose two sides are told apart by emblem and portrait."""
LATER = ".deferred"
"""Ends the id of the finding about a paper that may come after acceptance."""


def check_materials(application: Application, region: Region, wanted: Sequence[Need], today: dt.date) -> list[Finding]:
    """Return the findings of the materials step."""
    papers = {p.requirement: p for p in application.papers}
    found: list[Finding] = []
    for need in wanted:
        paper = papers.get(need.id, Paper(need.id))
        if later := _later(application, region, need, paper):
            found.append(later)
        elif not need.requirement.made_here:
            found += _paper(need, paper, today, seen_will_do=region.seen_will_do(need.requirement))
    found += _untagged(application, region, wanted)
    found += _unneeded(application, region, wanted)
    asked = [n for n in wanted if not (n.requirement.made_here or n.optional)]
    owed = any(f.id.endswith(LATER) for f in found)
    if asked and not owed and not any(f.tone in {Tone.MISSING, Tone.DOUBT} for f in found):
        found.append(good("papers.good", "papers", f"材料齐了：{len(asked)} 种都在"))
    return found


def came(paper: Paper) -> bool:
    """Whether anything came for this paper."""
    return bool(paper.pages) or paper.seen


def _later(application: Application, region: Region, need: Need, paper: Paper) -> Finding | None:
    """Say that a paper comes after acceptance, where the region allows it; nothing more is asked of it until then."""
    rule = region.deferral
    if rule is None or need.id not in rule.papers or came(paper) or application.owes(need.id) is None:
        return None
    path, name = f"papers.{need.id}", need.requirement.name
    return open_(f"{path}{LATER}", path, f"{name}容缺，受理后补", f"这里的规定：{rule.words}", name)


def _paper(need: Need, paper: Paper, today: dt.date, *, seen_will_do: bool) -> Iterator[Finding]:
    requirement = need.requirement
    path = f"papers.{need.id}"
    if not came(paper):
        if requirement.optional:
            yield open_(
                f"{path}.missing", path, f"{requirement.name}还没收", f"{need.because}：{requirement.note}", requirement.name
            )
        else:
            place = f"到{requirement.where}拿；" if requirement.where and "申请人" not in requirement.where else ""
            way = f"{place}放进来，或看过原件后点「已看」" if seen_will_do else f"{place}放进来"
            yield missing(f"{path}.missing", path, f"{requirement.name}还没有", way, requirement.name)
        return
    if not paper.pages and not seen_will_do:
        # What the clerk saw the applicant did bring: only the picture is still owed, and not by him.
        title = f"{requirement.name}看过了，图还没有"
        yield missing(f"{path}.unscanned", path, title, "这里要留图：扫描、高拍或放文件进来", requirement.name)
    if requirement.options and paper.option not in requirement.options:
        way = f"选一种：{'、'.join(requirement.options)}"
        yield missing(f"{path}.option", f"{path}.option", f"{requirement.name}：带的是哪一种还没选", way, requirement.name)
    yield from _pages(requirement, paper, path)
    yield from _pictures(requirement, paper, path)
    if requirement.seal and not paper.sealed:
        yield _seal(requirement, paper, path)
    if requirement.dated:
        yield from _issued(requirement, paper, path, today)


def _pages(requirement: Requirement, paper: Paper, path: str) -> Iterator[Finding]:
    least = requirement.pages_for(paper.option)
    short = least - len(paper.pages)
    if not paper.pages or short <= 0:
        return
    name = paper.option or requirement.name
    fact = f"{name}正反面都要：还差 {short} 页" if least == SIDES else f"{name}要 {least} 页：还差 {short} 页"
    if there := _card_sides(requirement, paper)[0]:
        other = next(words for side, words in CARD_SIDES.items() if side != there)
        fact = f"{name}正反面都要：有了{CARD_SIDES[there]}，还差{other}"
    yield missing(
        f"{path}.pages", f"{path}.pages", fact, "把缺的一面补上" if least == SIDES else "把缺的页补上", requirement.name
    )


def _card_sides(requirement: Requirement, paper: Paper) -> tuple[str, str]:
    """Return the sides of an identity card that were seen on its one or two pages, '' each that is not sure or not asked for."""
    asked = requirement.pages_for(paper.option) == SIDES and CARD in (paper.option or requirement.name)
    if not asked or len(paper.pages) > SIDES:
        return "", ""
    first, second = [*(card_side(page.spots) for page in paper.pages), "", ""][:SIDES]
    return first, second


def _pictures(requirement: Requirement, paper: Paper, path: str) -> Iterator[Finding]:
    """Name what imaging saw on the pages. Two sides that look the same are told of the later page."""
    sides = requirement.pages_for(paper.option) == SIDES
    shown = _card_sides(requirement, paper)
    for at, page in enumerate(paper.pages):
        seen = {spot.what for spot in page.spots}
        if page.turn:
            seen -= {"upside_down", "sideways"}
        if sides and page.likeness and any(alike(page.likeness, before.likeness) for before in paper.pages[:at]):
            seen.add("same_side")
        if at and shown[0] and shown[0] == shown[1]:
            seen.add("same_side")
        if not at and shown == (EMBLEM, PORTRAIT):
            seen.add(SWAPPED)
        for flaw, words in FLAWS.items():
            if flaw in seen:
                title = f"{requirement.name}第 {at + 1} 页{words.fact}"
                found = doubt(
                    page_finding(requirement.id, page, flaw), f"{path}.pages.{at}", title, words.todo, requirement.name
                )
                yield replace(found, retake=True) if words.again and page.retakes < RETAKES else found


def page_finding(requirement: str, page: Page, flaw: str = "") -> str:
    """Return the id of the finding about a flaw of this page; without a flaw, what the ids of all of them begin with."""
    return f"papers.{requirement}.page.{page.original}.{flaw}"


def _seal(requirement: Requirement, paper: Paper, path: str) -> Finding:
    """Ask for the seal. Red that was seen proves nothing, so the clerk looks in any case."""
    fact, way = f"{requirement.name}还没看章", "看到医院公章，点「有章」；没有的让申请人回医院盖"
    judged = bool(paper.pages) and all(page.likeness for page in paper.pages)
    if judged and not any(spot.what == SEAL for page in paper.pages for spot in page.spots):
        fact, way = f"{fact}，图上也没有红色印迹", "看原件：有公章点「有章」；没有的让申请人回医院盖"
    return missing(f"{path}.sealed", f"{path}.sealed", fact, way, requirement.name)


def _issued(requirement: Requirement, paper: Paper, path: str, today: dt.date) -> Iterator[Finding]:
    field = f"{path}.issued_on"
    text = paper.issued_on.strip()
    issued = parse_day(text)
    name = requirement.name
    if not text:
        period = f"要{requirement.fresh.words or f'近 {requirement.fresh.months} 个月内'}的，" if requirement.fresh else ""
        yield missing(f"{field}.missing", field, f"{name}的出具日期还没填", f"{period}照纸上的日期填", name)
    elif issued is None:
        yield missing(f"{field}.unreadable", field, f"{name}的出具日期「{text}」读不出是哪一天", "写成 2026-01-19", name)
    elif issued > today:
        yield doubt(f"{field}.future", field, f"{name}的出具日期 {iso(issued)} 还没到", "看纸上的日期再改", name)
    else:
        verdict = freshness(requirement, issued, today)
        if not verdict.fresh:
            way = "换新的；要收的写明理由" if requirement.fresh_doubt else "换新的"
            make = doubt if requirement.fresh_doubt else missing
            yield make(f"{field}.stale", field, f"{name}{verdict.words}", way, name)


def _untagged(application: Application, region: Region, wanted: Sequence[Need]) -> Iterator[Finding]:
    """Free text matches no mark of the catalogue, so papers that hang on a mark are asked about rather than forgotten."""
    free = [d.name.strip() for d in application.diseases if d.name.strip() and entry_of(d, region) is None]
    there = {n.id for n in wanted}
    for requirement in region.requirements if free else ():
        if requirement.id not in there and asks(requirement.when, "tag"):
            fact = f"「{free[0]}」是自己填的，看要不要{requirement.name}"
            path = f"papers.{requirement.id}"
            yield open_(f"{path}.perhaps", "papers", fact, f"这里的规定：{requirement.because}", requirement.name)


def _unneeded(application: Application, region: Region, wanted: Sequence[Need]) -> Iterator[Finding]:
    """Name papers that were taken and are no longer asked for: what is not needed is not to be kept."""
    there = {n.id for n in wanted}
    names = {r.id: r.name for r in region.requirements}
    for paper in application.papers:
        if paper.pages and paper.requirement not in there:
            name = names.get(paper.requirement, "附件")
            path = f"papers.{paper.requirement}"
            yield open_(f"{path}.unneeded", path, f"{name}现在不需要，已有 {len(paper.pages)} 页", "不用的去掉，原件退还", name)
