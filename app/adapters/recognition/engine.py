"""The engine inside the worker: a picture in, lines of print out. The only place that imports rapidocr and onnxruntime."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np
import onnxruntime
from rapidocr import RapidOCR
from rapidocr.main import RapidOCRError

from app.adapters.recognition import merging, stamps
from app.adapters.recognition.models import FINDS, READS, UnreadableError, folder
from app.core.readings import Line

if TYPE_CHECKING:
    from collections.abc import Callable

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
"""Rows of BGR."""

DETECT_SIDE: Final = 960
"""Longest side in pixels on which print is looked for: 119 of 120 fields of cards, and 0.4 s instead of 1.1 at full size."""
READ_SIDE: Final = 2000
"""Longest side in pixels of which print is cut out to be read: A4 at 170 dpi."""
_MOST_PIXELS: Final = 80_000_000
_LEAST_SCORE: Final = 0.3
"""Below this a line is texture, not print."""
_TURNS: Final = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


class Engine:
    """Both models, loaded. ``threads``: of the processor, at least 1."""

    def __init__(self, threads: int) -> None:
        models = folder()
        if models is None:
            raise FileNotFoundError(FINDS)
        onnxruntime.disable_telemetry_events()
        cv2.setNumThreads(threads)
        self._ocr = RapidOCR(
            params={
                "Global.use_cls": False,
                "Global.use_vertical_padding": False,
                "Global.return_word_box": True,  # brings the confidence of each character
                "Global.log_level": "critical",
                "Global.model_root_dir": str(models),
                "Det.limit_type": "max",
                "Det.limit_side_len": DETECT_SIDE,
                # Given a path the library asks no address for a model.
                "Det.model_path": str(models / FINDS),
                "Rec.model_path": str(models / READS),
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
        self._found(np.full((64, 320, 3), 255, np.uint8))
        self._ocr.recognize_txt([np.full((48, 320, 3), 255, np.uint8)])

    def lines(self, data: bytes, turn: int, cancelled: Callable[[], bool], *, seal: bool = False) -> list[Line]:
        """Return the lines on a picture, set upright by ``turn`` degrees clockwise; those read until then when ``cancelled``.

        UnreadableError for bytes that are no picture.
        """
        pixels = _upright(_decoded(data), turn)
        height, width = pixels.shape[:2]
        size = (0, 0, width, height)
        found = self._read(pixels, size, size, cancelled)
        if not seal:
            return found
        for area in stamps.areas(pixels):
            left, top, wide, high = window = stamps.around(area, width, height)
            under = stamps.without_red(pixels[top : top + high, left : left + wide])
            below = self._read(under, window, size, cancelled)
            found = merging.merged(found, below, _share(area, size))
        return found

    def _read(
        self, pixels: Pixels, window: tuple[int, int, int, int], size: tuple[int, int, int, int], cancelled: Callable[[], bool]
    ) -> list[Line]:
        lines: list[Line] = []
        if cancelled():
            return lines
        for crop, corners in self._found(pixels):
            if cancelled():
                break
            # One by one: side by side each would be filled up to the widest, and there would be no moment to stop.
            line: Any = self._ocr.recognize_txt([crop])
            text, score = str(line.txts[0]), float(line.scores[0])
            if not text.strip() or score < _LEAST_SCORE:
                continue
            left, top = corners.min(axis=0)
            right, bottom = corners.max(axis=0)
            place = (left + window[0], top + window[1], right - left, bottom - top)
            chars = tuple(round(float(one), 3) for one in line.word_results[0].confs)
            lines.append(Line(text, round(score, 3), _share(place, size), chars if len(chars) == len(text) else ()))
        return lines

    def _found(self, pixels: Pixels) -> list[tuple[Any, Any]]:
        """Return each line of print, cut out level, with its four corners; the upper ones first."""
        try:
            found: Any
            crops, found = self._ocr.detect_and_crop(pixels, {"preprocess": {"ratio_h": 1.0, "ratio_w": 1.0}})
        except RapidOCRError:  # nothing is printed there
            return []
        return list(zip(crops, found.boxes, strict=True))


def threads() -> int:
    """Return how many threads may work: one core stays the window's."""
    return max(1, (os.cpu_count() or 1) - 1)


def _decoded(data: bytes) -> Pixels:
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as wrong:
        raise UnreadableError(str(wrong)) from wrong
    if pixels is None or pixels.shape[0] * pixels.shape[1] > _MOST_PIXELS:
        raise UnreadableError(f"{len(data)} bytes")
    return pixels  # type: ignore[return-value]  # cv2's stubs leave the type open


def _upright(pixels: Pixels, turn: int) -> Pixels:
    longest = max(pixels.shape[:2])
    if longest > READ_SIDE:
        share = READ_SIDE / longest
        pixels = cv2.resize(pixels, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    return cv2.rotate(pixels, _TURNS[turn % 360]) if turn % 360 else pixels  # type: ignore[return-value]


def _share(place: tuple[float, float, float, float], size: tuple[int, int, int, int]) -> tuple[float, float, float, float]:
    left, top, width, height = (float(one) for one in place)
    _, _, wide, high = size
    return round(left / wide, 4), round(top / high, 4), round(width / wide, 4), round(height / high, 4)
