"""Whole stories of declared cases, by the people whose work they are: an operation out of which cases come, trafficking with a
victim who is asked, forfeiture by two, the first detection of a substance, corruption among colleagues, signals disposed of."""
import uuid

import pytest

from harness.linked import People, convict, name_members, open_case, values
from harness.world import POLICE, TRACE_B

FENTANYL = "PJMPHNIQZUBGLI-UHFFFAOYSA-N"


@pytest.fixture(scope="module")
def people(world):
    return People(world, POLICE)


def state(case, kind: str) -> str:
    return case.of(kind)[-1]["state"]


def test_trafficking_from_the_flag_to_the_judgment(world, people):
    advocate, prosecutor, officer = (people[role].client for role in ("victim_advocate", "prosecutor", "investigator"))
    unit = open_case(people["unit_lead"].client, "specialised_unit")
    unit.act(people["unit_lead"].client, "add", object="training", person_ref="Officer 7", course="trauma_informed",
             completed_on="2024-01-01", valid_until="2099-01-01")
    unit.act(people["unit_lead"].client, "add", object="training", person_ref="Officer 8", course="trauma_informed",
             completed_on="2019-01-01", valid_until="2020-01-01")
    case = open_case(advocate, "tip_case", detected_on="2026-01-05", detection_method="hotline", act="recruitment",
                     means="fraud", purpose="forced_labour")
    name_members(case, advocate, *(people[role] for role in ("prosecutor", "investigator", "unit_lead", "agency_supervisor")))
    case.act(officer, "screen")
    assert [code for _, code in case.act(advocate, "presume", 422).errors] == ["guard.has_object"]
    case.act(advocate, "add", object="victim", age_band="age_9_17", sex="female", citizenship="XB", name="Invented Girl")
    victim = dict(object="victim", object_id=case.of("victim")[0]["object_id"])
    case.act(advocate, "presume")
    assert "tip.first_referral_due" in str(case.document["objects"])
    case.act(advocate, "support", 422, **victim)  # under age and no guardian
    case.act(advocate, "change", guardian="Aunt", **victim)
    case.act(advocate, "support", **victim)
    # No step without the person's own consent, and none to force it.
    assert [code for _, code in case.act(advocate, "begin_reflection", 422).errors] == ["guard.has_consent"]
    case.act(advocate, "add", object="consent", consent_purpose="protection", given_on="2026-01-06")
    case.act(advocate, "begin_reflection")
    statement = dict(object="victim", object_id=victim["object_id"], statement="said")
    case.act(officer, "take_statement", 422, **statement)
    refused = case.act(officer, "add", 422, object="interview", interviewer="Officer 8", victim_ref="V")
    assert {code for _, code in refused.errors} == {"guard.trained_for", "guard.statement_allowed"}
    case.act(advocate, "cooperate", 422)  # the reflection period runs
    case.act(advocate, "add", object="consent", consent_purpose="statement", given_on="2026-01-07")
    case.act(officer, "add", object="interview", interviewer="officer 7", victim_ref="V")
    case.act(officer, "take_statement", **statement)
    case.act(advocate, "add", object="referral", service="shelter")
    referral = dict(object="referral", object_id=case.of("referral")[0]["object_id"])
    case.act(advocate, "refer", provider="House", **referral)
    case.act(advocate, "accept", **referral)
    case.act(advocate, "start", **referral)
    case.act(advocate, "complete", outcome="housed", **referral)
    case.act(advocate, "add", object="consent", consent_purpose="end_reflection_early", given_on="2026-01-08")
    case.act(advocate, "cooperate")
    case.act(prosecutor, "investigate")
    case.act(officer, "add", object="suspect", name="Invented Suspect")
    case.act(prosecutor, "prosecute")
    assert [code for _, code in case.act(prosecutor, "judge", 422).errors] == ["guard.linked_to"]
    judgment = convict(people["court_liaison"].client, "P-T", "TIP_5", "2026-02-02", "60")
    prosecutor.post(f"{case.path}/links", {"to_case": judgment.id, "kind": "resulted_in", "basis": "document",
                                           "confidence": 5}).expect(201)
    case.act(prosecutor, "judge")
    case.act(advocate, "close", reason="all handed over")
    assert case.document["state"] == "JUDGMENT" and [item["event"] for item in case.document["pending"]] == ["close"]
    case.act(people["agency_supervisor"].client, "close", reason="agreed")
    assert case.document["state"] == "CLOSED"
    said = [item["event"] for item in advocate.get(f"{case.path}/timeline").expect(200).json["items"]]
    assert said[0] == "open" and said[-2:] == ["prepare.close", "close"]


