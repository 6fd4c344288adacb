"""Every declared type from its opening to its end, by the people whose work it is; the last test looks at which types the tests
of this suite have closed."""
import pytest

from harness.linked import People, convict, name_members, open_case, values
from harness.surroundings import ROOT
from harness.world import CONTACT_A, CONTACT_B, CUSTOMS_B, OVERSIGHT, POLICE, TRACE_B

FENTANYL = "PJMPHNIQZUBGLI-UHFFFAOYSA-N"
FUTURE = "2099-01-01"


@pytest.fixture(scope="module")
def police(world):
    return People(world, POLICE)


@pytest.fixture(scope="module")
def contact(world):
    return People(world, CONTACT_A)


def codes(reply) -> set[str]:
    return {code for _, code in reply.errors}


def clocks_of(item: dict) -> list[str]:
    return [clock["clock"] for clock in item.get("clocks", [])]


def by_two(case, first, second, event: str, **more) -> None:
    """The first prepares; the same person again changes nothing; the second brings it about."""
    before = case.document["state"]
    case.act(first.client, event, **more)
    assert case.document["state"] == before and case.document["pending"][0]["event"] == event
    case.act(first.client, event, 403, **more)
    case.act(second.client, event, **more)
    assert "pending" not in case.document


def test_smuggling_of_migrants_who_are_not_liable(police):
    officer, lead, advocate, prosecutor = (police[role] for role in (
        "investigator", "unit_lead", "victim_advocate", "prosecutor"))
    case = open_case(officer.client, "som_case", route="XA|XB|XC", detected_on="2026-03-01", detection_method="border")
    name_members(case, officer.client, lead, advocate, prosecutor, police["agency_supervisor"])
    case.act(officer.client, "screen")
    case.act(lead.client, "protect", 422)  # the conduct is not stated
    case.act(lead.client, "protect", smuggling_conduct="smuggling", aggravating="endangerment")
    case.act(officer.client, "add", object="migrant", age_band="age_25_34", name="Invented Migrant")
    migrant = dict(object="migrant", object_id=case.of("migrant")[0]["object_id"])
    assert values(case.of("migrant")[0])["pseudonym"].startswith("V-")
    assert "name" not in str(case.of("migrant")[0]["fields"])
    case.act(officer.client, "assist", 403, **migrant)
    case.act(advocate.client, "assist", **migrant)
    case.act(advocate.client, "end_assistance", reason="at home", **migrant)
    case.act(officer.client, "add", object="suspect", name="Invented Smuggler")
    suspect = dict(object="suspect", object_id=case.of("suspect")[0]["object_id"])
    case.act(prosecutor.client, "investigate")
    case.act(prosecutor.client, "charge", **suspect)
    case.act(prosecutor.client, "prosecute")
    assert codes(case.act(prosecutor.client, "judge", 422)) == {"guard.linked_to"}
    judgment = convict(police["court_liaison"].client, "P-S", "SOM_6", "2026-04-02", "40")
    prosecutor.client.post(f"{case.path}/links", {"to_case": judgment.id, "kind": "resulted_in", "basis": "document",
                                                  "confidence": 5}).expect(201)
    case.act(prosecutor.client, "judge")
    case.act(prosecutor.client, "convict", **suspect)
    by_two(case, lead, police["agency_supervisor"], "close", reason="final")
    assert case.document["state"] == "CLOSED"


def test_a_judgment_is_verified_by_somebody_else(police):
    liaison, statistician = police["court_liaison"].client, police["statistician"].client
    case = convict(liaison, "P-V", "UNTOC_6|UNTOC_8", "2026-01-15", "30")
    finding = dict(object="finding", object_id=case.of("finding")[0]["object_id"])
    case.act(liaison, "finalise", final_on="2026-02-15", document="J 9", **finding)
    case.act(liaison, "add", object="legal_person", entity_ref="E-1", liability="administrative", provision="UNTOC_8")
    entity = dict(object="legal_person", object_id=case.of("legal_person")[0]["object_id"])
    case.act(liaison, "hold_liable", 422, document="J 9", **entity)  # neither date nor sanction
    case.act(liaison, "hold_liable", document="J 9", decision_on="2026-01-15", sanction_kind="fine",
             sanction_amount="250000.00 USD", **entity)
    case.act(statistician, "verify", 409)
    case.act(liaison, "complete")
    case.act(liaison, "verify", 403)
    case.act(statistician, "verify")
    assert case.document["state"] == "VERIFIED"
    # What is verified is corrected by a new version with its reason only.
    case.act(liaison, "complete", 409)


