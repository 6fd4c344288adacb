"""Deadlines are rows, fired once however many servers run: here two servers on one database look for them at once."""
import base64
import hashlib
import subprocess
import time

import pytest

from harness.client import Client
from harness.stream import Stream
from harness.tracing import in_days
from harness.world import CONTACT_B, PEER_C, POLICE, TRACE_B


@pytest.fixture(scope="module", autouse=True)
def second_server(instance, world):
    server = instance.start("test-2")
    yield server
    server.stop()


class Clocks:
    """The deadlines of one case, as the superuser sees and moves them."""

    def __init__(self, instance, trace):
        self.database, self.trace = instance.database, trace

    def rows(self, clock: str) -> list[dict]:
        return self.database.rows("select stage, state, cycle, due_at, fired_at from rastro.deadline where case_id = "
                                  f"'{self.trace.case_id}' and clock = '{clock}' order by cycle, stage")

    def make_due(self, clock: str, stage: str) -> None:
        found = self.database.execute(
            "update rastro.deadline set due_at = now() - interval '1 second' where case_id = "
            f"'{self.trace.case_id}' and clock = '{clock}' and stage = '{stage}' and state = 'running' returning clock")
        assert found.split() == [clock], f"no running deadline {clock}/{stage} of {self.trace.number}: {self.rows(clock)}"

    def fire(self, clock: str, stage: str) -> None:
        """Makes it due and waits until it was fired, exactly once."""
        self.make_due(clock, stage)
        self.wait(clock, stage)

    def wait(self, clock: str, stage: str, within: float = 20) -> None:
        until = time.monotonic() + within
        while not any(row["stage"] == stage and row["state"] == "fired" for row in self.rows(clock)):
            assert time.monotonic() < until, f"{clock}/{stage} was not fired within {within} s: {self.rows(clock)}"
            time.sleep(0.05)

    def events(self, event: str) -> list[dict]:
        return self.database.rows(f"select event, data, actor_kind from rastro.case_event where event = '{event}' and "
                                  f"case_id = '{self.trace.case_id}'")

    def expect_once(self, event: str) -> None:
        found = self.events(event)
        assert len(found) == 1 and found[0]["actor_kind"] == "system", f"{event} of {self.trace.number}: {found}"


def test_missed_acknowledgement_escalates_and_is_taken_up(cast, instance):
    trace = cast.delivered()
    clocks = Clocks(instance, trace)
    assert {(row["stage"], row["state"]) for row in clocks.rows("acknowledge")} == {
        ("due", "running"), ("escalate", "running"), ("expire", "running")}, clocks.rows("acknowledge")
    clocks.fire("acknowledge", "escalate")
    assert trace.expect_leg(TRACE_B, "ESCALATED")["resume_state"] == "DELIVERED"
    clocks.expect_once("escalate")
    trace.act_on_leg(cast.chief(), trace.leg_id(TRACE_B), "resumption").expect(200)
    trace.expect_leg(TRACE_B, "DELIVERED")


def test_escalated_leg_expires_at_the_second_limit(cast, instance):
    trace = cast.delivered()
    clocks = Clocks(instance, trace)
    clocks.fire("acknowledge", "escalate")
    clocks.fire("acknowledge", "expire")
    assert not trace.expect_leg(TRACE_B, "EXPIRED")["open"]
    clocks.expect_once("expire")
    trace.expect_state("AWAITING_REQUESTER")


def test_expiry_without_escalation_escalates_first(cast, instance):
    """After a long outage the last limit is found before the one in the middle: somebody is told before it ends."""
    delivered, searching = cast.delivered(), cast.searching()
    for trace, clock in ((delivered, "acknowledge"), (searching, "answer")):
        clocks = Clocks(instance, trace)
        clocks.fire(clock, "expire")
        trace.expect_leg(TRACE_B, "ESCALATED")
        clocks.expect_once("expire")


def test_missed_answer_escalates(cast, instance):
    trace = cast.searching()
    clocks = Clocks(instance, trace)
    clocks.fire("answer", "due")
    trace.expect_leg(TRACE_B, "SEARCHING")
    clocks.fire("answer", "escalate")
    assert trace.expect_leg(TRACE_B, "ESCALATED")["resume_state"] == "SEARCHING"
    clocks.expect_once("escalate")


def test_unanswered_question_ends_the_leg(cast, instance):
    trace = cast.searching()
    trace.act_on_leg(cast.analyst(), trace.leg_id(TRACE_B), "clarifications",
                     {"fields": ["firearm.model_text"], "question": "Which model?"}).expect(201)
    trace.expect_state("AWAITING_REQUESTER")
    clocks = Clocks(instance, trace)
    clocks.fire("clarification", "due")
    assert trace.expect_leg(TRACE_B, "NO_RECORD")["outcome_code"] == "insufficient_identifiers"
    clocks.expect_once("no_reply")
    trace.expect_state("ANSWERED")


def test_review_of_a_delay_is_called_for(cast, instance):
    trace = cast.searching()
    trace.act_on_leg(cast.chief(), trace.leg_id(TRACE_B), "delay",
                     {"reason_code": "ongoing_investigation", "review_on": in_days(3)}).expect(200)
    clocks = Clocks(instance, trace)
    clocks.fire("delay_review", "due")
    clocks.expect_once("review_due")
    trace.expect_leg(TRACE_B, "DELAYED")


