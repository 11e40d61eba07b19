"""WIA 2 over COM. Windows only, and never run.

COM is entered multi-threaded (:func:`app.adapters.devices.wia.manager`), so that a transfer does not need a message loop. Files come through a stream in memory and never
touch the disk.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress
from ctypes import POINTER, byref, c_uint32, c_uint64, c_void_p
from typing import TYPE_CHECKING, Any

import comtypes
from comtypes import GUID, COMError, COMObject

from app.adapters.devices.wia_idl import (
    DeviceManager2,
    Item2,
    PropertyStorage,
    PropSpec,
    PropVariant,
    Stream,
    Transfer,
    TransferCallback,
)
from app.adapters.devices.wia_items import WiaError
from app.adapters.devices.wia_words import DEVICE_ID, DEVICE_NAME, DEVICE_TYPE, PORT_NAME, Format
from app.services.ports import Feed, Scanner

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MANAGER = GUID("{B6C292BC-7C88-41EE-8B54-8EC92617E599}")
_CATEGORIES = {
    GUID("{FB607B1F-43F3-488B-855B-FB703EC342A6}"): Feed.GLASS,
    GUID("{FE131934-F84C-42AD-8DA4-6129CDDD7288}"): Feed.FEEDER,
}
_ENUM_LOCAL, _SCANNER = 0x10, 1
_VT_I4, _VT_BSTR, _VT_UI4, _VT_CLSID, _VT_VECTOR = 3, 8, 19, 72, 0x1000
_PROPID = 1
_FIRST_NAMED = 2  # WIA_RESERVED_FOR_NEW_PROPS is far above; the value only matters for named properties
_RANGE, _LIST = 0x10, 0x20
_END_OF_STREAM = 2
_S_OK, _S_FALSE = 0, 1
_E_FAIL = -0x7FFFBFFB  # 0x80004005
_MOST_BYTES = 1 << 29


class Manager:
    """The WIA service (wia.Service)."""

    def __init__(self) -> None:
        self._manager = _called(comtypes.CoCreateInstance, _MANAGER, DeviceManager2, comtypes.CLSCTX_LOCAL_SERVER)

    def devices(self) -> Sequence[Scanner]:
        """Return the scanners among the imaging devices."""
        known = _called(self._manager.EnumDeviceInfo, _ENUM_LOCAL)
        found: list[Scanner] = []
        for storage in _each(known, PropertyStorage):
            kind = _read(storage, DEVICE_TYPE)
            id_ = _read(storage, DEVICE_ID)
            if isinstance(kind, int) and kind >> 16 == _SCANNER and isinstance(id_, str):
                name, port = _read(storage, DEVICE_NAME), _read(storage, PORT_NAME)
                found.append(Scanner(id_, "wia", name if isinstance(name, str) else "", port if isinstance(port, str) else ""))
        return found

    def open(self, id_: str) -> Node:
        """Return a device's root item. WiaError when it is not there."""
        return Node(_called(self._manager.CreateDevice, 0, id_))


class Node:
    """One item (wia.Item)."""

    def __init__(self, item: Any) -> None:
        self._item = item
        self._storage = _called(item.QueryInterface, PropertyStorage)
        self._transfer: Any = None

    @property
    def feed(self) -> Feed | None:
        """GLASS or FEEDER by the item's category."""
        try:
            return _CATEGORIES.get(_called(self._item.GetItemCategory))
        except WiaError:
            return None

    def read(self, number: int) -> int | None:
        """Return a number, None where there is none."""
        value = _read(self._storage, number)
        return value if isinstance(value, int) else None

    def choices(self, number: int) -> Sequence[int]:
        """Return a property's list or range. Both come as a vector: count, nominal, values…; or least, nominal, most, step."""
        flags, variant = c_uint32(), PropVariant()
        try:
            _called(self._storage.GetPropertyAttributes, 1, byref(_spec(number)), byref(flags), byref(variant))
        except WiaError:
            return ()
        try:
            if variant.kind not in {_VT_VECTOR | _VT_I4, _VT_VECTOR | _VT_UI4}:
                return ()
            held = variant.value.vector
            numbers = [held.values[at] for at in range(min(held.count, 4096))]
        finally:
            _clear(variant)
        if flags.value & _RANGE and len(numbers) >= 4:  # noqa: PLR2004
            return range(numbers[0], numbers[2] + 1, max(numbers[3], 1))
        return numbers[2 : 2 + numbers[0]] if flags.value & _LIST and numbers else ()

    def write(self, number: int, value: int | Format) -> bool:
        """Set a property; False when the driver refuses."""
        variant = PropVariant()
        guid = GUID(value.value) if isinstance(value, Format) else None
        if guid is None:
            variant.kind, variant.value.number = _VT_I4, value
        else:
            variant.kind, variant.value.pointer = _VT_CLSID, ctypes.addressof(guid)
        try:
            _called(self._storage.WriteMultiple, 1, byref(_spec(number)), byref(variant), _FIRST_NAMED)
        except WiaError:
            return False
        return True

    def children(self) -> Sequence[Node]:
        """Return the items below."""
        return [Node(item) for item in _each(_called(self._item.EnumChildItems, None), Item2)]

    def download(self, page: Callable[[bytes], None], stopped: Callable[[], bool]) -> None:
        """Scan on this thread."""
        comtypes.CoInitializeEx(comtypes.COINIT_MULTITHREADED)
        try:
            taker = _Taker(page, stopped)
            self._transfer = transfer = _called(self._item.QueryInterface, Transfer)
            _called(transfer.Download, 0, taker.QueryInterface(TransferCallback))
            if taker.failed is not None:
                raise taker.failed
        finally:
            self._transfer = None
            comtypes.CoUninitialize()

    def stop(self) -> None:
        """Ask the download to end, from another thread."""
        if (transfer := self._transfer) is not None:
            with suppress(WiaError):
                _called(transfer.Cancel)


