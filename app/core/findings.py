"""Findings (核查结果): what is missing, doubtful, open or good, each tied to the field where it is mended.

A finding is a result, not an error. Only a failing machine or our own bug is an error (:mod:`app.core.errors`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """缺 stops acceptance; 疑 goes on with a reason; 未 cannot be known here and blocks nothing; 妥 is said for reassurance."""

    MISSING = "bad"
    DOUBT = "warn"
    OPEN = "open"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Finding:
    """One result.

    ``id`` is stable (``applicant.phone.length``), ``field`` is the dotted path of the field that mends it,
    ``step`` the intake step that holds it, ``title`` says the fact, ``todo`` the way out, ``label`` names the field for the link.
    ``retake``: a new picture is asked for first; a reason counts only when that was tried often enough.
    ``confirm``: what stands there has to be confirmed or changed; no reason counts.
    """

    id: str
    tone: Tone
    field: str
    step: str
    title: str
    todo: str = ""
    label: str = ""
    reason: str = ""
    retake: bool = False
    confirm: bool = False

    @property
    def stops(self) -> bool:
        """Whether the application cannot be accepted as it stands: something is missing, or a doubt has no reason that counts."""
        return self.tone is Tone.MISSING or (self.tone is Tone.DOUBT and (self.retake or self.confirm or not self.reason))
