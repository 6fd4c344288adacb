"""Every operation of the interface, called with success, each exchange held against the interface's own document
(tests/api/openapi_check.py) in both directions. Every other suite holds its exchanges against it too."""
import hashlib
import json
import time
import uuid

import pytest

from harness import surroundings
from harness.codes import STEP, agency_code, totp
from harness.endpoints import endpoints
from harness.register import record
from harness.linked import People, name_members, open_case
from harness.stream import Stream
from harness.tracing import complete_request, in_days, purchaser_chain
from harness.world import CONTACT_A, OPERATORS, OVERSIGHT, PEER_C, POLICE, TRACE_B, TRACE_C
from harness.probes import COLUMNS
from test_deadlines import receipt


@pytest.fixture(scope="module")
def check(instance):
    assert instance.openapi is not None, "python3-jsonschema is missing"
    return instance.openapi


def test_document_lists_exactly_the_endpoint_table(check):
    table = {endpoint.operation: (endpoint.method, endpoint.path) for endpoint in endpoints()}
    document = {operation["operationId"]: (method.upper(), path) for path, item in check.document["paths"].items()
                for method, operation in item.items() if isinstance(operation, dict) and "operationId" in operation}
    assert document == table


def test_documents_that_need_no_caller(instance):
    anonymous, operations = instance.anonymous(), instance.anonymous("operations")
    for path in ("/openapi.json", "/version", "/problems/not-found", "/v1/use-banner"):
        anonymous.get(path).expect(200)
    operations.get("/metrics").expect(200)
    # Polled by the harness itself, so not among the replies that it notes.
    for path in ("/livez", "/readyz", "/readyz?verbose=1"):
        reply = anonymous.get(path).expect(200)
        instance.openapi.exchange("GET", path, None, reply.status, reply.headers, reply.data)


def test_own_account(instance, world):
    person = world.person(POLICE, "agency_user", number=7)
    shown = {**person.credentials(), "totp": totp(person.secret, time.time() + STEP)}
    session = instance.anonymous().post("/v1/sessions", shown).expect(201).json
    client = person.client
    client.get("/v1/me").expect(200)
    client.get("/v1/me/sessions").expect(200)
    client.delete(f"/v1/me/sessions/{session['session_id']}").expect(204)
    secret = client.post("/v1/me/totp", {}).expect(201).json["secret"]
    client.post("/v1/me/totp/confirmation", {"totp": totp(secret, time.time() - STEP)}).expect(204)
    renewed = client.post("/v1/me/step-up", {"password": person.password, "totp": totp(secret)}).expect(200).json
    client.token = renewed["token"]
    client.post("/v1/me/password", {"current_password": person.password,
                                    "new_password": "q7!" + uuid.uuid4().hex}).expect(204)


def test_agencies_people_and_certificates(world):
    operator, admin, second = world.administrator(OPERATORS), world.administrator(TRACE_B), world.administrator(TRACE_B, 1)
    code = agency_code("XA", "LABOR" + uuid.uuid4().hex[:3].upper())
    made = operator.post("/v1/agencies", {"agency": code, "name": "Laboratory", "kind": "laboratory",
                                          "contact_email": "lab@example.org", "contact_phone": "+1 555 0100"}).expect(201)
    operator.get("/v1/agencies").expect(200)
    operator.get(f"/v1/agencies/{code}").expect(200)
    operator.patch(f"/v1/agencies/{code}", {"name": "Laboratories", "contact_phone": None}, version=made.version).expect(200)
    operator.get("/v1/routes").expect(200)
    operator.put("/v1/routes/XB", {"agency": TRACE_B, "priority": "urgent", "source": "Decree 13/2024"}).expect(200)
    world.gateway(TRACE_B).get("/v1/me").expect(200)
    certificates = admin.get(f"/v1/agencies/{TRACE_B}/certificates").expect(200).json["items"]
    admin.delete(f"/v1/agencies/{TRACE_B}/certificates/{certificates[0]['certificate_id']}").expect(204)
    created = admin.post("/v1/users", {"login": f"tour.{uuid.uuid4().hex[:8]}", "display_name": "On Tour", "language": "pt",
                                       "email": "tour@example.org"}).expect(201)
    path = f"/v1/users/{created.json['user']['user_id']}"
    admin.get("/v1/users").expect(200)
    version = admin.get(path).expect(200).version
    admin.patch(path, {"display_name": "Still On Tour"}, version=version).expect(200)
    for _ in range(5):
        world.instance.anonymous().post("/v1/sessions", {"login": created.json["user"]["login"], "password": "wrong",
                                                         "totp": "000000", "accept_use_banner": True}).expect(401)
    admin.post(f"{path}/unlock").expect(200)
    admin.post(f"{path}/credential-reset").expect(200)
    grant = admin.post("/v1/role-grants", {"user_id": created.json["user"]["user_id"], "role": "lab_user",
                                           "kind": "give"}).expect(201).json
    second.get("/v1/role-grants").expect(200)
    second.post(f"/v1/role-grants/{grant['grant_id']}/decision", {"decision": "accepted"}).expect(200)


