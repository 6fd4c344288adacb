"""Versions of a case type that an agency loads: who may, what is refused, which cases get them, and how a case moves."""
import copy
import json

import pytest

from harness import surroundings
from harness.client import Client
from harness.linked import People, open_case, values
from harness.world import POLICE, TRACE_B

TYPE = "tip_case"
PATH = f"/v1/case-types/{TYPE}/versions"
BUILT_IN = json.loads((surroundings.ROOT / "cases" / "types" / f"{TYPE}.json").read_text())


def labels(text: str) -> dict:
    return {language: f"{text} ({language})" for language in ("en", "es", "pt", "fr")}


def own_version(number: int, state: str, field: str, group: str) -> dict:
    """The version compiled in, with a state of waiting for a partner and a field for its reference."""
    definition = copy.deepcopy(BUILT_IN)
    definition["version"] = number
    root = definition["objects"][0]
    root["states"].append({"name": state, "label": labels(state), "open": True})
    root["fields"].append({"name": field, "type": "text", "group": group, "label": labels(field)})
    ways = [("X1", "refer_out", "FLAGGED", state, [field]), ("X2", "come_back", state, "SCREENING", [])]
    definition["transitions"] += [
        {"id": name, "object": "case", "from": [start], "event": event, "to": end, "side": "requester",
         "roles": ["investigator"], "required_inputs": inputs} for name, event, start, end, inputs in ways]
    return definition


def load(client, definition: dict, status: int = 201):
    return client.post(PATH, {"definition": definition, "note": "Partners answer by letter"}).expect(status)


def decide(client, version: int, decision: str, status: int = 200, slug: str | None = None):
    return client.post(f"{PATH}/{version}/decision", {"decision": decision}).expect(status, *([slug] if slug else []))


@pytest.fixture(scope="module")
def supervisors(world):
    return [world.user(POLICE, "agency_supervisor", number=number) for number in (1, 2)]


@pytest.fixture(scope="module")
def police(world):
    return People(world, POLICE)


@pytest.fixture(scope="module")
def before(police):
    """A case from the time before the agency had a version of its own."""
    case = open_case(police["investigator"].client, TYPE, detected_on="2026-03-01")
    assert case.document["type_version"] == 1
    return case


@pytest.fixture(scope="module")
def first(supervisors, before):
    """Version 1001: WITH_PARTNER and partner_ref."""
    made = load(supervisors[0], own_version(1001, "WITH_PARTNER", "partner_ref", "S1")).json
    assert (made["state"], made["agency"], made["version"]) == ("proposed", POLICE, 1001)
    decide(supervisors[0], 1001, "accepted", 403, "two-persons-required")
    assert decide(supervisors[1], 1001, "accepted").json["state"] == "accepted"
    decide(supervisors[1], 1001, "rejected", 409)
    return made


def test_a_faulty_definition_is_refused_with_every_place_and_reason(supervisors, before):
    definition = own_version(1001, "WITH_PARTNER", "partner_ref", "S1")
    victim = next(one for one in definition["objects"] if one["name"] == "victim")
    name = next(field for field in victim["fields"] if field["name"] == "name")
    assert name["group"] == "S4"
    name["group"] = "S1"                                         # would unseal
    no_indication = next(row for row in definition["transitions"] if row["id"] == "T4")
    del no_indication["two_person"]                               # would do without the second person
    definition["transitions"][-1]["to"] = "CLOSED"                # would go around the rules of closing
    definition["transitions"][-2]["roles"] = ["wizard"]
    reply = load(supervisors[0], definition, 422)
    places = [pointer for pointer, code in reply.errors if code == "definition"]
    at = definition["objects"].index(victim), victim["fields"].index(name)
    rows = len(definition["transitions"])
    assert f"/definition/objects/{at[0]}/fields/{at[1]}/group" in places
    assert f"/definition/transitions/{definition['transitions'].index(no_indication)}/two_person" in places
    assert f"/definition/transitions/{rows - 1}" in places
    assert f"/definition/transitions/{rows - 2}/roles/0" in places
    assert all(error["message"] for error in reply.json["errors"])
    unknown = own_version(1001, "WITH_PARTNER", "partner_ref", "S1") | {"colour": "red"}
    assert ("/definition/colour", "unknown_member") in load(supervisors[0], unknown, 422).errors
    assert [item["state"] for item in supervisors[0].get(PATH).expect(200).json["items"]] == ["built_in"]


def test_new_cases_of_the_agency_get_its_version_and_nobody_elses_do(world, police, before, first):
    officer = police["investigator"].client
    case = open_case(officer, TYPE, detected_on="2026-03-02")
    assert case.document["type_version"] == 1001
    case.act(officer, "refer_out", status=422)  # its own step asks for its own field
    case.act(officer, "refer_out", partner_ref="P 17")
    assert case.document["state"] == "WITH_PARTNER" and values(case.of("case")[0])["partner_ref"] == "P 17"
    case.act(officer, "come_back")
    assert case.document["state"] == "SCREENING"
    elsewhere = open_case(world.user(TRACE_B, "investigator"), TYPE, detected_on="2026-03-02")
    assert elsewhere.document["type_version"] == 1
    assert before.read(officer)["type_version"] == 1  # a case keeps its version
    before.act(officer, "refer_out", status=409)


