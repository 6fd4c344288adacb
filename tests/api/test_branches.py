"""What else can become of a trace: refusal and appeal, delay, forwarding, withdrawal, duplicate, reopening, correction,
recall, restriction (domain/tracing.md 9.4)."""
from harness.tracing import complete_request, days_ago, in_days, purchaser_chain
from harness.world import CONTACT_A, POLICE, TRACE_B, TRACE_C

CONDITIONED = {"reason_code": "data_protection", "text": "The register act allows businesses only"}


def test_returned_request_is_changed_and_sent_again(cast):
    trace = cast.trace()
    trace.act(cast.contact, "return", {"text": "Say more about the find"}).expect(200)
    trace.expect_state("RETURNED")
    unchanged = trace.act(cast.officer, "submission")
    unchanged.expect(422, "guard-not-met")
    version = cast.officer.get(trace.path).expect(200).version
    cast.officer.patch(trace.path, {"recovery": {"circumstances": "Search of a vehicle at the port"}},
                       version=version).expect(200)
    trace.act(cast.officer, "submission").expect(200)
    trace.expect_state("NATIONAL_REVIEW")
    trace.act(cast.contact, "approval").expect(200)
    trace.expect_state("IN_PROGRESS")


def test_draft_is_private_until_it_is_sent(cast):
    trace = cast.trace(submit=False)
    trace.expect_state("DRAFT")
    cast.contact.get(trace.path).expect(404, "not-found")
    cast.analyst().get(trace.path).expect(404, "not-found")
    version = cast.officer.get(trace.path).expect(200).version
    changed = cast.officer.patch(trace.path, {"unit": "Unit 9", "possessor": None}, version=version).expect(200)
    assert changed.json["content"]["unit"] == "Unit 9" and "possessor" not in changed.json["content"], changed.story()
    trace.act(cast.officer, "submission").expect(200)
    cast.contact.get(trace.path).expect(200)


def test_incomplete_draft_cannot_be_sent_and_every_gap_is_named(cast):
    trace = cast.trace(submit=False)
    version = cast.officer.get(trace.path).expect(200).version
    cast.officer.patch(trace.path, {"legal_basis": None, "offence_code": None, "recipients": None},
                       version=version).expect(200)
    refused = trace.act(cast.officer, "submission").expect(422)
    pointers = {pointer for pointer, _ in refused.errors}
    assert {"/legal_basis", "/offence_code", "/recipients"} <= pointers, refused.story()


def test_urgent_needs_supervisor_and_another_person_than_the_author(cast):
    urgent = {"priority": "urgent", "urgent_ground": "imminent_threat", "urgent_justification": "Threats were made"}
    trace = cast.trace(**urgent)
    trace.act(cast.contact, "approval").expect(422, "guard-not-met")
    trace.act(cast.supervisor, "approval").expect(200)
    endorsed = trace.read()
    assert endorsed["state"] == "NATIONAL_REVIEW" and "SUPERVISOR_ENDORSED" in endorsed["flags"], endorsed
    trace.act(cast.contact, "approval").expect(200)
    trace.expect_state("IN_PROGRESS")


def test_auto_rule_sends_routine_requests_of_an_agency_by_itself(cast, world):
    admin = world.administrator(POLICE)
    agency = admin.get(f"/v1/agencies/{POLICE}").expect(200)
    rule = {"priority": "routine", "auto_approve": True, "valid_from": days_ago(0), "source": "Order 8"}
    from harness.world import OPERATORS
    operator = world.administrator(OPERATORS)
    operator.patch(f"/v1/agencies/{CONTACT_A}", {"outbound_rules": [rule]},
                   version=operator.get(f"/v1/agencies/{CONTACT_A}").expect(200).version).expect(200)
    assert agency.json["agency"] == POLICE
    author = world.user(CONTACT_A, "agency_user")
    trace = cast.trace({"country": "XB"}, author=author)
    assert trace.created["state"] == "IN_PROGRESS", trace.created
    assert [entry["event"] for entry in trace.timeline()][:3] == ["create", "submit", "auto_approve"]
    # Purchaser data is asked for: a person decides, whatever the rule says.
    asked = cast.trace({"country": "XB"}, author=author, requested_groups=["G6"])
    assert asked.created["state"] == "NATIONAL_REVIEW", asked.created