def test_catalogue_and_imports(world):
    officer, clerk, admin = (world.user(POLICE, "agency_user"), world.user(POLICE, "records_officer"),
                             world.administrator(POLICE))
    officer.get("/v1/code-lists/outcome-codes").expect(200)
    imported = admin.post("/v1/catalogue/makes", {"source": "Tour", "makes": [
        {"make_id": "tour_arms", "name": "Tour Arms", "country": "XC", "aliases": ["TOUR ARMS CO"]}]}).expect(200).json
    assert imported["makes_added"] == 1, imported
    officer.get("/v1/catalogue/makes", query={"limit": 5}).expect(200)
    started = officer.post("/v1/imports", {"file_sha256": hashlib.sha256(b"tour").hexdigest(), "profile": "court-case",
                                           "announced_rows": 2, "file_name": "tour.csv"}).expect(201).json
    rows = {"columns": COLUMNS, "rows": [{"line": 2, "cells": ["1", "Zzyzx Works", "9mm", "Z1", *[""] * 10]},
                                         {"line": 3, "cells": ["2", "Tour Arms", "9mm", "T", *[""] * 10]}]}
    path = f"/v1/imports/{started['import_id']}"
    results = officer.post(f"{path}/rows", rows).expect(200).json["items"]
    assert [result["line"] for result in results] == [2, 3], results
    officer.get(path).expect(200)
    officer.get(f"{path}/rows").expect(200)
    reviews = clerk.get("/v1/catalogue/make-reviews").expect(200).json["items"]
    clerk.post(f"/v1/catalogue/make-reviews/{reviews[0]['review_id']}/decision",
               {"decision": "matched", "make_id": "tour_arms"}).expect(200)


def test_asking_side(cast):
    officer = cast.officer
    trace = cast.trace({"country": "XB"}, submit=False, priority="urgent", urgent_ground="mass_casualty",
                       urgent_justification="Many were hurt", forward_consent=True)
    version = officer.get(trace.path).expect(200).version
    officer.patch(trace.path, {"unit": "Unit 12"}, version=version).expect(200)
    trace.act(officer, "submission").expect(200)
    trace.act(cast.contact, "return", {"text": "Which circumstances?"}).expect(200)
    version = officer.get(trace.path).expect(200).version
    officer.patch(trace.path, {"recovery": {"circumstances": "At the scene"}}, version=version).expect(200)
    trace.act(officer, "submission").expect(200)
    trace.act(cast.supervisor, "approval").expect(200)
    trace.act(cast.contact, "approval").expect(200)
    trace.act(cast.contact, "legs", {"agency": TRACE_C}).expect(201)
    trace.act(officer, "descriptions", {**complete_request()["firearm"], "change_reason": "Seen again"}).expect(201)
    for part in ("", "/status", "/descriptions", "/timeline"):
        officer.get(trace.path + part).expect(200)
    officer.get("/v1/trace-requests", query={"limit": 2}).expect(200)
    trace.act(officer, "handling", {"handling_code": "H2"}).expect(200)
    lead = cast.sent()
    lead_copy = cast.sent()
    lead_copy.act(cast.supervisor, "duplicate", {"lead_case_id": lead.case_id}).expect(200)
    trace.act(cast.supervisor, "withdrawal", {"text": "Solved"}).expect(200)
    trace.act(officer, "reopening", {"text": "Not solved"}).expect(200)


