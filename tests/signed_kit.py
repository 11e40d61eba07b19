"""A printed form as it comes back from the applicant's hand: drawn at 200 dpi, signed in ink, blurred and laid askew on the glass."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from degrade_kit import blurred, jpeg, noisy, skewed
from whole_kit import printery

from app.adapters.documents.signing import sign_box

DPI = 200


def page(pdf: bytes, number: int = 0, dpi: int = DPI) -> np.ndarray:
    """A page as the printer drew it, BGR."""
    width, height, bgra = printery().picture(pdf, number, dpi)
    return np.frombuffer(bgra, np.uint8).reshape(height, width, 4)[..., :3].copy()


def inked(bgr: np.ndarray, pdf: bytes, number: int) -> np.ndarray:
    """The page with a name in blue ink in its box, when the box is on it."""
    box = sign_box(pdf)
    if box is None or box.page != number:
        return bgr
    mm = bgr.shape[1] / 210
    points = [(box.x + box.width * t / 12, box.y + box.height * (0.5 + 0.35 * (-1) ** t)) for t in range(13)]
    for start, end in pairwise(points):
        a, b = (tuple(round(value * mm) for value in point) for point in (start, end))
        cv2.line(bgr, a, b, (150, 60, 20), 5, cv2.LINE_AA)
    return bgr


def scanned(pdf: bytes, number: int = 0, *, degrees: float = 2.0, blur: float = 1.1, noise: float = 4.0) -> bytes:
    """A scan of a signed page: JPEG with its resolution stated."""
    picture = inked(page(pdf, number), pdf, number)
    if blur:
        picture = noisy(blurred(picture, blur), noise)
    return jpeg(skewed(picture, degrees), DPI, 80)


def flat(pdf: bytes, number: int = 0) -> bytes:
    """A good scan, coarse and straight: where it is not the picture that is tested."""
    return jpeg(inked(page(pdf, number, 120), pdf, number), 120, 80)


def smudged(pdf: bytes, number: int = 0) -> bytes:
    """A scan whose code nobody can read: a thumb lay on it, which is white here."""
    picture = inked(page(pdf, number), pdf, number)
    height, width = picture.shape[:2]
    picture[: round(height * 0.2), round(width * 0.6) :] = 255
    picture[: round(height * 0.2), : round(width * 0.35)] = 255
    return jpeg(skewed(blurred(picture, 1.0), -1.5), DPI, 80)