def test_refusal_appeal_and_reversal(cast):
    trace = cast.searching()
    leg = trace.leg_id(TRACE_B)
    trace.act_on_leg(cast.chief(), leg, "refusal", {"reason_code": "requires_mla", "appeal_to": "Ministry"}).expect(200)
    refused = trace.expect_leg(TRACE_B, "REFUSED")
    assert refused["refusal_reason"] == "requires_mla", refused
    seen = trace.read()
    assert seen["state"] == "AWAITING_REQUESTER" and "OPEN_MLA" in seen["hints"], seen
    trace.act_on_leg(cast.officer, leg, "appeal", {"text": "The treaty of 1998 covers it"}).expect(201)
    assert "APPEALED" in trace.leg(TRACE_B)["flags"]
    trace.act_on_leg(cast.chief(), leg, "appeal-decision", {"decision": "accepted"}).expect(403)
    upheld = trace.act_on_leg(cast.asked_contact(), leg, "appeal-decision", {"decision": "accepted", "text": "So it does"})
    upheld.expect(200)
    assert [decision["stage"] for decision in upheld.json["decisions"]] == ["refuse", "appeal", "appeal_decision"]
    trace.expect_leg(TRACE_B, "SEARCHING")
    trace.expect_state("IN_PROGRESS")


def test_dismissed_appeal_leaves_the_refusal(cast):
    trace = cast.searching()
    leg = trace.leg_id(TRACE_B)
    trace.act_on_leg(cast.chief(), leg, "refusal", {"reason_code": "national_security"}).expect(200)
    trace.act_on_leg(cast.officer, leg, "appeal", {"text": "Please look again"}).expect(201)
    trace.act_on_leg(cast.asked_contact(), leg, "appeal-decision", {"decision": "rejected"}).expect_errors(
        ("/text", "required"))
    trace.act_on_leg(cast.asked_contact(), leg, "appeal-decision",
                     {"decision": "rejected", "text": "The reason stands"}).expect(200)
    assert "APPEALED" not in trace.expect_leg(TRACE_B, "REFUSED")["flags"]


def test_delay_and_resumption_stop_and_start_the_clock(cast):
    trace = cast.searching()
    leg = trace.leg_id(TRACE_B)
    delay = {"reason_code": "cost_or_resources", "review_on": in_days(5)}
    trace.act_on_leg(cast.chief(), leg, "delay", {**delay, "review_on": days_ago(1)}).expect(422, "guard-not-met")
    trace.act_on_leg(cast.chief(), leg, "delay", delay).expect(200)
    clocks = {(clock["clock"], clock["state"]) for clock in cast.officer.get(f"/v1/legs/{leg}").json["clocks"]}
    assert ("answer", "paused") in clocks and ("delay_review", "running") in clocks, clocks
    trace.act_on_leg(cast.chief(), leg, "resumption").expect(200)
    clocks = {(clock["clock"], clock["state"]) for clock in cast.officer.get(f"/v1/legs/{leg}").json["clocks"]}
    assert ("answer", "running") in clocks, clocks
    trace.act_on_leg(cast.chief(), leg, "delay", delay).expect(200)
    trace.act_on_leg(cast.chief(), leg, "refusal", {"reason_code": "ongoing_investigation"}).expect(200)
    trace.expect_leg(TRACE_B, "REFUSED")


def test_reason_codes_are_only_for_their_stage(cast):
    trace = cast.searching()
    trace.act_on_leg(cast.chief(), trace.leg_id(TRACE_B), "refusal", {"reason_code": "cost_or_resources"}).expect_errors(
        ("/reason_code", "reason_not_for_stage"))


def test_question_and_reply_stop_and_start_the_clock(cast):
    trace = cast.searching()
    leg = trace.leg_id(TRACE_B)
    trace.act_on_leg(cast.analyst(), leg, "clarifications", {"fields": ["firearm.serial_raw"], "question": "B or 8?"}).expect(201)
    trace.expect_state("AWAITING_REQUESTER")
    clocks = {(clock["clock"], clock["state"]) for clock in cast.officer.get(f"/v1/legs/{leg}").json["clocks"]}
    assert ("answer", "paused") in clocks and ("clarification", "running") in clocks, clocks
    trace.act_on_leg(cast.officer, leg, "clarification-reply", {"text": "B"}).expect(200)
    trace.act_on_leg(cast.officer, leg, "clarification-reply", {"text": "B again"}).expect(409, "transition-not-allowed")
    trace.expect_state("IN_PROGRESS")


