"""One server for each run of pytest, with limits that a test can wait for."""
import pathlib
import sys

import pytest

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "api")]

from harness.cast import Cast  # noqa: E402
from harness.instance import Instance  # noqa: E402
from harness.world import GATEWAY_AGENCIES, World  # noqa: E402

from raw import answers  # noqa: E402

SETTINGS = {"net.handshake_timeout": "1s", "net.header_timeout": "2s", "net.body_timeout": "2s", "net.keep_alive": "3s",
            "net.write_stall": "2s", "net.max_connections": 60, "net.max_per_address": 60}


@pytest.fixture(scope="session")
def instance():
    made = Instance(SETTINGS, GATEWAY_AGENCIES)
    try:
        made.start()
        yield made
        made.stop()  # ends with 0 and no finding of a sanitizer
    finally:
        made.remove()


@pytest.fixture(scope="session")
def token(instance):
    """Of an officer's session: what a hostile body needs to be read at all."""
    return Cast(World(instance)).officer.token


@pytest.fixture(autouse=True)
def the_next_client_is_answered(instance):
    process = instance.server.process
    yield
    assert process.poll() is None, f"rastrod ended with {process.returncode}"
    assert answers(instance), "an ordinary client was not answered afterwards"
