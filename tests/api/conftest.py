"""One server, database and world for each run of pytest; what every call has to leave behind is looked at in the end."""
import json
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from harness.cast import Cast  # noqa: E402
from harness.endpoints import endpoints, operation_of  # noqa: E402
from harness.instance import Instance  # noqa: E402
from harness.world import GATEWAY_AGENCIES, World  # noqa: E402

from openapi_check import OpenApiCheck  # noqa: E402


@pytest.fixture(scope="session")
def instance(request):
    """A running server. A test file may say SETTINGS = {"section.key": value}."""
    settings = {}
    for item in request.session.items:
        settings.update(getattr(item.module, "SETTINGS", {}))
    made = Instance(settings, GATEWAY_AGENCIES)
    try:
        made.start()
        hold_against_the_document(made)
        yield made
        check_every_call_is_in_the_audit_log(made)
        assert not made.mismatches, (f"{len(made.mismatches)} exchanges differ from the interface's document\n" +
                                     "\n".join(made.mismatches[:5]))
        made.stop()
    finally:
        made.remove()


@pytest.fixture(scope="session")
def world(instance):
    return World(instance)


@pytest.fixture(scope="session")
def cast(world):
    return Cast(world)


def hold_against_the_document(instance: Instance) -> None:
    """From now on every exchange of every client has to be as the interface's own document says; told in the end."""
    document = instance.anonymous().get("/openapi.json").expect(200).json
    check = instance.openapi = OpenApiCheck(document)

    def exchange(reply):
        # Addresses and methods that the document does not have are refused by tests of their own; metrics are hidden
        # but for the operations listener.
        if reply.path == "/metrics" and reply.status == 404:
            return
        if check.operation_of(reply.method, reply.path) is None:
            assert reply.status in (404, 405), f"not in the document, yet answered\n{reply.story()}"
            return
        sent = reply.body if isinstance(reply.body, str) or reply.body is None else json.dumps(reply.body)
        try:
            check.exchange(reply.method, reply.path, sent, reply.status, reply.headers, reply.data)
        except AssertionError as fault:
            instance.mismatches.append(f"{fault}\n{reply.story()}")

    instance.reply_checks.append(exchange)


def check_every_call_is_in_the_audit_log(instance: Instance) -> None:
    """Every answer about a case, person or act named the record that it left, and the record is in the log."""
    table = endpoints()
    unnamed, named = [], {}
    for reply in instance.replies:
        endpoint = operation_of(table, reply.method, reply.path)
        if reply.code == "outcome-unknown":
            continue  # whether the change was made is not known, nor whether its record was
        if reply.event_id:
            named[reply.event_id] = reply
        elif endpoint is not None and endpoint.audit_action and reply.status < 400 and reply.status != 101:
            unnamed.append(reply.story())
    assert not unnamed, "answered without an audit record:\n" + "\n".join(unnamed[:5])
    found = {row["event_id"] for row in instance.database.rows("select event_id from rastro.audit_leaf")}
    lost = [named[event].story() for event in named if event not in found]
    assert not lost, f"{len(lost)} records named in replies are not in the log:\n" + "\n".join(lost[:5])
