"""Every transition of domain/tracing.md 9.4 was reached by the tests that ran before in this suite (test_branches,
test_deadlines), on a live server, or is listed here with what does test it."""
import json

import pytest

from harness.surroundings import ROOT
from harness.tracing import purchaser_chain
from harness.world import TRACE_B

# Nothing in the interface brings these about yet; the table of states and events is tested whole in the file named.
TESTED_ELSEWHERE = {
    "T17b": "restriction by the policy engine, which has its own issue",
    "T27c": "reopening by a new hit, which comes with serial matching",
    "T29b": "handling of a single leg; the interface changes that of the request (T29a)",
}
TABLE_TEST = "tests/unit/protocol/trace_lifecycle.cpp"


def definition() -> dict:
    return json.loads((ROOT / "cases" / "types" / "trace_request.json").read_text(encoding="utf-8"))


def reached(instance) -> set[str]:
    return {row["transition"] for row in instance.database.rows(
        "select distinct transition from rastro.case_event where transition is not null")}


def release_by_second_person(cast, trace, kind: str):
    leg = trace.leg_id(TRACE_B)
    trace.act_on_leg(cast.analyst(), leg, "answers", {"kind": kind, "outcome_code": "purchaser_identified",
                                                      "chain": purchaser_chain()}).expect(201)
    answer = cast.analyst().get(f"/v1/legs/{leg}").expect(200).json["answers"][-1]["answer_id"]
    cast.chief().post(f"/v1/answers/{answer}/approval", {"decision": "accepted"}).expect(200)


@pytest.mark.parametrize("kinds, states", [
    (["partial", "partial", "full"], ["ANSWERED_PARTIAL", "ANSWERED_PARTIAL", "ANSWERED_FULL"]), (["full"], ["ANSWERED_FULL"])])
def test_released_answers(cast, kinds, states):
    trace = cast.searching()
    for kind, state in zip(kinds, states):
        release_by_second_person(cast, trace, kind)
        trace.expect_leg(TRACE_B, state)


def test_partial_answers_without_purchaser(cast):
    trace = cast.searching()
    leg = trace.leg_id(TRACE_B)
    for kind in ("partial", "partial", "full"):
        trace.act_on_leg(cast.analyst(), leg, "answers", {"kind": kind, "outcome_code": "retailer_only",
                                                          "chain": purchaser_chain()[:3]}).expect(201)
    trace.expect_state("ANSWERED")


def test_no_record(cast):
    trace = cast.searching()
    trace.act_on_leg(cast.analyst(), trace.leg_id(TRACE_B), "answers",
                     {"kind": "no_record", "outcome_code": "dealer_no_record"}).expect(201)
    trace.expect_leg(TRACE_B, "NO_RECORD")


def test_outcome_is_chosen_when_the_legs_brought_none(cast):
    trace = cast.searching()
    trace.act_on_leg(cast.chief(), trace.leg_id(TRACE_B), "refusal", {"reason_code": "national_security"}).expect(200)
    trace.expect_state("AWAITING_REQUESTER")
    trace.act(cast.officer, "closure", {"outcome_code": "refused"}).expect(200)
    trace.expect_state("CLOSED")


def test_every_transition_was_reached_or_is_listed(instance):
    ids = {transition["id"] for transition in definition()["transitions"]}
    seen = reached(instance)
    assert seen <= ids, f"events of transitions that nobody declared: {sorted(seen - ids)}"
    listed = set(TESTED_ELSEWHERE)
    assert not ids - seen - listed, f"neither reached nor listed: {sorted(ids - seen - listed)}"
    assert not listed & seen, f"listed as tested elsewhere, yet reached: {sorted(listed & seen)}"
    assert (ROOT / TABLE_TEST).exists(), TABLE_TEST


def test_state_of_every_case_is_the_fold_of_its_events(instance):
    wrong = instance.database.rows(
        "select c.case_id, c.state, (select e.to_state from rastro.case_event e where e.case_id = c.case_id and e.leg_id is null "
        "order by e.event_id desc limit 1) as folded from rastro.case_file c")
    assert not [row for row in wrong if row["state"] != row["folded"]], wrong
    legs = instance.database.rows(
        "select l.leg_id, l.state, (select e.to_state from rastro.case_event e where e.leg_id = l.leg_id order by e.event_id "
        "desc limit 1) as folded from rastro.leg l")
    assert not [row for row in legs if row["state"] != row["folded"]], legs


def test_previous_hash_chains_the_events_of_every_case(instance):
    broken = instance.database.rows(
        "select case_id, event_id from (select case_id, event_id, previous_hash, lag(event_hash) over (partition by case_id "
        "order by event_id) as before from rastro.case_event) e where previous_hash is distinct from before")
    assert not broken, broken