def test_a_unit_is_founded_trained_and_abolished(police, contact):
    lead = police["unit_lead"].client
    case = open_case(lead, "specialised_unit", unit_name="Unit 7", unit_kind="investigation", legal_act="Decree 1",
                     established_on="2026-01-01")
    case.act(lead, "establish", 422)  # a legal effect names its document
    case.act(lead, "establish", document="Decree 1")
    case.act(lead, "staff", staff_fte="12.5")
    case.act(lead, "operate")
    case.act(lead, "change", interviewing_staff="10", interviewing_staff_trained="7")
    assert [signal["rule"] for signal in case.document["signals"]] == ["unit.training_low"]
    case.act(lead, "change", interviewing_staff_trained="8")
    assert "signals" not in case.document
    case.act(lead, "suspend", reason="moves")
    case.act(lead, "operate")
    case.act(lead, "abolish", 403, reason="merged", document="Decree 2")
    npc = police["national_contact"].client
    case.act(npc, "abolish", reason="merged", document="Decree 2")
    assert case.document["state"] == "ABOLISHED"


def test_a_substance_is_named_controlled_and_merged(police):
    lab, health = police["lab_user"].client, police["health_authority"].client
    case = open_case(lab, "substance", preferred_name="fentanyl")
    named = dict(inchikey=FENTANYL, effect_group="synthetic_opioid")
    case.act(lab, "identify", 422, cas_rn="437-38-8", **named)  # check digit
    case.act(lab, "identify", cas_rn="437-38-7", **named)
    case.act(lab, "control", 403, international_status="c1961", status_in_force_from="2026-01-01")
    case.act(health, "control", international_status="c1961", status_in_force_from="2026-01-01")
    assert case.document["state"] == "CONTROLLED"
    twin = open_case(lab, "substance", preferred_name="powder 9")
    twin.act(lab, "merge", reason="the same substance")
    assert twin.document["state"] == "MERGED"


def test_an_alert_runs_from_the_detection_to_the_answer(world, police):
    """A second focal point clears; the asked side alone acknowledges; the alert is answered by a control and a programme."""
    officer, lab, focal = (police[role] for role in ("investigator", "lab_user", "ews_focal"))
    second = world.user(POLICE, "ews_focal", number=2)
    theirs = world.user(CONTACT_B, "ews_focal")
    found = open_case(officer.client, "substance_detection", provisional_name="pills", collected_on="2026-05-01",
                      sample_source="postal")
    found.act(officer.client, "send_to_lab")
    found.act(lab.client, "confirm", method="gc_ms", confidence="confirmed", reference_material="true",
              confirmed_on="2026-05-03", parent_inchikey=FENTANYL)
    found.act(focal.client, "triage", risk_score="8")
    alert = open_case(focal.client, "ews_alert", alert_title="Pills", alert_level="L3", level_reason="deaths abroad",
                      alert_text="Blue pills", no_person_data="false")
    assert codes(alert.act(focal.client, "clear", 422)) == {"guard.differs_from", "guard.no_person_data"}
    alert.act(focal.client, "change", no_person_data="true")
    alert.act(second, "clear")
    assert codes(alert.act(focal.client, "issue", 422)) == {"guard.has_recipients"}
    alert.act(focal.client, "add", object="recipient", recipient_agency=CONTACT_B, recipient_country="XB")
    theirs.get(alert.path).expect(404)  # nothing before it is issued
    alert.act(focal.client, "issue")
    recipient = alert.of("recipient")[0]
    assert recipient["state"] == "DELIVERED" and clocks_of(recipient) == ["ews.ack"]
    to_them = dict(object="recipient", object_id=recipient["object_id"])
    assert values(alert.read(theirs)["objects"][0])["alert_text"] == "Blue pills"
    alert.act(focal.client, "acknowledge", 403, **to_them)
    alert.act(theirs, "open_alert", **to_them)
    alert.act(theirs, "acknowledge", **to_them)
    assert clocks_of(alert.of("recipient")[0]) == []
    alert.act(theirs, "report_action", action_text="Labs told", **to_them)
    alert.act(focal.client, "update", alert_text="Blue and green pills")
    focal.client.post(f"{found.path}/links", {"to_case": alert.id, "kind": "alert_about", "basis": "document",
                                              "confidence": 5}).expect(201)
    found.act(focal.client, "issue_alert")
    found.act(focal.client, "monitor")
    found.act(focal.client, "close", reason="no more seen")
    alert.act(focal.client, "stand_down", reason="over")
    assert (found.document["state"], alert.document["state"]) == ("CLOSED", "STOOD_DOWN")


