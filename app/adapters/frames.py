"""Messages between the program and a process beside it (:mod:`app.adapters.child`): two lengths (big-endian, 4 bytes each), a JSON object, bytes."""

from __future__ import annotations

import json
import struct
from typing import IO, Any

_LENGTHS = struct.Struct(">II")
_MOST_TEXT = 1 << 20
_MOST_BYTES = 1 << 28


class FrameError(Exception):
    """What came is no message: somebody else wrote into the pipe, or the other side died in the middle of one."""


def write(stream: IO[bytes], message: dict[str, Any], blob: bytes = b"") -> None:
    """Write one message whole. OSError (BrokenPipeError) when nobody reads any more."""
    text = json.dumps(message).encode("ascii")
    stream.write(_LENGTHS.pack(len(text), len(blob)) + text)
    stream.write(blob)
    stream.flush()


def read(stream: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """Read one message, None when the other side closed between two. FrameError for anything that is no message."""
    head = stream.read(_LENGTHS.size)
    if not head:
        return None
    if len(head) < _LENGTHS.size:
        raise FrameError("the end in the middle of a head")
    text_size, blob_size = _LENGTHS.unpack(head)
    if text_size > _MOST_TEXT or blob_size > _MOST_BYTES:
        raise FrameError(f"{text_size} and {blob_size} bytes announced")
    text, blob = stream.read(text_size), stream.read(blob_size)
    if len(text) < text_size or len(blob) < blob_size:
        raise FrameError("the end in the middle of a message")
    try:
        message = json.loads(text)
    except ValueError as wrong:
        raise FrameError("not JSON") from wrong
    if not isinstance(message, dict):
        raise FrameError("not an object")
    return message, blob
