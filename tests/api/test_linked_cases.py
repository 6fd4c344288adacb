"""Declared cases over the interface: a request between two countries that is one case with two sides, sealed victim data, two
persons, links that need both ends, and strangers who learn nothing."""
import uuid

import pytest

from harness.linked import cell, open_case, values
from harness.world import CONTACT_A, CUSTOMS_B, POLICE, TRACE_B


@pytest.fixture(scope="module")
def liaison(world):
    return world.user(POLICE, "court_liaison")


@pytest.fixture(scope="module")
def contact(world):
    return world.user(CONTACT_A, "national_contact")


def test_one_request_two_sides(world, contact):
    asks, answers = world.user(POLICE, "central_authority"), world.user(TRACE_B, "central_authority")
    second = world.user(TRACE_B, "central_authority", number=2)
    case = open_case(asks, "coop_request", coop_kind="mla", formal="true", requesting="XA", requested="XB",
                     subject="Records of a sale", facts="A pistol was sold")
    answers.get(case.path).expect(404)
    case.act(asks, "review")
    refused = case.act(asks, "transmit", status=422, transmitted_on="2023-02-10", document="L 1")
    assert len(refused.errors) == 3  # every failing guard: no basis, none in force, no other side
    case.act(asks, "add", object="basis", instrument="UNTOC", article="18", reliance="principal", reliance_of="requesting")
    case.put(asks, "shares", {"agency": TRACE_B, "relation": "addressed", "groups": ["S0", "S1"], "onward": "no"})
    case.act(asks, "transmit", transmitted_on="2023-02-10", document="L 1")
    assert "facts" not in values(case.read(answers)["objects"][0])  # S2 is not shared
    case.act(asks, "acknowledge", status=403)  # only the asked side
    case.act(answers, "acknowledge")
    case.act(answers, "add_by_requested", object="basis", instrument="UNTOC", article="18", reliance="cited_only",
             reliance_of="requested")
    assert "coop.basis_mismatch" in [signal["rule"] for signal in case.document["signals"]]
    case.act(answers, "begin_execution")
    case.act(answers, "execute", outcome_on="2023-08-01")
    assert case.document["state"] == "EXECUTED"
    report = contact.get("/v1/reports/randot?country=XA&year=2023").expect(200).json
    assert cell(report, "A", "mla", "out") == {"column": "out", "count": 1, "cases": [case.id]}
    assert cell(report, "A", "mla", "executed")["count"] == cell(report, "A", "mla", "principal")["count"] == 1
    second.get(case.path).expect(200)


def test_sealed_identity_is_fetched_for_nobody_without_two_others(world):
    advocate = world.user(POLICE, "victim_advocate")
    person = world.person(POLICE, "victim_advocate", number=2)
    reader, lead, prosecutor = person.client, world.user(POLICE, "unit_lead"), world.user(POLICE, "prosecutor")
    case = open_case(advocate, "tip_case", route="XA|XB")
    case.act(advocate, "add", object="victim", age_band="age_18_24", name="Invented Person", health="well")
    victim = case.of("victim")[0]
    assert values(victim)["pseudonym"].startswith("V-") and "name" not in values(victim)
    assert "age_band" not in values(case.read(reader)["objects"][1])  # no member of the team
    case.put(advocate, "members", {"user_id": person.user_id, "kind": "named"})
    shown = values(case.read(reader, "?purpose=protection")["objects"][1])
    assert shown["health"] == "well" and "name" not in shown
    assert "health" not in values(case.read(reader)["objects"][1])  # no purpose, no protected data
    asked = {"user_id": person.user_id, "reason": "hearing"}
    reader.post(f"{case.path}/seal-grants", asked).expect(422)  # not for oneself
    grant = lead.post(f"{case.path}/seal-grants", asked).expect(201).json
    decision = f"/v1/seal-grants/{grant['grant_id']}/decision"
    lead.post(decision, {"decision": "accepted"}).expect(403)  # not who proposed
    reader.post(decision, {"decision": "accepted"}).expect(403, "two-persons-required")  # not who would read
    prosecutor.post(decision, {"decision": "accepted"}).expect(200)
    assert values(case.read(reader, "?purpose=protection")["objects"][1])["name"] == "Invented Person"
    assert "name" not in values(case.read(reader)["objects"][1])
    assert "name" not in values(case.read(advocate, "?purpose=protection")["objects"][1])


