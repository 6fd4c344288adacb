"""The second wall from outside: against a server whose own access check allows everything to everybody, row-level
security alone keeps a stranger from reading, changing or adding anything of a foreign agency (design/access.md)."""
import pytest

from harness import probes
from harness.endpoints import endpoints
from harness.register import wait_until_compared
from harness.world import POLICE, ROLES, TRACE_B, TRACE_C

TABLE = [endpoint for endpoint in endpoints() if endpoint.credential in ("any", "session")]
READS = [endpoint for endpoint in TABLE if endpoint.method == "GET" and endpoint.operation != "stream"]
# A new session, the own account and the notices to others are not the foreign agency's.
ACTS = [endpoint for endpoint in TABLE if endpoint.method != "GET" and "/v1/me" not in endpoint.path]
# Written by whoever acts, or by the server's own jobs while this runs.
NOT_COMPARED = ("audit_", "idempotency_key", "outbox", "event_feed", "user_session", "deadline", "match_task")


@pytest.fixture(scope="module")
def objects(cast):
    return probes.Objects(cast)


@pytest.fixture(scope="module")
def strangers(world, objects):
    """One of each role, of an agency that stands in no relation to the case or to the police of XA."""
    return [world.user(TRACE_C, role) for role in ROLES]


@pytest.fixture(scope="module")
def marks(objects, instance):
    """What gives foreign data away wherever it stands."""
    serials = {row["serial_raw"] for row in instance.database.rows(
        "select d.serial_raw from rastro.firearm_description d join rastro.case_file c on c.case_id = d.case_id "
        f"where c.owner_agency = '{POLICE}' and length(d.serial_raw) > 4")}
    people = {row["login"] for row in instance.database.rows(f"select login from rastro.app_user where agency = '{POLICE}'")}
    return {objects.record_id, objects.trace.number, objects.trace.case_id, objects.leg_id, objects.answer_id, objects.imports[POLICE],
            objects.reviews[POLICE], objects.grants[POLICE], *serials, *people}


def foreign_rows(instance) -> dict[str, set[str]]:
    """All rows that belong to the police of XA or to its cases."""
    database = instance.database
    cases = {row["case_id"] for row in database.rows(
        f"select case_id from rastro.case_file where owner_agency = '{POLICE}'")}
    kept = {}
    for table in database.tables():
        if table.startswith(NOT_COMPARED):
            continue
        rows = database.rows(f"select t::text as text from rastro.{table} t")
        kept[table] = {row["text"] for row in rows if POLICE in row["text"] or any(case in row["text"] for case in cases)}
    return kept


def test_the_application_check_is_off(objects, world):
    """Else the rest of this file proves nothing: a role without any right to it reads the own agency's case."""
    world.user(POLICE, "auditor").get(objects.trace.path).expect(200)
    world.user(TRACE_B, "statistician").get(objects.trace.path).expect(200)


@pytest.mark.parametrize("endpoint", READS, ids=lambda endpoint: endpoint.operation)
def test_a_stranger_reads_nothing_foreign(endpoint, objects, strangers, marks):
    probe = probes.probes(objects, POLICE)[endpoint.operation]
    own = {mark for mark in marks if mark in probe.path}
    for stranger in strangers:
        reply = stranger.call(probe.method, probe.path, probe.body, version=probe.version)
        shown = sorted(mark for mark in marks - own if mark in reply.text)
        assert not shown, f"foreign data without the application's check: {shown}\n{reply.story()}"
        assert not own or reply.status >= 400, f"a foreign object without the application's check\n{reply.story()}"


def test_a_stranger_changes_and_adds_nothing_foreign(objects, strangers, instance):
    for case_id in (objects.trace.case_id, objects.record_id):
        wait_until_compared(instance.database, case_id)
    before = foreign_rows(instance)
    assert sum(map(len, before.values())) > 30, "there is too little to be protected"
    calls = probes.probes(objects, POLICE)
    version = objects.trace.read()["version"]
    for endpoint in ACTS:
        probe = calls[endpoint.operation]
        for stranger in strangers[:4]:
            given = version if probe.version is not None else None
            stranger.call(probe.method, probe.path, probe.body, version=given)
    after = foreign_rows(instance)
    for table, rows in before.items():
        gone, come = sorted(rows - after[table]), sorted(after[table] - rows)
        assert not gone and not come, f"{table} changed without the application's check\ngone: {gone[:3]}\ncame: {come[:3]}"
