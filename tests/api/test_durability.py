"""What was acknowledged is there, once, after the server or its database connections were killed in the midst of work."""
import http.client
import itertools
import ssl
import threading
import time
import uuid

from harness.client import Client
from harness.tracing import complete_request
from harness.world import POLICE

WRITERS = 6


class Stream:
    """Several callers that submit without pause; each notes what was sent, and what was acknowledged."""

    def __init__(self, clients):
        self.sent: dict[str, dict] = {}
        self.acknowledged: dict[str, bytes] = {}
        self.refused: list = []
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._write, args=(client,)) for client in clients]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=60)

    def wait_for(self, count: int):
        until = time.monotonic() + 60
        while len(self.acknowledged) < count:
            assert time.monotonic() < until, f"{len(self.acknowledged)} of {count} acknowledged\n{self.refused[-1:]}"
            time.sleep(0.005)

    def _write(self, client: Client):
        while not self._stop.is_set():
            key, body = str(uuid.uuid4()), {**complete_request(), "submit": True}
            with self._lock:
                self.sent[key] = body
            try:
                reply = client.post("/v1/trace-requests", body, key=key)
            except (OSError, http.client.HTTPException, ssl.SSLError):
                client.close()
                self._stop.wait(0.02)
                continue
            with self._lock:
                if reply.status == 201:
                    self.acknowledged[key] = reply.data
                else:
                    self.refused.append(reply.story())
                    self._stop.wait(0.02)


def writers(officer) -> list[Client]:
    return [Client(officer.address, f"{officer.name}-{number}", token=officer.token, timeout=20) for number in range(WRITERS)]


def sent_again(officer, body: dict, key: str):
    """The reply to the same request with the same key; 'try again' is heeded, for a connection of the pool that is being mended."""
    until = time.monotonic() + 20
    while True:
        reply = officer.post("/v1/trace-requests", body, key=key)
        if reply.status != 503 or time.monotonic() > until:
            return reply.expect(201)
        time.sleep(0.1)


def check_everything_once(instance, officer, stream: Stream) -> None:
    rows = instance.database.rows("select agency_case_no, count(*) as n from rastro.trace_request group by 1")
    stored = {row["agency_case_no"]: row["n"] for row in rows}
    for key, data in stream.acknowledged.items():
        number = stream.sent[key]["agency_case_no"]
        assert stored.get(number) == 1, f"acknowledged and stored {stored.get(number, 0)} times: {number}"
        again = sent_again(officer, stream.sent[key], key)
        assert again.data == data, f"the repeated key does not give the first answer\n{again.story()}\nfirst: {data!r}"
    # What was not acknowledged is there once or not at all, and a repeat brings it about once.
    for key in itertools.islice((key for key in stream.sent if key not in stream.acknowledged), 40):
        number = stream.sent[key]["agency_case_no"]
        assert stored.get(number, 0) <= 1, f"stored {stored[number]} times: {number}"
        sent_again(officer, stream.sent[key], key)
    counts = instance.database.rows("select agency_case_no from rastro.trace_request group by 1 having count(*) > 1")
    assert counts == [], f"stored more than once: {counts}"
    orphans = instance.database.rows(
        "select case_id from rastro.case_file c where not exists (select 1 from rastro.case_event e where e.case_id = c.case_id)"
        " or not exists (select 1 from rastro.trace_request t where t.case_id = c.case_id)")
    assert orphans == [], f"cases without their history: {orphans}"
    unaudited = instance.database.rows(
        "select c.case_id from rastro.case_file c where not exists (select 1 from rastro.audit_leaf a where a.object_id = "
        "c.case_id::text and a.action = 'trace_request.create')")
    assert unaudited == [], f"cases that no audit record tells of: {unaudited}"


def test_killed_server_loses_nothing_and_doubles_nothing(instance, world, cast):
    officer = cast.officer
    for round_number in range(2):
        clients = writers(officer)
        with Stream(clients) as stream:
            stream.wait_for(40)
            instance.server.kill()
            time.sleep(0.1)
            stream.stop()
        server = instance.start("test-1")
        world.use(server)
        assert len(stream.acknowledged) >= 40
        check_everything_once(instance, officer, stream)
        for client in clients:
            client.close()


def test_server_goes_on_after_its_connections_were_ended(instance, cast):
    officer = cast.officer
    clients = writers(officer)
    with Stream(clients) as stream:
        for count in (30, 60, 90):
            stream.wait_for(count)
            assert instance.database.end_backends() > 0
        stream.wait_for(120)
        stream.stop()
    for story in stream.refused:
        assert "came: 503" in story, f"only 'try again' is an answer to a lost connection\n{story}"
    check_everything_once(instance, officer, stream)
    until = time.monotonic() + 20
    probe = instance.anonymous("operations")
    while probe.get("/readyz").status != 200:
        assert time.monotonic() < until, probe.get("/readyz").story()
        time.sleep(0.1)


def test_restart_in_order_finishes_what_runs(instance, world, cast):
    officer = cast.officer
    clients = writers(officer)
    with Stream(clients) as stream:
        stream.wait_for(30)
        instance.server.stop()
        stream.stop()
    world.use(instance.start("test-1"))
    check_everything_once(instance, officer, stream)


def test_sessions_live_through_a_restart(instance, world, cast):
    before = cast.officer.get("/v1/me").expect(200).json
    instance.server.stop()
    world.use(instance.start("test-1"))
    after = cast.officer.get("/v1/me").expect(200).json
    assert before["id"] == after["id"] and after["agency"]["agency"] == POLICE
