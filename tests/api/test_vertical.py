"""A trace from one end to the other: police of XA, national contact of XA, tracing centre of XB, a parallel question to XC."""
import pytest

from harness.stream import Stream
from harness.tracing import days_ago, purchaser_chain
from harness.world import CONTACT_A, POLICE, TRACE_B, TRACE_C


@pytest.fixture(scope="module")
def journey(cast):
    """The whole way, once; the tests of this file look at what it left behind at every station."""
    return Journey(cast)


class Journey:
    def __init__(self, cast):
        self.cast = cast
        self.starts = {agency: last_event(client) for agency, client in
                       ((POLICE, cast.officer), (CONTACT_A, cast.contact), (TRACE_B, cast.analyst()),
                        (TRACE_C, cast.analyst(TRACE_C)))}
        self.stream = Stream(cast.officer, f"/v1/stream?after={self.starts[POLICE]}")
        self.seen: dict[str, dict] = {}
        trace = self.trace = cast.trace({"country": "XB"}, {"country": "XC"}, requested_groups=["G5", "G6"])
        self.seen["written"] = trace.read()
        self.seen["to approve"] = trace.read(cast.contact)
        trace.act(cast.contact, "approval").expect(200)
        self.seen["approved"] = trace.read()
        trace.wait_for_leg(TRACE_B, "DELIVERED")
        trace.wait_for_leg(TRACE_C, "DELIVERED")
        self.inboxes = {agency: cast.analyst(agency).pages("/v1/inbox") for agency in (TRACE_B, TRACE_C)}
        self.leg_b, self.leg_c = trace.leg_id(TRACE_B), trace.leg_id(TRACE_C)
        self.ask_and_reply()
        self.answer_without_record()
        self.answer_with_purchaser()
        trace.act(cast.officer, "closure", {"outcome_code": "purchaser_identified", "answer_id": self.answer_id}).expect(200)
        self.seen["closed"] = trace.read()

    def ask_and_reply(self):
        cast, trace, leg = self.cast, self.trace, self.leg_b
        trace.act_on_leg(cast.analyst(), leg, "acknowledgement").expect(200)
        trace.act_on_leg(cast.chief(), leg, "assignment", {"handler": cast.analyst_id()}).expect(200)
        trace.act_on_leg(cast.analyst(), leg, "clarifications",
                         {"fields": ["firearm.serial_raw"], "question": "Is the third character an 8?"}).expect(201)
        self.seen["asked"] = trace.read()
        firearm = {**self.seen["asked"]["content"]["firearm"], "model_text": "N17 Gen2"}
        trace.act_on_leg(cast.officer, leg, "clarification-reply",
                         {"text": "It is a B", "description": firearm}).expect(200)
        self.seen["replied"] = trace.read()

    def answer_without_record(self):
        self.cast.take_up(self.trace, TRACE_C)
        self.trace.act_on_leg(self.cast.analyst(TRACE_C), self.leg_c, "answers",
                              {"kind": "no_record", "outcome_code": "no_record_at_manufacturer"}).expect(201)
        self.seen["one answered"] = self.trace.read()

    def answer_with_purchaser(self):
        cast, trace, leg = self.cast, self.trace, self.leg_b
        held = trace.act_on_leg(cast.analyst(), leg, "answers",
                                {"kind": "full", "outcome_code": "purchaser_identified", "evaluation": "A1",
                                 "chain": purchaser_chain(bought=900)}).expect(201)
        self.answer_id = held.json["answers"][-1]["answer_id"]
        self.seen["held, by analyst"] = held.json
        self.seen["held, by requester"] = cast.officer.get(f"/v1/legs/{leg}").expect(200).json
        approve = f"/v1/answers/{self.answer_id}/approval"
        cast.analyst().post(approve, {"decision": "accepted"}).expect(403, "forbidden")
        cast.chief().post(approve, {"decision": "accepted"}).expect(200)
        self.seen["answered"] = trace.read()
        self.seen["answer"] = cast.officer.get(f"/v1/legs/{leg}").expect(200).json


def last_event(client) -> int:
    after = 0
    while True:
        page = client.get("/v1/events", query={"after": after}).expect(200).json
        if not page["items"]:
            return after
        after = page["last"]


def events_after(client, after) -> list[dict]:
    items = []
    while True:
        page = client.get("/v1/events", query={"after": after}).expect(200).json
        if not page["items"]:
            return items
        items += page["items"]
        after = page["last"]


def of_case(events, trace) -> list[str]:
    return [event["kind"] for event in events if event.get("case_id") == trace.case_id]


@pytest.mark.parametrize("station, state", [
    ("written", "NATIONAL_REVIEW"), ("approved", "IN_PROGRESS"), ("asked", "IN_PROGRESS"), ("replied", "IN_PROGRESS"),
    ("one answered", "PARTIALLY_ANSWERED"), ("answered", "ANSWERED"), ("closed", "CLOSED")])
def test_state_at_every_station(journey, station, state):
    assert journey.seen[station]["state"] == state, journey.seen[station]