def test_asked_side(cast, world):
    trace = cast.searching({"country": "XB"}, forward_consent=True)
    leg = trace.leg_id(TRACE_B)
    cast.analyst().get("/v1/inbox").expect(200)
    cast.analyst().get(f"/v1/legs/{leg}").expect(200)
    trace.act_on_leg(cast.analyst(), leg, "clarifications", {"fields": ["firearm.serial_raw"], "question": "B or 8?"}).expect(201)
    trace.act_on_leg(cast.officer, leg, "clarification-reply", {"text": "B"}).expect(200)
    trace.act_on_leg(cast.chief(), leg, "delay", {"reason_code": "cost_or_resources", "review_on": in_days(4)}).expect(200)
    trace.act_on_leg(cast.chief(), leg, "resumption").expect(200)
    trace.act_on_leg(cast.analyst(), leg, "answers", {"kind": "full", "outcome_code": "purchaser_identified", "evaluation": "B2",
                                                      "remarks": "As registered", "conditions": "Court use",
                                                      "chain": purchaser_chain()}).expect(201)
    answer = cast.analyst().get(f"/v1/legs/{leg}").expect(200).json["answers"][-1]["answer_id"]
    cast.chief().post(f"/v1/answers/{answer}/approval", {"decision": "accepted"}).expect(200)
    cast.chief().post(f"/v1/answers/{answer}/restriction", {"reason_code": "data_protection", "groups": ["G6"],
                                                            "text": "Register act", "appeal_to": "Data authority"}).expect(200)
    trace.act_on_leg(cast.officer, leg, "appeal", {"text": "Needed in court"}).expect(201)
    trace.act_on_leg(cast.asked_contact(), leg, "appeal-decision", {"decision": "accepted", "text": "Granted"}).expect(200)
    corrected = cast.analyst().post(f"/v1/answers/{answer}/correction",
                                    {"kind": "full", "outcome_code": "retailer_only", "chain": purchaser_chain()[:3]}).expect(201)
    newest = corrected.json["answers"][-1]["answer_id"]
    cast.analyst().post(f"/v1/answers/{newest}/recall", {"text": "Other firearm"}).expect(200)
    trace.act(cast.officer, "closure", {"outcome_code": "purchaser_identified", "text": "Used"}).expect(200)

    forwarded = cast.searching({"country": "XB"}, forward_consent=True)
    forwarded.act_on_leg(cast.analyst(), forwarded.leg_id(TRACE_B), "forward", {"country": "XC"}).expect(200)
    refused = cast.searching()
    refused.act_on_leg(cast.chief(), refused.leg_id(TRACE_B), "refusal", {"reason_code": "national_security"}).expect(200)

    at_peer = cast.sent({"agency": PEER_C})
    leg = at_peer.leg_id(PEER_C)
    world.gateway(PEER_C).post(f"/v1/legs/{leg}/receipt", receipt(world, leg)).expect(200)


def test_serial_numbers(cast):
    firearm = {**complete_request()["firearm"], "serial_raw": "OA7731902"}
    older, newer = cast.sent(firearm=firearm), cast.trace(submit=False, firearm=firearm)
    found = cast.officer.post("/v1/serial-search", {
        "serial": "0A773190*", "make_text": "North Arms", "calibre_text": "9x19", "case_id": newer.case_id,
        "show_weak": True}).expect(200).json
    assert [hit["case_id"] for hit in found["items"]] == [older.case_id], found
    stranger = cast.world.user(TRACE_C, "agency_user")
    theirs = cast.trace(submit=False, author=stranger, firearm=firearm)
    pointed = stranger.post("/v1/serial-search", {**{name: firearm[name] for name in (
        "make_text", "calibre_text", "type_code", "model_text", "import_country")}, "serial": "OA7731902",
        "case_id": theirs.case_id}).expect(200).json
    noted = cast.officer.post("/v1/matches", {"case_id": newer.case_id, "other_case_id": older.case_id}).expect(201).json
    cast.officer.get("/v1/matches", query={"state": "open", "queue": "own"}).expect(200)
    decided = cast.supervisor.post(f"/v1/matches/{noted['match_id']}/decision", {
        "decision": "confirmed", "compared": noted["to_compare"], "text": "Both marks seen"}).expect(200).json
    assert decided["state"] == "confirmed" and [pointer["agency"] for pointer in pointed["pointers"]] == [POLICE], (decided, pointed)


