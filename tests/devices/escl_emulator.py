"""An eSCL scanner on loopback, with a feeder, a glass and everything that goes wrong with one.

Speaks as real ones do (Mopria eSCL 2.63): a job takes its sheets from the feeder one by one, NextDocument hands over the next page and
answers 404 when there is none. Serves own clients and ``sane-airscan`` alike::

    with Emulator(feeder=[jpeg, jpeg], glass=jpeg) as scanner:
        scanner.url          # http://127.0.0.1:41234/eSCL
        scanner.fault = Fault.JAM
        scanner.fault_at = 1  # the second page jams

A fault stays until it is set to NONE; ``load`` puts paper in again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import http.server
import re
import ssl
import sys
import tempfile
import threading
import time
import uuid
from contextlib import suppress
from enum import Enum, auto
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

NAMESPACES = 'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
DPIS = (75, 150, 200, 300, 600)


class Fault(Enum):
    """What goes wrong with page ``fault_at`` (counted from 0 in each job)."""

    NONE = auto()
    JAM = auto()  # 409, ScannerAdfJam
    COVER = auto()  # 409, ScannerAdfHatchOpen
    MULTIPICK = auto()  # 409, ScannerAdfMultipickDetected
    QUIET_JAM = auto()  # 404 as if it were the end, and ScannerAdfJam
    GONE = auto()  # 410: the scanner gave the job up
    BROKEN = auto()  # 500
    CUT = auto()  # the connection breaks in the middle of the page
    DROP = auto()  # the connection breaks before any answer
    TRUNCATED = auto()  # half a page, and a Content-Length to match
    SHORT_LENGTH = auto()  # a Content-Length smaller than the page
    LONG_LENGTH = auto()  # a Content-Length larger than the page, then the connection ends
    HUGE_LENGTH = auto()  # a Content-Length of a terabyte
    HTML = auto()  # 200 with an error page
    EMPTY_BODY = auto()  # 200 with nothing
    ENDLESS = auto()  # bytes without end
    HANG = auto()  # no answer at all
    STALL = auto()  # half a page, then nothing
    NOT_HTTP = auto()  # an answer in another language


class Emulator:
    """One scanner. All attributes may be changed between requests, and read at any time."""

    def __init__(
        self,
        feeder=(),
        glass=None,
        *,
        duplex=True,
        dpis=DPIS,
        detects_paper=True,
        certificate=None,
        chunked=False,
        port=0,
        device_id="4509a320-00a0-008f-00b6-00a0cc4b4f2d",
        name="Test eSCL",
    ):
        self.name, self.uuid, self.dpis, self.duplex, self.detects_paper = name, device_id, dpis, duplex, detects_paper
        self.glass, self.chunked = glass, chunked
        self.has_feeder = True
        self.fault, self.fault_at = Fault.NONE, 0
        self.busy = 0  # how many POSTs get 503
        self.not_ready = 0  # how many NextDocuments get 503
        self.retry_after = "0"
        self.pause = 0.0  # seconds between pieces of a page
        self.end_pause = 0.0  # seconds before it says that there is no next page
        self.capabilities = None  # bytes to answer with instead of the true ones
        self.status = None
        self.location = "{scheme}://{host}/eSCL/ScanJobs/{job}"
        self.requests = []  # (method, path, answer)
        self.settings = []  # the body of each ScanJobs POST
        self.deleted = []  # (job, time.monotonic())
        self.jobs = {}  # job -> pages it still has, None for the feeder
        self.served = {}  # job -> pages handed over
        self.ended = {}  # job -> JobState
        self.released = threading.Event()  # set: whatever hangs ends
        self.reached = threading.Event()  # set when a fault has begun to act
        self.lock = threading.Lock()
        self.load(feeder)
        self.certificate = certificate
        self.server = _Server(("127.0.0.1", port), _Handler)
        self.server.scanner = self
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def load(self, pages):
        """Put sheets into the feeder (each a whole JPEG file)."""
        self.feeder = list(pages)

    @property
    def port(self):
        return self.server.server_address[1]

    @property
    def url(self):
        return f"{'https' if self.certificate else 'http'}://127.0.0.1:{self.port}/eSCL"

    def paths(self, method):
        """Return the path of every request of a method so far."""
        return [path for verb, path, _ in self.requests if verb == method]

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)

    def adf_state(self):
        faults = {
            Fault.JAM: "ScannerAdfJam",
            Fault.QUIET_JAM: "ScannerAdfJam",
            Fault.COVER: "ScannerAdfHatchOpen",
            Fault.MULTIPICK: "ScannerAdfMultipickDetected",
        }
        if self.fault in faults and (self.fault_at == 0 or self.reached.is_set()):
            return faults[self.fault]
        return "ScannerAdfLoaded" if self.feeder else "ScannerAdfEmpty"


#: How a job ends with a fault: its JobState and the answer.
_ENDS = {
    Fault.JAM: ("Aborted", 409),
    Fault.COVER: ("Aborted", 409),
    Fault.MULTIPICK: ("Aborted", 409),
    Fault.QUIET_JAM: ("Aborted", 404),
    Fault.GONE: ("Canceled", 410),
}
_ANSWERS = {
    Fault.BROKEN: (500, b"", "text/xml"),
    Fault.HTML: (200, b"<!DOCTYPE html><html><body>log in</body></html>", "text/html"),
    Fault.EMPTY_BODY: (200, b"", "image/jpeg"),
}


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """A client that goes away is nothing to print about."""
        if not isinstance(sys.exception() if hasattr(sys, "exception") else sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def do_GET(self):
        me = self.server.scanner
        if self.path == "/eSCL/ScannerCapabilities":
            self._answer(200, me.capabilities or capabilities(me))
        elif self.path == "/eSCL/ScannerStatus":
            self._answer(200, me.status or status(me))
        elif found := re.fullmatch(r"/eSCL/ScanJobs/([^/]+)/NextDocument", self.path):
            self._next(found[1])
        else:
            self._answer(404)

    def do_POST(self):
        me = self.server.scanner
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path != "/eSCL/ScanJobs":
            return self._answer(404)
        me.settings.append(body)
        feeder = "<pwg:InputSource>Feeder<" in body
        if me.busy:
            me.busy -= 1
            return self._answer(503, retry=True)
        stopped = me.fault in {Fault.JAM, Fault.COVER, Fault.MULTIPICK} and me.fault_at == 0
        if (feeder and (not me.has_feeder or not me.feeder or stopped)) or (not feeder and me.glass is None):
            return self._answer(409)
        job = str(uuid.uuid4())
        me.jobs[job] = None if feeder else [me.glass]
        me.served[job] = 0
        host = self.headers.get("Host", f"127.0.0.1:{me.port}")
        return self._answer(201, location=me.location.format(scheme=me.url.split(":")[0], host=host, job=job))

    def do_DELETE(self):
        me = self.server.scanner
        found = re.fullmatch(r"/eSCL/ScanJobs/([^/]+)", self.path)
        if not found or found[1] not in me.served:
            return self._answer(404)
        me.deleted.append((found[1], time.monotonic()))
        me.jobs.pop(found[1], None)
        me.ended.setdefault(found[1], "Canceled")
        return self._answer(200)

    def _answer(self, code, body=b"", kind="text/xml", location="", retry=False):
        me = self.server.scanner
        me.requests.append((self.command, self.path, code))
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        if retry and me.retry_after:
            self.send_header("Retry-After", me.retry_after)
        self.end_headers()
        self.wfile.write(body)

    def _next(self, job):
        me = self.server.scanner
        if job not in me.jobs:
            return self._answer(404)
        if me.not_ready:
            me.not_ready -= 1
            return self._answer(503, retry=True)
        if me.fault is not Fault.NONE and me.served[job] == me.fault_at:
            return self._go_wrong(job)
        with me.lock:
            stack = me.feeder if me.jobs[job] is None else me.jobs[job]
            page = stack.pop(0) if stack else None
            me.served[job] += page is not None
        if page is None:
            me.released.wait(me.end_pause)
            me.jobs.pop(job, None)
            me.ended[job] = "Completed"
            return self._answer(404)
        return self._page(page)

    def _page(self, page, length=None, upto=None):
        me = self.server.scanner
        me.requests.append((self.command, self.path, 200))
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg")
        if me.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(page) if length is None else length))
        self.end_headers()
        sent = page if upto is None else page[:upto]
        step = max(1, len(sent) // 8) if me.pause else 1 << 18
        for at in range(0, len(sent), step):
            piece = sent[at : at + step]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if me.chunked else piece)
            if me.pause:
                self.wfile.flush()
                me.released.wait(me.pause)
        if me.chunked and upto is None:
            self.wfile.write(b"0\r\n\r\n")

    def _go_wrong(self, job):
        me = self.server.scanner
        fault = me.fault
        me.reached.set()
        page = me.feeder[0] if me.jobs[job] is None and me.feeder else me.glass or b""
        if fault in _ENDS:
            self._end(job, *_ENDS[fault])
        elif fault in _ANSWERS:
            code, body, kind = _ANSWERS[fault]
            self._answer(code, body, kind)
        elif fault is Fault.TRUNCATED:
            self._answer(200, page[: len(page) // 2], "image/jpeg")
        elif fault is Fault.ENDLESS:
            self._endless(page)
        else:
            self._lie(fault, page)
            self.wfile.flush()
            if fault in {Fault.HANG, Fault.STALL}:
                me.released.wait(60)
            self.close_connection = True

    def _lie(self, fault, page):
        if fault in {Fault.CUT, Fault.STALL}:
            self._page(page, upto=len(page) // 2)
        elif fault is Fault.SHORT_LENGTH:
            self._page(page, length=len(page) // 2, upto=len(page) // 2)
        elif fault is Fault.LONG_LENGTH:
            self._page(page, length=len(page) + 4096)
        elif fault is Fault.HUGE_LENGTH:
            self._page(page, length=1 << 40)
        elif fault is Fault.NOT_HTTP:
            self.wfile.write(b"\x00\x01\x02 SSH-2.0 what?\r\n" * 3)

    def _endless(self, page):
        me = self.server.scanner
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg")
        self.send_header("Connection", "close")
        self.end_headers()
        body = page[:-2]
        with suppress(OSError):
            while not me.released.is_set():
                self.wfile.write(body)
                body = b"\x55" * (1 << 18)

    def _end(self, job, state, code):
        me = self.server.scanner
        me.jobs.pop(job, None)
        me.ended[job] = state
        self._answer(code)


def capabilities(me):
    """Return the ScannerCapabilities of an emulated scanner."""
    discrete = "".join(
        f"<scan:DiscreteResolution><scan:XResolution>{dpi}</scan:XResolution><scan:YResolution>{dpi}</scan:YResolution></scan:DiscreteResolution>"
        for dpi in me.dpis
    )

    def source(tag, width, height):
        return f"""<scan:{tag}><scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>{width}</scan:MaxWidth>
<scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>{height}</scan:MaxHeight><scan:MaxScanRegions>1</scan:MaxScanRegions>
<scan:SettingProfiles><scan:SettingProfile>
<scan:ColorModes><scan:ColorMode>Grayscale8</scan:ColorMode><scan:ColorMode>RGB24</scan:ColorMode></scan:ColorModes>
<scan:ContentTypes><pwg:ContentType>Text</pwg:ContentType><pwg:ContentType>Photo</pwg:ContentType></scan:ContentTypes>
<scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat><pwg:DocumentFormat>application/pdf</pwg:DocumentFormat>
<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt><scan:DocumentFormatExt>application/pdf</scan:DocumentFormatExt></scan:DocumentFormats>
<scan:SupportedResolutions><scan:DiscreteResolutions>{discrete}</scan:DiscreteResolutions></scan:SupportedResolutions>
</scan:SettingProfile></scan:SettingProfiles>
<scan:SupportedIntents><scan:Intent>Document</scan:Intent></scan:SupportedIntents>
<scan:MaxOpticalXResolution>600</scan:MaxOpticalXResolution><scan:MaxOpticalYResolution>600</scan:MaxOpticalYResolution></scan:{tag}>"""

    platen = f"<scan:Platen>{source('PlatenInputCaps', 2550, 3508)}</scan:Platen>" if me.glass is not None else ""
    detect = "<scan:AdfOption>DetectPaperLoaded</scan:AdfOption>" if me.detects_paper else ""
    both = source("AdfDuplexInputCaps", 2550, 4200) if me.duplex else ""
    adf = f"""<scan:Adf>{source("AdfSimplexInputCaps", 2550, 4200)}{both}<scan:FeederCapacity>50</scan:FeederCapacity>
