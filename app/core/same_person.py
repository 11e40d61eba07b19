"""The same person's other applications: which of them may be this very one (可能是同一件), what differs, and what can be done.

Nothing is ever merged by itself. Same person means the same certificate number; a mistyped one is caught by its check character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from app.core.application import Application, State
from app.core.days import iso, parse_day
from app.core.findings import Finding, Tone
from app.core.masks import group_phone, mask_cert
from app.core.renewal import KIND

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from app.core.application import Paper
    from app.core.region import Region

FIELD: Final = "applicant.cert_number"
_PREFIX: Final = "same_person."
_EMPTY: Final = "没填"
_NEW: Final = "new"


class Stand(StrEnum):
    """How another application stands towards a new one."""

    OPEN = "open"
    SENT = "sent"
    SENT_BACK = "sent_back"
    RUNNING = "running"
    OVER = "over"


class Act(StrEnum):
    """A way out.

    GO_ON with the other one, TAKE its papers over into this one, LOOK at it, MEND what was sent back, RENEW: make this one its renewal, KEEP both,
    VOID this one.
    """

    GO_ON = "go_on"
    TAKE = "take"
    LOOK = "look"
    MEND = "mend"
    RENEW = "renew"
    KEEP = "keep"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Known:
    """Another application of the same person as it was last stored here.

    ``at``: ISO time it was last touched; ``handed``: to whom it was given, '' while it is this counter's; ``ends``: the last day of what was
    approved, '' where nobody says; ``asked``: how much the office wants mended, ``until`` by when; ``came``: from which counter, and when.
    """

    application: Application
    at: str
    handed: str = ""
    ends: str = ""
    asked: int = 0
    until: str = ""
    came: str = ""

    @property
    def id(self) -> str:
        """The application's id."""
        return self.application.id

    def stand(self, today: dt.date) -> Stand:
        """Return how it stands today. An approval whose end nobody says counts as running."""
        match self.application.state:
            case State.DRAFT | State.WAITING:
                return Stand.OPEN
            case State.READY | State.SENT:
                return Stand.SENT
            case State.SUPPLEMENT:
                return Stand.SENT_BACK
            case State.APPROVED:
                return Stand.OVER if self.ends and self.ends < iso(today) else Stand.RUNNING
            case _:
                return Stand.OVER


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison: what stands in this application and in the other, each with a second line."""

    label: str
    mine: str
    other: str
    mine_more: str = ""
    other_more: str = ""

    @property
    def same(self) -> bool:
        """Whether both say the same."""
        return (self.mine, self.mine_more) == (self.other, self.other_more)


@dataclass(frozen=True, slots=True)
class Way:
    """A way out with its consequence; ``reason``: it needs one in writing."""

    act: Act
    title: str
    text: str
    reason: bool = False


def twins(application: Application, known: Iterable[Known], today: dt.date) -> tuple[Known, ...]:
    """Return what may be this very application, the gravest first.

    Anything of the same person that is still being written; and, where a disease is the same, what was handed over or is approved and
    running. Who renews or changes has something running, so that is no doubt then.
    """
    order = tuple(Stand)
    found = [(one.stand(today), one) for one in known if one.id != application.id]
    kept = [(stand, one) for stand, one in found if _doubtful(application, stand, one)]
    return tuple(one for _, one in sorted(kept, key=lambda pair: order.index(pair[0])))


def undecided(application: Application, known: Iterable[Known], today: dt.date) -> Known | None:
    """Return the gravest of these for which nobody wrote yet why both are kept."""
    return next((one for one in twins(application, known, today) if not application.reason_for(finding_id(one.id))), None)


def earlier(application: Application, known: Iterable[Known]) -> Known | None:
    """Return the application of this person to copy from: the last one touched that was accepted, else the last one; None for none."""
    usable = [one for one in known if one.id != application.id and one.application.state is not State.VOID]
    accepted = [one for one in usable if one.application.acceptance is not None]
    return max(accepted or usable, key=lambda one: one.at, default=None)


def finding_id(other: str) -> str:
    """Return the id of the finding, and of the reason, that concerns another application."""
    return f"{_PREFIX}{other}"


def concerns(finding: str) -> bool:
    """Whether a finding is one of these."""
    return finding.startswith(_PREFIX)


def findings(application: Application, known: Iterable[Known], today: dt.date) -> tuple[Finding, ...]:
    """Return a doubt for each application that may be this one, with the reason where both are kept."""
    if application.acceptance is not None:
        return ()
    return tuple(_finding(application, one, today) for one in twins(application, known, today))


def about(one: Known, today: dt.date) -> str:
    """Say in one line what another application is: 待补材料的糖尿病."""
    application = one.application
    what = "、".join(disease.name for disease in application.diseases if disease.name)
    words = {
        Stand.OPEN: "待补材料" if application.state is State.WAITING else "办到一半",
        Stand.SENT: "已受理",
        Stand.SENT_BACK: "市局退回要补正",
        Stand.RUNNING: "正在享受",
        Stand.OVER: "办完",
    }
    return f"{words[one.stand(today)]}的" + (f"「{what}」" if what else "，还没填病种")


def movable(mine: Application, other: Application) -> tuple[Paper, ...]:
    """Return the other application's papers with pages for which nothing came here yet."""
    return tuple(paper for paper in other.papers if paper.pages and not mine.paper(paper.requirement).pages)


