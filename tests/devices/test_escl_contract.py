"""The eSCL driver in its own process, held to what every driver holds to."""

import pytest
from driver_contract import Device, DriverContract
from escl_emulator import Emulator

from app.adapters.devices.process import DriverClient


@pytest.fixture(scope="module")
def client():
    client = DriverClient("escl")
    yield client
    client.close()


class TestEscl(DriverContract):
    @pytest.fixture
    def device(self, client):
        with Emulator(glass=b"") as emulator:
            yield Device(client, client.at(emulator.url), emulator)
