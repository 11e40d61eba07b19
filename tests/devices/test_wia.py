"""What is asked of a WIA scanner and made of its answers. The items are hand-written: there is no Windows and no device here."""

import io
import sys
import threading

import pytest
from PIL import Image

from app.adapters.devices import driver as words
from app.adapters.devices.wia import Wia, driver
from app.adapters.devices.wia_items import WiaError
from app.adapters.devices.wia_words import Format, sentence
from app.core.errors import DeviceError
from app.services.ports import Abilities, Feed, Scanner, ScanWish

CAN, STATUS, SELECT, PAGES = 3086, 3087, 3088, 3096
DATATYPE, DEPTH, FORMAT, TYMED = 4103, 4104, 4106, 4108
XRES, YRES, XPOS, YPOS, XEXTENT, YEXTENT = range(6147, 6153)


def bmp(level, mode="RGB", size=(80, 120)):
    out = io.BytesIO()
    Image.new(mode, size, level).save(out, "BMP")
    return out.getvalue()


class FakeItem:
    """An item as its driver shows it: properties, what they may be, what it refuses, the files it will deliver."""

    def __init__(self, feed=None, properties=(), choices=(), refused=(), children=(), files=(), error=None):
        self.feed = feed
        self.properties, self.allowed, self.refused = dict(properties), dict(choices), set(refused)
        self.below, self.files, self.error = list(children), list(files), error
        self.written = []
        self.hangs = threading.Event()
        self.hangs.set()
        self.stopped = 0

    def read(self, number):
        return self.properties.get(number)

    def choices(self, number):
        return self.allowed.get(number, ())

    def write(self, number, value):
        if number in self.refused or (number, value) in self.refused:
            return False
        self.written.append((number, value))
        self.properties[number] = value
        return True

    def children(self):
        return self.below

    def download(self, page, stopped):
        while self.files and not stopped():
            page(self.files.pop(0))
        while not self.hangs.wait(0.01) and not stopped():
            pass
        if self.error and not stopped():
            raise WiaError(self.error)

    def stop(self):
        self.stopped += 1


class FakeService:
    def __init__(self, root, error=None):
        self.root, self.error = root, error

    def devices(self):
        return [Scanner("{6BDD1FC6}\\0000", "wia", "HP Scan", "USB001")]

    def open(self, id_):
        if self.error:
            raise WiaError(self.error)
        return self.root


def flatbed(**more):
    return FakeItem(
        Feed.GLASS,
        {6165: 8500, 6166: 11700, **more.pop("properties", {})},
        {XRES: [75, 150, 200, 300, 600], DATATYPE: [0, 2, 3], XEXTENT: range(1, 2551), YEXTENT: range(1, 3511)},
        files=[bmp("white")],
        **more,
    )


def feeder(files=3, **more):
    return FakeItem(
        Feed.FEEDER,
        {6165: 8500, 6166: 14000},
        {XRES: range(50, 1201), DATATYPE: [2, 3]},
        files=[bmp(f"#{n}{n}{n}") for n in range(files)],
        **more,
    )


def device(*items, can=0x27, status=1, **more):
    return FakeItem(None, {CAN: can, STATUS: status}, children=items, **more)


def scanned(root, wish=None, cancelled=lambda: False):
    pages = []
    try:
        Wia(lambda: FakeService(root)).scan("x", wish or ScanWish(), pages.append, cancelled)
    except DeviceError as problem:
        return pages, problem.sentence
    return pages, ""


def test_a_stack_comes_page_by_page_as_png_with_its_resolution():
    pages, said = scanned(device(feeder(), flatbed()), ScanWish(dpi=300))
    assert said == ""
    opened = [Image.open(io.BytesIO(page)) for page in pages]
    assert [picture.format for picture in opened] == ["PNG"] * 3
    assert [picture.getpixel((0, 0)) for picture in opened] == [(0, 0, 0), (17, 17, 17), (34, 34, 34)]
    assert {tuple(round(each) for each in picture.info["dpi"]) for picture in opened} == {(300, 300)}


def test_the_glass_is_told_what_follows_from_what_in_this_order():
    glass = flatbed()
    scanned(device(feeder(), glass), ScanWish(feed=Feed.GLASS, dpi=240, colour=False))
    assert glass.written == [
        (DATATYPE, 2),
        (DEPTH, 8),
        (TYMED, 2),
        (FORMAT, Format.BMP),
        (XRES, 300),
        (YRES, 300),
        (XPOS, 0),
        (YPOS, 0),
        (XEXTENT, 2550),
        (YEXTENT, 3510),
    ]


@pytest.mark.parametrize(("can", "sides"), [(0x27, 0x4), (0x23, 0x20)])
def test_two_sides_are_asked_of_a_feeder_that_has_them(can, sides):
    paper = feeder()
    scanned(device(paper, flatbed(), can=can), ScanWish(duplex=True, dpi=210))
    assert paper.written[:2] == [(SELECT, sides), (PAGES, 0)]
    assert (XRES, 240) in paper.written


def test_an_older_driver_with_one_item_is_told_on_the_device():
    item = FakeItem(None, {}, {XRES: [100, 200]}, files=[bmp("white")])
    root = device(item)
    assert len(scanned(root, ScanWish(feed=Feed.FEEDER, duplex=True))[0]) == 1
    assert root.written == [(SELECT, 0x1 | 0x4)]
    item.files = [bmp("white")]
    assert len(scanned(root, ScanWish(feed=Feed.GLASS))[0]) == 1
    assert root.written[-1] == (SELECT, 0x2)


