"""What is missing, doubtful, open or good about an application, all of it at once (缺 疑 未 妥).

It runs at every keystroke, so it is pure and quick (well under 3 ms for a full form). What the region's source is silent about is
never missing here: a region asks for more through its own ``[asks]`` and its requirements, not through code.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.core.checks.asked import check_asked
from app.core.checks.copied import check_copied
from app.core.checks.disease import check_disease
from app.core.checks.findings import LABELS, label_of, step_of
from app.core.checks.identity import check_identity
from app.core.checks.insurance import check_insurance
from app.core.checks.materials import check_materials
from app.core.findings import Finding, Tone
from app.core.requirements import needs

if TYPE_CHECKING:
    import datetime as dt

    from app.core.application import Application
    from app.core.region import Region
    from app.core.requirements import Need

__all__ = ["LABELS", "STEPS", "check", "label_of", "step_of"]

STEPS = ("identity", "insurance", "disease", "materials")
"""The intake steps in the order of work; findings come in this order too."""


def check(
    application: Application, region: Region, today: dt.date, wanted: tuple[Need, ...] | None = None
) -> tuple[Finding, ...]:
    """Return every finding of every step, each doubt with the clerk's reason where one was written.

    ``wanted``: what :func:`app.core.requirements.needs` says, where it was asked already.
    """
    if wanted is None:
        wanted = needs(application, region, today)
    found = [
        *check_identity(application, region, today),
        *check_insurance(application, region, today),
        *check_disease(application, region, wanted, today),
    ]
    found += check_materials(application, region, wanted, today)
    if application.sources:
        found = sorted((*found, *check_copied(application)), key=_order)
    if office := list(check_asked(application, region)):
        owed = any(f.step == "materials" for f in office)
        found = sorted(
            (*office, *(f for f in found if not (owed and f.tone is Tone.GOOD and f.step == "materials"))), key=_order
        )
    reasons = {r.finding: r.text.strip() for r in application.reasons}
    return tuple(replace(f, reason=reasons[f.id]) if f.tone is Tone.DOUBT and reasons.get(f.id) else f for f in found)


def _order(finding: Finding) -> int:
    return STEPS.index(finding.step)
