"""A print service of our own: the real cupsd as an ordinary process on a loopback port, with printers that keep what reaches them.

Its printers are real CUPS queues with a backend of ours: what it is given is what an office's printer would be given.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE_S = 60.0
CUPSD = shutil.which("cupsd") or "/usr/sbin/cupsd"

_CUPSD = """\
LogLevel warn
Listen 127.0.0.1:{port}
Browsing Off
WebInterface No
DefaultAuthType None
DefaultEncryption Never
ErrorPolicy stop-printer
PreserveJobHistory Yes
PreserveJobFiles No
JobKillDelay 1
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  SubscriptionPrivateAccess all
  SubscriptionPrivateValues none
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
_FILES = """\
FileDevice Yes
ServerRoot {root}/etc
ServerBin {root}/bin
RequestRoot {root}/spool
TempDir {root}/spool/tmp
StateDir {root}/run
CacheDir {root}/cache
AccessLog {root}/log/access
ErrorLog {root}/log/error
PageLog {root}/log/page
"""
# argv: job user title copies options [file]. While "wait" lies there, the printer says what is in it and does not go on.
_BACKEND = """\
#!/bin/sh
out="{root}/out/$PRINTER"
mkdir -p "$out"
if [ -e "$out/wait" ]; then
  why=$(cat "$out/wait")
  echo "STATE: +$why" >&2
  while [ -e "$out/wait" ]; do sleep 0.1; done
  echo "STATE: -$why" >&2
fi
[ -e "$out/broken" ] && exit 1
printf '%s\\n' "$3" "$4" "$5" > "$out/$1.args"
if [ $# -gt 5 ]; then cat "$6"; else cat; fi > "$out/$1.part"
mv "$out/$1.part" "$out/$1.pdf"
exit 0
"""
_PPD = """\
*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "KEEP.PPD"
*Manufacturer: "Window"
*Product: "(Keep)"
*ModelName: "Keep"
*ShortNickName: "Keep"
*NickName: "Keep"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*ColorDevice: False
*DefaultColorSpace: Gray
*FileSystem: False
*cupsFilter2: "application/pdf application/pdf 0 -"
*OpenUI *PageSize/Media: PickOne
*DefaultPageSize: Letter
*PageSize A4/A4: ""
*PageSize Letter/Letter: ""
*CloseUI: *PageSize
*OpenUI *PageRegion/Media: PickOne
*DefaultPageRegion: Letter
*PageRegion A4/A4: ""
*PageRegion Letter/Letter: ""
*CloseUI: *PageRegion
*DefaultImageableArea: Letter
*ImageableArea A4/A4: "0 0 595 842"
*ImageableArea Letter/Letter: "0 0 612 792"
*DefaultPaperDimension: Letter
*PaperDimension A4/A4: "595 842"
*PaperDimension Letter/Letter: "612 792"
"""
_DUPLEX = """\
*OpenUI *Duplex/2-Sided: PickOne
*DefaultDuplex: None
*Duplex None/Off: ""
*Duplex DuplexNoTumble/Long: ""
*Duplex DuplexTumble/Short: ""
*CloseUI: *Duplex
"""


@dataclass(frozen=True, slots=True)
class Printed:
    """What reached a printer: title, copies and options as CUPS hands them to a driver, and the bytes."""

    title: str
    copies: int
    options: frozenset[str]
    pdf: bytes


class Office:
    """A running print service. ``stop`` ends the daemon, ``start`` brings it back with its queues."""

    def __init__(self, root: Path) -> None:
        self.root = root
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        for folder in ("etc/ppd", "spool/tmp", "run", "cache", "log", "out", "bin/backend", "bin/filter"):
            (root / folder).mkdir(parents=True)
        (root / "bin/daemon").symlink_to("/usr/lib/cups/daemon")
        (root / "etc/cupsd.conf").write_text(_CUPSD.format(port=self.port))
        (root / "etc/cups-files.conf").write_text(_FILES.format(root=root))
        for name, text in (("plain", _PPD), ("both", _PPD + _DUPLEX)):
            (root / f"{name}.ppd").write_text(text)
        backend = root / "bin/backend/keep"
        backend.write_text(_BACKEND.format(root=root))
        # cupsd runs a backend nobody else may read as its own user, so that it may write here.
        backend.chmod(0o700)
        self._daemon: subprocess.Popen[bytes] | None = None

    @property
    def server(self) -> str:
        """For CUPS_SERVER."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        words = [CUPSD, "-f", "-c", str(self.root / "etc/cupsd.conf"), "-s", str(self.root / "etc/cups-files.conf")]
        with (self.root / "log/out").open("ab") as log:
            self._daemon = subprocess.Popen(words, stdout=log, stderr=log)
        wait(lambda: "is running" in self.told("lpstat", "-r"), "cupsd")

    def stop(self) -> None:
        if self._daemon is not None:
            self._daemon.terminate()
            try:
                self._daemon.wait(10)
            except subprocess.TimeoutExpired:
                self._daemon.kill()
                self._daemon.wait()
            self._daemon = None

    def add(self, name: str, kind: str = "plain") -> None:
        self.told("lpadmin", "-p", name, "-E", "-v", f"keep:/{name}", "-P", str(self.root / f"{kind}.ppd"))
        self.folder(name).mkdir(exist_ok=True)

    def told(self, *words: str) -> str:
        """Run a program of CUPS here and answer what it said."""
        done = subprocess.run(
            words, env={**os.environ, "CUPS_SERVER": self.server, "LC_ALL": "C"}, capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr

    def folder(self, name: str) -> Path:
        return self.root / "out" / name

    def printed(self, name: str, job: str) -> Printed:
        """Wait for a job to reach its printer."""
        at = self.folder(name) / f"{job.rpartition('-')[2]}.pdf"
        wait(at.exists, job)
        title, copies, options = at.with_suffix(".args").read_text("utf-8").splitlines()
        return Printed(title, int(copies), frozenset(options.split()), at.read_bytes())

    def clear(self, *names: str) -> None:
        """Let the printers be idle and ready, with nothing waiting."""
        self.told("cancel", "-a", "-x")
        for name in names:
            for left in ("wait", "broken"):
                (self.folder(name) / left).unlink(missing_ok=True)
            self.told("cupsenable", name)
            self.told("cupsaccept", name)
        self.told("lpadmin", "-x", "Gone")
        wait(lambda: all(f"printer {name} is idle" in self.told("lpstat", "-p", name) for name in names), "idle printers")


def wait(until, what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not until():
        if time.monotonic() > end:
            raise AssertionError(f"waited for {what}")
        time.sleep(0.05)
