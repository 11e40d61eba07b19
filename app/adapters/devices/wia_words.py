"""WIA 2 in numbers (``wiadef.h`` of the Windows SDK), and its errors in sentences."""

from __future__ import annotations

from enum import Enum, IntFlag

from app.adapters.devices.driver import ABSENT, BROKEN, BUSY, COVER, DENIED, EMPTY, JAM, LOST, STOPPED
from app.services.ports import Feed

DEVICE_ID, DEVICE_TYPE, PORT_NAME, DEVICE_NAME = 2, 5, 6, 7
"""WIA_DIP_*; the high word of DEVICE_TYPE is 1 for a scanner."""
HANDLING_CAPABILITIES, HANDLING_STATUS, HANDLING_SELECT, PAGES = 3086, 3087, 3088, 3096
"""WIA_DPS_DOCUMENT_HANDLING_* and WIA_IPS_PAGES; 0 pages are all."""
DATATYPE, DEPTH, FORMAT, TYMED = 4103, 4104, 4106, 4108
"""WIA_IPA_*."""
RESOLUTIONS, POSITIONS, EXTENTS = (6147, 6148), (6149, 6150), (6151, 6152)
"""WIA_IPS_XRES and YRES, XPOS and YPOS, XEXTENT and YEXTENT; the last four in dots. (6153 and 6154 are no extents: photometric and brightness.)"""
MAX_SIZES = (6165, 6166)
"""WIA_IPS_MAX_HORIZONTAL_SIZE and _VERTICAL_SIZE, 1/1000 inch."""
SIZES_OF = {Feed.GLASS: (3074, 3075), Feed.FEEDER: (3076, 3077)}
"""WIA_DPS_*_BED_SIZE and *_SHEET_FEED_SIZE on the device, 1/1000 inch."""

GREY, COLOUR = 2, 3
TYMED_FILE = 2
FEED_READY = 1
DUPLEX, FRONT_ONLY = 0x4, 0x20
USUAL_DPIS = (75, 100, 150, 200, 240, 300, 400, 600)


class Can(IntFlag):
    """WIA_DPS_DOCUMENT_HANDLING_CAPABILITIES."""

    FEED = 0x1
    FLAT = 0x2
    DUPLEX = 0x4
    DETECT_FEED = 0x20


class Select(IntFlag):
    """WIA_DPS_DOCUMENT_HANDLING_SELECT on a device."""

    FEEDER = 0x1
    FLATBED = 0x2


class Format(Enum):
    """WiaImgFmt_*."""

    BMP = "{B96B3CAB-0728-11D3-9D7B-0000F81EF32E}"
    JPEG = "{B96B3CAE-0728-11D3-9D7B-0000F81EF32E}"


PAPER_EMPTY = 0x80210003
_MULTI_FEED = "扫描仪一次进了两张纸。把纸分开放好，从没扫的那一页接着扫"
_WARMING = "扫描仪还在预热。过一会儿再扫"
_LAMP = "扫描仪的灯没有亮。关掉它的电源再打开，再扫一次"
_FEED = "扫描仪没有把纸拉进去。把纸理齐放好，从没扫的那一页接着扫"

#: HRESULTs. The header counts 16, 17 and 20 in decimal, Microsoft's table of error codes prints them as if they were hexadecimal
#: (0x80210016, …17, …20): both mean the same here, and nothing else has these numbers.
_SENTENCES = {
    0x80210001: STOPPED,  # WIA_ERROR_GENERAL_ERROR
    0x80210002: JAM,  # WIA_ERROR_PAPER_JAM
    PAPER_EMPTY: EMPTY,  # WIA_ERROR_PAPER_EMPTY
    0x80210004: _FEED,  # WIA_ERROR_PAPER_PROBLEM
    0x80210005: LOST,  # WIA_ERROR_OFFLINE
    0x80210006: BUSY,  # WIA_ERROR_BUSY
    0x80210007: _WARMING,  # WIA_ERROR_WARMING_UP
    0x80210008: STOPPED,  # WIA_ERROR_USER_INTERVENTION
    0x80210009: LOST,  # WIA_ERROR_ITEM_DELETED
    0x8021000A: LOST,  # WIA_ERROR_DEVICE_COMMUNICATION
    0x8021000B: STOPPED,  # WIA_ERROR_INVALID_COMMAND
    0x8021000C: STOPPED,  # WIA_ERROR_INCORRECT_HARDWARE_SETTING
    0x8021000D: BUSY,  # WIA_ERROR_DEVICE_LOCKED
    0x8021000E: BROKEN,  # WIA_ERROR_EXCEPTION_IN_DRIVER
    0x8021000F: BROKEN,  # WIA_ERROR_INVALID_DRIVER_RESPONSE
    0x80210010: COVER,  # WIA_ERROR_COVER_OPEN
    0x80210016: COVER,
    0x80210011: _LAMP,  # WIA_ERROR_LAMP_OFF
    0x80210017: _LAMP,
    0x80210013: BUSY,  # WIA_ERROR_NETWORK_RESERVATION_FAILED
    0x80210014: _MULTI_FEED,  # WIA_ERROR_MULTI_FEED
    0x80210020: _MULTI_FEED,
    0x80210015: ABSENT,  # WIA_S_NO_DEVICE_AVAILABLE
    0x80070005: DENIED,  # E_ACCESSDENIED
    0x80070015: LOST,  # ERROR_NOT_READY
    0x8007001F: LOST,  # ERROR_GEN_FAILURE, a device pulled out
    0x800706BA: BROKEN,  # RPC_S_SERVER_UNAVAILABLE, the service stopped
    0x800706BE: BROKEN,  # RPC_S_CALL_FAILED
    0x80010108: BROKEN,  # RPC_E_DISCONNECTED
    0x80040154: DENIED,  # REGDB_E_CLASSNOTREG, WIA switched off
}


def sentence(code: int, absent: str = "") -> str:
    """Return the sentence for an HRESULT; ``absent`` for one that says nothing else, where a device was being opened."""
    return _SENTENCES.get(code & 0xFFFFFFFF, absent or STOPPED)