def test_answered_request_is_closed_by_itself(cast, instance):
    trace = cast.answered()
    clocks = Clocks(instance, trace)
    clocks.fire("auto_close", "due")
    closed = trace.read()
    assert closed["state"] == "CLOSED" and closed["outcome_code"] == "too_old", closed
    clocks.expect_once("auto_close")


def test_clock_stops_when_the_act_comes_in_time(cast, instance):
    trace = cast.delivered()
    trace.act_on_leg(cast.analyst(), trace.leg_id(TRACE_B), "acknowledgement").expect(200)
    states = {row["state"] for row in Clocks(instance, trace).rows("acknowledge")}
    assert states == {"stopped"}, states


def sign(world, text: str) -> str:
    _, key = world.gateway_files(PEER_C)
    done = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=text.encode(), capture_output=True, check=True)
    return base64.b64encode(done.stdout).decode()


def receipt(world, leg_id: str, *, at: str = "2026-01-05T10:00:00.000000Z") -> dict:
    digest = hashlib.sha256(b"the message as it arrived").hexdigest()
    text = f"rastro-receipt\n{leg_id}\n{digest}\n{at}\n"
    return {"received_at": at, "message_sha256": digest, "signature": sign(world, text)}


def test_peer_receives_only_with_a_signed_receipt(cast, world, instance):
    trace = cast.sent({"agency": PEER_C})
    leg = trace.leg(PEER_C)["leg_id"]
    gateway = world.gateway(PEER_C)
    clocks = Clocks(instance, trace)
    clocks.fire("delivery", "due")
    clocks.expect_once("delivery_late")
    trace.expect_leg(PEER_C, "ROUTED")
    forged = {**receipt(world, leg), "received_at": "2026-01-05T10:00:01.000000Z"}
    gateway.post(f"/v1/legs/{leg}/receipt", forged).expect(422, "guard-not-met")
    gateway.post(f"/v1/legs/{leg}/receipt", receipt(world, leg)).expect(200)
    trace.expect_leg(PEER_C, "DELIVERED")
    # The system goes on by itself, in the name of one of its people.
    trace.act_on_leg(gateway, leg, "acknowledgement").expect(200)
    trace.act_on_leg(gateway, leg, "assignment", {"handler": f"{PEER_C}/officer-17"}).expect(200)
    trace.act_on_leg(gateway, leg, "assignment", {"handler": f"{PEER_C}/officer-18"}).expect(200)
    assert gateway.get(f"/v1/legs/{leg}").expect(200).json["handler"] == f"{PEER_C}/officer-18"


def test_agency_that_acknowledges_by_system(cast):
    trace = cast.sent({"agency": CONTACT_B})
    leg = trace.wait_for_leg(CONTACT_B, "ACKNOWLEDGED")
    assert leg["delivered_at"] and leg["acknowledged_at"], leg
    assert "T7b" in {entry.get("transition") for entry in trace.timeline()}, trace.timeline()


def test_listener_at_one_server_hears_of_acts_at_the_other(cast, world, second_server):
    elsewhere = Client(second_server.address("browser"), "officer at the second server", token=cast.officer.token)
    after = elsewhere.get("/v1/events", query={"after": 0}).expect(200).json
    while after["items"]:
        after = elsewhere.get("/v1/events", query={"after": after["last"]}).expect(200).json
    stream = Stream(elsewhere, f"/v1/stream?after={after['last']}")
    trace = cast.sent()
    seen = []
    while len(seen) < 20 and not any(message.get("case_id") == trace.case_id for message in seen):
        seen.append(stream.message())
    assert any(message.get("case_id") == trace.case_id for message in seen), seen
    stream.close()
    elsewhere.get(trace.path).expect(200)
    elsewhere.close()


def test_many_deadlines_at_once_fire_once_each(cast, instance):
    """Both servers find all of them due in the same moment."""
    traces = [cast.delivered() for _ in range(12)]
    ids = ", ".join(f"'{trace.case_id}'" for trace in traces)
    database = instance.database
    before = {row["event_id"] for row in database.rows(
        "select event_id from rastro.audit_leaf where action = 'deadline.fired'")}
    database.execute("update rastro.deadline set due_at = now() - interval '1 second' where clock = 'acknowledge' and "
                     f"stage = 'escalate' and case_id in ({ids})")
    for trace in traces:
        trace.wait_for_leg(TRACE_B, "ESCALATED")
    time.sleep(0.5)  # ten more rounds of both servers
    counts = database.rows(f"select case_id, count(*) as n from rastro.case_event where event = 'escalate' and case_id in ({ids})"
                           " group by 1")
    assert sorted(row["n"] for row in counts) == [1] * len(traces), counts
    leaves = {row["event_id"] for row in database.rows(
        "select event_id from rastro.audit_leaf where action = 'deadline.fired'")} - before
    assert len(leaves) == len(traces), f"{len(leaves)} audit records of {len(traces)} deadlines"
    told = database.rows("select case_id, count(*) as n from (select agency, kind, case_id from rastro.event_feed union all "
                         "select agency, kind, case_id from rastro.outbox) told "  # filed in the feed already or not yet
                         f"where agency = '{POLICE}' and kind = 'leg.escalated' and case_id in ({ids}) group by 1")
    assert sorted(row["n"] for row in told) == [1] * len(traces), told
    servers = {row["server"] for row in database.rows(
        "select convert_from(leaf, 'UTF8')::json ->> 'server' as server from rastro.audit_leaf where action = 'deadline.fired'")}
    assert servers <= {"test-1", "test-2"} and servers, servers