def ways(one: Known, region: Region, today: dt.date, mine: Application | None = None) -> tuple[Way, ...]:
    """Return what can be done, each with what becomes of both. Only keeping both needs a reason. ``mine``: where papers could be taken over."""
    application, stand = one.application, one.stand(today)
    first: list[Way] = []
    if stand is Stand.OPEN and not one.handed:
        first = [Way(Act.GO_ON, "打开那件接着办", "这件留作草稿，不会少。")]
        papers = movable(mine, application) if mine is not None and application.mends is None else ()
        if papers:
            pages = sum(len(paper.pages) for paper in papers)
            first.append(Way(Act.TAKE, "那件的材料带过来", f"{len(papers)} 份 {pages} 页抄到这件，那件作废，写明并入这件。"))
    elif stand is Stand.OPEN:
        first = [Way(Act.LOOK, "打开那件看", f"那件已交给{one.handed}，在这里只能看。")]
    elif stand is Stand.SENT:
        accepted = application.acceptance
        due = f"到期 {accepted.due}。" if accepted and accepted.due else ""
        first = [Way(Act.LOOK, "打开那件看", f"那件已经受理，改不了。{due}等结果；市局退回再补正。")]
    elif stand is Stand.SENT_BACK:
        until = f"，补齐期限 {one.until}" if one.until else ""
        first = [Way(Act.MEND, "去补正那件", f"市局要补 {one.asked} 处{until}。这件留作草稿。")]
    elif stand is Stand.RUNNING and (renewal := next((kind for kind in region.kinds if kind.code == KIND), None)):
        ends = f"那件有效到 {one.ends}。" if one.ends else "那件到什么时候，市局没写。"
        first = [Way(Act.RENEW, f"这件改成「{renewal.name}」", f"{ends}申请类型改过来，接着往下办。")]
    return (
        *first,
        Way(Act.KEEP, "两件都留，继续办", "理由随件报送，市局看得到。", reason=True),
        Way(Act.VOID, "作废这件", "内容都留着，能查，不能再改。那件不动。"),
    )


def rows(mine: Application, one: Known, region: Region, needs: tuple[str, str] = ("", "")) -> tuple[Row, ...]:
    """Return the comparison, same lines first; what neither says is none. ``needs``: what is said of the papers of this and of the other."""
    other = one.application
    kinds = {choice.code: choice.name for choice in region.insurances}
    made = (
        Row("申请人", _person(mine), _person(other)),
        Row("病种", _diseases(mine), _diseases(other)),
        Row("险种", kinds.get(mine.insurance.kind, _EMPTY), kinds.get(other.insurance.kind, _EMPTY)),
        Row("编号", *_numbers(mine, other), *_numbers_more(one)),
        Row("确诊", _diagnosed(mine), _diagnosed(other), mine.care.hospital, other.care.hospital),
        Row(
            "联系电话",
            group_phone(mine.applicant.phone) or _EMPTY,
            group_phone(other.applicant.phone) or _EMPTY,
            other_more=turned(mine.applicant.phone, other.applicant.phone),
        ),
        Row("住址", mine.applicant.address or _EMPTY, other.applicant.address or _EMPTY),
        Row("代办人", _agent(mine, region), _agent(other, region)),
        Row("材料", _papers(mine), _papers(other), *needs),
    )
    told = [row for row in made if not row.same or row.mine != _EMPTY]
    return tuple(sorted(told, key=lambda row: not row.same))


