"""What a counter does until it is killed: it sends. Run by the drill as a program."""

from __future__ import annotations

from pathlib import Path

from drill_kit import say
from sync_kit import run
from whole_kit import CLERK, JQ, PASSPHRASE, PZH, SNJ, FixedClock, QuietWorkplace, printery, region

from app.services import sync


def warm() -> None:
    """Load everything, start no thread."""
    import app.adapters.transfer.dav
    import app.adapters.transfer.sftp  # noqa: F401
    from app.adapters import store

    store.load()
    printery()
    for name in (JQ, PZH, SNJ):
        region(name)


def reopened(data: Path):
    return QuietWorkplace(data, FixedClock()).unlock(CLERK, PASSPHRASE)


def send(data: str) -> None:
    """Run the loop until nothing is left; say each step."""
    desk = reopened(Path(data))
    say("open")
    link = sync.LinkState()
    while True:
        done = run(desk, link, now=True, told=lambda progress: say(progress.phase, progress.at))
        link = done.link
        say("round", len(done.delivered), len(done.aside), done.left)
        if not done.left:
            break
    desk.store.close()
    say("finished")