def test_register_of_firearms(world):
    clerk = world.user(POLICE, "records_officer")
    entered = clerk.post("/v1/records", record()).expect(201).json
    path = f"/v1/records/{entered['record_id']}"
    results = clerk.post("/v1/records/bulk", {"records": [record(kind="lost"), record(kind="misplaced")]}).expect(200).json["items"]
    assert [row["result"] for row in results] == ["entered", "rejected"], results
    assert len(clerk.get("/v1/records", query={"limit": 1}).expect(200).json["items"]) == 1
    confirmed = clerk.post(f"{path}/confirmation", version=clerk.get(path).expect(200).version).expect(200)
    clerk.post(f"{path}/clearance", {"reason": "recovered", "text": "Handed in"}, version=confirmed.version).expect(200)


def test_linked_cases(world):
    people = People(world, POLICE)
    officer, lead, advocate = (people[role] for role in ("investigator", "unit_lead", "victim_advocate"))
    for path in ("/v1/case-types", "/v1/case-types/operation"):
        officer.client.get(path).expect(200)
    operation = open_case(officer.client, "operation", operation_name="Night", operation_date="2026-02-01", place="XA-01")
    operation.act(officer.client, "add", object="seizure", seizure_kind="cash", seizure_text="notes")
    seizure = operation.of("seizure")[0]["object_id"]
    officer.client.post(f"{operation.path}/spawned-cases", {"type": "asset_case", "seizure_id": seizure},
                        version=operation.version).expect(201)
    case = open_case(advocate.client, "tip_case", detected_on="2026-01-05", detection_method="hotline", act="recruitment",
                     means="fraud", purpose="forced_labour")
    case.put(advocate.client, "shares", {"agency": TRACE_B, "relation": "addressed", "groups": ["S0"], "onward": "no"})
    name_members(case, advocate.client, lead)
    for part in ("", "/timeline", "/links"):
        advocate.client.get(case.path + part).expect(200)
    advocate.client.put(f"{case.path}/deconfliction", {"agreed": True}).expect(200)
    advocate.client.get("/v1/cases", query={"limit": 2}).expect(200)
    liaison = people["court_liaison"].client
    one, other = open_case(liaison, "judgment", court="First Court"), open_case(liaison, "judgment", court="Second Court")
    link = {"to_case": other.id, "kind": "same_subject", "basis": "analyst", "confidence": 3}
    linked = liaison.post(f"{one.path}/links", link).expect(201).json
    world.user(POLICE, "court_liaison", number=2).post(f"/v1/case-links/{linked['link_id']}/decision", {"state": "confirmed"}).expect(200)
    grant = advocate.client.post(f"{case.path}/seal-grants", {"user_id": lead.user_id, "reason": "To protect"}).expect(201).json
    world.user(POLICE, "victim_advocate", number=2).post(f"/v1/seal-grants/{grant['grant_id']}/decision", {"decision": "accepted"}).expect(200)
    integrity = people["integrity_officer"].client
    tender = open_case(integrity, "corruption_case", offences="national_bribery")
    tender.act(integrity, "add", object="procurement", bidders="3", tender_days="2", minimum_tender_days="15")
    signal = next(one for one in tender.document["signals"] if one["rule"] == "corr.short_tender")
    integrity.post(f"{tender.path}/signals", {"rule": signal["rule"], "object_id": signal["object_id"], "state": "explained",
                                              "note": "framework contract"}, version=tender.version).expect(200)
    integrity.get("/v1/reports/signals").expect(200)


def test_versions_of_a_case_type(world):
    first, second = (world.user(POLICE, "agency_supervisor", number=number) for number in (1, 2))
    liaison = world.user(POLICE, "court_liaison")
    case = open_case(liaison, "judgment", court="First Court")
    definition = json.loads((surroundings.ROOT / "cases" / "types" / "judgment.json").read_text()) | {"version": 1001}
    path = "/v1/case-types/judgment/versions"
    first.post(path, {"definition": definition, "note": "The same, under our own number"}).expect(201)
    first.get(path).expect(200)
    second.post(f"{path}/1001/decision", {"decision": "accepted"}).expect(200)
    liaison.get("/v1/case-types/judgment", query={"version": 1001}).expect(200)
    liaison.post(f"{case.path}/type-version", {"to_version": 1001}, version=case.version).expect(200)
    second.post(f"{path}/1001/decision", {"decision": "retired"}).expect(200)