def test_forward_with_consent_keeps_the_path(cast):
    trace = cast.searching({"country": "XB"}, forward_consent=True)
    trace.act_on_leg(cast.analyst(), trace.leg_id(TRACE_B), "forward", {"country": "XB"}).expect(422, "guard-not-met")
    trace.act_on_leg(cast.analyst(), trace.leg_id(TRACE_B), "forward", {"country": "XC", "text": "Sold there"}).expect(200)
    forwarded = trace.expect_leg(TRACE_B, "FORWARDED")
    onward = trace.wait_for_leg(TRACE_C, "DELIVERED")
    assert onward["path"] == ["XB", "XC"] and onward["hop"] == 1, onward
    assert onward["parent_leg_id"] == forwarded["leg_id"], onward
    # The third country sees the firearm, not who holds it and not who asks for what reason.
    question = cast.analyst(TRACE_C).get(f"/v1/legs/{onward['leg_id']}").expect(200).json
    assert {"G2", "G3", "G8"} <= set(question["withheld_groups"]), question
    cast.take_up(trace, TRACE_C)
    back = trace.act_on_leg(cast.analyst(TRACE_C), onward["leg_id"], "forward", {"country": "XB"})
    back.expect(422, "guard-not-met")


def test_without_consent_forwarding_is_offered_and_the_requester_chooses(cast):
    trace = cast.searching({"country": "XB"})
    leg = trace.leg_id(TRACE_B)
    trace.act_on_leg(cast.analyst(), leg, "forward", {"country": "XC"}).expect(200)
    assert "FORWARD_OFFERED" in trace.expect_leg(TRACE_B, "SEARCHING")["flags"]
    trace.expect_state("AWAITING_REQUESTER")
    trace.act_on_leg(cast.officer, leg, "forward", {"decline": True}).expect(200)
    assert "FORWARD_OFFERED" not in trace.leg(TRACE_B)["flags"]
    trace.act_on_leg(cast.analyst(), leg, "forward", {"country": "XC"}).expect(200)
    trace.act_on_leg(cast.officer, leg, "forward", {"country": "XC"}).expect(200)
    trace.expect_leg(TRACE_B, "FORWARDED")
    assert trace.leg(TRACE_C)["path"] == ["XB", "XC"]


def test_withdrawal_stops_open_legs_and_needs_a_supervisor(cast):
    trace = cast.searching()
    trace.act(cast.officer, "withdrawal", {"text": "Found otherwise"}).expect(422, "guard-not-met")
    trace.act(cast.supervisor, "withdrawal", {"text": "Found otherwise"}).expect(200)
    trace.expect_state("WITHDRAWN")
    trace.expect_leg(TRACE_B, "STOPPED")
    trace.act_on_leg(cast.analyst(), trace.leg_id(TRACE_B), "answers",
                     {"kind": "full", "outcome_code": "too_old"}).expect(409, "transition-not-allowed")


def test_duplicate_is_suggested_and_linked_to_its_lead(cast):
    lead = cast.sent()
    content = lead.read()["content"]
    second = cast.trace(firearm=content["firearm"], recovery=content["recovery"], agency_case_no=content["agency_case_no"])
    assert [other["case_id"] for other in second.read()["likely_duplicates"]] == [lead.case_id], second.read()
    second.act(cast.contact, "approval").expect(200)
    assert "DUPLICATE_SUGGESTED" in second.read()["flags"], second.read()
    second.act(cast.supervisor, "duplicate", {"lead_case_id": second.case_id}).expect(422)
    second.act(cast.supervisor, "duplicate", {"lead_case_id": lead.case_id, "text": "Same find"}).expect(200)
    marked = second.read()
    assert marked["state"] == "DUPLICATE" and marked["lead"]["case_id"] == lead.case_id, marked
    assert all(not leg["open"] for leg in marked["legs"]), marked["legs"]
    second.act(cast.officer, "reopening", {"text": "Two firearms after all"}).expect(200)
    second.expect_state("REOPENED")


