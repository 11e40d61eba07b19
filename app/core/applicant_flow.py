"""Which page the applicant's screen shows now: what the clerk does leads, what the applicant pressed is remembered, nothing waits for a time.

A :class:`Flow` belongs to one case. What was said right is kept with its value, so that whatever was changed since is asked once more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from app.core import applicant_pages as pages
from app.core.applicant_view import BLANK, Act, View
from app.core.application import State

if TYPE_CHECKING:
    from app.core.applicant_pages import Facts, Item
    from app.core.applicant_texts import Texts

STEPS: Final = {
    "applicant": "identity",
    "agent": "identity",
    "diseases": "disease",
    "care": "disease",
}
"""The step on which a field stands, by the first part of its path."""


@dataclass(frozen=True, slots=True)
class Flow:
    """How far one case is on the applicant's screen.

    ``step``: where the clerk is, '' while something stands in its place. ``right``: (path, value) that were said to be right. ``changing``:
    the path that the clerk was led to. ``heard``: the declaration was heard. ``signing``: SHA-256 of the form that is being signed, ``again``
    when it is another than was shown first, ``keeping`` while the name is put away. ``known``: the receipt was read. ``rates``: the rating may
    be asked; ``rated``: it was answered or skipped.
    """

    case: str = ""
    step: str = ""
    leaf: int = 0
    right: tuple[tuple[str, str], ...] = ()
    changing: str = ""
    heard: bool = False
    signing: str = ""
    again: bool = False
    keeping: bool = False
    known: bool = False
    rates: bool = False
    rated: bool = False

    def follow(self, step: str) -> Flow:
        """Return the flow once the clerk went to another step; what stands in a step's place changes nothing here."""
        if not step or step == self.step:
            return self
        changing = "" if step in {"answers", "finished"} else self.changing
        return replace(self, step=step, leaf=0, changing=changing, signing="", again=False, keeping=False)


def open_items(flow: Flow, facts: Facts) -> tuple[Item, ...]:
    """Return what nobody has said to be right as it stands now."""
    said = dict(flow.right)
    return tuple(one for one in pages.items(facts) if said.get(one.path) != one.value)


def all_right(flow: Flow, facts: Facts) -> bool:
    """Whether everything there is to check was said to be right."""
    return bool(flow.right) and not open_items(flow, facts)


def view(flow: Flow, facts: Facts, texts: Texts) -> View:
    """Return the page. A case that was voided shows nothing."""
    application = facts.application
    if application.id != flow.case or application.state is State.VOID:
        return BLANK
    if application.acceptance is not None:
        return _after(flow, facts, texts)
    if flow.changing:
        return pages.changing(facts, texts)
    match flow.step:
        case "materials":
            return pages.bring(facts, texts, min(flow.leaf, max(pages.leaves(facts) - 1, 0)))
        case "answers" | "finished":
            return _asked(flow, facts, texts)
        case _:
            return pages.welcome(facts, texts)


def turn(flow: Flow, act: Act, facts: Facts, texts: Texts) -> Flow:
    """Return the flow after the applicant (or the clerk, for somebody who said so) pressed something on the page that stands there."""
    shown = view(flow, facts, texts)
    if act not in shown.acts:
        return flow
    others = tuple(one for one in flow.right if one[0] != shown.path)
    changes: dict[Act, dict[str, Any]] = {
        Act.RIGHT: {"right": (*others, (shown.path, shown.loud))},
        Act.WRONG: {"right": others, "changing": shown.path},
        Act.NEXT: {"leaf": flow.leaf + 1},
        Act.HEARD: {"heard": True},
        Act.WRITTEN: {"keeping": True},
        Act.ON: {"known": True},
        Act.SKIP: {"rated": True},
    }
    return replace(flow, **changes.get(act, {}))


def _asked(flow: Flow, facts: Facts, texts: Texts) -> View:
    items = pages.items(facts)
    left = () if facts.application.read_back else open_items(flow, facts)
    if left:
        return pages.check(facts, texts, left[0], items.index(left[0]) + 1, len(items))
    if not items:
        return pages.welcome(facts, texts)
    return pages.wait(facts, texts) if flow.heard else pages.declare(facts, texts)


def _after(flow: Flow, facts: Facts, texts: Texts) -> View:
    if flow.keeping:
        return pages.wait(facts, texts)
    if flow.signing:
        return pages.sign(facts, texts, flow.signing, again=flow.again)
    if not flow.known:
        return pages.receipt(facts, texts)
    return pages.rate(facts, texts) if flow.rates and not flow.rated else pages.thanks(facts, texts)


def home_of(path: str) -> str:
    """Return the step on which a field stands, '' for none."""
    return STEPS.get(path.partition(".")[0], "")