def test_broken_glass(world):
    case = open_case(world.user(POLICE, "victim_advocate"), "tip_case", route="XA|XB")
    supervisor, auditor = world.user(POLICE, "agency_supervisor"), world.user(POLICE, "auditor")
    opened = supervisor.post(f"{case.path}/break-glass", {"reason": "The girl is held in the house of the raid"}).expect(201).json
    auditor.get("/v1/audit/break-glass").expect(200)
    auditor.post(f"/v1/audit/break-glass/{opened['grant_id']}/review", {"finding": "unjustified", "note": "No raid that night"}).expect(200)


def test_who_reads_much(world):
    world.user(POLICE, "auditor").get("/v1/audit/reading").expect(200)


def test_randot_report(world):
    contact, verifier = world.user(CONTACT_A, "national_contact"), world.user(CONTACT_A, "statistician")
    clearer = world.user(CONTACT_A, "national_contact", number=2)
    contact.get("/v1/reports/randot", query={"country": "XA", "year": 2019}).expect(200)
    kept = contact.post("/v1/reports/randot/snapshots", {"country": "XA", "year": 2019}).expect(201).json
    path = f"/v1/reports/randot/snapshots/{kept['snapshot_id']}"
    verifier.post(f"{path}/verification").expect(200)
    clearer.post(f"{path}/clearance").expect(200)
    for read in ("/v1/reports/randot/snapshots", path, f"{path}/public", f"{path}/pdf", f"{path}/xlsx"):
        verifier.get(read).expect(200)
    for part in ("", "/pdf", "/xlsx"):
        verifier.get(f"/v1/reports/tracker{part}", query={"country": "XA", "meeting": "RANDOT V"}).expect(200)
    verifier.get("/v1/reports/victims", query={"country": "XA", "year": 2026}).expect(200)


def test_events_and_stream(cast, check):
    cast.officer.get("/v1/events", query={"after": 0}).expect(200)
    stream = Stream(cast.officer, "/v1/stream?after=0")
    for _ in range(3):
        check.event(json.dumps(stream.message()))
    stream.close()


def test_audit_log(cast, world):
    auditor = world.user(OVERSIGHT, "auditor")
    reply = cast.officer.get("/v1/me").expect(200)
    until = time.monotonic() + 20
    while cast.officer.get(f"/v1/audit/entries/{reply.event_id}/proof").status != 200:
        assert time.monotonic() < until, "not in a checkpoint within 20 s"
        time.sleep(0.05)
    anonymous = world.instance.anonymous()
    size = int(anonymous.get("/audit/checkpoint").expect(200).text.split("\n")[1])
    width = min(size, 256)
    name = "000" if width == 256 else f"000.p/{width}"
    anonymous.get(f"/audit/tile/0/{name}").expect(200)
    auditor.get(f"/audit/entries/{name}").expect(200)
    auditor.get("/v1/audit/entries", query={"limit": 3}).expect(200)
    auditor.get("/v1/audit/export", query={"from": 0, "to": 2}).expect(200)
    auditor.get("/v1/audit/consistency", query={"from": 1, "to": size}).expect(200)


def test_accounts_of_a_demonstration(instance, world):
    person = world.person(POLICE, "agency_user")
    accounts = instance.folder / "accounts.json"
    accounts.write_text(json.dumps({"password": "of-nobody-here", "items": [
        {"login": person.login, "display_name": "Somebody", "agency": person.agency, "agency_name": "Police of XA",
         "roles": ["agency_user"], "totp_secret": person.secret}]}))
    shown = instance.start("demo-1", {"demo.enabled": "true", "demo.accounts": accounts}, aside=True)
    try:
        instance.anonymous(server=shown).get("/v1/demo/accounts").expect(200)
        assert instance.anonymous(server=shown).get("/version").expect(200).json["demo"] is True
        instance.anonymous().get("/v1/demo/accounts").expect(404, "not-found")
        assert "demo" not in instance.anonymous().get("/version").expect(200).json
        accounts.unlink()
        instance.anonymous(server=shown).get("/v1/demo/accounts").expect(404, "not-found")
    finally:
        shown.stop()


def test_every_operation_was_called_with_success(check):
    assert not check.unseen(), f"never answered with success: {sorted(check.unseen())}"