def test_consent_that_is_withdrawn_recalls_what_was_shared(world, people):
    advocate, theirs = people["victim_advocate"].client, world.user(TRACE_B, "investigator")
    case = open_case(advocate, "tip_case", purpose="servitude")
    case.act(advocate, "add", object="consent", consent_purpose="data_sharing", given_on="2026-01-06")
    case.put(advocate, "shares", {"agency": TRACE_B, "relation": "copied", "groups": ["S0", "S1"], "onward": "no"})
    assert values(case.read(theirs)["objects"][0])["purpose"] == "servitude"
    consent = dict(object="consent", object_id=case.of("consent")[0]["object_id"])
    case.act(advocate, "withdraw", withdrawn_on="2026-01-09", **consent)
    assert values(case.read(theirs)["objects"][0]) == {}


def test_forfeiture_needs_orders_and_two_persons_none_of_whom_seized(people):
    tracer, prosecutor, manager, liaison, supervisor = (people[role] for role in (
        "asset_tracer", "prosecutor", "asset_manager", "court_liaison", "agency_supervisor"))
    case = open_case(tracer.client, "asset_case", ordered_amount="50000.00 USD")
    name_members(case, tracer.client, prosecutor, manager, liaison, supervisor)
    case.act(tracer.client, "add", object="asset", asset_class="vehicle", nexus="instrumentality_used",
             value="20000.00 USD", value_date="2026-01-01")
    asset = dict(object="asset", object_id=case.of("asset")[0]["object_id"])
    case.act(tracer.client, "trace", 422, identifier_kind="vin", identifier="1HGCM82633A004353", **asset)  # check digit
    case.act(tracer.client, "trace", identifier_kind="vin", identifier="1HGCM82633A004352", **asset)
    case.act(prosecutor.client, "seize", 422, order_no="O 1", **asset)
    order = dict(order_no="O 1", order_date="2026-01-05", document="O 1")
    case.act(prosecutor.client, "seize", custodian="Yard", inventory="one car", order_expires_on="2099-01-01", **order, **asset)
    assert "asset.order_expiry" in str(case.document["objects"])
    case.act(manager.client, "manage", 422, value="20000.00 USD", value_date="2020-01-01", location="Yard", **asset)
    today = case.document["updated_at"][:10]
    case.act(manager.client, "manage", value="20000.00 USD", value_date=today, location="Yard", **asset)
    case.act(liaison.client, "add", object="claim", claimant="Bank")
    case.act(liaison.client, "order_forfeiture", 422, document="J 1", **asset)  # a claim is open
    case.act(liaison.client, "reject", object="claim", object_id=case.of("claim")[0]["object_id"], reason="no title")
    case.act(liaison.client, "order_forfeiture", document="J 1", **asset)
    case.act(liaison.client, "finalise", final_on=today, document="J 2", **asset)
    sale = dict(net_proceeds="18000.00 USD", disposed_on=today, **asset)
    case.act(manager.client, "sell", **sale)
    assert state(case, "asset") == "FORFEITED_FINAL"
    case.act(manager.client, "sell", 403, **sale)  # the same person
    case.act(supervisor.client, "sell", **asset)
    assert state(case, "asset") == "SOLD"
    case.act(manager.client, "close", reason="sold")
    case.act(supervisor.client, "close", reason="sold")
    assert case.document["state"] == "CLOSED"


