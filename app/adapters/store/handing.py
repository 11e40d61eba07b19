"""The opened store: drafts that go to another counter and come from one."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from app.adapters.store import applications, handover, keys, parcels, settings
from app.adapters.store.database import row, told, transaction
from app.adapters.store.opened import Opened
from app.services.ports import AuditEntry, Parcel, Voided

if TYPE_CHECKING:
    from pathlib import Path

    from app.core.application import Application


class Handing(Opened):
    """The part of the store that speaks of handing over (ports.Handing)."""

    def hand_over(self, id_: str, to: str, folder: Path, who: str) -> Parcel:
        """Write a draft into an encrypted file and mark it as given; see :class:`app.services.ports.Store`.

        The file is whole and read back before the mark is made, and the code is told only after it: whatever happens in between, the
        draft stays here and nobody can open the file.
        """
        with told():
            counter = settings.counter(self._db)
            parcel = handover.pack(self._db, id_, counter.code if counter else "")
        code = keys.new_code()
        name = parcels.write(parcel, code, folder)
        at = self._now()
        try:
            with transaction(self._db):
                handover.give(self._db, parcel, to, at, who)
                self._note(who, "handover", id_, f"{to} {parcel.id[:8]}")
        except BaseException:
            # Nobody will ever open it, and on a full disk it would only be in the way.
            with suppress(OSError):
                (folder / name).unlink(missing_ok=True)
            raise
        return Parcel(name, code)

    def take_in(self, file: Path, code: str, region: str, who: str) -> Application:
        """Take a handed-over draft in, all of it or nothing; see :class:`app.services.ports.Store`."""
        parcel = parcels.read(file, code)
        at = self._now()
        with transaction(self._db):
            application = handover.take(self._db, parcel, region, at, who)
            self._note(who, "taken_over", application.id, f"{parcel.counter} {parcel.id[:8]}")
        return application

    def take_back(self, id_: str, reason: str, who: str) -> None:
        """Make a draft that was given away this counter's own again. The reason stays with the row, not in the audit."""
        with transaction(self._db):
            handover.back(self._db, id_, reason, self._now())
            self._note(who, "taken_back", id_)

    def handed(self, id_: str) -> str:
        """Return to whom a draft was given, in words; '' while it is this counter's own."""
        with told():
            return str((applications.standing(self._db, id_) or {}).get("handed", ""))

    def voided(self, id_: str) -> Voided | None:
        """Return why, when and by whom an application was put aside for good; None for one that is not void."""
        with told():
            found = row(
                self._db,
                """SELECT a.note AS reason, coalesce(u.at, a.updated_at) AS at, coalesce(u.who, a.saved_by) AS by FROM applications a
                    LEFT JOIN audit u ON u.seq = (SELECT max(seq) FROM audit WHERE subject = a.id AND act = 'void')
                    WHERE a.id = ? AND a.state = 'void'""",
                (id_,),
            )
            return Voided(**found) if found else None

    def journal(self, id_: str) -> list[AuditEntry]:
        """Return what other counters noted about an application before it came here, oldest first."""
        with told():
            return handover.journal(self._db, id_)
