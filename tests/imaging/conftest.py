import pytest
from imaging_kit import Taker


@pytest.fixture
def take() -> Taker:
    return Taker()