class _Taker(COMObject):  # type: ignore[misc]
    """Receives a transfer: one stream in memory per page."""

    _com_interfaces_ = (TransferCallback,)

    def __init__(self, page: Callable[[bytes], None], stopped: Callable[[], bool]) -> None:
        super().__init__()
        self._page = page
        self._stopped = stopped
        self._stream: Any = None
        self.failed: Exception | None = None

    # comtypes hands over the raw call, its result and all, only to a parameter of exactly this name.
    def TransferCallback(self, this: Any, _flags: int, progress: Any) -> int:  # noqa: ARG002, N802
        """Be told how far it is; S_FALSE stops the transfer."""
        if self._stopped():
            return _S_FALSE
        if progress and progress[0].message == _END_OF_STREAM and self._stream is not None:
            stream, self._stream = self._stream, None
            try:
                self._page(_drained(stream))
            except Exception as problem:  # noqa: BLE001 - no exception may cross into COM
                self.failed = problem
                return _S_FALSE
        return _S_FALSE if self._stopped() else _S_OK

    def GetNextStream(self, this: Any, _flags: int, _name: Any, _full: Any, stream: Any) -> int:  # noqa: ARG002, N802
        """Give the driver somewhere to write the next page."""
        if self._stopped():
            return _S_FALSE
        try:
            self._stream = _memory()
            stream[0] = self._stream
        except Exception as problem:  # noqa: BLE001
            self.failed = problem
            return _E_FAIL
        return _S_OK


def _called(method: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return method(*arguments)
    except COMError as problem:
        raise WiaError(problem.hresult) from problem
    except OSError as problem:
        raise WiaError(getattr(problem, "winerror", None) or 0x80004005) from problem


def _each(known: Any, interface: Any) -> list[Any]:
    """Return everything an enumerator has. It says S_FALSE at its end, which is no error."""
    found: list[Any] = []
    while True:
        one, count = POINTER(interface)(), c_uint32()
        _called(known.Next, 1, byref(one), byref(count))
        if not count.value or not one:
            return found
        found.append(one)


def _spec(number: int) -> PropSpec:
    return PropSpec(_PROPID, number)


def _read(storage: Any, number: int) -> int | str | None:
    variant = PropVariant()
    try:
        _called(storage.ReadMultiple, 1, byref(_spec(number)), byref(variant))
    except WiaError:
        return None
    try:
        if variant.kind in {_VT_I4, _VT_UI4}:
            return int(variant.value.number)
        if variant.kind == _VT_BSTR and variant.value.pointer:
            return ctypes.wstring_at(variant.value.pointer)
        return None
    finally:
        _clear(variant)


def _clear(variant: PropVariant) -> None:
    ctypes.CDLL("ole32").PropVariantClear(byref(variant))  # 64-bit Windows has one calling convention


def _memory() -> Any:
    make = ctypes.CDLL("shlwapi").SHCreateMemStream
    make.restype = POINTER(Stream)
    make.argtypes = (c_void_p, c_uint32)
    stream = make(None, 0)
    if not stream:
        raise MemoryError
    return stream


def _drained(stream: Any) -> bytes:
    size = c_uint64()
    stream.Seek(0, 2, byref(size))
    if size.value > _MOST_BYTES:
        raise MemoryError
    stream.Seek(0, 0, None)
    space, count = ctypes.create_string_buffer(size.value), c_uint32()
    stream.Read(space, size.value, byref(count))
    return space.raw[: count.value]
