"""What the services need of the machine, as protocols. Adapters fulfil them; tests hold real and fake parts to the same contract.

Nothing here may be called on the GUI thread except where a docstring says so: the store, the printer and imaging live on the
local lane.
"""

from app.services.ports.desk import Desk, accepted
from app.services.ports.devices import Abilities, Feed, Scanner, Scanners, ScanWish
from app.services.ports.machine import (
    Clock,
    Disk,
    Exporter,
    Imaging,
    Printer,
    Printery,
    Uptime,
)
from app.services.ports.store import CopyWriter, Store, Vault
from app.services.ports.values import (
    Affected,
    AuditEntry,
    Batch,
    Capture,
    Change,
    Clerk,
    CopyMark,
    CopyRecord,
    Counter,
    Counts,
    Entry,
    Exported,
    Mended,
    Parcel,
    Queue,
    Rendered,
    Restored,
    Role,
    Saved,
    Space,
    Tally,
)

__all__ = [
    "Abilities",
    "Affected",
    "AuditEntry",
    "Batch",
    "Capture",
    "Change",
    "Clerk",
    "Clock",
    "CopyMark",
    "CopyRecord",
    "CopyWriter",
    "Counter",
    "Counts",
    "Desk",
    "Disk",
    "Entry",
    "Exported",
    "Exporter",
    "Feed",
    "Imaging",
    "Mended",
    "Parcel",
    "Printer",
    "Printery",
    "Queue",
    "Rendered",
    "Restored",
    "Role",
    "Saved",
    "ScanWish",
    "Scanner",
    "Scanners",
    "Space",
    "Store",
    "Tally",
    "Uptime",
    "Vault",
    "accepted",
]
