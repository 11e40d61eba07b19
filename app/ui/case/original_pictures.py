"""Pictures of originals for whoever compares them with a paper: read, made small and decoded on the local lane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QImage

from app.services import retention
from app.ui.case.thumbs import decode

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.ports import Desk
    from app.ui.case.beside import Beside
    from app.ui.case.leaves import Leaf
    from app.ui.lane import Lane

_TALLEST: Final = 12
_UNREAD: Final = "这一页读不出来。到材料一步看是哪一页，重新拍"

Picture = tuple[int, int, bytes]


def serve(beside: Beside, desk: Desk, lane: Lane, application: Callable[[], str]) -> None:
    """Answer what this view asks for; ``application`` is the id of the case on the counter."""

    def draw(leaf: Leaf, digest: str, page: int, pixels: int) -> None:
        id_ = application()

        def show(found: Picture | str) -> None:
            if isinstance(found, str):
                beside.originals.tell("warn", found)
            else:
                beside.originals.tell("", "")
                beside.originals.set_page(digest, page, *found)

        lane.run(
            lambda: picture(desk, id_, leaf, pixels),
            then=show,
            failed=lambda problem: beside.originals.tell("bad", problem.sentence),
            owner=beside,
        )

    beside.original_wanted.connect(draw)


def picture(desk: Desk, application: str, leaf: Leaf, pixels: int) -> Picture | str:
    """Return a page as width, height and BGRA bytes, ``pixels`` wide as it is looked at, or a sentence where there is no picture.

    StoreError when the store fails. Touches the store: on its own lane.
    """
    capture = desk.store.capture(leaf.original)
    if capture is None:
        gone = retention.purged(desk, application)
        return gone.sentence if gone else _UNREAD
    image = decode(capture.data, pixels, pixels * _TALLEST, leaf.turn, exact=True)
    if image.isNull():
        return _UNREAD
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return image.width(), image.height(), bytes(image.constBits())
