"""Where the models are. They came inside the wheel; nothing is ever fetched, and what is not there is said. Nothing heavy is imported here."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

FINDS: Final = "PP-OCRv6_det_small.onnx"
READS: Final = "PP-OCRv6_rec_small.onnx"
_NEEDED: Final = ("onnxruntime", "cv2", "numpy")


class UnreadableError(Exception):
    """These bytes are no picture that can be decoded."""


def folder() -> Path | None:
    """Return the folder with both models, None where recognition is not installed whole."""
    try:
        spec = find_spec("rapidocr")
        if spec is None or spec.origin is None or any(find_spec(name) is None for name in _NEEDED):
            return None
    except (ImportError, ValueError):  # half an installation
        return None
    models = Path(spec.origin).parent / "models"
    return models if all((models / name).is_file() for name in (FINDS, READS)) else None
