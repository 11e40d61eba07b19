"""All that a service may use, in one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.services.ports.cards import NO_CARD_READERS
from app.services.ports.media import no_media
from app.services.ports.recognition import NOTHING_RECOGNISED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from app.core.applicant_texts import Texts
    from app.core.application import Acceptance, Application
    from app.core.character_finder import Characters
    from app.core.notice import Notice
    from app.core.region import Region
    from app.core.workdays import Calendar
    from app.services.ports.cards import CardReaders
    from app.services.ports.devices import Scanners, Watching
    from app.services.ports.machine import Clock, Disk, Exporter, Imaging, Printery, Sheets, Signatures, Uptime
    from app.services.ports.media import MediaWatching
    from app.services.ports.printers import Printer
    from app.services.ports.recognition import Recogniser
    from app.services.ports.regions import Shelf
    from app.services.ports.store import Store
    from app.services.ports.transfer import Places, Sealer
    from app.services.ports.values import Counter
    from app.services.ports.vault import Vault


@dataclass(frozen=True, slots=True)
class Desk:
    """All a service may use. Made by the composition root, handed to services, never to a widget's paint code."""

    store: Store
    vault: Vault
    imaging: Imaging
    printery: Printery
    printer: Printer
    exporter: Exporter
    clock: Clock
    calendar: Calendar
    regions: Mapping[str, Region]
    region: Region
    counter: Counter
    clerk: str
    data_dir: Path
    disk: Disk
    uptime: Uptime
    notice: Notice
    signatures: Signatures
    sealer: Sealer
    places: Places
    scanners: Scanners
    watching: Watching
    shelf: Shelf
    sheets: Sheets
    characters: Callable[[], Characters]
    """Reads the table of characters, half a second of work; AppError when it is not there."""
    editions: Mapping[tuple[str, str], Region] = field(default_factory=dict)
    """Former and coming versions of regions that can be used, by region and version; each is read when first asked for."""
    cards: CardReaders = NO_CARD_READERS
    recogniser: Recogniser = NOTHING_RECOGNISED
    languages: tuple[Texts, ...] = ()
    """What the applicant's screen can speak, the language that is always there first."""
    media: MediaWatching = no_media

    def region_of(self, application: Application) -> Region:
        """Return the region whose rules this application follows: its own, and the counter's when that one is not here."""
        return self.known_region(application) or self.region

    def known_region(self, application: Application) -> Region | None:
        """Return an application's own region in the version it was started with; today's where that one is not kept, None where none is."""
        now = self.regions.get(application.region)
        if now is None or now.version != application.region_version:
            return self.editions.get((application.region, application.region_version), now)
        return now


def accepted(application: Application) -> Acceptance:
    """Return the acceptance of an application that has one. A missing one is our bug."""
    if application.acceptance is None:
        raise ValueError("not accepted yet")
    return application.acceptance
