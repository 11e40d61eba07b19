"""Addresses, ids, XML and JPEG headers of eSCL scanners, piece by piece."""

import io
import struct

import pytest
from escl_kit import page
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.adapters.devices import escl_jpeg
from app.adapters.devices.escl_address import Known, Place, known, places, same
from app.adapters.devices.escl_xml import XmlError, capabilities, parse, plain_uuid, settings, status
from app.core.errors import DeviceError
from app.services.ports import Feed

UUID, PIN = "4509a320-00a0-008f-00b6-00a0cc4b4f2d", "ab" * 32


@pytest.mark.parametrize(
    ("typed", "urls"),
    [
        ("192.168.1.20", ["https://192.168.1.20/eSCL", "http://192.168.1.20/eSCL", "http://192.168.1.20:8080/eSCL"]),
        (
            " １９２．１６８。１．２０ ",
            ["https://192.168.1.20/eSCL", "http://192.168.1.20/eSCL", "http://192.168.1.20:8080/eSCL"],
        ),
        ("192.168.1.20:443", ["https://192.168.1.20/eSCL", "http://192.168.1.20:443/eSCL"]),
        ("192.168.1.20：9095", ["http://192.168.1.20:9095/eSCL", "https://192.168.1.20:9095/eSCL"]),
        ("http://printer.lan/eSCL/", ["http://printer.lan/eSCL"]),
        ("HTTPS://Printer.lan:8443/scan/eSCL", ["https://printer.lan:8443/scan/eSCL"]),
        ("[fd00::2]:8080", ["http://[fd00::2]:8080/eSCL", "https://[fd00::2]:8080/eSCL"]),
        ("http://[fe80::1%25eth0]/eSCL", ["http://[fe80::1%25eth0]/eSCL"]),
        (
            "fe80::1%eth0",
            ["https://[fe80::1%25eth0]/eSCL", "http://[fe80::1%25eth0]/eSCL", "http://[fe80::1%25eth0]:8080/eSCL"],
        ),
    ],
)
def test_a_typed_address_says_where_to_look(typed, urls):
    assert [place.url for place in places(typed)] == urls


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "ftp://a",
        "192.168.1",
        "192.168.1.300",
        "a b",
        "http://user@host/",
        "host:99999",
        "host:x",
        "http://",
        "[fe80::1",
        "http://h/eSCL?x\r\nHost: y",
        "http://h/../a%00",
        "扫描仪",
        "a" * 400,
        "file:///etc/passwd",
    ],
)
def test_what_is_no_address_is_said(typed):
    with pytest.raises(DeviceError, match="地址写得不对"):
        places(typed)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_told_to_be_none(text):
    try:
        found = places(text)
    except DeviceError:
        return
    assert all(place.url.isascii() and place.url.isprintable() and " " not in place.url for place in found)


HOSTS = st.one_of(
    st.ip_addresses(v=4).map(str), st.ip_addresses(v=6).map(str), st.sampled_from(["printer.lan", "fe80::1%eth0"])
)


@given(HOSTS, st.integers(1, 65535), st.booleans(), st.sampled_from(["", UUID]))
def test_an_id_says_again_what_it_was_made_of(host, port, secure, uuid):
    what = Known(Place(host, port, secure), uuid, PIN if secure else "")
    assert known(what.id) == what
    assert same(what.id, what.id)


def test_ids_are_the_same_scanner_by_uuid_and_certificate():
    here, there = Place("10.0.0.1", 443, True), Place("10.0.0.2", 443, True)
    assert same(Known(here, UUID, PIN).id, Known(there, UUID, PIN).id)
    assert not same(Known(here, UUID, PIN).id, Known(there, UUID, "cd" * 32).id)
    assert same(Known(here, UUID, PIN).id, Known(Place("10.0.0.1", 80), UUID).id)
    assert not same(Known(here, UUID, PIN).id, Known(here, UUID.replace("4", "5"), PIN).id)
    assert not same(Known(Place("10.0.0.1", 80)).id, Known(Place("10.0.0.2", 80)).id)
    assert not same("test:0", Known(here, UUID, PIN).id)


@pytest.mark.parametrize("text", [UUID.upper(), f"urn:uuid:{UUID}", f"  URN:UUID:{UUID} "])
def test_a_uuid_is_one_however_it_is_written(text):
    assert plain_uuid(text) == UUID


def capable(inner: str, version: str = "2.0") -> bytes:
    return f"""<?xml version="1.0"?><s:ScannerCapabilities xmlns:s="urn:s" xmlns:p="urn:p"><p:Version>{version}</p:Version>
<p:MakeAndModel>  Lab\x07  9000
</p:MakeAndModel>{inner}</s:ScannerCapabilities>""".replace("\x07", "&#9;").encode()


