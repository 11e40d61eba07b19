"""What an eSCL scanner says of itself and what it is told: the XML of Mopria eSCL 2.x, read without trust.

A scanner is a stranger in the network: no DTD and no entities are taken, and size, depth and number of elements are limited. Names are
compared without their namespace prefix, because firmware disagrees on which of the two namespaces an element belongs to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn
from xml.parsers import expat

from app.services.ports import Feed

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 1 << 20
_MAX_DEPTH, _MAX_ELEMENTS, _MAX_NAME = 32, 20_000, 64
_SCAN = "http://schemas.hp.com/imaging/escl/2011/05/03"
_PWG = "http://www.pwg.org/schemas/2010/12/sm"
#: The resolutions offered where a scanner names a range.
_USUAL_DPIS = (75, 100, 150, 200, 240, 300, 400, 600)
#: 1/300 inch. Wider than Legal is a glass or feeder for A3; nothing longer than A3 is asked for, or an endless feeder would pad it.
_LETTER_WIDTH, _A3 = 2560, (3600, 5100)
_LEGAL_HEIGHT = 4200


class XmlError(ValueError):
    """What came is not the XML that was asked for."""


@dataclass(slots=True)
class Node:
    """An element: its name without namespace, its own text, its children."""

    name: str
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def all(self, name: str) -> Iterator[Node]:
        """Every element of this name below this one, in order."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.all(name)

    def first(self, name: str) -> Node | None:
        """Return the first element of this name below this one."""
        return next(self.all(name), None)

    def say(self, name: str) -> str:
        """Return the text of the first element of this name, without control characters, cut to a readable length."""
        found = self.first(name)
        return clean(found.text) if found else ""

    def number(self, name: str) -> int | None:
        """Return the first element of this name as a sane count, None when it is none."""
        return _number(self.say(name))


@dataclass(frozen=True, slots=True)
class Source:
    """One way for paper in. Sizes in 1/300 inch; ``dpis`` ascending; ``modes`` are eSCL ColorModes."""

    width: int
    height: int
    dpis: tuple[int, ...]
    modes: tuple[str, ...]
    formats: tuple[str, ...]

    def dpi(self, wanted: int) -> int:
        """Return the wanted resolution or the next higher one; the highest where there is none."""
        return next((dpi for dpi in self.dpis if dpi >= wanted), self.dpis[-1])

    def mode(self, *, colour: bool) -> str:
        """Return the nearest ColorMode."""
        order = ("RGB24", "Grayscale8") if colour else ("Grayscale8", "RGB24")
        return next((mode for mode in order if mode in self.modes), self.modes[0])


@dataclass(frozen=True, slots=True)
class Capabilities:
    """ScannerCapabilities: the sources a scanner has, and whether it sees paper in its feeder."""

    version: str
    name: str
    uuid: str
    glass: Source | None
    feeder: Source | None
    both_sides: Source | None
    sees_paper: bool

    def source(self, feed: Feed, *, duplex: bool) -> Source | None:
        """Return what scans from there; one side where both are asked of a feeder that cannot."""
        if feed is Feed.GLASS:
            return self.glass
        return (self.both_sides if duplex else None) or self.feeder or self.both_sides


@dataclass(frozen=True, slots=True)
class Status:
    """ScannerStatus: ``state`` Idle, Processing, Testing, Stopped or Down; ``adf`` an AdfState; JobState by the end of a job's URI."""

    state: str
    adf: str
    jobs: dict[str, str]