def test_reopened_request_asks_once_more_and_keeps_its_history(cast):
    trace = cast.answered()
    trace.expect_state("ANSWERED")
    trace.act(cast.officer, "closure", {"outcome_code": "too_old"}).expect(200)
    trace.act(cast.officer, "reopening", {"text": "The laboratory read the number"}).expect(200)
    trace.expect_state("REOPENED")
    # It leaves the country through the national contact, who adds the leg.
    trace.act(cast.officer, "legs", {"country": "XC"}).expect(422, "guard-not-met")
    trace.act(cast.contact, "legs", {"country": "XC"}).expect(201)
    trace.wait_for_leg(TRACE_C, "DELIVERED")
    trace.expect_leg(TRACE_B, "ANSWERED_FULL")
    cast.take_up(trace, TRACE_C)
    trace.act_on_leg(cast.analyst(TRACE_C), trace.leg_id(TRACE_C), "answers",
                     {"kind": "full", "outcome_code": "too_old"}).expect(201)
    trace.expect_state("ANSWERED")


def test_the_asked_agency_reopens_on_a_new_record(cast):
    trace = cast.answered()
    trace.act(cast.officer, "closure", {"outcome_code": "too_old"}).expect(200)
    trace.act(cast.analyst(), "reopening", {"text": "An old book came up"}).expect(200)
    trace.expect_state("REOPENED")


def test_description_is_corrected_as_a_new_version(cast):
    trace = cast.sent()
    firearm = {**trace.read()["content"]["firearm"], "model_text": "N19"}
    trace.act(cast.officer, "descriptions", {"firearm": firearm}).expect(422)
    trace.act(cast.officer, "descriptions", {**firearm, "change_reason": "Read again"}).expect(201)
    assert trace.read()["description_version"] == 2
    items = cast.officer.get(f"{trace.path}/descriptions").expect(200).json["items"]
    assert {item["firearm"]["model_text"] for item in items} == {"N17", "N19"}, items


def test_partial_answer_then_the_rest(cast):
    trace = cast.searching()
    leg = trace.leg_id(TRACE_B)
    businesses = purchaser_chain()[:3]
    trace.act_on_leg(cast.analyst(), leg, "answers",
                     {"kind": "partial", "outcome_code": "retailer_only", "chain": businesses}).expect(201)
    trace.expect_leg(TRACE_B, "ANSWERED_PARTIAL")
    trace.expect_state("PARTIALLY_ANSWERED")
    trace.act_on_leg(cast.analyst(), leg, "answers",
                     {"kind": "partial", "outcome_code": "retailer_only", "chain": purchaser_chain()}).expect(201)
    pending = cast.analyst().get(f"/v1/legs/{leg}").json["answers"][-1]["answer_id"]
    cast.chief().post(f"/v1/answers/{pending}/approval", {"decision": "rejected"}).expect_errors(("/text", "required"))
    cast.chief().post(f"/v1/answers/{pending}/approval", {"decision": "rejected", "text": "Wrong buyer"}).expect(200)
    assert len(cast.officer.get(f"/v1/legs/{leg}").json["answers"]) == 1
    trace.act_on_leg(cast.analyst(), leg, "answers",
                     {"kind": "full", "outcome_code": "retailer_only", "chain": businesses}).expect(201)
    trace.expect_leg(TRACE_B, "ANSWERED_FULL")


def test_chain_is_checked_and_every_fault_has_its_place(cast):
    trace = cast.searching()
    chain = purchaser_chain()
    chain[1]["disposed_on"] = days_ago(4000)
    chain[3]["role"] = "manufacturer"
    refused = trace.act_on_leg(cast.analyst(), trace.leg_id(TRACE_B), "answers",
                               {"kind": "full", "outcome_code": "purchaser_identified", "chain": chain}).expect(422)
    pointers = {pointer for pointer, _ in refused.errors}
    assert {"/chain/1/disposed_on", "/chain/3/role"} <= pointers, refused.story()


def given_answer(cast, trace) -> str:
    return cast.analyst().get(f"/v1/legs/{trace.leg_id(TRACE_B)}").expect(200).json["answers"][-1]["answer_id"]


def test_correction_supersedes_and_the_old_answer_stays(cast):
    trace = cast.answered()
    old = given_answer(cast, trace)
    corrected = cast.analyst().post(f"/v1/answers/{old}/correction",
                                    {"kind": "full", "outcome_code": "privately_made"}).expect(201).json
    answers = cast.officer.get(f"/v1/legs/{trace.leg_id(TRACE_B)}").expect(200).json["answers"]
    assert [(answer["outcome_code"], "superseded_by" in answer) for answer in answers] == [
        ("too_old", True), ("privately_made", False)], answers
    assert corrected["outcome_code"] == "privately_made", corrected
    again = cast.analyst().post(f"/v1/answers/{old}/correction", {"kind": "full", "outcome_code": "too_old"})
    again.expect(409, "conflict")