def test_the_definition_can_be_read_by_whoever_meets_a_case_of_it(world, instance, police, first):
    officer, abroad = police["investigator"].client, world.user(TRACE_B, "investigator")
    own = officer.get(f"/v1/case-types/{TYPE}").expect(200).json
    assert own["version"] == 1001 and own["sha256"] == first["sha256"]
    assert "WITH_PARTNER" in [state["name"] for state in own["objects"][0]["states"]]
    assert abroad.get(f"/v1/case-types/{TYPE}").expect(200).json["version"] == 1
    assert abroad.get(f"/v1/case-types/{TYPE}?version=1001").expect(200).json["sha256"] == first["sha256"]
    abroad.get(f"/v1/case-types/{TYPE}?version=1999").expect(404)
    assert ("query:/version", "out_of_range") in abroad.get(f"/v1/case-types/{TYPE}?version=x").expect(422).errors
    listed = abroad.get(PATH).expect(200).json["items"]
    assert [(item["version"], item["state"]) for item in listed] == [(1001, "accepted"), (1, "built_in")]
    assert "note" not in listed[0] and "proposed_by" not in listed[0]  # whose idea it was is the agency's matter
    shared = open_case(officer, TYPE, detected_on="2026-03-03")
    shared.put(officer, "shares", {"agency": TRACE_B, "relation": "copied", "groups": ["S0", "S1"], "onward": "no"})
    # A server that has never seen the version reads it when the case is first met.
    fresh = instance.start("test-fresh", aside=True)
    there = Client(fresh.address("browser"), "fresh", token=abroad.token)
    assert there.get(shared.path).expect(200).json["type_version"] == 1001
    assert shared.id in [item["case_id"] for item in there.get(f"/v1/cases?type={TYPE}").expect(200).json["items"]]
    there.close()
    fresh.stop()


def test_others_load_nothing_for_the_agency(world, police, supervisors, first):
    load(police["investigator"].client, own_version(1002, "WAITING", "partner_no", "S2"), 403)
    abroad = world.user(TRACE_B, "agency_supervisor")
    decide(abroad, 1001, "retired", 404)
    taken = load(supervisors[0], own_version(1001, "WAITING", "partner_no", "S2"), 409)
    assert "1002" in taken.json["detail"]
    trace = supervisors[0].post("/v1/case-types/trace_request/versions", {"definition": {}, "note": "x"})
    trace.expect(404)  # requests are no declared cases


def test_a_case_moves_by_a_mapping_that_names_a_place_for_everything(instance, police, supervisors, before, first):
    person = police["investigator"]
    officer, lead = person.client, police["unit_lead"].client
    case = open_case(officer, TYPE, detected_on="2026-03-04")
    case.act(officer, "refer_out", partner_ref="P 19")
    case.act(officer, "add", object="suspect", name="Invented Recruiter", phone="+54 11 5550 7788")
    load(supervisors[1], own_version(1002, "WAITING", "partner_no", "S2"))
    move = f"{case.path}/type-version"
    unaccepted = officer.post(move, {"to_version": 1002}, version=case.version).expect(422)
    assert unaccepted.errors == [("/to_version", "not_in_list")]
    decide(supervisors[0], 1002, "accepted")
    nowhere = officer.post(move, {"to_version": 1002}, version=case.version).expect(422)
    assert nowhere.errors == [("/states", "mapping"), ("/fields", "mapping")]
    mapping = {"states": [{"object": "case", "from": "WITH_PARTNER", "to": "WAITING"}],
               "fields": [{"object": "case", "from": "partner_ref", "to": "partner_no"}]}
    body = {"to_version": 1002, **mapping}
    lead.post(move, body, version=case.version).expect(403)  # no named member
    tokens = f"select count(*) from rastro.blind_token where case_id = '{case.id}'"
    had = instance.database.value(tokens)
    moved = officer.post(move, body, version=case.version).expect(200).json
    assert (moved["type_version"], moved["state"]) == (1002, "WAITING")
    assert moved["version"] == case.version + 1
    shown = values(moved["objects"][0])
    assert shown["partner_no"] == "P 19" and "partner_ref" not in shown
    groups = {field["field"]: field["group"] for field in moved["objects"][0]["fields"]}
    assert groups["partner_no"] == "S2"
    assert instance.database.value(tokens) == had > 0  # what is compared unread stays
    last = officer.get(f"{case.path}/timeline").expect(200).json["items"][-1]
    assert (last["event"], last["text"]) == ("move_version", "1001 -> 1002")
    officer.post(move, body, version=moved["version"]).expect(409)  # it is there
    case.version = moved["version"]
    case.act(officer, "come_back")
    # What was before the agency's versions has nothing to place.
    late = officer.post(f"{before.path}/type-version", {"to_version": 1002}, version=before.version).expect(200)
    assert late.json["type_version"] == 1002


def test_a_retired_version_is_for_no_new_case(supervisors, police, first):
    officer = police["investigator"].client
    assert open_case(officer, TYPE, detected_on="2026-03-05").document["type_version"] == 1002
    decide(supervisors[0], 1002, "retired")
    decide(supervisors[0], 1002, "retired", 409)
    assert open_case(officer, TYPE, detected_on="2026-03-05").document["type_version"] == 1001
