"""Every operation, called by every role of an agency in every relation to the object: allowed exactly where
cases/permissions.csv says so, read here by an implementation of its own. Whoever stands in no relation learns nothing."""
import uuid

import pytest

from harness import permissions, probes
from harness.client import Client
from harness.endpoints import endpoints, operation_of
from harness.stream import Refused, Stream
from harness.world import CONTACT_A, GATEWAY_ROLES, OVERSIGHT, POLICE, ROLES, TRACE_B, TRACE_C

TABLE = [endpoint for endpoint in endpoints() if endpoint.credential != "none"]
RULES = permissions.Rules()


@pytest.fixture(scope="module")
def objects(cast):
    return probes.Objects(cast)


class Actor:
    def __init__(self, client: Client, agency: str, caller: permissions.Caller, label: str):
        self.client, self.agency, self.caller, self.label = client, agency, caller, label


@pytest.fixture(scope="module")
def actors(world, objects) -> list[Actor]:
    """One person for each role in each relation, a person without a role, and the systems of two agencies."""
    made = []
    for agency in probes.AGENCIES:
        for role in (*ROLES, None):
            client = world.user(agency, *([role] if role else []), number=1 if role else 2)
            made.append(Actor(client, agency, caller("person", {role} if role else set(), agency), role or "no role"))
    for agency in (POLICE, TRACE_B):
        made.append(Actor(world.gateway(agency), agency, caller("gateway", set(GATEWAY_ROLES), agency), "system"))
    return made


def caller(kind: str, roles: set[str], agency: str) -> permissions.Caller:
    return permissions.Caller(kind, frozenset(roles), national_contact_agency=agency in probes.NATIONAL_CONTACTS)


def call(client: Client, probe: probes.Probe):
    """Status and code of the problem, if it is one."""
    if probe.path.startswith("/v1/stream"):
        try:
            Stream(client, probe.path).close()
            return 101, "", "an open stream"
        except Refused as refused:
            return refused.status, "forbidden" if refused.status == 403 else "", str(refused)
    reply = client.call(probe.method, probe.path, probe.body, version=probe.version)
    return reply.status, reply.code, reply.story()


def verdict(status: int, code: str, probe: probes.Probe) -> str:
    if status in probe.also and code != "authentication-required":
        return "allow"
    if status == 401:
        return "sign in"
    if status == 404:
        return "unknown"
    if status == 403 and code == "forbidden":
        return "deny"
    if status in (101, 200, 201, 204, 409, 412, 422) or (status == 403 and code == "two-persons-required"):
        return "allow"
    return f"{status} {code}"


def expected(endpoint, probe: probes.Probe, actor: Actor) -> str:
    if {"session": "gateway", "gateway": "person"}.get(endpoint.credential) == actor.caller.kind:
        return "sign in"
    relations = probes.relations(probe.target, actor.agency)
    if RULES.decide(endpoint.operation, actor.caller, relations).allowed:
        return "allow"
    return "unknown" if relations == {"none"} else "deny"


@pytest.mark.parametrize("endpoint", TABLE, ids=lambda endpoint: endpoint.operation)
def test_operation_for_every_role_and_relation(endpoint, actors, objects):
    wrong = []
    for actor in actors:
        probe = probes.probes(objects, actor.agency)[endpoint.operation]
        status, code, story = call(actor.client, probe)
        wanted, came = expected(endpoint, probe, actor), verdict(status, code, probe)
        if came != wanted:
            wrong.append(f"{actor.label} of {actor.agency}: expected {wanted}, came {came}\n{story}")
    assert not wrong, f"{endpoint.operation}: {len(wrong)} of {len(actors)} decisions are wrong\n" + "\n".join(wrong[:4])


def test_every_operation_has_a_rule_or_needs_none(objects):
    open_to_all = {endpoint.operation for endpoint in endpoints() if endpoint.credential == "none"}
    assert RULES.operations() == {endpoint.operation for endpoint in TABLE}, "permissions.csv and the endpoint table differ"
    assert not RULES.operations() & open_to_all
    assert set(probes.probes(objects, POLICE)) == RULES.operations()


def test_each_probe_calls_what_it_says(objects):
    table = endpoints()
    for operation, probe in probes.probes(objects, POLICE).items():
        assert operation_of(table, probe.method, probe.path).operation == operation, probe


@pytest.mark.parametrize("endpoint", TABLE, ids=lambda endpoint: endpoint.operation)
def test_without_a_credential_everything_says_sign_in(endpoint, objects, instance):
    probe = probes.probes(objects, POLICE)[endpoint.operation]
    for credential in (None, "x" * 43, "short"):
        anonymous = instance.anonymous()
        anonymous.token = credential
        status, _, story = call(anonymous, probe)
        assert status == 401, f"token {credential}: {story}"
        anonymous.close()