def test_a_recipient_answers_for_itself_alone(world, police):
    focal = police["ews_focal"].client
    alert = open_case(focal, "ews_alert", alert_title="Powder", alert_level="L1", level_reason="seen twice", alert_text="White",
                      no_person_data="true")
    for agency in (CONTACT_B, TRACE_B):
        alert.act(focal, "add", object="recipient", recipient_agency=agency, recipient_country="XB")
    alert.act(world.user(POLICE, "ews_focal", number=2), "clear")
    alert.act(focal, "issue")
    of = {values(item)["recipient_agency"]: item["object_id"] for item in alert.of("recipient")}
    theirs = world.user(CONTACT_B, "ews_focal")
    other = alert.act(theirs, "acknowledge", 422, object="recipient", object_id=of[TRACE_B])
    assert codes(other) == {"guard.own_entry"}
    alert.act(theirs, "acknowledge", object="recipient", object_id=of[CONTACT_B])
    assert {item["state"] for item in alert.of("recipient")} == {"DELIVERED", "ACKNOWLEDGED"}


@pytest.mark.parametrize("technique, ends", [("temporary", FUTURE), ("generic", None)])
def test_a_control_comes_into_force_and_ends(police, contact, technique, ends):
    health = contact["health_authority"].client
    case = open_case(health, "control_measure", technique=technique, legal_act="Act 5", substance_ref="fentanyl")
    case.act(health, "consult")
    if ends:
        assert codes(case.act(health, "approve", 422, document="Act 5")) == {"guard.expiry_if_temporary"}
        case.act(health, "approve", document="Act 5", expires_on=ends)
    else:
        case.act(health, "approve", document="Act 5")
    case.act(health, "enter_into_force", 422)
    case.act(health, "enter_into_force", document="Act 5", in_force_from="2026-01-01")
    assert clocks_of(case.of("case")[0]) == (["control.temporary_expiry"] if ends else [])
    case.act(health, "expire", 422)
    case.act(health, "revoke", reason="replaced", document="Act 6")
    assert case.document["state"] == "REVOKED"


def test_silence_on_a_precursor_notice_is_no_consent(world, police):
    exporter, importer = police["precursor_authority"].client, world.user(TRACE_B, "precursor_authority")

    def notice(reply_by: str):
        case = open_case(exporter, "precursor_notice", notice_kind="pre_export", importer_country="XB", consignee="Paint Works",
                         substance_ref="acetone", quantity_kg="120", hs6="291411", reply_by=reply_by)
        assert codes(case.act(exporter, "submit", 422)) == {"guard.has_party"}
        case.put(exporter, "shares", {"agency": TRACE_B, "relation": "addressed", "groups": ["S0", "S1"], "onward": "no"})
        case.act(exporter, "submit")
        case.act(exporter, "deliver")
        return case

    case = notice(FUTURE)
    assert clocks_of(case.of("case")[0]) == ["pen.reply"]
    case.act(exporter, "reply", 403, reply="no_objection")
    assert codes(case.act(importer, "reply", 422, reply="objection")) == {"guard.reason_if_objection"}
    case.act(importer, "reply", reply="no_objection")
    case.act(exporter, "release")
    case.act(exporter, "close")
    assert case.document["state"] == "CLOSED"
    late = notice("2026-01-01")
    late.act(exporter, "pass_deadline")
    assert codes(late.act(exporter, "release_without_reply", 422, reason="late")) == {"guard.silence_is_consent"}
    late.act(exporter, "stop", reason="no reply")
    late.act(exporter, "close")
    objected = notice(FUTURE)
    objected.act(importer, "reply", reply="objection", objection_reason="unknown company")
    assert codes(objected.act(exporter, "release", 422)) == {"guard.no_objection"}


def test_a_health_measure_is_evaluated(contact):
    health = contact["health_authority"].client
    case = open_case(health, "health_measure", programme="Schools", setting="education", measure_kind="prevention")
    case.act(health, "start")
    case.act(health, "evaluate", 422)
    case.act(health, "evaluate", result="fewer first uses", capacity="400", waiting_days="3")
    case.act(health, "put_on_hold", reason="holidays")
    case.act(health, "resume")
    assert case.document["state"] == "EVALUATED"
    case.act(health, "end", reason="handed over")
    assert case.document["state"] == "ENDED"