<scan:AdfOptions>{detect}{"<scan:AdfOption>Duplex</scan:AdfOption>" if me.duplex else ""}</scan:AdfOptions></scan:Adf>"""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerCapabilities {NAMESPACES}><pwg:Version>2.63</pwg:Version><pwg:MakeAndModel>{me.name}</pwg:MakeAndModel>
<pwg:SerialNumber>T1</pwg:SerialNumber><scan:UUID>{me.uuid}</scan:UUID>{platen}{adf if me.has_feeder else ""}</scan:ScannerCapabilities>""".encode()


def status(me):
    """Return the ScannerStatus of an emulated scanner."""
    states = {**dict.fromkeys(me.jobs, "Processing"), **me.ended}
    jobs = "".join(
        f"<scan:JobInfo><pwg:JobUri>/eSCL/ScanJobs/{job}</pwg:JobUri><pwg:JobUuid>{job}</pwg:JobUuid><scan:Age>1</scan:Age>"
        f"<pwg:ImagesCompleted>{me.served[job]}</pwg:ImagesCompleted><pwg:JobState>{state}</pwg:JobState></scan:JobInfo>"
        for job, state in list(states.items())[-5:]
    )
    adf = f"<scan:AdfState>{me.adf_state()}</scan:AdfState>" if me.has_feeder and me.detects_paper else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerStatus {NAMESPACES}><pwg:Version>2.63</pwg:Version><pwg:State>{"Processing" if me.jobs else "Idle"}</pwg:State>
{adf}<scan:Jobs>{jobs}</scan:Jobs></scan:ScannerStatus>""".encode()


def certificate(folder, name="scanner"):
    """Write a new self-signed certificate with its key, as printers make their own; return the file and its SHA-256."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(dt.datetime(2020, 1, 1))
        .not_valid_after(dt.datetime(2021, 1, 1))  # printers' run out: the pin counts, not the date
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file, hashlib.sha256(made.public_bytes(serialization.Encoding.DER)).hexdigest()


def main():
    """Serve the given JPEG files from feeder and glass: ``python escl_emulator.py [--tls] PORT FILE…``; loads again when empty."""
    tls = "--tls" in sys.argv
    port, *files = [argument for argument in sys.argv[1:] if argument != "--tls"]
    pages = [Path(file).read_bytes() for file in files]
    with tempfile.TemporaryDirectory() as folder:
        pem = certificate(Path(folder))[0] if tls else None
        with Emulator(pages, pages[0], port=int(port), certificate=pem) as scanner:
            sys.stdout.write(f"{scanner.url}\n")
            sys.stdout.flush()
            while True:
                time.sleep(0.2)
                if not scanner.feeder:
                    scanner.load(pages)


if __name__ == "__main__":
    main()
