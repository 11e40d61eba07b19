"""TIFF and HEIC files into pages."""

import io
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
from degrade_kit import SPECIMENS
from imaging_kit import drawn, opened, saved
from PIL import Image

from app.core.errors import RefusedFileError


def tiff(*pictures, **options):
    out = io.BytesIO()
    pictures[0].save(out, "TIFF", save_all=True, append_images=pictures[1:], **options)
    return out.getvalue()


def test_every_page_of_a_tiff_becomes_a_jpeg_in_order(take):
    pages = take(tiff(drawn(), drawn(300, 500), drawn(mode="L"), dpi=(300, 300)), "传真.tif")
    assert [(p.media, p.width, p.height, p.dpi) for p in pages] == [
        ("image/jpeg", 600, 400, 300),
        ("image/jpeg", 300, 500, 300),
        ("image/jpeg", 600, 400, 300),
    ]
    assert opened(pages[2].data).mode == "L"


@pytest.mark.parametrize("how", [{"compression": "group4"}, {"compression": "tiff_lzw"}, {"compression": "jpeg"}, {}])
def test_the_usual_ways_of_packing(take, how):
    picture = drawn(mode="1") if how.get("compression") == "group4" else drawn()
    (page,) = take(tiff(picture, **how), "a.tiff")
    assert np.asarray(opened(page.data).convert("L"))[350, 300] > 200


def test_inks_and_sixteen_bits_become_light(take):
    (inks,) = take(tiff(Image.new("CMYK", (300, 200), (0, 255, 255, 0))), "a.tif")
    red, green, blue = opened(inks.data).getpixel((9, 9))
    assert red > 240
    assert max(green, blue) < 20
    (deep,) = take(tiff(Image.new("I;16", (300, 200), 128 * 257)), "a.tif")
    assert abs(opened(deep.data).convert("L").getpixel((9, 9)) - 128) <= 1


def test_a_tiff_comes_in_where_jpg_is_handed_over_and_nowhere_else(take):
    data = tiff(drawn())
    assert len(take(data, "a.tif", formats=("JPG",))) == 1
    with pytest.raises(RefusedFileError, match="这是 TIFF 文件，这里收 PDF"):
        take(data, "a.tif", formats=("PDF",))


def test_too_many_pages_a_bomb_and_half_a_file_get_a_sentence(take):
    with pytest.raises(RefusedFileError, match="201 页，一次最多 200 页"):
        take(tiff(*[Image.new("1", (20, 20))] * 201), "a.tif")
    with pytest.raises(RefusedFileError, match=r"扫描原件|重扫"):
        take(tiff(drawn())[:-300], "a.tif")
    bomb = bytearray(tiff(Image.new("1", (32, 32))))
    at = (
        bomb.index(struct.pack("<HHI", 256, 4, 1))
        if struct.pack("<HHI", 256, 4, 1) in bomb
        else bomb.index(struct.pack("<HHI", 256, 3, 1))
    )
    bomb[at : at + 12] = struct.pack("<HHII", 256, 4, 1, 60_000)
    at = (
        bomb.index(struct.pack("<HHI", 257, 4, 1))
        if struct.pack("<HHI", 257, 4, 1) in bomb
        else bomb.index(struct.pack("<HHI", 257, 3, 1))
    )
    bomb[at : at + 12] = struct.pack("<HHII", 257, 4, 1, 60_000)
    with pytest.raises(RefusedFileError, match=r"5000 万|坏了"):
        take(bytes(bomb), "a.tif")


def test_moving_pictures_are_refused_in_a_sentence(take):
    frames = [drawn(), drawn(mode="L").convert("RGB")]
    for kind, name in (("GIF", "a.gif"), ("WEBP", "a.webp")):
        with pytest.raises(RefusedFileError, match="另存成 JPG"):
            take(saved(frames[0], kind, save_all=True, append_images=frames[1:]), name)


def test_without_the_library_a_heic_gets_a_sentence(take, monkeypatch):
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    with pytest.raises(RefusedFileError, match="读不了 HEIC"):
        take(b"\0\0\0\x18ftypheic" + bytes(40), "IMG_0001.HEIC")


def test_a_photo_as_iphones_write_it(take):
    data = (Path(__file__).parent / "data" / "portrait.heic").read_bytes()
    (page,) = take(data, "IMG_0001.HEIC")
    assert (page.media, page.width, page.height) == ("image/jpeg", 400, 515)
    shown = np.asarray(opened(page.data).convert("RGB").resize((40, 51))).astype(int)
    true = np.asarray(Image.open(SPECIMENS / "hubei-shennongjia/photo.jpg").resize((40, 51))).astype(int)
    assert np.abs(shown - true).mean() < 8
    for part in (0.3, 0.7):
        with pytest.raises(RefusedFileError):
            take(data[: int(len(data) * part)], "IMG_0001.HEIC")