def told(reply) -> tuple:
    """Everything that a caller can tell replies apart by, but for what names this one call."""
    body = {name: value for name, value in reply.json.items() if name not in ("request_id", "trace_id", "instance")}
    headers = {name: value for name, value in reply.headers.items()
               if name not in ("date", "rastro-audit-event", "rastro-request-id", "x-request-id", "traceparent",
                               "request-id", "content-length")}
    return reply.status, body, headers


def test_stranger_cannot_tell_a_foreign_object_from_none(objects, world):
    strangers = [world.user(TRACE_C, role) for role in ("national_contact", "tracing_analyst", "system_admin")]
    for endpoint in TABLE:
        probe = probes.probes(objects, POLICE)[endpoint.operation]
        if probe.target not in ("case", "own", "record") or endpoint.path.count("{") == 0 or endpoint.credential == "gateway":
            continue
        for kind in (objects.trace.case_id, objects.leg_id, objects.answer_id, objects.users[POLICE].user_id,
                     objects.grants[POLICE], objects.imports[POLICE], objects.reviews[POLICE], objects.record_id):
            if kind not in probe.path:
                continue
            for stranger in strangers:
                foreign = stranger.call(probe.method, probe.path, probe.body, version=probe.version)
                unknown = stranger.call(probe.method, probe.path.replace(kind, str(uuid.uuid4())), probe.body,
                                        version=probe.version)
                assert told(foreign) == told(unknown), (
                    f"a foreign object differs from none\n{foreign.story()}\n{unknown.story()}")
                assert foreign.status in (403, 404), foreign.story()
                assert objects.trace.number not in foreign.text and POLICE not in foreign.text, foreign.story()


def test_list_equals_what_reading_allows(objects, world, instance):
    cases = instance.database.rows("select case_id, owner_agency from rastro.case_file where case_type = 'trace_request'")
    approving = instance.database.rows("select case_id, agency from rastro.case_party where relation = 'approver'")
    for agency in probes.AGENCIES:
        for role in ROLES:
            client = world.user(agency, role)
            if not RULES.decide("trace_list", caller("person", {role}, agency), {"own_agency"}).allowed:
                continue
            seen = {item["case_id"] for item in client.pages("/v1/trace-requests")}
            may_read = RULES.decide("trace_read", caller("person", {role}, agency), {"owner"}).allowed
            readable = {row["case_id"] for row in cases
                        if may_read and client.get(f"/v1/trace-requests/{row['case_id']}").status == 200}
            wanted = {row["case_id"] for row in cases if row["owner_agency"] == agency}
            if role == "national_contact":  # finds what waits for its approval, and what it approved
                wanted |= {row["case_id"] for row in approving if row["agency"] == agency}
            assert seen == wanted, f"{role} of {agency}: listed {sorted(seen)}, expected {sorted(wanted)}"
            if may_read:
                assert readable & wanted == seen, f"{role} of {agency}: listed {sorted(seen)}, readable {sorted(readable)}"


def test_inbox_equals_the_legs_that_may_be_read(objects, world, instance):
    legs = instance.database.rows("select leg_id, asked_agency from rastro.leg where open")
    for agency in (TRACE_B, TRACE_C, POLICE):
        client = world.user(agency, "tracing_analyst")
        seen = {item["leg_id"] for item in client.pages("/v1/inbox")}
        readable = {row["leg_id"] for row in legs
                    if client.get(f"/v1/legs/{row['leg_id']}").status == 200 and row["asked_agency"] == agency}
        assert seen == readable, f"inbox of {agency}: {sorted(seen)}, readable: {sorted(readable)}"


def test_oversight_auditor_sees_records_of_all_and_no_case(objects, world):
    auditor, local = world.user(OVERSIGHT, "auditor"), world.user(POLICE, "auditor")
    for agency in (POLICE, TRACE_B, CONTACT_A):
        world.user(agency, "national_contact").get("/v1/me").expect(200)
    newest = auditor.get("/v1/audit/entries", query={"limit": 200}).expect(200).json["items"]
    agencies = {item["leaf"].get("agency") for item in newest}
    assert {POLICE, TRACE_B, CONTACT_A} <= agencies, agencies
    for item in local.get("/v1/audit/entries", query={"limit": 200}).expect(200).json["items"]:
        leaf = item["leaf"]
        assert POLICE in (leaf.get("agency"), leaf.get("object_owner")), leaf
    auditor.get(objects.trace.path).expect(404, "not-found")
    local.get(objects.trace.path).expect(403, "forbidden")
    auditor.get("/v1/audit/export", query={"from": 0, "to": 1}).expect(200)


def test_administrator_reads_no_case_and_an_asked_agency_no_person(objects, world):
    world.administrator(POLICE).get(objects.trace.path).expect(403, "forbidden")
    world.administrator(TRACE_B).get(f"/v1/users/{objects.users[POLICE].user_id}").expect(404, "not-found")