def test_an_obligation_is_reported_with_evidence(contact):
    npc = contact["national_contact"].client
    case = open_case(npc, "obligation", instrument="UNCAC", article="36", progress_status="started")
    assert codes(case.act(npc, "report", 422)) == {"guard.evidence_for_status"}
    case.act(npc, "add", object="evidence", evidence_kind="law", evidence_ref="Act 9")
    case.act(npc, "report")
    case.act(npc, "review")
    case.act(npc, "reopen", reason="new recommendation")
    case.act(npc, "report", progress_status="completed")
    case.act(npc, "review")
    case.act(npc, "fulfil")
    assert case.document["state"] == "FULFILLED"


def test_trade_is_audited_by_a_second_analyst_and_paid(world):
    customs = People(world, CUSTOMS_B)
    analyst, supervisor, tax = customs["customs_analyst"], customs["agency_supervisor"], customs["tax_officer"]
    case = open_case(analyst.client, "trade_case", declaration_no="D 77", regime="export", trader="Invented Trade")
    name_members(case, analyst.client, supervisor, tax)
    case.act(analyst.client, "add", 422, object="line", hs6="9302", description="Pistols", quantity="10", unit="item",
             customs_value="1000.00 USD")
    case.act(analyst.client, "add", object="line", hs6="930200", description="Pistols", quantity="10", unit="item",
             customs_value="100000.00 USD", partner_value="180000.00 USD")
    case.act(analyst.client, "add", object="settlement", fx_due_on="2026-01-31", due_amount="100000.00 USD")
    # The amounts of a settlement are protected: who gives no purpose sees neither them nor what follows from them.
    assert {signal["rule"] for signal in case.document["signals"]} == {"trade.arms_hs", "trade.mirror_gap"}
    dispose = {"rule": "trade.fx_late", "state": "confirmed", "object_id": case.of("settlement")[0]["object_id"]}
    tax.client.post(f"{case.path}/signals", dispose, version=case.version).expect(200)
    case.version = case.read(analyst.client)["version"]
    with_purpose = case.read(tax.client, "?purpose=investigation")["signals"]
    assert {signal["rule"]: signal["state"] for signal in with_purpose}["trade.fx_late"] == "confirmed"
    case.act(analyst.client, "triage")
    assert codes(case.act(analyst.client, "audit", 422)) == {"guard.differs_from"}
    case.act(supervisor.client, "audit")
    assert codes(case.act(analyst.client, "assess", 422, document="A 1", assessed_amount="20000.00 USD")) == {
        "guard.reply_or_elapsed"}
    case.act(analyst.client, "assess", document="A 1", assessed_amount="20000.00 USD", trader_reply="true")
    settlement = dict(object="settlement", object_id=case.of("settlement")[0]["object_id"])
    case.act(tax.client, "mark_late", **settlement)
    case.act(tax.client, "settle", settled_amount="100000.00 USD", settled_on="2026-03-01", **settlement)
    case.act(analyst.client, "appeal")
    case.act(supervisor.client, "decide_appeal", reason="rejected", document="A 2")
    case.act(tax.client, "pay", paid_amount="20000.00 USD")
    assert case.document["state"] == "PAID"


def test_a_strategy_is_adopted_and_runs_out(contact):
    npc = contact["national_contact"].client
    case = open_case(npc, "national_strategy", strategy_title="Against organised crime", period_from="2022-01-01",
                     period_to="2026-01-31", adopted_on="2022-01-01")
    case.act(npc, "add", object="objective", objective_text="Fewer guns", indicator="seizures", due_on="2025-12-31")
    objective = dict(object="objective", object_id=case.of("objective")[0]["object_id"])
    case.act(npc, "adopt", 422)
    case.act(npc, "adopt", document="Decree 3")
    case.act(npc, "enter_into_force", document="Decree 3")
    assert "strategy.expiring" in [signal["rule"] for signal in case.document["signals"]]
    case.act(npc, "slip", reason="late start", **objective)
    case.act(npc, "achieve", **objective)
    case.act(npc, "evaluate", evaluation_report="Report 1")
    case.act(npc, "expire")
    assert case.document["state"] == "EXPIRED"


