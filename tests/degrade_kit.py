"""Sound papers made worse by known amounts, and laid on a desk before a camera. BGR arrays; the same each time."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

SPECIMENS = Path(__file__).resolve().parents[1] / "resources" / "specimens"
SHEETS = tuple(
    f"{place}/{name}"
    for place, diagnosis, more in (
        ("gansu-jiuquan", "diagnosis.jpg", ()),
        ("hubei-shennongjia", "diagnosis.png", ("discharge.jpg",)),
        ("sichuan-panzhihua", "diagnosis.jpg", ("discharge.jpg",)),
    )
    for name in (diagnosis, "lab.jpg", *more)
)
CARDS = tuple(
    f"{place}/{name}"
    for place in ("gansu-jiuquan", "hubei-shennongjia", "sichuan-panzhihua")
    for name in ("id-front.jpg", "id-back.jpg", "card.png")
)
PHOTOS = tuple(f"{place}/photo.jpg" for place in ("gansu-jiuquan", "hubei-shennongjia", "sichuan-panzhihua"))
DESKS = ("wood", "grey", "dark", "green", "white", "busy")


@cache
def paper(name: str) -> np.ndarray:
    """A specimen as BGR; not to be written to."""
    with Image.open(SPECIMENS / name) as picture:
        found = np.asarray(picture.convert("RGB"))[..., ::-1].copy()
    found.flags.writeable = False
    return found


def jpeg(bgr: np.ndarray, dpi: int = 0, quality: int = 90) -> bytes:
    out = io.BytesIO()
    extra = {"dpi": (dpi, dpi)} if dpi else {}
    Image.fromarray(np.ascontiguousarray(bgr[..., ::-1])).save(out, "JPEG", quality=quality, **extra)
    return out.getvalue()


def blurred(bgr, sigma):
    return cv2.GaussianBlur(bgr, (0, 0), sigma)


def shaken(bgr, pixels):
    """Moved sideways while the shutter was open."""
    return cv2.filter2D(bgr, -1, np.full((1, pixels), 1 / pixels, np.float32))


def noisy(bgr, sigma):
    return lit(bgr, 1.0, thrice(grain(*bgr.shape[:2]) * np.float32(sigma)))


def thrice(plane):
    """One plane as three equal channels: multiplied in one row, which takes a third of what one value for three dots takes."""
    return cv2.merge((plane, plane, plane))


def bytes_of(values):
    """Values as a picture's bytes; may write to them."""
    return np.clip(values, 0, 255, out=values).astype(np.uint8)