def test_number_names_the_country_and_carries_no_count(journey):
    number = journey.trace.number
    country, year, random, check = number.split("-")
    assert country == "XA" and len(year) == 4 and len(random) >= 7 and len(check) == 1, number


def test_nothing_is_routed_before_the_approval(journey):
    assert journey.seen["written"]["legs"] == [], journey.seen["written"]["legs"]
    assert {leg["asked_agency"] for leg in journey.seen["approved"]["legs"]} == {TRACE_B, TRACE_C}


def test_the_approver_sees_what_is_approved(journey):
    seen = journey.seen["to approve"]
    assert seen["content"]["firearm"]["make_text"] == "North Arms", seen
    assert "approve" in seen["next_steps"], seen


def test_inbox_of_each_asked_agency_has_its_own_leg(journey):
    for agency, leg in ((TRACE_B, journey.leg_b), (TRACE_C, journey.leg_c)):
        mine = [entry for entry in journey.inboxes[agency] if entry["case_id"] == journey.trace.case_id]
        assert [entry["leg_id"] for entry in mine] == [leg], f"inbox of {agency}: {mine}"
        assert mine[0]["asking_agency"] == POLICE and mine[0]["state"] == "DELIVERED", mine


def test_the_asked_agency_sees_the_question_without_the_possessor(journey):
    question = journey.cast.analyst().get(f"/v1/legs/{journey.leg_b}").expect(200).json
    assert question["question"]["firearm"]["serial_condition"] == "clear", question
    assert "possessor" not in question["question"], question
    assert {"G3", "G4"} <= set(question["withheld_groups"]), question


def test_who_is_asked_is_told_by_name_who_asks(journey):
    """A police abroad is not in the directory of the asked country; its name comes with the question, and only there."""
    analyst = journey.cast.analyst()
    question = analyst.get(f"/v1/legs/{journey.leg_b}").expect(200).json
    assert question["asking_agency_name"] == "Police under test", question
    assert question["asked_agency_name"] == "Tracing centre of XB", question
    assert POLICE not in {agency["agency"] for agency in analyst.get("/v1/agencies").expect(200).json["items"]}
    analyst.get(f"/v1/agencies/{POLICE}").expect(404)


def test_one_asked_agency_does_not_see_the_leg_of_the_other(journey):
    journey.cast.analyst(TRACE_C).get(f"/v1/legs/{journey.leg_b}").expect(404, "not-found")
    seen = journey.trace.read(journey.cast.analyst(TRACE_C))
    assert [leg["asked_agency"] for leg in seen["legs"]] == [TRACE_C], seen


def test_the_reply_makes_a_new_version_of_the_description(journey):
    assert journey.seen["replied"]["description_version"] == 2
    versions = journey.cast.officer.get(f"{journey.trace.path}/descriptions").expect(200).json["items"]
    assert [(version["version"], version["firearm"]["model_text"]) for version in versions] in (
        [(1, "N17"), (2, "N17 Gen2")], [(2, "N17 Gen2"), (1, "N17")]), versions


def test_the_dialogue_is_seen_by_both_sides(journey):
    for client in (journey.cast.officer, journey.cast.analyst()):
        leg = client.get(f"/v1/legs/{journey.leg_b}").expect(200).json
        assert [(item["question"], item["reply"]) for item in leg["clarifications"]] == [
            ("Is the third character an 8?", "It is a B")], leg["clarifications"]


def test_an_answer_with_purchaser_waits_unseen_for_a_second_person(journey):
    by_analyst, by_requester = journey.seen["held, by analyst"], journey.seen["held, by requester"]
    assert by_analyst["answers"][-1]["approval"] == "pending" and "ANSWER_PENDING" in by_analyst["flags"], by_analyst
    assert not by_requester.get("answers") and "ANSWER_PENDING" not in by_requester["flags"], by_requester


def test_the_released_answer_shows_the_whole_chain(journey):
    leg = journey.seen["answer"]
    assert leg["state"] == "ANSWERED_FULL" and leg["outcome_code"] == "purchaser_identified", leg
    chain = leg["answers"][-1]["chain"]
    assert [(link["role"], link["group"]) for link in chain] == [
        ("manufacturer", "G5"), ("importer", "G5"), ("retailer", "G5"), ("purchaser", "G6")], chain
    assert chain[-1]["party_name"] == "Comprador Ejemplo" and chain[2]["source_record"] == "Dealer book 12", chain


def test_time_to_crime_is_from_purchase_to_recovery(journey):
    # Bought 900 days ago, recovered 40 days ago.
    assert journey.seen["answered"]["time_to_crime"] == {"days": 860, "bucket": "2_to_3_years"}, journey.seen["answered"]
    assert journey.seen["answered"]["content"]["recovery"]["recovered_on"] == days_ago(40)


def test_the_closed_request_keeps_its_outcome(journey):
    closed = journey.seen["closed"]
    assert closed["outcome_code"] == "purchaser_identified" and closed["closed_at"], closed