def test_survivors_take_part_with_consent_and_without_case_data(world, contact):
    npc, other = contact["national_contact"].client, world.user(CONTACT_A, "national_contact", number=2)
    case = open_case(npc, "partnership", partner_kind="survivors", partnership_purpose="advice", access_level="named_case")
    assert codes(case.act(npc, "vet", 422)) == {"guard.differs_from", "guard.survivor_safeguards"}
    name_members(case, npc, world.person(CONTACT_A, "national_contact", number=2))
    case.act(npc, "change", survivor_consent="true", trauma_informed_checklist="true", access_level="none")
    case.act(other, "vet")
    case.act(npc, "activate", 422)
    case.act(npc, "activate", document="MoU 1")
    case.act(npc, "add", object="activity", activity_text="Workshop", activity_on="2026-02-02")
    case.act(npc, "renew", document="MoU 2")
    case.act(npc, "end", reason="term over")
    assert case.document["state"] == "ENDED"


def test_a_good_practice_needs_a_partner_that_is_no_government(contact):
    npc, secretariat = contact["national_contact"].client, contact["secretariat"].client
    case = open_case(npc, "good_practice", practice_title="Marking", problem="No marks", what_was_done="Lasers",
                     partner_kinds="foreign_agency", evidence_level="monitored")
    case.act(npc, "clear")
    assert codes(case.act(npc, "submit", 422, meeting="RANDOT V")) == {"guard.non_governmental_partner"}
    case.act(npc, "change", partner_kinds="foreign_agency|academia")
    case.act(npc, "submit", meeting="RANDOT V")
    case.act(secretariat, "present")
    case.act(secretariat, "add", object="replication", replicated_by="XB")
    case.act(npc, "archive", reason="presented")
    assert case.document["state"] == "ARCHIVED"


def test_progress_on_a_measure_is_cleared_submitted_and_presented(world, contact):
    npc, secretariat = contact["national_contact"].client, world.user(OVERSIGHT, "secretariat")
    case = open_case(npc, "measure_progress", measure="M2", meeting="RANDOT V")
    case.act(npc, "draft", 422)  # no status
    case.act(npc, "draft", progress_status="partly")
    assert codes(case.act(npc, "clear", 422)) == {"guard.evidence_for_status", "guard.has_narrative"}
    case.act(npc, "add", object="evidence", evidence_kind="decree", evidence_ref="Decree 4")
    case.act(npc, "clear", narrative_es="Se fundó una unidad.")
    case.act(npc, "submit")
    secretariat.get(case.path).expect(404)
    case.put(npc, "shares", {"agency": OVERSIGHT, "relation": "addressed", "groups": ["S0"], "onward": "no"})
    case.act(npc, "present", 403)
    case.act(secretariat, "present")
    case.act(npc, "carry_over")
    assert case.document["state"] == "CARRIED_OVER"


def test_a_request_is_refused_by_two_of_the_asked_side(world, police):
    asks, answers = police["central_authority"].client, People(world, TRACE_B)["central_authority"]
    second = world.person(TRACE_B, "central_authority", number=2)
    case = open_case(asks, "coop_request", coop_kind="extradition", formal="true", requesting="XA", requested="XB",
                     subject="Surrender", facts="A person is wanted")
    case.act(asks, "add", object="basis", instrument="UNTOC", article="16", reliance="sole", reliance_of="requesting")
    case.act(asks, "review")
    case.put(asks, "shares", {"agency": TRACE_B, "relation": "addressed", "groups": ["S0", "S1", "S2"], "onward": "no"})
    case.act(asks, "transmit", transmitted_on="2022-02-10", document="L 2")
    assert clocks_of(case.of("case")[0]) == ["coop.ack"]
    case.act(answers.client, "acknowledge")
    case.act(answers.client, "ask_information", reason="Which court?")
    case.act(asks, "supplement", procedure_wanted="Hearing")
    fields = dict(refusal_ground="dual_criminality", consultation_record="Talked on 1 March", outcome_on="2022-03-01")
    case.act(answers.client, "refuse", 422, reason="no such offence", **fields)
    by_two(case, answers, second, "refuse", reason="no such offence", document="L 3", **fields)
    assert case.document["state"] == "REFUSED"


def test_every_type_has_been_brought_to_its_end(instance):
    declared = {path.stem for path in (ROOT / "cases" / "types").glob("*.json")} - {"trace_request", "illicit_record"}
    ended = {row["case_type"] for row in instance.database.rows(
        "select distinct c.case_type from rastro.case_file c join rastro.case_object o on o.case_id = c.case_id "
        "and o.object_id = c.case_id where not o.open")}
    assert len(declared) == 20 and declared == ended
