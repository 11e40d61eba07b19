import getpass
from contextlib import ExitStack
from pathlib import Path

import pytest
import servers

KINDS = ("folder", "bucket", "dav", "sftp")


@pytest.fixture(scope="session")
def open_place(tmp_path_factory):
    """Return a function that opens a fresh, empty place of a kind on a real server; the servers start when first asked for."""
    with ExitStack() as stack:
        running: dict[str, object] = {}
        count = iter(range(1, 10_000))

        def server(kind):
            if kind not in running:
                folder = tmp_path_factory.mktemp(kind)
                make = {"bucket": servers.seaweed, "dav": servers.nasty_dav, "sftp": servers.openssh}[kind]
                running[kind] = (stack.enter_context(make(folder)), folder)
            return running[kind]

        def make(kind):
            from app.adapters.transfer.folder import FolderPlace
            from app.adapters.transfer.links import Link
            from app.adapters.transfer.objects import Account, BucketPlace, DavPlace
            from app.adapters.transfer.sftp import SftpPlace

            one = f"place{next(count)}"
            if kind == "folder":
                return FolderPlace(tmp_path_factory.mktemp(one))
            reached, folder = server(kind)
            account = Account("office", "officesecret")
            if kind == "bucket":
                return BucketPlace(Link(reached), "office", account, root=f"/{one}/")
            if kind == "dav":
                (folder / "dav" / one).mkdir()
                return DavPlace(Link(f"{reached}{one}/"), account)
            url, key = reached
            (Path(folder) / "place" / one).mkdir()
            return SftpPlace(Link(f"{url}/{one}"), Account(getpass.getuser(), (folder / "client").read_text()), key)

        yield make


@pytest.fixture(params=KINDS)
def place(request, open_place):
    made = open_place(request.param)
    yield made
    made.close()