def test_the_first_detection_is_recorded_and_an_earlier_one_corrects_it(instance, people):
    officer, lab, focal = (people[role].client for role in ("investigator", "lab_user", "ews_focal"))

    def detection(collected_on: str):
        case = open_case(officer, "substance_detection", provisional_name="powder", collected_on=collected_on,
                         sample_source="seizure", place="XA-01")
        name_members(case, officer, people["lab_user"], people["ews_focal"])
        case.act(officer, "send_to_lab")
        found = dict(method="gc_ms", confidence="confirmed", reference_material="true", confirmed_on="2026-03-01",
                     parent_inchikey=FENTANYL)
        case.act(lab, "confirm", 422, **(found | {"parent_inchikey": "FENTANYL"}))
        case.act(lab, "confirm", **found)
        return case

    def firsts():
        return {row["scope"]: (row["case_id"], row["corrections"]) for row in instance.database.rows(
            f"select scope, case_id, corrections from rastro.first_detection where substance = '{FENTANYL}'")}

    later = detection("2026-02-10")
    assert firsts() == {"XA": (later.id, 0), "region": (later.id, 0)}
    earlier = detection("2026-01-10")
    assert firsts() == {"XA": (earlier.id, 1), "region": (earlier.id, 1)}
    detection("2026-02-20")
    assert firsts() == {"XA": (earlier.id, 1), "region": (earlier.id, 1)}
    later.act(focal, "triage", risk_score="7")
    assert [code for _, code in later.act(focal, "issue_alert", 422).errors] == ["guard.linked_to"]
    later.act(focal, "no_alert", reason="known already")
    assert later.document["state"] == "NO_ALERT"


def test_corruption_among_colleagues_is_hidden_from_them(instance, world, people):
    officer, supervisor, prosecutor = (people[role] for role in ("integrity_officer", "agency_supervisor", "prosecutor"))
    accused = world.person(POLICE, "investigator", number=5)
    case = open_case(officer.client, "corruption_case", offences="national_bribery", report_source="report",
                     reporting_person="Invented Reporter")
    name_members(case, officer.client, supervisor, prosecutor)
    assert case.read(accused.client)["state"] == "RECEIVED"
    name = instance.database.rows(f"select display_name from rastro.app_user where user_id = '{accused.user_id}'")[0]
    case.act(officer.client, "add", object="person_of_interest", name=name["display_name"])
    accused.client.get(case.path).expect(404)  # nothing to see, from this moment on
    assert case.id not in [item["case_id"] for item in accused.client.pages("/v1/cases")]
    case.act(officer.client, "assess", reason="credible")
    case.act(officer.client, "begin_preliminary", reason="documents")
    for item in ({"bidders": "1"}, {"bidders": "4", "shared_owner": "true"}):
        case.act(officer.client, "add", object="procurement", **item)
    assert {"corr.single_bid", "corr.shared_owner"} <= {signal["rule"] for signal in case.document["signals"]}
    case.act(supervisor.client, "investigate", resources_fte_days="20")
    case.act(prosecutor.client, "bring_to_charge")
    case.act(prosecutor.client, "charge", document="C 1")
    judgment = convict(people["court_liaison"].client, "P-C", "UNTOC_8", "2026-02-02", "24")
    prosecutor.client.post(f"{case.path}/links", {"to_case": judgment.id, "kind": "resulted_in", "basis": "document",
                                                  "confidence": 5}).expect(201)
    case.act(prosecutor.client, "judge")
    case.act(prosecutor.client, "close", reason="final")
    assert case.document["state"] == "CLOSED"
    # The reporting person is sealed: not even who wrote it down reads it again.
    for reader in (officer, supervisor):
        assert "reporting_person" not in values(case.read(reader.client, "?purpose=investigation")["objects"][0])


