"""Readers with contacts, over PC/SC. pyscard has no wheel for Linux: where it is not installed, that is said and nothing else is missing."""

from __future__ import annotations

import importlib.util
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from app.adapters.cards import social
from app.adapters.cards.link import GoneError, LiftedError, Presence
from app.core.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.cards import Card

NO_LIBRARY: Final = "社保卡读卡器：这台电脑少了 pyscard，让管理员装上；卡号照卡面键入"
NO_SERVICE: Final = "社保卡读卡器：这台电脑的读卡服务没有开，让管理员打开；卡号照卡面键入"
PULLED: Final = "社保卡读卡器拔掉了，插上会自己接着读"
BUSY: Final = "社保卡读卡器被别的程序占着，关掉那个程序；会自己再试"


def installed() -> bool:
    """Whether the library is there. Loads nothing."""
    return importlib.util.find_spec("smartcard") is not None


def names() -> Sequence[str] | None:
    """Return the readers' names; None when the service does not run."""
    from smartcard.pcsc.PCSCExceptions import BaseSCardException  # noqa: PLC0415 - an optional part
    from smartcard.System import readers  # noqa: PLC0415

    try:
        return [str(one) for one in readers()]
    except BaseSCardException:
        return None


class PcscLink:
    """A :class:`~app.adapters.cards.link.CardLink` over a reader's name. A card is connected to only while it is looked at."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._reader: Any = None
        self._refused = False

    def open(self) -> None:
        """Find the reader."""
        found = names() if installed() else None
        if found is None:
            raise GoneError(NO_SERVICE if installed() else NO_LIBRARY)
        if self._name not in found:
            raise GoneError(PULLED)
        from smartcard.System import readers  # noqa: PLC0415

        self._reader = next((one for one in readers() if str(one) == self._name), None)

    def close(self) -> None:
        """Let go of the reader."""
        self._reader = None

    def look(self, *, lying: bool) -> Presence:
        """Say whether a card is in it."""
        before, self._refused = self._refused, False
        connection = self._connect(patient=not before)
        if connection is None:
            return Presence.SAME if lying and self._refused else Presence.NOTHING
        _let_go(connection)
        return Presence.SAME if lying else Presence.NEW

    def read(self) -> Card:
        """Read the card in it."""
        connection = self._connect()
        if connection is None:
            raise LiftedError(social.HALF)

        def transmit(command: bytes) -> tuple[bytes, int]:
            data, one, two = connection.transmit(list(command))
            return bytes(data), one << 8 | two

        try:
            return social.read(transmit)
        except social.NotSocialError:
            raise DeviceError(social.NOT_ONE) from None
        except Exception as problem:  # noqa: BLE001 - pyscard has a dozen errors for a card that was pulled out
            raise LiftedError(social.HALF, type(problem).__name__) from None
        finally:
            _let_go(connection)

    def _connect(self, *, patient: bool = False) -> Any:
        """Return a connection, None when no card is in it. ``patient``: one that is refused may be a card on its way out, and is no trouble yet."""
        from smartcard.Exceptions import CardConnectionException, NoCardException  # noqa: PLC0415

        if self._reader is None:
            raise GoneError(PULLED)
        connection = self._reader.createConnection()
        try:
            connection.connect()
        except NoCardException:
            _let_go(connection)
            return None
        except CardConnectionException:
            _let_go(connection)
            if self._name not in (names() or ()):
                raise GoneError(PULLED) from None
            self._refused = True
            if patient:
                return None
            raise DeviceError(BUSY) from None
        except Exception as problem:  # noqa: BLE001 - the service went: its errors have no common parent
            raise GoneError(NO_SERVICE, type(problem).__name__) from None
        return connection


def _let_go(connection: Any) -> None:
    with suppress(Exception):  # a card that was pulled out meanwhile
        connection.disconnect()
    with suppress(Exception):
        connection.release()