@cache
def grain(height, width):
    """A camera's noise, of strength 1."""
    tile = np.random.default_rng(3).normal(0, 1, (509, 509)).astype(np.float32)
    return np.tile(tile, (height // 509 + 1, width // 509 + 1))[:height, :width]


def lit(bgr, factor, plus=0.0):
    values = bgr.astype(np.float32)
    values *= factor
    values += plus
    return bytes_of(values)


def pale(bgr, contrast):
    """Ink faded to this share of its strength."""
    return np.clip(255 - (255 - bgr.astype(np.float32)) * contrast, 0, 255).astype(np.uint8)


def skewed(bgr, degrees):
    """Laid askew in a feeder: lines rise to the right by this angle."""
    height, width = bgr.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(bgr, matrix, (width, height), borderValue=(255, 255, 255))


def shadowed(bgr, depth):
    """A soft shadow over one half."""
    width = bgr.shape[1]
    ramp = 1 - depth / (1 + np.exp(-(np.arange(width) - width * 0.6) / (width * 0.05)))
    return bytes_of(bgr * np.repeat(ramp, 3).reshape(width, 3)[None])


def glaring(bgr, size, at=(0.4, 0.5), base=0.78):
    """A lamp mirrored in a plastic cover, on a page in room light; ``size`` as a fraction of the width."""
    height, width = bgr.shape[:2]
    ys, xs = across(height, width)
    away = ((xs - at[0] * width) ** 2 + (ys - at[1] * height) ** 2) / (size * width) ** 2
    return bytes_of(bgr * base + thrice(400 * np.exp(-away * 1.2)))


def across(height, width):
    """How far down and how far to the right each dot is, as a column and a row."""
    return np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)[None]


def fingered(bgr, size, side="right", at=0.55):
    """A fingertip reaching in from an edge; ``size`` is its width as a fraction of the page's width."""
    made = bgr.copy()
    thick = int(size * made.shape[1])
    reach = int(1.6 * thick)
    turned = {"right": 0, "top": 1, "left": 2, "bottom": 3}[side]
    made = np.ascontiguousarray(np.rot90(made, -turned))
    h, w = made.shape[:2]
    y = int(at * h)
    skin = (118, 150, 205)
    cv2.rectangle(made, (w - reach, y - thick // 2), (w, y + thick // 2), skin, -1)
    cv2.ellipse(made, (w - reach, y), (thick // 2, thick // 2), 0, 0, 360, skin, -1)
    return np.ascontiguousarray(np.rot90(made, turned))


def cut_off(bgr, share, side="right"):
    """A sheet that ran out of the picture by this share of its width, in the middle of its text."""
    height, width = bgr.shape[:2]
    keep = {"right": np.s_[:, : int(width * (1 - share))], "left": np.s_[:, int(width * share) :]}
    keep |= {"bottom": np.s_[: int(height * (1 - share))], "top": np.s_[int(height * share) :]}
    return np.ascontiguousarray(bgr[keep[side]])


def unsealed(bgr):
    """The same page without anything red."""
    hsv = cv2.cvtColor(bgr, cv2.COLOR_BGR2HSV)
    red = (hsv[..., 1] > 25) & ((hsv[..., 0] < 18) | (hsv[..., 0] > 155))
    made = bgr.copy()
    made[cv2.dilate(red.astype(np.uint8), np.ones((5, 5))) > 0] = np.median(bgr.reshape(-1, 3)[::50], axis=0)
    return made


def empty(bgr, specks=0):
    """The same paper with nothing on it but some dust."""
    made = np.full_like(bgr, (247, 249, 250))
    dice = np.random.default_rng(5)
    for _ in range(specks):
        y, x = (int(dice.integers(20, n - 20)) for n in made.shape[:2])
        cv2.circle(made, (x, y), 2, (120, 120, 120), -1)
    return made


def smaller(bgr, share):
    return cv2.resize(bgr, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)


def desk(kind, height, width, seed=1):
    """What papers lie on at a window."""
    dice = np.random.default_rng(seed)
    fine = dice.normal(0, 1, (height // 4, width // 4)).astype(np.float32)
    if kind == "wood":
        rough = cv2.GaussianBlur(fine, (0, 0), sigmaX=40, sigmaY=0.8)
        base, rough = (72, 110, 158), rough / rough.std() * 14
    elif kind == "busy":
        base, rough = (110, 120, 115), cv2.GaussianBlur(fine, (0, 0), 12)
        rough = rough / rough.std() * 38
    else:
        base = {"grey": (128, 128, 126), "dark": (42, 40, 38), "green": (74, 108, 62), "white": (206, 211, 213)}[kind]
        rough = cv2.GaussianBlur(fine, (0, 0), 2)
        rough = rough / rough.std() * 4
    rough = cv2.resize(rough, (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.merge([bytes_of(np.float32(channel) + rough) for channel in base])


def shot(
    bgr, kind="wood", *, size=(1920, 2560), share=0.8, tilt=0.04, turn=3.0, offset=(0.0, 0.0), light=0.86, noise=2.5, seed=1
):
    """A camera's picture of the paper: (picture, true corners in pixels). ``size`` is height and width; ``tilt`` the perspective."""
    height, width = size
    ph, pw = bgr.shape[:2]
    fit = share * min(height / ph, width / pw)
    half = np.float32(((-pw, -ph), (pw, -ph), (pw, ph), (-pw, ph))) / 2 * fit
    angle = np.deg2rad(turn)
    turned = half @ np.float32(((np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))))
    depth = 1 + tilt * (turned[:, 1] / (height / 2)) + 0.5 * tilt * (turned[:, 0] / (width / 2))
    corners = (turned / depth[:, None] + np.float32((width / 2 + offset[0] * width, height / 2 + offset[1] * height))).astype(
        np.float32
    )
    source = np.float32(((0, 0), (pw, 0), (pw, ph), (0, ph)))
    matrix = cv2.getPerspectiveTransform(source, corners)
    sheet = cv2.warpPerspective(bgr, matrix, (width, height), flags=cv2.INTER_AREA if fit < 1 else cv2.INTER_LINEAR)
    mask = cv2.warpPerspective(np.full((ph, pw), 255, np.uint8), matrix, (width, height))
    picture = desk(kind, height, width, seed).astype(np.float32)
    shade = cv2.GaussianBlur(cv2.warpAffine(mask, np.float32(((1, 0, 9), (0, 1, 12))), (width, height)), (0, 0), 12)
    picture *= thrice(1 - 0.35 * shade.astype(np.float32) / 255)
    alpha = mask.astype(np.float32) / 255
    picture *= thrice(1 - alpha)
    lying = sheet.astype(np.float32) * light
    lying *= thrice(alpha)
    picture += lying
    ys, xs = across(height, width)
    picture *= thrice(1 - 0.12 * ((xs / width - 0.4) ** 2 + (ys / height - 0.4) ** 2))
    picture += thrice(noise * grain(height, width))
    return bytes_of(picture), corners