def test_correction_with_purchaser_needs_its_second_person(cast):
    trace = cast.answered()
    old = given_answer(cast, trace)
    cast.analyst().post(f"/v1/answers/{old}/correction", {"kind": "full", "outcome_code": "purchaser_identified",
                                                          "chain": purchaser_chain()}).expect(201)
    before = cast.officer.get(f"/v1/legs/{trace.leg_id(TRACE_B)}").expect(200).json["answers"]
    assert [answer["outcome_code"] for answer in before] == ["too_old"], before
    cast.chief().post(f"/v1/answers/{given_answer(cast, trace)}/approval", {"decision": "accepted"}).expect(200)
    after = cast.officer.get(f"/v1/legs/{trace.leg_id(TRACE_B)}").expect(200).json["answers"]
    assert [answer["outcome_code"] for answer in after] == ["too_old", "purchaser_identified"], after


def test_recalled_answer_says_so_to_its_reader(cast):
    trace = cast.answered()
    answer = given_answer(cast, trace)
    cast.analyst().post(f"/v1/answers/{answer}/recall", {}).expect_errors(("/text", "missing_member"))
    cast.analyst().post(f"/v1/answers/{answer}/recall", {"text": "Of another firearm"}).expect(200)
    seen = cast.officer.get(f"/v1/legs/{trace.leg_id(TRACE_B)}").expect(200).json["answers"][0]
    assert seen["recalled_at"] and seen["recall_reason"] == "Of another firearm", seen
    cast.analyst().post(f"/v1/answers/{answer}/recall", {"text": "Again"}).expect(422, "guard-not-met")


def test_restriction_withholds_groups_until_an_appeal_lifts_it(cast):
    trace = cast.searching()
    leg = trace.leg_id(TRACE_B)
    trace.act_on_leg(cast.analyst(), leg, "answers", {"kind": "full", "outcome_code": "retailer_only",
                                                      "chain": purchaser_chain()[:3]}).expect(201)
    answer = given_answer(cast, trace)
    cast.chief().post(f"/v1/answers/{answer}/restriction", {**CONDITIONED, "groups": ["G5"]}).expect(200)
    seen = cast.officer.get(f"/v1/legs/{leg}").expect(200).json
    assert seen["answers"][0]["chain"] == [] and "RESTRICTED" in seen["flags"], seen
    assert seen["answers"][0]["withheld"] == [{"group": "G5", "reason_code": "data_protection"}], seen
    trace.act_on_leg(cast.officer, leg, "appeal", {"text": "The agreement covers businesses"}).expect(201)
    trace.act_on_leg(cast.asked_contact(), leg, "appeal-decision", {"decision": "accepted"}).expect(200)
    lifted = cast.officer.get(f"/v1/legs/{leg}").expect(200).json
    assert len(lifted["answers"][0]["chain"]) == 3 and "RESTRICTED" not in lifted["flags"], lifted


def test_handling_is_only_tightened(cast):
    trace = cast.sent()
    trace.act(cast.officer, "handling", {"handling_code": "H0"}).expect(422, "guard-not-met")
    trace.act(cast.officer, "handling", {"handling_code": "H3"}).expect_errors(("/handling_text", "handling_text_required"))
    trace.act(cast.officer, "handling", {"handling_code": "H2"}).expect(200)
    assert trace.read()["content"]["handling_code"] == "H2"


def test_an_agency_is_not_asked_twice_at_once(cast):
    trace = cast.sent()
    refused = trace.act(cast.contact, "legs", {"country": "XB"}).expect(422, "guard-not-met")
    assert ("", "guard.not_asked_already") in refused.errors, refused.story()
    trace.act(cast.contact, "legs", {"agency": TRACE_C}).expect(201)


def test_unknown_recipients_are_refused_with_their_place(cast):
    body = complete_request({"country": "XC"}, {"agency": "XB-NOBODY-0"}, {"country": "ZZ"})
    refused = cast.officer.post("/v1/trace-requests", {**body, "submit": True}).expect(422)
    assert {pointer for pointer, _ in refused.errors} == {"/recipients/1", "/recipients/2"}, refused.story()
