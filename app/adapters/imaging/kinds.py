"""What a file really is, told from its first bytes, and what its name says it is."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from app.core.errors import RefusedFileError

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What can become a page, in the words of the region folders, with the ending a file of it should have.
TAKEN = {"JPG": ".jpg", "PNG": ".png", "PDF": ".pdf", "TIFF": ".tif", "HEIC": ".heic"}
#: What comes in by them is handed over as JPG.
_BECOME_JPG = ("TIFF", "HEIC")
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
_TIFF_SIGNS = (b"II*\0", b"MM\0*")

#: Every ending that says something, and the kind it says. An unknown ending (``.2026``) says nothing.
_ENDINGS = {
    **dict.fromkeys(("jpg", "jpeg", "jpe", "jfif"), "JPG"),
    **dict.fromkeys(("png", "apng"), "PNG"),
    "pdf": "PDF",
    **dict.fromkeys(("heic", "heif", "hif"), "HEIC"),
    **dict.fromkeys(("tif", "tiff"), "TIFF"),
    **dict.fromkeys(
        ("doc", "docx", "wps", "rtf", "xls", "xlsx", "et", "ppt", "pptx", "txt", "htm", "html", "ofd", "xml"), "文档"
    ),
    **dict.fromkeys(("zip", "rar", "7z", "gz", "tar"), "压缩包"),
    **dict.fromkeys(("exe", "msi", "bat", "cmd", "com", "scr", "dll", "js", "vbs", "ps1", "sh", "lnk", "apk"), "程序"),
    **dict.fromkeys(("gif", "bmp", "webp", "svg", "psd", "ico", "avif"), "图片"),
    **dict.fromkeys(("mp4", "mov", "avi", "mp3", "wav", "3gp"), "影音"),
}

#: First bytes of what people bring by mistake: where they stand, the bytes, how to call it, and the way out.
_SIGNS: tuple[tuple[int, bytes, str, str], ...] = (
    (4, b"ftyphe", "HEIC 连拍或录像", "在手机上选一张存成 JPG 再传"),
    (4, b"ftypavif", "AVIF 图片", "另存成 JPG 再加"),
    (4, b"ftyp", "视频", "改拍成照片再加"),
    (8, b"WEBP", "WEBP 图片", "另存成 JPG 再加"),
    (0, b"GIF8", "GIF 图片", "另存成 JPG 再加"),
    (0, b"BM", "BMP 图片", "另存成 JPG 再加"),
    (0, b"II+\0", "大 TIFF 图片", "扫描时改存成 PDF 或 JPG"),
    (0, b"MM\0+", "大 TIFF 图片", "扫描时改存成 PDF 或 JPG"),
    (0, b"\xd0\xcf\x11\xe0", "旧版 Word 或 Excel 文档", "另存成 PDF 再加"),
    (0, b"{\\rtf", "Word 文档", "另存成 PDF 再加"),
    (0, b"PK\x03\x04", "压缩包或 Word 文档", "解压，或另存成 PDF 再加"),
    (0, b"Rar!", "压缩包", "解压后再加"),
    (0, b"7z\xbc\xaf", "压缩包", "解压后再加"),
    (0, b"\x1f\x8b", "压缩包", "解压后再加"),
    (0, b"MZ", "程序", "不要打开它，向对方另要原件"),
    (0, b"\x7fELF", "程序", "不要打开它，向对方另要原件"),
    (0, b"#!", "程序", "不要打开它，向对方另要原件"),
)


def kind_of(data: bytes) -> str:
    """Return JPG, PNG, TIFF, HEIC or PDF by content; an empty string for everything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] in _TIFF_SIGNS:
        return "TIFF"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return "HEIC"
    # Scanners and mail gateways put a byte-order mark or blank lines before the header; anything else in front is another file.
    return "PDF" if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:5] == b"%PDF-" else ""


def told_by_name(name: str) -> str:
    """Return the kind a file name's ending claims; an empty string when it claims nothing."""
    return _ENDINGS.get(PurePath(name).suffix.lower().lstrip("."), "")


def accept(data: bytes, name: str, formats: Sequence[str]) -> str:
    """Return what the file is: a key of :data:`TAKEN`. RefusedFileError when it is empty, something else, or not what its name says.

    ``formats`` names what may be handed over; a file that becomes a JPG on the way may come where JPG may.
    """
    if not data:
        raise RefusedFileError("这个文件是空的（0 字节）。向对方另要一份，或直接扫描原件。")
    named = [f for f in TAKEN if f in formats] or [f for f in TAKEN if f not in _BECOME_JPG]
    allowed = [*named, *_BECOME_JPG] if "JPG" in named else named
    kind, told = kind_of(data), told_by_name(name)
    if not kind:
        raise RefusedFileError(_what_it_is(data, told, "、".join(named)))
    if told and told != kind:
        ending = PurePath(name).suffix.lower()
        raise RefusedFileError(f"文件名结尾是 {ending}，内容却是 {kind}。核对是不是这份，是就把结尾改成 {TAKEN[kind]} 再加。")
    if kind not in allowed:
        raise RefusedFileError(f"这是 {kind} 文件，这里收 {'、'.join(named)}。另存成其中一种，或直接扫描原件。")
    return kind


def _what_it_is(data: bytes, told: str, allowed: str) -> str:
    for at, sign, called, way_out in _SIGNS:
        if data.startswith(sign, at):
            but = f"文件名说是 {told}，" if told in TAKEN else ""
            return f"{but}内容是{called}，这里收 {allowed}。{way_out}。"
    if told in TAKEN:
        return f"文件名说是 {told}，内容不是：可能坏了或改过名。向对方另要一份，或直接扫描原件。"
    return f"这个文件认不出是什么，这里收 {allowed}。另存成其中一种，或直接扫描原件。"
