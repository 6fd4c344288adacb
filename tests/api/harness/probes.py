"""For every operation that needs a caller: a call that reaches the decision and changes little or nothing when it is
allowed. Acts are sent under a version that nobody has (If-Match "999"): allowed then shows as 412."""
import dataclasses
import hashlib
import uuid

from .cast import Cast
from .register import record
from .tracing import complete_request, in_days
from .world import (CONTACT_A, CONTACT_B, OPERATORS, OVERSIGHT, PEER_C, POLICE, TRACE_B, TRACE_C, Person)

NO_VERSION = 999
AGENCIES = (POLICE, CONTACT_A, TRACE_B, TRACE_C)
CASE_RELATION = {POLICE: "owner", CONTACT_A: "approver", TRACE_B: "addressed"}
LINKED_RELATION = {POLICE: "owner", TRACE_B: "addressed"}
UNKNOWN_MAKER = "Zzyzx Works"
COLUMNS = ["row", "manufacturer", "calibre", "model", "serial_number", "type", "subtype", "purchase_country", "purchase_state",
           "purchase_date", "recovery_date_mexico", "recovery_area_mexico", "recovery_date_us", "recovery_city_us"]
ANSWER = {"kind": "full", "outcome_code": "too_old"}
REASON = {"text": "For the matrix"}
MATCHED = {**complete_request()["firearm"], "serial_raw": "MX4471190"}


class Objects:
    """What the calls are about: one case with an answered leg, and for each agency things of its own."""

    def __init__(self, cast: Cast):
        self.cast = cast
        world = cast.world
        trace = self.trace = cast.answered()
        self.leg_id = trace.leg_id(TRACE_B)
        leg = cast.analyst().get(f"/v1/legs/{self.leg_id}").expect(200).json
        self.answer_id = leg["answers"][-1]["answer_id"]
        self.lead = cast.trace(submit=False).case_id
        self.foreign_certificate = world.certificate_of(PEER_C)
        self._linked_cases()
        self.users: dict[str, Person] = {}
        self.grants: dict[str, str] = {}
        self.imports: dict[str, str] = {}
        self.match_id = self._match()
        self.record_id = world.user(POLICE, "records_officer").post("/v1/records", record()).expect(201).json["record_id"]
        self.reviews: dict[str, str] = {}
        for agency in AGENCIES:
            self.users[agency] = world.person(agency)
            grant = world.administrator(agency).post("/v1/role-grants", {
                "user_id": self.users[agency].user_id, "role": "liaison", "kind": "give"}).expect(201)
            self.grants[agency] = grant.json["grant_id"]
            self._import(agency)

    def _linked_cases(self) -> None:
        """Two cases of POLICE, the first shared with TRACE_B, linked, with a seal to be decided."""
        world = self.cast.world
        owner = world.user(POLICE, "court_liaison")
        made = [owner.post("/v1/cases", {"type": "judgment", "handling_code": "H1"}).expect(201).json for _ in range(2)]
        self.linked, self.linked_other = (f"/v1/cases/{case['case_id']}" for case in made)
        self.linked_ids = [case["case_id"] for case in made]
        for path in (self.linked, self.linked_other):
            owner.put(f"{path}/shares", {"agency": TRACE_B, "relation": "addressed", "groups": ["S0", "S1"],
                                         "onward": "no"}, version=1 + 1).expect(200)
        link = {"to_case": self.linked_ids[1], "kind": "same_subject", "basis": "analyst", "confidence": 3}
        # Asserted by somebody who is none of the matrix: whoever asserts a link does not decide about it.
        self.link_id = world.user(POLICE, "court_liaison", number=3).post(f"{self.linked}/links", link).expect(201).json["link_id"]
        named = world.person(POLICE, "victim_advocate", number=3)
        version = owner.get(self.linked).version
        owner.put(f"{self.linked}/members", {"user_id": named.user_id, "kind": "named"}, version=version).expect(200)
        lead = world.user(POLICE, "unit_lead", number=3)
        self.seal_id = lead.post(f"{self.linked}/seal-grants", {"user_id": named.user_id, "reason": "For the matrix"}).expect(
            201).json["grant_id"]

        contact = world.user(CONTACT_A, "national_contact", number=3)
        self.snapshot_id = contact.post("/v1/reports/randot/snapshots", {"country": "XA", "year": 2025}).expect(201).json[
            "snapshot_id"]

    def _import(self, agency: str) -> None:
        author = self.cast.world.user(agency, "agency_user")
        started = author.post("/v1/imports", {"file_sha256": hashlib.sha256(agency.encode()).hexdigest(),
                                              "profile": "court-case"}).expect(201)
        self.imports[agency] = started.json["import_id"]
        author.post(f"/v1/imports/{self.imports[agency]}/rows", self.rows()).expect(200)
        reviews = self.cast.world.user(agency, "records_officer").pages("/v1/catalogue/make-reviews")
        self.reviews[agency] = reviews[0]["review_id"]

    def _match(self) -> str:
        """Two requests of the police about one firearm, noted by an officer: the police alone knows and decides."""
        older, newer = (self.cast.trace(submit=False, firearm=MATCHED) for _ in range(2))
        noted = self.cast.officer.post("/v1/matches", {"case_id": newer.case_id, "other_case_id": older.case_id})
        return noted.expect(201).json["match_id"]

    @staticmethod
    def rows() -> dict:
        return {"columns": COLUMNS, "rows": [{"line": 2, "cells": ["1", UNKNOWN_MAKER, "9mm", "Z1", *[""] * 10]}]}