def parse(data: bytes, root: str) -> Node:
    """Return the tree under the given root element. XmlError for everything that is not small, plain, whole XML with that root."""
    if len(data) > MAX_BYTES:
        raise XmlError("too large")
    top = Node("")
    stack, count = [top], 0

    def refuse(*_: object) -> NoReturn:
        raise XmlError("DTD or entity")

    def begin(name: str, _: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if len(stack) > _MAX_DEPTH or count > _MAX_ELEMENTS:
            raise XmlError("too many elements")
        node = Node(name.rpartition(":")[2])
        stack[-1].children.append(node)
        stack.append(node)

    def end(_: str) -> None:
        stack.pop()

    def text(words: str) -> None:
        stack[-1].text += words

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as problem:
        raise XmlError(str(problem)) from problem
    if top.children[0].name != root:
        raise XmlError(f"{top.children[0].name[:40]} instead of {root}")
    return top.children[0]


def capabilities(data: bytes) -> Capabilities:
    """Read ScannerCapabilities. XmlError also when nothing in it can scan a JPEG."""
    node = parse(data, "ScannerCapabilities")
    parts = {name: _source(node.first(name)) for name in ("PlatenInputCaps", "AdfSimplexInputCaps", "AdfDuplexInputCaps")}
    if not any(parts.values()):
        raise XmlError("no source that gives JPEG")
    options = [option.text.strip() for option in node.all("AdfOption")]
    version = node.say("Version")
    return Capabilities(
        version if re.fullmatch(r"\d\.\d{1,3}", version) else "2.0",
        node.say("MakeAndModel"),
        plain_uuid(node.say("UUID")),
        parts["PlatenInputCaps"],
        parts["AdfSimplexInputCaps"],
        parts["AdfDuplexInputCaps"],
        "DetectPaperLoaded" in options,
    )


def status(data: bytes) -> Status:
    """Read ScannerStatus."""
    node = parse(data, "ScannerStatus")
    jobs = {job.say("JobUri").rstrip("/").rpartition("/")[2]: job.say("JobState") for job in node.all("JobInfo")}
    own = next((child.text.strip() for child in node.children if child.name == "State"), "")
    return Status(own, node.say("AdfState"), jobs)


def settings(caps: Capabilities, source: Source, feed: Feed, *, dpi: int, colour: bool) -> bytes:
    """Return the ScanSettings for one job: the whole area of the source, as JPEG."""
    width = min(source.width, _A3[0])
    height = min(source.height, _A3[1] if width > _LETTER_WIDTH else _LEGAL_HEIGHT)
    resolution = source.dpi(dpi)
    where = "Platen" if feed is Feed.GLASS else "Feeder"
    sides = source is caps.both_sides
    newer = [int(part) for part in caps.version.split(".")] >= [2, 1]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<scan:ScanSettings xmlns:scan="{_SCAN}" xmlns:pwg="{_PWG}">',
        f"<pwg:Version>{caps.version}</pwg:Version>",
        "<pwg:ScanRegions><pwg:ScanRegion>",
        "<pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>",
        "<pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset>",
        f"<pwg:Width>{width}</pwg:Width><pwg:Height>{height}</pwg:Height>",
        "</pwg:ScanRegion></pwg:ScanRegions>",
        f"<pwg:InputSource>{where}</pwg:InputSource>",
        f"<scan:ColorMode>{source.mode(colour=colour)}</scan:ColorMode>",
        "<pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>",
        "<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt>" if newer else "",
        f"<scan:XResolution>{resolution}</scan:XResolution><scan:YResolution>{resolution}</scan:YResolution>",
        f"<scan:Duplex>{'true' if sides else 'false'}</scan:Duplex>" if where == "Feeder" else "",
        "</scan:ScanSettings>",
    ]
    return "\n".join(line for line in lines if line).encode()


def plain_uuid(text: str) -> str:
    """Return a UUID as firmware writes it (``urn:uuid:``, capitals) in one way; an empty string when it is none."""
    found = text.strip().lower().removeprefix("urn:uuid:")
    return found if re.fullmatch(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", found) else ""


def clean(text: str) -> str:
    """Return a device's own words fit for a list on the screen."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:_MAX_NAME]


def _source(node: Node | None) -> Source | None:
    if node is None:
        return None
    formats = {clean(one.text) for name in ("DocumentFormat", "DocumentFormatExt") for one in node.all(name)}
    modes = tuple(dict.fromkeys(clean(one.text) for one in node.all("ColorMode") if clean(one.text)))
    dpis = _dpis(node)
    width, height = node.number("MaxWidth"), node.number("MaxHeight")
    if (formats and "image/jpeg" not in formats) or not dpis or not width or not height:
        return None
    known = tuple(mode for mode in modes if mode in {"RGB24", "Grayscale8"})
    return Source(width, height, dpis, known or modes[:1] or ("RGB24",), tuple(sorted(formats)))


def _dpis(node: Node) -> tuple[int, ...]:
    found = {
        across
        for one in node.all("DiscreteResolution")
        if (across := one.number("XResolution")) and across == one.number("YResolution")
    }
    if (span := node.first("XResolutionRange")) is not None:
        low, high = span.number("Min") or 1, span.number("Max") or 0
        found.update(dpi for dpi in _USUAL_DPIS if low <= dpi <= high)
    return tuple(sorted(dpi for dpi in found if dpi <= _USUAL_DPIS[-1] * 2))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None  # noqa: PLR2004 - a million of anything is a lie
