"""The COM interfaces and structures of WIA 2 that are used, after ``wia_lh.idl``: each table in its order up to the last method called.

Methods without parameters here are never called; they hold the places. Sizes are those of Windows, where a LONG has 32 bits.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_int32, c_int64, c_uint16, c_uint32, c_uint64, c_void_p

from comtypes import BSTR, COMMETHOD, GUID, HRESULT, IUnknown


class PropSpec(ctypes.Structure):
    """PROPSPEC by number; its union is as wide as a pointer."""

    _fields_ = (("kind", c_uint32), ("number", c_void_p))


class Vector(ctypes.Structure):
    """A counted array of LONGs."""

    _fields_ = (("count", c_uint32), ("values", POINTER(c_int32)))


class VariantValue(ctypes.Union):
    """The parts of a PROPVARIANT that WIA uses."""

    _fields_ = (("number", c_int32), ("pointer", c_void_p), ("vector", Vector))


class PropVariant(ctypes.Structure):
    """PROPVARIANT."""

    _fields_ = (("kind", c_uint16), ("r1", c_uint16), ("r2", c_uint16), ("r3", c_uint16), ("value", VariantValue))


class TransferParams(ctypes.Structure):
    """WiaTransferParams."""

    _fields_ = (("message", c_int32), ("percent", c_int32), ("bytes", c_uint64), ("error", c_int32))


class Stream(IUnknown):  # type: ignore[misc]
    """IStream."""

    _iid_ = GUID("{0000000C-0000-0000-C000-000000000046}")
    _methods_ = (
        COMMETHOD([], HRESULT, "Read", (["in"], c_void_p), (["in"], c_uint32), (["in"], POINTER(c_uint32))),
        COMMETHOD([], HRESULT, "Write", (["in"], c_void_p), (["in"], c_uint32), (["in"], POINTER(c_uint32))),
        COMMETHOD([], HRESULT, "Seek", (["in"], c_int64), (["in"], c_uint32), (["in"], POINTER(c_uint64))),
    )


class PropertyStorage(IUnknown):  # type: ignore[misc]
    """IWiaPropertyStorage."""

    _iid_ = GUID("{98B5E8A0-29CC-491A-AAC0-E6DB4FDCCEB6}")
    _methods_ = (
        COMMETHOD([], HRESULT, "ReadMultiple", (["in"], c_uint32), (["in"], POINTER(PropSpec)), (["in"], POINTER(PropVariant))),
        COMMETHOD(
            [],
            HRESULT,
            "WriteMultiple",
            (["in"], c_uint32),
            (["in"], POINTER(PropSpec)),
            (["in"], POINTER(PropVariant)),
            (["in"], c_uint32),
        ),
        *(
            COMMETHOD([], HRESULT, name)
            for name in (
                "DeleteMultiple",
                "ReadPropertyNames",
                "WritePropertyNames",
                "DeletePropertyNames",
                "Commit",
                "Revert",
                "Enum",
                "SetTimes",
                "SetClass",
                "Stat",
            )
        ),
        COMMETHOD(
            [],
            HRESULT,
            "GetPropertyAttributes",
            (["in"], c_uint32),
            (["in"], POINTER(PropSpec)),
            (["in"], POINTER(c_uint32)),
            (["in"], POINTER(PropVariant)),
        ),
    )


class DeviceEnum(IUnknown):  # type: ignore[misc]
    """IEnumWIA_DEV_INFO."""

    _iid_ = GUID("{5E38B83C-8CF1-11D1-BF92-0060081ED811}")
    _methods_ = (
        COMMETHOD(
            [], HRESULT, "Next", (["in"], c_uint32), (["in"], POINTER(POINTER(PropertyStorage))), (["in"], POINTER(c_uint32))
        ),
    )


class Item2(IUnknown):  # type: ignore[misc]
    """IWiaItem2."""

    _iid_ = GUID("{6CBA0075-1287-407D-9B77-CF0E030435CC}")


class ItemEnum(IUnknown):  # type: ignore[misc]
    """IEnumWiaItem2."""

    _iid_ = GUID("{59970AF4-CD0D-44D9-AB24-52295630E582}")
    _methods_ = (
        COMMETHOD([], HRESULT, "Next", (["in"], c_uint32), (["in"], POINTER(POINTER(Item2))), (["in"], POINTER(c_uint32))),
    )


Item2._methods_ = (
    COMMETHOD([], HRESULT, "CreateChildItem"),
    COMMETHOD([], HRESULT, "DeleteItem"),
    COMMETHOD([], HRESULT, "EnumChildItems", (["in"], POINTER(GUID)), (["out"], POINTER(POINTER(ItemEnum)))),
    COMMETHOD([], HRESULT, "FindItemByName"),
    COMMETHOD([], HRESULT, "GetItemCategory", (["out"], POINTER(GUID))),
)


class TransferCallback(IUnknown):  # type: ignore[misc]
    """IWiaTransferCallback."""

    _iid_ = GUID("{27D4EAAF-28A6-4CA5-9AAB-E678168B9527}")
    _methods_ = (
        COMMETHOD([], HRESULT, "TransferCallback", (["in"], c_int32, "flags"), (["in"], POINTER(TransferParams), "progress")),
        COMMETHOD(
            [],
            HRESULT,
            "GetNextStream",
            (["in"], c_int32, "flags"),
            (["in"], BSTR, "name"),
            (["in"], BSTR, "full"),
            (["out"], POINTER(POINTER(Stream)), "stream"),
        ),
    )


class Transfer(IUnknown):  # type: ignore[misc]
    """IWiaTransfer."""

    _iid_ = GUID("{C39D6942-2F4E-4D04-92FE-4EF4D3A1DE5A}")
    _methods_ = (
        COMMETHOD([], HRESULT, "Download", (["in"], c_int32), (["in"], POINTER(TransferCallback))),
        COMMETHOD([], HRESULT, "Upload"),
        COMMETHOD([], HRESULT, "Cancel"),
    )


class DeviceManager2(IUnknown):  # type: ignore[misc]
    """IWiaDevMgr2."""

    _iid_ = GUID("{79C07CF1-CBDD-41EE-8EC3-F00080CADA7A}")
    _methods_ = (
        COMMETHOD([], HRESULT, "EnumDeviceInfo", (["in"], c_int32), (["out"], POINTER(POINTER(DeviceEnum)))),
        COMMETHOD([], HRESULT, "CreateDevice", (["in"], c_int32), (["in"], BSTR), (["out"], POINTER(POINTER(Item2)))),
    )