def test_timeline_tells_the_steps_in_order(journey):
    entries = journey.trace.timeline()
    steps = [(entry["object"], entry["event"]) for entry in entries]
    story = [("request", "create"), ("request", "submit"), ("request", "approve"), ("leg", "route"), ("leg", "receipt"),
             ("leg", "acknowledge"), ("leg", "assign"), ("leg", "ask"), ("leg", "reply"), ("leg", "no_record"),
             ("leg", "release"), ("request", "close")]
    at = -1
    for step in story:
        assert step in steps[at + 1:], f"{step} missing after {steps[:at + 1]}\nall: {steps}"
        at = steps.index(step, at + 1)
    times = [entry["occurred_at"] for entry in entries]
    assert times == sorted(times), times


def test_timeline_of_the_asked_agency_holds_only_its_own_leg(journey):
    entries = journey.trace.timeline(journey.cast.analyst(TRACE_C))
    foreign = [entry for entry in entries if entry.get("leg_id", journey.leg_c) != journey.leg_c or
               (entry["object"] == "request" and entry["agency"] != TRACE_C)]
    assert not foreign, foreign
    assert {"route", "acknowledge", "no_record"} <= {entry["event"] for entry in entries}, entries


def test_events_reach_every_party_by_long_poll(journey):
    cast = journey.cast
    told = {agency: of_case(events_after(client, journey.starts[agency]), journey.trace) for agency, client in
            ((POLICE, cast.officer), (CONTACT_A, cast.contact), (TRACE_B, cast.analyst()), (TRACE_C, cast.analyst(TRACE_C)))}
    assert "request.for_approval" in told[CONTACT_A], told
    assert {"leg.delivered", "leg.acknowledged", "leg.clarification_requested", "answer.given"} <= set(told[POLICE]), told
    assert {"leg.routed", "leg.clarification_answered", "answer.held"} <= set(told[TRACE_B]), told
    assert "leg.routed" in told[TRACE_C] and "answer.held" not in told[TRACE_C] + told[POLICE], told


def test_the_stream_tells_the_same_as_the_long_poll(journey):
    expected = events_after(journey.cast.officer, journey.starts[POLICE])
    received = [journey.stream.message() for _ in expected]
    assert received == expected
    journey.stream.close()
    # The middle again, after a lost connection.
    again = Stream(journey.cast.officer, f"/v1/stream?after={expected[2]['seq']}")
    assert [again.message() for _ in expected[3:]] == expected[3:]
    again.close()


def test_sequence_numbers_of_an_agency_have_no_gap(journey):
    numbers = [event["seq"] for event in events_after(journey.cast.officer, 0)]
    assert numbers == list(range(1, len(numbers) + 1)), numbers


def test_a_long_poll_waits_for_the_next_event(journey):
    import threading
    import time
    cast = journey.cast
    after = last_event(cast.officer)
    waiting = cast.world.user(POLICE, "agency_user", number=2)
    found = {}

    def poll():
        begun = time.monotonic()
        found["reply"] = waiting.get("/v1/events", query={"after": after, "wait": 20})
        found["took"] = time.monotonic() - begun

    thread = threading.Thread(target=poll)
    thread.start()
    time.sleep(0.5)
    trace = cast.trace()
    trace.act(cast.contact, "approval").expect(200)
    thread.join(timeout=30)
    reply = found["reply"].expect(200)
    assert reply.json["items"] and 0.4 < found["took"] < 10, f"after {found['took']:.1f} s\n{reply.story()}"
    assert trace.case_id in {event["case_id"] for event in reply.json["items"]}, reply.story()


def test_status_says_the_same_as_the_request(journey):
    status = journey.cast.officer.get(f"{journey.trace.path}/status").expect(200).json
    whole = journey.trace.read()
    assert (status["state"], status["version"], status["outcome_code"]) == (
        whole["state"], whole["version"], whole["outcome_code"]), (status, whole)
    assert [(leg["leg_id"], leg["state"]) for leg in status["legs"]] == [
        (leg["leg_id"], leg["state"]) for leg in whole["legs"]], (status, whole)


def test_state_is_the_fold_of_the_events(journey, instance):
    rows = instance.database.rows(
        "select object, leg_id, from_state, to_state from rastro.case_event where case_id = "
        f"'{journey.trace.case_id}' order by event_id")
    state: dict = {}
    for row in rows:
        before = state.get(row["leg_id"], "")
        assert (row["from_state"] or "") == before, f"{row} does not follow {before}"
        state[row["leg_id"]] = row["to_state"]
    closed = journey.trace.read()
    assert state[None] == closed["state"], (state, closed["state"])
    for leg in closed["legs"]:
        assert state[leg["leg_id"]] == leg["state"], (state, leg)


def test_the_list_finds_it_by_number_state_and_page(journey):
    officer = journey.cast.officer
    everything = officer.pages("/v1/trace-requests", limit=1)
    assert journey.trace.case_id in {item["case_id"] for item in everything}, everything
    closed = officer.get("/v1/trace-requests", query={"state": "CLOSED"}).expect(200).json["items"]
    assert {item["state"] for item in closed} == {"CLOSED"}, closed
