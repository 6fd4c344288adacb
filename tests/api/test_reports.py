"""Reports over declared cases: the RANDOT tables with the cases behind each number, versions that are kept, verified and cleared
by three persons, what the public sees, and victims in counts that tell of nobody."""
import hashlib
import json

import pytest

from harness.linked import cell, convict, open_case
from harness.world import CONTACT_A, CONTACT_B, POLICE

VICTIMS = "/v1/reports/victims?country=XA&year=2019"
KEPT = "/v1/reports/randot/snapshots"


@pytest.fixture(scope="module")
def liaison(world):
    return world.user(POLICE, "court_liaison")


@pytest.fixture(scope="module")
def contact(world):
    return world.user(CONTACT_A, "national_contact")


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
    # Not the national contact's agency: it has no report.
    liaison.get("/v1/reports/randot?country=XA&year=2024").expect(404)
    world.user(POLICE, "statistician").get("/v1/reports/randot?country=XA&year=2024").expect(404)
    world.user(CONTACT_A, "lab_user").get("/v1/reports/randot?country=XA&year=2024").expect(403)


def test_a_kept_report_is_numbered_verified_and_cleared_by_three_persons(world, liaison, contact):
    verifier, clearer = world.user(CONTACT_A, "statistician"), world.user(CONTACT_A, "national_contact", number=2)
    case = convict(liaison, "P-7", "TIP_5", "2021-06-02", "12")
    first = contact.post(KEPT, {"country": "XA", "year": 2021}).expect(201)
    kept = first.json
    assert (kept["version"], kept["faults"], kept["changes"]) == (1, 0, [])
    # The digest is of the bytes of the report as they came.
    text = first.text
    body = text[text.index('"report":') + len('"report":'):-1]
    assert json.loads(body) == kept["report"] and hashlib.sha256(body.encode()).hexdigest() == kept["sha256"]
    path = f"{KEPT}/{kept['snapshot_id']}"
    assert [code for _, code in clearer.post(f"{path}/clearance").expect(422).errors] == ["guard.snapshot_verified"]
    contact.post(f"{path}/verification").expect(403)  # not who prepared it
    verifier.get(f"{path}/public").expect(422)
    assert verifier.post(f"{path}/verification").expect(200).json["verified_by"]
    verifier.post(f"{path}/verification").expect(409)
    verifier.post(f"{path}/clearance").expect(403)  # not the national contact
    contact.post(f"{path}/clearance").expect(403)
    assert clearer.post(f"{path}/clearance").expect(200).json["cleared_by"]
    public = verifier.get(f"{path}/public").expect(200).json
    assert cell(public, "B", "TIP 5", "cases") == {"column": "cases", "count": 1} and case.id not in json.dumps(public)
    rows = next(table for table in public["tables"] if table["table"] == "B")["rows"]
    assert all("months" not in row for row in rows)  # one person: months would tell of them
    other = convict(liaison, "P-8", "TIP_5", "2021-07-02", "24")
    second = contact.post(KEPT, {"country": "XA", "year": 2021}).expect(201).json
    assert second["version"] == 2 and {(line["row"], line["case_id"], line["entered"]) for line in second["changes"]} == {
        ("TIP 5", other.id, True), ("total", other.id, True)}
    again = verifier.get(path).expect(200).json
    assert again["report"] == kept["report"] and again["cleared_by"]  # what was handed out stays
    listed = verifier.pages(KEPT, country="XA", year=2021)
    assert [(item["version"], "report" in item) for item in listed] == [(2, False), (1, False)]
    world.user(CONTACT_B, "national_contact").get(path).expect(404)


def test_one_verifies_and_another_clears(world, liaison, contact):
    convict(liaison, "P-9", "TIP_5", "2020-06-02", "12")
    path = f"{KEPT}/{contact.post(KEPT, {'country': 'XA', 'year': 2020}).expect(201).json['snapshot_id']}"
    one = world.user(CONTACT_A, "national_contact", number=2)
    one.post(f"{path}/verification").expect(200)
    one.post(f"{path}/clearance").expect(403, "two-persons-required")


def test_faults_stand_in_the_way_of_clearance(world, liaison, contact):
    case = open_case(liaison, "judgment", court="First Court")
    case.act(liaison, "add", object="finding", person_ref="P-10", provision="TIP_5")
    finding = dict(object="finding", object_id=case.of("finding")[0]["object_id"])
    case.act(liaison, "try", **finding)
    case.act(liaison, "find_guilty", verdict_on="2018-05-05", verdict="guilty", document="J", **finding)
    case.act(liaison, "sentence", sentence_kind="custodial", sentence_scope="count", document="J", **finding)  # no months
    kept = contact.post(KEPT, {"country": "XA", "year": 2018}).expect(201).json
    assert kept["report"]["quality"] == [{"case_id": case.id, "fault": "sentence_incomplete"}] and kept["faults"] == 1
    path = f"{KEPT}/{kept['snapshot_id']}"
    world.user(CONTACT_A, "statistician").post(f"{path}/verification").expect(200)
    refused = world.user(CONTACT_A, "national_contact", number=2).post(f"{path}/clearance").expect(422)
    assert [code for _, code in refused.errors] == ["guard.no_quality_faults"]
    case.act(liaison, "correct_finding", object="finding", object_id=finding["object_id"], reason="mended", sentence_months="8")


def counts(table: dict) -> dict:
    return {(row["row"], item["column"]): item.get("count") for row in table["rows"] for item in row["cells"]}


def test_small_counts_of_victims_are_kept_back(world, contact):
    advocate = world.user(POLICE, "victim_advocate")
    assert counts(contact.get(VICTIMS).expect(200).json)[("total", "total")] == 0
    many = open_case(advocate, "tip_case", detected_on="2019-03-01", purpose="forced_labour")
    for _ in range(12):
        many.act(advocate, "add", object="victim", age_band="age_18_24")
    few = open_case(advocate, "tip_case", detected_on="2019-04-01", purpose="servitude")
    for _ in range(2):
        few.act(advocate, "add", object="victim", age_band="age_18_24")
    shown = counts(contact.get(VICTIMS).expect(200).json)
    assert shown[("servitude", "age_18_24")] is None and shown[("servitude", "total")] is None
    # 14 less 12 would tell the 2.
    column = [count for (row, band), count in shown.items() if band == "age_18_24" and row != "total"]
    assert shown[("total", "age_18_24")] is None or column.count(None) >= 2
    world.user(POLICE, "statistician").get(VICTIMS).expect(404)