GLASS = """<s:Platen><s:PlatenInputCaps><s:MaxWidth>{width}</s:MaxWidth><s:MaxHeight>{height}</s:MaxHeight>
<s:SettingProfiles><s:SettingProfile><s:ColorModes><s:ColorMode>BlackAndWhite1</s:ColorMode><s:ColorMode>{mode}</s:ColorMode></s:ColorModes>
<s:SupportedResolutions><s:ResolutionRange><s:XResolutionRange><s:Min>75</s:Min><s:Max>400</s:Max><s:Normal>75</s:Normal><s:Step>1</s:Step>
</s:XResolutionRange></s:ResolutionRange></s:SupportedResolutions></s:SettingProfile></s:SettingProfiles></s:PlatenInputCaps></s:Platen>"""


def test_a_range_of_resolutions_offers_the_usual_ones():
    caps = capabilities(capable(GLASS.format(width=2550, height=3508, mode="RGB24")))
    assert caps.name == "Lab 9000"
    assert caps.glass.dpis == (75, 100, 150, 200, 240, 300, 400)
    assert (caps.glass.dpi(210), caps.glass.dpi(1200), caps.glass.dpi(1)) == (240, 400, 75)
    assert caps.feeder is None


def test_a_grey_scanner_scans_grey_and_an_old_one_gets_no_newer_words():
    caps = capabilities(capable(GLASS.format(width=2550, height=3508, mode="Grayscale8")))
    body = settings(caps, caps.glass, Feed.GLASS, dpi=200, colour=True)
    assert b"<scan:ColorMode>Grayscale8<" in body
    assert b"DocumentFormatExt" not in body


@pytest.mark.parametrize(
    ("width", "height", "asked"), [(3508, 4961, (3508, 4961)), (2550, 90000, (2550, 4200)), (9000, 90000, (3600, 5100))]
)
def test_the_area_is_the_whole_of_the_source_but_not_longer_than_paper(width, height, asked):
    caps = capabilities(capable(GLASS.format(width=width, height=height, mode="RGB24")))
    body = parse(settings(caps, caps.glass, Feed.GLASS, dpi=300, colour=True), "ScanSettings")
    assert (body.number("Width"), body.number("Height")) == asked


def test_a_scanner_without_jpeg_cannot_be_used():
    with pytest.raises(XmlError):
        capabilities(capable("<s:Platen><s:PlatenInputCaps/></s:Platen>"))


@given(st.binary(max_size=400))
def test_any_bytes_are_xml_or_told_to_be_none(data):
    for read in (capabilities, status):
        with pytest.raises(XmlError):
            read(data)


def test_a_whole_jpeg_is_told_from_a_cut_one():
    data = page()
    assert escl_jpeg.whole(data)
    assert escl_jpeg.whole(data + b"\0" * 100)
    for cut in (0, 1, 2, 20, len(data) // 2, len(data) - 1):
        assert not escl_jpeg.whole(data[:cut])
    assert not escl_jpeg.whole(data[: len(data) // 2] + b"\xff\xd9")


@given(st.binary(max_size=200))
def test_no_bytes_after_a_jpeg_mark_break_anything(tail):
    escl_jpeg.whole(b"\xff\xd8" + tail + b"\xff\xd9")
    escl_jpeg.with_dpi(b"\xff\xd8" + tail, 200)


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def test_a_said_resolution_stays_and_a_missing_one_is_added_without_touching_the_picture():
    bare, said = page(1, None), page(1, 150)
    assert escl_jpeg.with_dpi(said, 300) == said
    added = escl_jpeg.with_dpi(bare, 300)
    assert opened(added).info["dpi"] == (300, 300)
    assert opened(added).tobytes() == opened(bare).tobytes()
    headless = b"\xff\xd8" + bare[4 + int.from_bytes(bare[4:6], "big") :]
    added = escl_jpeg.with_dpi(headless, 300)
    assert opened(added).info["dpi"] == (300, 300)
    assert added.endswith(headless[2:])
    assert opened(added).tobytes() == opened(bare).tobytes()


def test_a_jpeg_with_its_own_idea_of_colour_or_header_is_left_alone():
    bare = page(1, None)
    headless = b"\xff\xd8" + bare[4 + int.from_bytes(bare[4:6], "big") :]
    for marker, words in ((0xEE, b"Adobe\0\x64\0\0\0\0\0"), (0xE1, b"Exif\0\0II*\0\x08\0\0\0\0\0")):
        odd = headless[:2] + struct.pack(">BBH", 0xFF, marker, len(words) + 2) + words + headless[2:]
        assert escl_jpeg.with_dpi(odd, 300) == odd