@dataclasses.dataclass
class Probe:
    """`target`: whose relation counts; `also`: replies that an allowed caller may get besides success, 409, 412 and 422."""
    method: str
    path: str
    target: str
    body: dict | None = None
    version: int | None = None
    also: tuple[int, ...] = ()


def probes(objects: Objects, agency: str) -> dict[str, Probe]:
    """Operation to call, as a member of this agency would make it."""
    case, leg, answer = objects.trace.path, f"/v1/legs/{objects.leg_id}", f"/v1/answers/{objects.answer_id}"
    user = f"/v1/users/{objects.users[agency].user_id}"
    country = agency[:2]
    kept = f"/v1/records/{objects.record_id}"
    snapshot = f"/v1/reports/randot/snapshots/{objects.snapshot_id}"
    unknown = uuid.uuid4()
    step = NO_VERSION
    found = {
        # own account
        "session_list": Probe("GET", "/v1/me/sessions", "self"),
        "session_end": Probe("DELETE", f"/v1/me/sessions/{unknown}", "self", also=(404,)),
        "session_step_up": Probe("POST", "/v1/me/step-up", "self", {"password": "not it", "totp": "000000"}, also=(401,)),
        "me": Probe("GET", "/v1/me", "self"),
        "password_change": Probe("POST", "/v1/me/password", "self",
                                 {"current_password": "not it", "new_password": "q7!Vb2-kkL9-wwE4-mmN8"}),
        "totp_enrol": Probe("POST", "/v1/me/totp", "self", {}),
        "totp_confirm": Probe("POST", "/v1/me/totp/confirmation", "self", {"totp": "000000"}),
        # directory and administration
        "agency_list": Probe("GET", "/v1/agencies", "directory"),
        "agency_create": Probe("POST", "/v1/agencies", "country", {"agency": agency, "name": "Again", "kind": "police"}),
        "agency_read": Probe("GET", f"/v1/agencies/{agency}", "own directory"),
        "agency_change": Probe("PATCH", f"/v1/agencies/{agency}", "own directory", {"name": "Renamed"}, step),
        "certificate_list": Probe("GET", f"/v1/agencies/{agency}/certificates", "own"),
        "certificate_enrol": Probe("POST", f"/v1/agencies/{agency}/certificates", "own",
                                   {"certificate_pem": objects.foreign_certificate, "roles": ["agency_user"]}),
        "certificate_revoke": Probe("DELETE", f"/v1/agencies/{agency}/certificates/{unknown}", "own", also=(404,)),
        "route_list": Probe("GET", f"/v1/routes?country={country}", "directory"),
        "route_put": Probe("PUT", f"/v1/routes/{country}", "country", {"agency": f"{country}-NOBODY-A", "source": "none"}),
        "user_list": Probe("GET", "/v1/users", "own"),
        "user_create": Probe("POST", "/v1/users", "own",
                             {"login": objects.users[agency].login, "display_name": "The same again"}),
        "user_read": Probe("GET", user, "own"),
        "user_change": Probe("PATCH", user, "own", {"language": "es"}, step),
        "user_unlock": Probe("POST", f"{user}/unlock", "own"),
        "user_reset": Probe("POST", f"{user}/credential-reset", "own"),
        "role_grant_list": Probe("GET", "/v1/role-grants", "own"),
        "role_grant_propose": Probe("POST", "/v1/role-grants", "own",
                                    {"user_id": objects.users[agency].user_id, "role": "auditor", "kind": "take"}),
        "role_grant_decide": Probe("POST", f"/v1/role-grants/{objects.grants[agency]}/decision", "own",
                                   {"decision": "rejected"}),
        # code lists and catalogue
        "code_list_read": Probe("GET", "/v1/code-lists/outcome-codes", "directory"),
        "make_list": Probe("GET", "/v1/catalogue/makes?limit=1", "directory"),
        "make_import": Probe("POST", "/v1/catalogue/makes", "own", {
            "source": "Matrix of tests", "makes": [{"make_id": "matrix_arms", "name": "Matrix Arms"}]}),
        "make_review_list": Probe("GET", "/v1/catalogue/make-reviews", "own"),
        "make_review_decide": Probe("POST", f"/v1/catalogue/make-reviews/{objects.reviews[agency]}/decision", "own",
                                    {"decision": "rejected"}),
        # trace requests
        "trace_create": Probe("POST", "/v1/trace-requests", "own", complete_request()),
        "trace_list": Probe("GET", "/v1/trace-requests", "own"),
        "trace_read": Probe("GET", case, "case"),
        "trace_status": Probe("GET", f"{case}/status", "case"),
        "trace_change": Probe("PATCH", case, "case", {"unit": "Unit 5"}, step),
        "trace_submit": Probe("POST", f"{case}/submission", "case", None, step),
        "trace_return": Probe("POST", f"{case}/return", "case", REASON, step),
        "trace_approve": Probe("POST", f"{case}/approval", "case", None, step),
        "trace_add_leg": Probe("POST", f"{case}/legs", "case", {"country": "XC"}, step),
        "trace_describe": Probe("POST", f"{case}/descriptions", "case",
                                {"serial_raw": "KX1", "serial_condition": "clear", "model_text": "N18"}, step),
        "trace_descriptions": Probe("GET", f"{case}/descriptions", "case"),
        "trace_close": Probe("POST", f"{case}/closure", "case", {"outcome_code": "too_old"}, step),
        "trace_withdraw": Probe("POST", f"{case}/withdrawal", "case", REASON, step),
        "trace_mark_duplicate": Probe("POST", f"{case}/duplicate", "case", {"lead_case_id": objects.lead}, step),
        "trace_reopen": Probe("POST", f"{case}/reopening", "case", REASON, step),
        "trace_handling": Probe("POST", f"{case}/handling", "case", {"handling_code": "H2"}, step),
        "trace_timeline": Probe("GET", f"{case}/timeline", "case"),
        # legs and answers
        "inbox": Probe("GET", "/v1/inbox", "own"),
        "leg_read": Probe("GET", leg, "case"),
        "leg_receipt": Probe("POST", f"{leg}/receipt", "case", {
            "received_at": "2026-01-05T10:00:00.000000Z", "message_sha256": "0" * 64, "signature": "AAAA"}),
        "leg_acknowledge": Probe("POST", f"{leg}/acknowledgement", "case", None, step),
        "leg_assign": Probe("POST", f"{leg}/assignment", "case", {}, step),
        "leg_ask": Probe("POST", f"{leg}/clarifications", "case", {"fields": ["firearm.model_text"], "question": "?"}, step),
        "leg_reply": Probe("POST", f"{leg}/clarification-reply", "case", {"text": "So"}, step),
        "leg_delay": Probe("POST", f"{leg}/delay", "case",
                           {"reason_code": "cost_or_resources", "review_on": in_days(3)}, step),
        "leg_resume": Probe("POST", f"{leg}/resumption", "case", None, step),
        "leg_answer": Probe("POST", f"{leg}/answers", "case", ANSWER, step),
        "leg_refuse": Probe("POST", f"{leg}/refusal", "case", {"reason_code": "national_security"}, step),
        "leg_forward": Probe("POST", f"{leg}/forward", "case", {"country": "XC"}, step),
        "leg_appeal": Probe("POST", f"{leg}/appeal", "case", REASON, step),
        "leg_appeal_decide": Probe("POST", f"{leg}/appeal-decision", "case", {"decision": "accepted"}, step),
        "answer_approve": Probe("POST", f"{answer}/approval", "case", {"decision": "accepted"}),
        "answer_correct": Probe("POST", f"{answer}/correction", "case", ANSWER),
        "answer_restrict": Probe("POST", f"{answer}/restriction", "case",
                                 {"reason_code": "data_protection", "groups": ["G5"]}),
        "answer_recall": Probe("POST", f"{answer}/recall", "case", REASON),
        # serial numbers
        "serial_search": Probe("POST", "/v1/serial-search", "own", {"serial": "MX4471190"}),
        "match_list": Probe("GET", "/v1/matches", "own"),
        "match_note": Probe("POST", "/v1/matches", "case",
                            {"case_id": objects.trace.case_id, "other_case_id": objects.lead}),
        "match_decide": Probe("POST", f"/v1/matches/{objects.match_id}/decision", "match",
                              {"decision": "confirmed", "compared": ["serial"]}),
        # register of firearms
        "register_add": Probe("POST", "/v1/records", "own", record()),
        "register_import": Probe("POST", "/v1/records/bulk", "own", {"records": [record()], "dry_run": True}),
        "register_list": Probe("GET", "/v1/records", "own"),
        "register_read": Probe("GET", kept, "record"),
        "register_confirm": Probe("POST", f"{kept}/confirmation", "record", None, step),
        "register_clear": Probe("POST", f"{kept}/clearance", "record", {"reason": "recovered"}, step),
        # bulk, events, audit
        "case_type_list": Probe("GET", "/v1/case-types", "directory"),
        "case_type_read": Probe("GET", "/v1/case-types/judgment", "directory"),
        "case_type_version_list": Probe("GET", "/v1/case-types/judgment/versions", "directory"),
        "case_type_version_propose": Probe("POST", "/v1/case-types/judgment/versions", "own", {"definition": {}, "note": "x"}),
        "case_type_version_decide": Probe("POST", "/v1/case-types/judgment/versions/9999/decision", "nothing", {"decision": "accepted"}),
        "case_create": Probe("POST", "/v1/cases", "own", {"type": "no_such_type", "handling_code": "H1"}),
        "case_list": Probe("GET", "/v1/cases", "own"),
        "case_read": Probe("GET", objects.linked, "linked"),
        "case_act": Probe("POST", f"{objects.linked}/acts", "linked", {"event": "complete"}, step),
        "case_move": Probe("POST", f"{objects.linked}/type-version", "linked", {"to_version": 1001}, step),
        "case_break_glass": Probe("POST", f"{objects.linked}/break-glass", "linked", {"reason": "x" * 20}),
        "break_glass_list": Probe("GET", "/v1/audit/break-glass", "own"),
        "break_glass_review": Probe("POST", f"/v1/audit/break-glass/{unknown}/review", "nothing", {"finding": "justified", "note": "x"}),
        "case_share": Probe("PUT", f"{objects.linked}/shares", "linked",
                            {"agency": TRACE_B, "relation": "addressed", "groups": ["S0"], "onward": "no"}, step),
        "case_member": Probe("PUT", f"{objects.linked}/members", "linked", {"user_id": str(unknown), "kind": "team"}, step),
        "case_timeline": Probe("GET", f"{objects.linked}/timeline", "linked"),
        "seal_propose": Probe("POST", f"{objects.linked}/seal-grants", "linked", {"user_id": str(unknown), "reason": "x"}),
        "seal_decide": Probe("POST", f"/v1/seal-grants/{objects.seal_id}/decision", "seal", {"decision": "rejected"}),
        "case_link_add": Probe("POST", f"{objects.linked}/links", "linked", {
            "to_case": str(unknown), "kind": "same_subject", "basis": "analyst", "confidence": 3}),
        "case_link_list": Probe("GET", f"{objects.linked}/links", "linked"),
        "case_deconfliction": Probe("PUT", f"{objects.linked}/deconfliction", "linked", {"agreed": False}),
        "case_link_decide": Probe("POST", f"/v1/case-links/{objects.link_id}/decision", "linked", {"state": "rejected"}),
        "case_spawn": Probe("POST", f"{objects.linked}/spawned-cases", "linked", {"type": "asset_case"}, step),
        "case_signal": Probe("POST", f"{objects.linked}/signals", "linked", {"rule": "judg.no_sentence", "state": "confirmed"}, step),
        "signal_rule_list": Probe("GET", "/v1/reports/signals", "own"),
        "randot_report": Probe("GET", f"/v1/reports/randot?country={country}&year=2025", "report"),
        "randot_snapshot": Probe("POST", "/v1/reports/randot/snapshots", "report", {"country": country, "year": 2025}),
        "randot_snapshot_list": Probe("GET", "/v1/reports/randot/snapshots", "own"),
        "randot_snapshot_read": Probe("GET", snapshot, "report"),
        "randot_snapshot_verify": Probe("POST", f"{snapshot}/verification", "report"),
        "randot_snapshot_clear": Probe("POST", f"{snapshot}/clearance", "report"),
        "randot_pdf": Probe("GET", f"{snapshot}/pdf", "report"),
        "randot_xlsx": Probe("GET", f"{snapshot}/xlsx", "report"),
        "tracker_report": Probe("GET", f"/v1/reports/tracker?meeting=R5&country={country}", "report"),
        "tracker_pdf": Probe("GET", f"/v1/reports/tracker/pdf?meeting=R5&country={country}", "report"),
        "tracker_xlsx": Probe("GET", f"/v1/reports/tracker/xlsx?meeting=R5&country={country}", "report"),
        "randot_public": Probe("GET", f"{snapshot}/public", "report"),
        "victim_table": Probe("GET", f"/v1/reports/victims?country={country}&year=2025", "report"),
        "import_start": Probe("POST", "/v1/imports", "own", {"file_sha256": "1" * 64, "profile": "court-case"}),
        "import_rows": Probe("POST", f"/v1/imports/{objects.imports[agency]}/rows", "own", Objects.rows()),
        "import_read": Probe("GET", f"/v1/imports/{objects.imports[agency]}", "own"),
        "import_results": Probe("GET", f"/v1/imports/{objects.imports[agency]}/rows", "own"),
        "events": Probe("GET", "/v1/events?after=0", "own"),
        "stream": Probe("GET", "/v1/stream?after=0", "own"),
        "audit_reading": Probe("GET", "/v1/audit/reading", "own"),
        "audit_entries": Probe("GET", "/v1/audit/entries?limit=1", "own"),
        "audit_export": Probe("GET", "/v1/audit/export?from=0&to=1", "own"),
        "audit_proof": Probe("GET", f"/v1/audit/entries/{unknown}/proof", "own", also=(404,)),
        "audit_consistency": Probe("GET", "/v1/audit/consistency?from=0", "directory"),
        "audit_entry_tile": Probe("GET", "/audit/entries/000.p/1", "own", also=(404,)),
    }
    return found


def relations(target: str, agency: str) -> set[str]:
    """Of a member of this agency to what a probe is about."""
    # Agencies that run or oversee the instance belong to no country.
    at_home = {"same_country"} if agency not in (OPERATORS, OVERSIGHT) else set()
    if target == "match":
        return {"own_agency"} if agency == POLICE else {"none"}
    if target == "record":
        return {"owner"} if agency == POLICE else {"none"}
    if target == "case":
        return {CASE_RELATION.get(agency, "none")}
    if target == "report":
        return {"own_agency"} if agency == CONTACT_A else {"none"}
    if target == "seal":  # agencies that take part are not told that anything is sealed
        return {"owner"} if LINKED_RELATION.get(agency) == "owner" else {"none"}
    if target == "linked":
        return {LINKED_RELATION.get(agency, "none")}
    return {"self": {"self"}, "nothing": {"none"}, "own": {"own_agency"}, "directory": {"directory"}, "country": {"directory"} | at_home,
            "own directory": {"directory", "own_agency"} | at_home}[target]


NATIONAL_CONTACTS = (CONTACT_A, CONTACT_B)
