"""The papers of an acceptance drawn once for nobody, so that the first applicant of a day waits for no layout and no font."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from app.core.application import Acceptance
from app.services import intake
from app.services.papers import BUNDLES, Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.services.ports import Desk, Rendered


def ahead(desk: Desk) -> Iterator[Callable[[], Rendered]]:
    """Yield short works for the local lane, each of which draws one paper of a blank application of this counter.

    What a layout keeps for the next document stays with the printery (2 MB), the paper itself goes. Each work raises AppError when its
    layout cannot be used, which is said when that paper is wanted.
    """
    moment = desk.clock.now().isoformat(timespec="seconds")
    accepted = Acceptance("", moment, counter_code=desk.counter.code, counter_name=desk.counter.name)
    blank = replace(intake.start(desk), acceptance=accepted)

    for wanted in BUNDLES[Moment.ACCEPTED]:
        for edition in filter(None, (wanted.edition, wanted.large)):
            yield partial(desk.printery.render, wanted.kind, edition, blank, desk.region, desk.counter, moment=moment)