def test_a_driver_that_refuses_bmp_gives_its_jpeg_untouched():
    out = io.BytesIO()
    Image.new("RGB", (80, 120), "white").save(out, "JPEG", dpi=(200, 200))
    glass = flatbed(refused=[(FORMAT, Format.BMP), DEPTH, YPOS])
    glass.files = [out.getvalue()]
    assert scanned(device(glass, can=2)) == ([out.getvalue()], "")
    assert (FORMAT, Format.JPEG) in glass.written


@pytest.mark.parametrize(
    ("wish", "can", "status", "paper", "pages"),
    [
        (Feed.AUTO, 0x27, 1, 3, 3),  # the sensor sees paper
        (Feed.AUTO, 0x27, 0, 3, 1),  # the sensor sees none
        (Feed.AUTO, 0x07, 0, 3, 3),  # no sensor: tried
        (Feed.AUTO, 0x07, 0, 0, 1),  # no sensor, no paper: the glass
        (Feed.GLASS, 0x27, 1, 3, 1),
        (Feed.FEEDER, 0x27, 0, 3, 3),
    ],
)
def test_paper_is_taken_from_where_it_lies(wish, can, status, paper, pages):
    root = device(feeder(paper, error=0x80210003), flatbed(), can=can, status=status)
    got, said = scanned(root, ScanWish(feed=wish))
    assert (len(got), said) == (pages, "")


def test_an_empty_feeder_after_a_page_is_the_end_and_before_it_a_sentence():
    assert scanned(device(feeder(2, error=0x80210003), can=0x21))[1] == ""
    assert scanned(device(feeder(0, error=0x80210003), can=0x21)) == ([], words.EMPTY)
    assert scanned(device(feeder(0), can=0x21)) == ([], words.EMPTY)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (0x80210002, words.JAM),
        (0x80210010, words.COVER),
        (0x80210016, words.COVER),
        (0x80210006, words.BUSY),
        (0x8021000D, words.BUSY),
        (0x80210005, words.LOST),
        (0x8021000A, words.LOST),
        (0x80210001, words.STOPPED),
        (0x80210099, words.STOPPED),
        (0x80070005, words.DENIED),
    ],
)
def test_what_stops_the_paper_is_told_and_the_pages_before_are_kept(code, said):
    pages, sentence_ = scanned(device(feeder(2, error=code), flatbed()))
    assert (len(pages), sentence_) == (2, said)
    assert sentence(code - (1 << 32)) == said  # COM gives HRESULTs as signed numbers


def test_a_file_that_is_not_whole_is_not_handed_over():
    for spoilt in (bmp("white")[:200], b"", b"\xff\xd8\xff", b"<html>"):
        paper = feeder(1)
        paper.files.append(spoilt)
        pages, said = scanned(device(paper, flatbed()))
        assert (len(pages), said) == (1, words.SPOILT)


def test_cancelled_it_stops_the_transfer_and_ends_quietly():
    paper = feeder(1)
    paper.hangs.clear()
    pages = []
    Wia(lambda: FakeService(device(paper, flatbed()))).scan("x", ScanWish(), pages.append, lambda: bool(pages))
    assert len(pages) == 1
    assert paper.stopped == 1


def test_the_next_sheet_waits_until_the_page_is_in_safe_hands():
    paper = feeder(3)
    left = []
    Wia(lambda: FakeService(device(paper, flatbed()))).scan(
        "x", ScanWish(), lambda _: left.append(len(paper.files)), lambda: False
    )
    assert left == [2, 1, 0]


def test_a_page_that_finds_no_room_stops_the_transfer():
    paper = feeder(3)

    def full(_):
        raise MemoryError

    with pytest.raises(MemoryError):
        Wia(lambda: FakeService(device(paper, flatbed()))).scan("x", ScanWish(), full, lambda: False)
    assert len(paper.files) == 2


def test_abilities_are_what_the_driver_lists():
    wia = Wia(lambda: FakeService(device(feeder(), flatbed())))
    assert wia.abilities("x") == Abilities((Feed.FEEDER, Feed.GLASS), (75, 100, 150, 200, 240, 300, 400, 600), duplex=True)
    bare = Wia(lambda: FakeService(device(FakeItem(Feed.GLASS, {}, {XRES: [200], DATATYPE: [2]}), can=0)))
    assert bare.abilities("x") == Abilities((Feed.GLASS,), (200,), colour=False)
    assert wia.found(lambda: False)[0].name == "HP Scan"
    assert wia.pressed("x") is False
    with pytest.raises(DeviceError, match="网络扫描仪"):
        wia.at("192.168.1.20")


def test_a_device_that_is_gone_is_said():
    for code in (0x80210015, 0x80070002):
        wia = Wia(lambda code=code: FakeService(None, code))
        with pytest.raises(DeviceError) as told:
            wia.scan("x", ScanWish(), print, lambda: False)
        assert told.value.sentence == words.ABSENT


@pytest.mark.skipif(sys.platform == "win32", reason="there it is Windows")
def test_elsewhere_than_on_windows_it_says_so():
    with pytest.raises(DeviceError, match="不是 Windows"):
        driver().found(lambda: False)
    assert "comtypes" not in sys.modules
