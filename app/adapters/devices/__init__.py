"""Scanners: one process per driver, one face over all of them, and folders that scanners write into."""

from app.adapters.devices.scanners import Devices
from app.adapters.devices.watched import Watched, WatchedFile

__all__ = ["Devices", "Watched", "WatchedFile"]