def turned(mine: str, other: str) -> str:
    """Say how two numbers differ where a slip of the hand explains it: 末两位颠倒, 第 4、5 位颠倒, 只差第 7 位; else ''."""
    one, two = re.sub(r"\D", "", mine), re.sub(r"\D", "", other)
    if not one or len(one) != len(two) or one == two:
        return ""
    places = [at for at, (left, right) in enumerate(zip(one, two, strict=True)) if left != right]
    if len(places) == 1:
        where = "末位" if places[0] == len(one) - 1 else f"第 {places[0] + 1} 位"
        return f"只差{where}，可能记错"
    first, *rest = places
    if rest == [first + 1] and one[first] == two[first + 1] and one[first + 1] == two[first]:
        where = "末两位" if first == len(one) - 2 else f"第 {first + 1}、{first + 2} 位"
        return f"{where}颠倒，可能记错"
    return ""


def joined(application: Application, papers: Iterable[Paper]) -> Application:
    """Return the application with these papers, each where nothing came here meanwhile. What the clerk said of one goes with it."""
    for paper in papers:
        if not application.paper(paper.requirement).pages:
            application = application.with_paper(paper)
    return application


def renewing(application: Application) -> Application:
    """Return the application as a renewal."""
    return replace(application, kind=KIND)


def _doubtful(application: Application, stand: Stand, one: Known) -> bool:
    if stand is Stand.OPEN:
        return True
    if stand is Stand.OVER or not _shared(application, one.application):
        return False
    return stand is not Stand.RUNNING or application.kind == _NEW


def _shared(application: Application, other: Application) -> bool:
    codes = {disease.code for disease in application.diseases if disease.code}
    names = {disease.name.strip() for disease in application.diseases if disease.name.strip()}
    return any(disease.code in codes or disease.name.strip() in names for disease in other.diseases)


def _finding(application: Application, one: Known, today: dt.date) -> Finding:
    id_ = finding_id(one.id)
    reason = application.reason_for(id_)
    title = f"这位有一件{about(one, today)}"
    return Finding(id_, Tone.DOUBT, FIELD, "identity", title, "按 Ctrl D 两件对照，选怎么办", "证件号码", reason)


def _person(application: Application) -> str:
    person = application.applicant
    return f"{person.name or '没填姓名'}　{mask_cert(person.cert_number)}"


def _diseases(application: Application) -> str:
    said = (f"{one.name} {one.code}".strip() for one in application.diseases if one.name)
    return "、".join(said) or _EMPTY


def _numbers(mine: Application, other: Application) -> tuple[str, str]:
    accepted = other.acceptance or (other.mends.acceptance if other.mends else None)
    return ("受理后生成" if mine.acceptance is None else mine.acceptance.number, accepted.number if accepted else "受理后生成")


def _numbers_more(one: Known) -> tuple[str, str]:
    accepted = one.application.acceptance
    if accepted:
        return ("还没受理", f"{accepted.accepted_at[:10]} 受理" + (f"，到期 {accepted.due}" if accepted.due else ""))
    waiting = one.application.waiting
    until = f"，补齐期限 {waiting.until}" if waiting and waiting.until else ""
    return ("还没受理", f"还没受理{until}")


def _diagnosed(application: Application) -> str:
    days: Sequence[str] = [one.diagnosed_on for one in application.diseases if one.diagnosed_on]
    shown = [iso(day) if (day := parse_day(text)) else text for text in days]
    return "、".join(dict.fromkeys(shown)) or _EMPTY


def _agent(application: Application, region: Region) -> str:
    if not application.by_agent:
        return "本人办理"
    relation = next((one.name for one in region.relations if one.code == application.agent.relation), "")
    return "　".join(part for part in (application.agent.name, relation) if part) or "代办，没填姓名"


def _papers(application: Application) -> str:
    came = [paper for paper in application.papers if paper.pages or paper.seen]
    pages = sum(len(paper.pages) for paper in came)
    return f"{len(came)} 份 {pages} 页" if came else "还没有"
