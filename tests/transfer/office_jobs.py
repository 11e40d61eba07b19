"""What the office does until it is killed: fetch, verify, open, decide, publish. Run by the drill as a program."""

from __future__ import annotations

from pathlib import Path

from drill_kit import say
from whole_kit import FixedClock

from app.adapters.signing import OfficeSignatures
from app.adapters.transfer.folder import FolderPlace
from app.adapters.transfer.office import FolderCabinet
from app.adapters.transfer.seal import BagSealer
from app.core.answer import Approved, Fault, Refused, Supplement
from app.core.errors import AppError
from app.services import office

DECISIONS = (
    Approved("2026-02-06", "2028-02-05", number="YL26-004417"),
    Supplement((Fault("印章不清", "重新盖章", requirement="diagnosis"),), "2026-02-27"),
    Refused("未达到认定标准", "R12"),
)


def warm() -> None:
    """Load everything, start no thread."""
    import pyrage  # noqa: F401


def side(folder: Path) -> office.Office:
    return office.Office(FolderCabinet(folder), OfficeSignatures(), BagSealer(), FixedClock("2026-02-07"))


def decision(sequence: int):
    """What this office says of a counter's nth submission, however often it is asked."""
    return DECISIONS[sequence % len(DECISIONS)]


def work(cabinet: str, share: str, out: str) -> None:
    """Do all that there is to do; say each step."""
    one, place = side(Path(cabinet)), FolderPlace(Path(share))
    say("open")
    say("fetched", len(office.fetch(one, place).accepted))
    for arrival in office.pending(one):
        say("verified", office.verify(one, arrival))
        try:
            opened = office.open_(one, arrival, Path(out))
        except AppError:
            say("opened before")
        else:
            say("opened", len(opened.files))
        given = office.give(one, arrival, decision(arrival.submission.sequence), "何清")
        say("gave", given.answer.seq)
    say("put", *office.publish(one, place))
    say("finished")
