"""How the office's answers move an application: a function of all of them together, so that no order of reading can end differently.

Of several decisions one is shown: a signed one before one that was only heard, then the later dated, then the later numbered. The
others are kept. A supplement concerns the version it answers and is over when the next one is accepted; an approval or a refusal is of
the whole case. A version that goes again because its form was signed says the same: what was answered to the one before holds for it too.
What is still being written is never moved: somebody is at work on it, and acceptance asks (:mod:`app.services.finalise`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.answer import DECISIONS, Accepted, Answer
from app.core.application import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MOVES = {"supplement": State.SUPPLEMENT, "approved": State.APPROVED, "refused": State.REFUSED}
FIXED = frozenset({State.DRAFT, State.WAITING, State.VOID})
"""States that no answer moves."""


def shown(answers: Iterable[Answer], revision: int | None = None, since: int = 0) -> Answer | None:
    """Return the decision that counts now.

    ``revision``: the version handed over last, None to leave none out; ``since``: the first that said the same, 0 for that very one.
    """
    decisions = (one for one in answers if one.kind in DECISIONS and _speaks(one, revision, since))
    return max(decisions, key=_rank, default=None)


def state_of(answers: Sequence[Answer], revision: int, state: State, since: int = 0) -> State:
    """Return where an application stands whose version ``revision`` was handed over last and that stood at ``state``.

    ``since`` as for :func:`shown`: the office holds the case once it holds any of these.
    """
    if state in FIXED:
        return state
    decided = shown(answers, revision, since)
    if decided:
        return _MOVES[decided.kind]
    kinds = {"received", "accepted"}
    held = any(one.kind in kinds and same_version(one.revision, revision, since) and not one.heard for one in answers)
    return State.SENT if held else State.READY


def official_number(answers: Iterable[Answer]) -> str:
    """Return the office's own number for the case, as its last answer that holds one says; '' while there is none."""
    numbered = ((_rank(one), one.content) for one in answers)
    numbers = [(rank, said.number) for rank, said in numbered if isinstance(said, Accepted) or hasattr(said, "number")]
    return max(((rank, number) for rank, number in numbers if number), default=((), ""))[1]


def same_version(revision: int, handed: int, since: int = 0) -> bool:
    """Whether a revision says what the one handed over last says: it is that one, or one before it since ``since``."""
    return (since or handed) <= revision <= handed


def _speaks(one: Answer, revision: int | None, since: int) -> bool:
    return revision is None or one.kind != "supplement" or same_version(one.revision, revision, since)


def _rank(one: Answer) -> tuple[bool, str, int]:
    return not one.heard, one.at, one.seq
