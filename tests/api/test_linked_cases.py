"""Declared cases over the interface: a judgment from opening to the RANDOT report, a request between two countries that is
one case with two sides, sealed victim data, two persons, links that need both ends, and strangers who learn nothing."""
import uuid

import pytest

from harness.world import CONTACT_A, CUSTOMS_B, POLICE, TRACE_B


def open_case(client, kind: str, **fields):
    body = {"type": kind, "handling_code": "H1", "fields": [{"field": k, "value": v} for k, v in fields.items()]}
    return Case(client.post("/v1/cases", body).expect(201).json)


class Case:
    def __init__(self, document: dict):
        self.path = f"/v1/cases/{document['case_id']}"
        self.id = document["case_id"]
        self.version = document["version"]
        self.document = document

    def act(self, client, event: str, status: int = 200, object: str = "", object_id: str = "", reason: str = "",
            document: str = "", **fields):
        body = {"event": event, "fields": [{"field": k, "value": v} for k, v in fields.items()]}
        body |= {name: value for name, value in (("object", object), ("object_id", object_id), ("reason", reason),
                                                 ("document", document)) if value}
        reply = client.post(f"{self.path}/acts", body, version=self.version)
        reply.expect(status)
        if status == 200:
            self.document, self.version = reply.json, reply.json["version"]
        return reply

    def put(self, client, part: str, body: dict, status: int = 200):
        reply = client.put(f"{self.path}/{part}", body, version=self.version).expect(status)
        if status == 200:
            self.document, self.version = reply.json, reply.json["version"]
        return reply

    def read(self, client, query: str = "") -> dict:
        return client.get(self.path + query).expect(200).json

    def of(self, kind: str) -> list[dict]:
        return [item for item in self.document["objects"] if item["object"] == kind]


def values(item: dict) -> dict:
    return {field["field"]: field["value"] for field in item.get("fields", [])}


def cell(report: dict, table: str, row: str, column: str) -> dict:
    rows = next(t for t in report["tables"] if t["table"] == table)["rows"]
    cells = next(r for r in rows if r["row"] == row)["cells"]
    return next(c for c in cells if c["column"] == column)


@pytest.fixture(scope="module")
def liaison(world):
    return world.user(POLICE, "court_liaison")


@pytest.fixture(scope="module")
def contact(world):
    return world.user(CONTACT_A, "national_contact")


def convict(liaison, person: str, provision: str, verdict_on: str, months: str) -> Case:
    case = open_case(liaison, "judgment", court="First Court")
    case.act(liaison, "add", object="finding", person_ref=person, provision=provision)
    finding = case.of("finding")[0]["object_id"]
    step = dict(object="finding", object_id=finding, document="J 1")
    case.act(liaison, "try", object="finding", object_id=finding)
    case.act(liaison, "find_guilty", verdict_on=verdict_on, verdict="guilty", **step)
    case.act(liaison, "sentence", sentence_kind="custodial", sentence_scope="count", sentence_months=months, **step)
    return case


def test_a_judgment_is_counted_in_the_report_and_leaves_it_when_it_is_overturned(liaison, contact):
    before = contact.get("/v1/reports/randot?country=XA&year=2024").expect(200).json
    assert cell(before, "B", "TIP 5", "cases")["count"] == 0
    one = convict(liaison, "P-1", "TIP_5", "2024-06-02", "180")
    two = convict(liaison, "P-2", "UNTOC_5|UNTOC_6", "2024-03-14", "96")
    other = convict(liaison, "P-3", "national_only", "2024-08-08", "120")
    report = contact.get("/v1/reports/randot?country=XA&year=2024").expect(200).json
    assert cell(report, "B", "TIP 5", "cases") == {"column": "cases", "count": 1, "cases": [one.id]}
    assert cell(report, "B", "UNTOC 5", "persons")["count"] == cell(report, "B", "UNTOC 6", "persons")["count"] == 1
    assert cell(report, "B", "total", "cases")["count"] == 2
    table = next(t for t in report["tables"] if t["table"] == "B")
    assert {"case_id": other.id, "reason": "not_listed_provision"} in table["excluded"]
    kept = contact.post("/v1/reports/randot/snapshots", {"country": "XA", "year": 2024}).expect(201).json
    finding = one.of("finding")[0]["object_id"]
    one.act(liaison, "overturn", object="finding", object_id=finding, reason="appeal", document="J 2",
            overturned_on="2025-03-01")
    plain = contact.get("/v1/reports/randot?country=XA&year=2024").expect(200).json
    assert cell(plain, "B", "TIP 5", "cases")["count"] == 1  # R5: after the year, the year's report stands
    amended = contact.get("/v1/reports/randot?country=XA&year=2024&amended=true").expect(200).json
    assert cell(amended, "B", "TIP 5", "cases")["count"] == 0
    assert cell(amended, "B", "total", "cases") == {"column": "cases", "count": 1, "cases": [two.id]}
    assert cell(kept["report"], "B", "TIP 5", "cases")["count"] == 1


def test_the_report_of_a_country_is_its_own_contacts(world, liaison):
    world.user(CONTACT_A, "national_contact").get("/v1/reports/randot?country=XB&year=2024").expect(404)
    liaison.get("/v1/reports/randot?country=XA&year=2024").expect(403)
    # Not the national contact's agency: the database shows it nothing.
    report = world.user(POLICE, "statistician").get("/v1/reports/randot?country=XA&year=2024").expect(200).json
    assert cell(report, "B", "total", "cases")["count"] == 0


def test_one_request_two_sides(world, contact):
    asks, answers = world.user(POLICE, "central_authority"), world.user(TRACE_B, "central_authority")
    second = world.user(TRACE_B, "central_authority", number=2)
    case = open_case(asks, "coop_request", coop_kind="mla", formal="true", requesting="XA", requested="XB",
                     subject="Records of a sale", facts="A pistol was sold")
    answers.get(case.path).expect(404)
    case.act(asks, "review")
    refused = case.act(asks, "transmit", status=409, transmitted_on="2023-02-10", document="L 1")
    assert len(refused.errors()) == 3  # every failing guard: no basis, none in force, no other side
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
    reader.post(decision, {"decision": "accepted"}).expect(409)  # not who would read
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
    case.act(advocate, "find_no_indication", status=409, reason="again")
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
    assert hidden.errors() == unknown.errors()  # what is hidden looks like what is not there
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
    case.act(liaison, "add", status=422, object="finding", person_ref="P", provision="UNTOC_99")
    case.act(liaison, "add", status=422, object="finding", provision="UNTOC_5")
    case.act(liaison, "verify", status=409)
    timeline = liaison.get(f"{case.path}/timeline").expect(200).json["items"]
    assert [item["event"] for item in timeline] == ["open"]
    types = liaison.get("/v1/case-types").expect(200).json["items"]
    assert len(types) == 21
    liaison.get("/v1/case-types/asset_case").expect(200)
    liaison.get("/v1/case-types/none").expect(404)
