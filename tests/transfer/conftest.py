import getpass
from contextlib import ExitStack
from dataclasses import replace

import pytest
import servers

KINDS = ("folder", "bucket", "dav", "apache", "sftp")


@pytest.fixture(scope="session")
def settings_for(tmp_path_factory):
    """Return a function that makes settings of a fresh, empty place on a real server; the servers start when first asked for."""
    with ExitStack() as stack:
        running: dict[str, object] = {}
        count = iter(range(1, 10_000))

        def server(kind):
            if kind not in running:
                folder = stack.enter_context(servers.outside()) if kind == "apache" else tmp_path_factory.mktemp(kind)
                makers = {
                    "bucket": servers.seaweed,
                    "dav": servers.nasty_dav,
                    "apache": servers.apache,
                    "sftp": servers.openssh,
                }
                running[kind] = (stack.enter_context(makers[kind](folder)), folder)
            return running[kind]

        def settings(kind, **more):
            from app.core.places import PlaceKind, PlaceSettings

            one = f"place{next(count)}"
            if kind == "folder":
                return PlaceSettings(PlaceKind.FOLDER, "共享盘", str(tmp_path_factory.mktemp(one)))
            reached, folder = server(kind)
            account = {"user": "office", "secret": "officesecret"}
            if kind == "bucket":
                made = PlaceSettings(PlaceKind.BUCKET, "市局", f"{reached}/{one}", bucket="office", **account)
            elif kind in {"dav", "apache"}:
                (folder / "dav" / one).mkdir()
                (folder / "dav" / one).chmod(0o777)
                made = PlaceSettings(PlaceKind.DAV, "市局", f"{reached}{one}/", **account)
            else:
                url, key = reached
                (folder / "place" / one).mkdir()
                secret = (folder / "client").read_text()
                made = PlaceSettings(
                    PlaceKind.SFTP, "市局", f"{url}/{one}", user=getpass.getuser(), secret=secret, host_key=key
                )
            return replace(made, **more)

        yield settings


@pytest.fixture(params=KINDS)
def settings(request, settings_for):
    return settings_for(request.param)


@pytest.fixture
def place(settings):
    from app.adapters.transfer.places import AnyPlaces

    made = AnyPlaces().open(settings)
    yield made
    made.close()