def test_a_signal_is_disposed_of_and_its_rule_is_judged_by_it(people):
    officer, supervisor = people["integrity_officer"].client, people["agency_supervisor"].client

    def tally():
        items = officer.get("/v1/reports/signals").expect(200).json["items"]
        return next(item for item in items if item["rule"] == "corr.short_tender")

    before = tally()
    case = open_case(officer, "corruption_case", offences="national_bribery")
    case.act(officer, "add", object="procurement", bidders="3", tender_days="2", minimum_tender_days="15")
    case.act(officer, "add", object="procurement", bidders="3", tender_days="3", minimum_tender_days="15")
    signals = [signal for signal in case.document["signals"] if signal["rule"] == "corr.short_tender"]
    assert [signal["state"] for signal in signals] == ["new", "new"] and signals[0]["evidence"]

    def dispose(client, signal, said: str, status: int = 200, **more):
        body = {"rule": signal["rule"], "object_id": signal["object_id"], "state": said, **more}
        reply = client.post(f"{case.path}/signals", body, version=case.version).expect(status)
        if status == 200:
            case.document, case.version = reply.json, reply.json["version"]

    dispose(officer, signals[0], "under_review")
    dispose(supervisor, signals[0], "confirmed", note="tender cut short")
    dispose(officer, signals[1], "explained", note="framework contract")
    dispose(officer, {"rule": "corr.single_bid", "object_id": signals[0]["object_id"]}, "confirmed", 422)
    dispose(officer, {"rule": "corr.short_tender", "object_id": str(uuid.uuid4())}, "confirmed", 422)
    shown = {signal["object_id"]: signal for signal in case.document["signals"] if signal["rule"] == "corr.short_tender"}
    assert (shown[signals[0]["object_id"]]["state"], shown[signals[0]["object_id"]]["note"]) == ("confirmed", "tender cut short")
    after = tally()
    assert (after["confirmed"] - before["confirmed"], after["explained"] - before["explained"]) == (1, 1)
    assert after["precision"] == after["confirmed"] / (after["confirmed"] + after["explained"])


def test_one_operation_many_cases_nothing_typed_twice(people):
    officer, unit_lead = people["investigator"].client, people["unit_lead"].client
    case = open_case(officer, "operation", operation_name="Night", operation_date="2026-02-01", place="XA-01")
    case.act(officer, "carry_out")
    case.act(officer, "add", object="seizure", seizure_kind="cash", seizure_text="notes")
    cash = case.of("seizure")[0]["object_id"]

    def spawn(kind: str, status: int = 201, **more):
        reply = officer.post(f"{case.path}/spawned-cases", {"type": kind, **more}, version=case.version).expect(status)
        case.version = case.read(officer)["version"]
        return reply

    money = spawn("asset_case", seizure_id=cash).json
    assert values(money["objects"][0]) == {"event_on": "2026-02-01", "event_place": "XA-01"}
    found = spawn("tip_case").json
    assert values(found["objects"][0])["detected_on"] == "2026-02-01"
    sample = spawn("substance_detection", fields=[{"field": "collected_on", "value": "2026-02-02"}]).json
    assert values(sample["objects"][0]) == {"collected_on": "2026-02-02", "place": "XA-01"}  # what is stated holds
    spawn("asset_case", 409, seizure_id=cash)  # once
    spawn("asset_case", 422, seizure_id=str(uuid.uuid4()))
    spawn("operation", 422)
    spawn("judgment", 403)  # not for this role
    officer.post(f"/v1/cases/{money['case_id']}/spawned-cases", {"type": "tip_case"}, version=money["version"]).expect(409)
    links = officer.get(f"{case.path}/links").expect(200).json["items"]
    assert {(link["to_case"], link["kind"], link["state"]) for link in links} == {
        (item["case_id"], "same_operation", "confirmed") for item in (money, found, sample)}
    assert case.read(officer)["objects"][1]["state"] == "SPAWNED"
    case.act(unit_lead, "close", reason="all cases opened")