def test_what_needs_two_persons_waits_for_the_second(world):
    advocate, lead = world.user(POLICE, "victim_advocate"), world.person(POLICE, "unit_lead")
    case = open_case(advocate, "tip_case", detected_on="2026-01-05", detection_method="hotline")
    case.put(advocate, "members", {"user_id": lead.user_id, "kind": "team"})
    investigator = world.user(POLICE, "investigator")
    case.act(investigator, "screen")
    fields = {"indicators_checked": "true", "review_explained": "true"}
    case.act(advocate, "find_no_indication", reason="nothing found", **fields)
    assert case.document["state"] == "SCREENING"
    assert [wait["event"] for wait in case.document["pending"]] == ["find_no_indication"]
    case.act(advocate, "find_no_indication", status=403, reason="again")
    case.act(lead.client, "find_no_indication", reason="agreed")
    assert case.document["state"] == "NOT_INDICATED" and "pending" not in case.document


def test_a_link_needs_both_ends_and_a_second_person(world, liaison):
    customs = world.user(CUSTOMS_B, "customs_analyst")
    theirs = open_case(customs, "trade_case", declaration_no="D 1")
    mine = open_case(liaison, "judgment", court="C")
    other = open_case(liaison, "judgment", court="D")
    link = {"to_case": theirs.id, "kind": "same_subject", "basis": "analyst", "confidence": 3}
    hidden = liaison.post(f"{mine.path}/links", link).expect(422)
    unknown = liaison.post(f"{mine.path}/links", link | {"to_case": str(uuid.uuid4())}).expect(422)
    assert hidden.errors == unknown.errors  # what is hidden looks like what is not there
    made = liaison.post(f"{mine.path}/links", link | {"to_case": other.id}).expect(201).json
    decide = f"/v1/case-links/{made['link_id']}/decision"
    liaison.post(decide, {"state": "confirmed"}).expect(403)
    world.user(POLICE, "prosecutor").post(decide, {"state": "confirmed"}).expect(200)
    assert [item["state"] for item in liaison.get(f"{other.path}/links").expect(200).json["items"]] == ["confirmed"]


def test_strangers_and_faulty_values(world, liaison):
    case = open_case(liaison, "judgment", court="C")
    stranger = world.user(CUSTOMS_B, "court_liaison")
    for suffix in ("", "/timeline", "/links"):
        stranger.get(case.path + suffix).expect(404)
    assert case.id not in [item["case_id"] for item in stranger.pages("/v1/cases")]
    assert case.id in [item["case_id"] for item in liaison.pages("/v1/cases", type="judgment")]
    assert [item["case_id"] for item in liaison.pages("/v1/cases", number=case.document["number"])] == [case.id]
    assert stranger.pages("/v1/cases", number=case.document["number"]) == []
    case.act(liaison, "add", status=422, object="finding", person_ref="P", provision="UNTOC_99")
    case.act(liaison, "add", status=422, object="finding", provision="UNTOC_5")
    case.act(liaison, "verify", status=409)
    timeline = liaison.get(f"{case.path}/timeline").expect(200).json["items"]
    assert [item["event"] for item in timeline] == ["open"]
    types = liaison.get("/v1/case-types").expect(200).json["items"]
    assert len(types) == 20 + 2  # the declared ones, the trace request and the record of the register
    liaison.get("/v1/case-types/asset_case").expect(200)
    liaison.get("/v1/case-types/none").expect(404)
