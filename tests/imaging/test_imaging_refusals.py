"""Bad input: each gets one sentence and nothing else happens."""

import io
import struct
import zipfile
import zlib

import pytest
from imaging_kit import drawn, noisy, pdf, saved
from PIL import Image

from app.core.errors import RefusedFileError


def refusal(take, data, name="诊断.jpg", **options):
    with pytest.raises(RefusedFileError) as refused:
        take(data, name, **options)
    sentence = refused.value.sentence
    assert sentence.endswith("。")
    assert not set(sentence) & set("！!")
    assert not any(word in sentence for word in ("请", "抱歉", "无效", "失败", "非法", "错误"))
    return sentence


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "x")
    return out.getvalue()


def png_of(width, height):
    """A PNG whose header claims this size: a few hundred bytes that would unpack to much."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def test_an_empty_file(take):
    assert "0 字节" in refusal(take, b"")


@pytest.mark.parametrize(
    ("data", "name", "word"),
    [
        (b"MZ\x90\0" + bytes(200), "诊断.jpg", "文件名说是 JPG，内容是程序"),
        (b"\x7fELF" + bytes(200), "诊断.pdf", "文件名说是 PDF，内容是程序"),
        (zipped(), "小结.docx", "Word"),
        (zipped(), "小结.pdf", "文件名说是 PDF"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "IMG_0001.HEIC", "不完整或坏了"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "IMG_0001.jpg", "HEIC"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "a.webp", "WEBP"),
        (b"GIF89a" + bytes(30), "a.gif", "GIF"),
        (b"II*\0" + bytes(30), "a.tif", "不完整或坏了"),
        (b"nothing known", "a.dat", "认不出是什么"),
        (b"nothing known", "a.png", "文件名说是 PNG，内容不是"),
    ],
)
def test_something_else_is_named_when_it_is_known(take, data, name, word):
    assert word in refusal(take, data, name)


@pytest.mark.parametrize(
    ("data", "name", "is_"),
    [
        (saved(drawn(), "PNG"), "身份证.jpg", "PNG"),
        (saved(drawn()), "身份证.PNG", "JPG"),
        (saved(drawn()), "身份证.pdf", "JPG"),
        (pdf(), "身份证.jpeg", "PDF"),
        (saved(drawn()), "身份证.exe", "JPG"),
        (saved(drawn()), "身份证.docx", "JPG"),
    ],
)
def test_a_name_that_says_another_thing_is_refused_with_the_name_it_should_have(take, data, name, is_):
    sentence = refusal(take, data, name)
    assert f"内容却是 {is_}" in sentence


@pytest.mark.parametrize("name", ["", "粘贴的图", "病历 2026.10.19", "..", 'a/b\\c:?*"<>|\0.jpeg', "名字" * 200 + ".JPG"])
def test_a_name_that_says_nothing_or_is_odd_does_no_harm(take, name):
    assert len(take(saved(drawn()), name)) == 1


def test_a_kind_the_region_does_not_take(take):
    assert "这是 PDF 文件，这里收 JPG、PNG" in refusal(take, pdf(), "a.pdf", formats=("JPG", "PNG"))
    assert len(take(saved(drawn()), "a.jpg", formats=())) == 1


@pytest.mark.parametrize("options", [{}, {"progressive": True}])
@pytest.mark.parametrize("part", [0.02, 0.5, 0.97])
def test_a_truncated_jpeg(take, part, options):
    whole = saved(noisy(500, 400), **options)
    assert "不完整" in refusal(take, whole[: int(len(whole) * part)])


@pytest.mark.parametrize("part", [0.02, 0.5, 0.97])
def test_a_truncated_png(take, part):
    whole = saved(noisy(500, 400), "PNG")
    assert "不完整" in refusal(take, whole[: int(len(whole) * part)], "a.png")


def test_a_picture_that_would_unpack_to_gigabytes(take):
    assert "5000 万" in refusal(take, png_of(40_000, 40_000), "a.png")
    assert "5000 万" in refusal(take, png_of(2**31 - 1, 2**31 - 1), "a.png")
    with_tail_cut = png_of(8000, 8000)[:-4]
    assert "5000 万" in refusal(take, with_tail_cut, "a.png")


def test_a_picture_without_room_for_anything(take):
    assert "3×2 像素" in refusal(take, saved(drawn(3, 2)))


def test_a_moving_picture(take):
    frames = [drawn(), drawn().transpose(Image.Transpose.ROTATE_180)]
    data = saved(frames[0], "PNG", save_all=True, append_images=frames[1:], duration=100)
    assert "会动" in refusal(take, data, "a.png")


def test_a_moving_picture_of_one_frame_is_a_picture(take):
    data = saved(drawn(), "PNG")
    at = data.index(b"IDAT") - 4
    body = b"acTL" + struct.pack(">II", 1, 0)
    one = data[:at] + struct.pack(">I", 8) + body + struct.pack(">I", zlib.crc32(body)) + data[at:]
    assert take(one, "a.png")[0].data == data


def test_a_file_above_all_measure(take):
    assert "101 MB" in refusal(take, b"\xff\xd8\xff" + bytes(101 * 2**20))
