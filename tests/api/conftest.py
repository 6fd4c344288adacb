"""One server, database and world for each test file; what every call has to leave behind is looked at in the end."""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from harness.cast import Cast  # noqa: E402
from harness.endpoints import endpoints, operation_of  # noqa: E402
from harness.instance import Instance  # noqa: E402
from harness.world import GATEWAY_AGENCIES, World  # noqa: E402

try:
    import openapi_check
except ImportError:  # the checker of replies is not there yet
    openapi_check = None


@pytest.fixture(scope="module")
def instance(request):
    """A running server. A test file may say SETTINGS = {"section.key": value}."""
    made = Instance(getattr(request.module, "SETTINGS", None), GATEWAY_AGENCIES)
    try:
        made.start()
        yield made
        if not getattr(request.module, "CHECKS_ITSELF", False):
            check_every_call_is_in_the_audit_log(made)
        made.stop()
    finally:
        made.remove()


@pytest.fixture(scope="module")
def world(instance):
    return World(instance)


@pytest.fixture(scope="module")
def cast(world):
    return Cast(world)


def check_every_call_is_in_the_audit_log(instance: Instance) -> None:
    """Every answer about a case, person or act named the record that it left, and the record is in the log."""
    table = endpoints()
    unnamed, named = [], {}
    for reply in instance.replies:
        endpoint = operation_of(table, reply.method, reply.path)
        if reply.event_id:
            named[reply.event_id] = reply
        elif endpoint is not None and endpoint.audit_action and reply.status < 400:
            unnamed.append(reply.story())
    assert not unnamed, "answered without an audit record:\n" + "\n".join(unnamed[:5])
    found = {row["event_id"] for row in instance.database.rows("select event_id from rastro.audit_leaf")}
    lost = [named[event].story() for event in named if event not in found]
    assert not lost, f"{len(lost)} records named in replies are not in the log:\n" + "\n".join(lost[:5])
