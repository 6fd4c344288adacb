"""The register of lost, stolen, trafficked, smuggled, wanted and destroyed firearms (domain/tracing.md 1.6 rows 3, 19, 20,
21, 23, 31 and 32; 4.9). Each test names the row that it is about."""
import time

import pytest

from harness.register import Record, match_of, matches, record, wait_until_compared
from harness.tracing import days_ago, in_days, new_serial
from harness.world import CONTACT_A, CONTACT_B, CUSTOMS_B, POLICE, TRACE_B, TRACE_C

KINDS = ("lost", "stolen", "trafficked", "smuggled", "wanted", "destroyed")
PERSONAL = {"serial_raw", "possessor", "family_name", "area", "place", "agency_case_no", "number", "make_text"}


@pytest.fixture(scope="module")
def officer_b(world):
    """Records officer of XB: the owner of most records here."""
    return world.user(TRACE_B, "records_officer")


@pytest.fixture(scope="module")
def officer_c(world):
    return world.user(TRACE_C, "records_officer")


def names_in(value) -> set[str]:
    """All member names of a JSON value, at any depth."""
    if isinstance(value, dict):
        return set(value).union(*(names_in(inner) for inner in value.values()))
    if isinstance(value, list):
        return set().union(*(names_in(inner) for inner in value))
    return set()


def with_serial(serial: str) -> dict:
    return {"serial_raw": serial, "serial_condition": "clear", "make_text": "North Arms", "type_code": "pistol",
            "calibre_text": "9x19", "model_text": "N17", "origin_country": "XC", "import_country": "XB",
            "importer_mark_absent": True}


def sent(cast, serial: str, **changes):
    return cast.sent(firearm=with_serial(serial), **changes)


# ---------------------------------------------------------------- entering


@pytest.mark.parametrize("kind", KINDS)
def test_row_19_each_kind_of_record_is_entered_read_and_listed(officer_b, kind):
    entered = Record(officer_b, record(kind=kind))
    read = entered.read()
    assert read["kind"] == kind and read["state"] == "ACTIVE" and read["owner_agency"] == TRACE_B, read
    listed = officer_b.pages(f"/v1/records?kind={kind}&serial={entered.body['firearm']['serial_raw']}")
    assert [item["record_id"] for item in listed] == [entered.record_id]
    assert ("confirm" in read["next_steps"]) == (kind != "destroyed"), read


def test_4_9_mandatory_fields_are_told_all_at_once(officer_b):
    body = record(kind="stolen")
    del body["event_on"], body["agency_case_no"], body["legal_basis"], body["purpose"], body["handling_code"]
    del body["firearm"]["serial_raw"], body["firearm"]["type_code"]
    errors = officer_b.post("/v1/records", body).expect(422).json["errors"]
    assert {error["pointer"] for error in errors} == {
        "/event_on", "/agency_case_no", "/legal_basis", "/purpose", "/handling_code", "/firearm/serial_raw",
        "/firearm/type_code"}, errors



def test_a_record_is_no_declared_case(world):
    clerk, officer = world.user(POLICE, "records_officer"), world.user(POLICE, "investigator")
    kept = clerk.post("/v1/records", record()).expect(201).json["record_id"]
    for one in (clerk, officer):
        one.get(f"/v1/cases/{kept}").expect(404)
    assert kept not in {case["case_id"] for case in officer.pages("/v1/cases")}
    officer.post("/v1/cases", {"type": "illicit_record", "handling_code": "H1", "fields": []}).expect(422)


def test_4_9_maker_calibre_and_remarks(officer_b):
    bare = record()
    del bare["firearm"]["make_text"], bare["firearm"]["calibre_text"]
    errors = officer_b.post("/v1/records", bare).expect(422).json["errors"]
    assert {error["pointer"] for error in errors} == {"/firearm/make_text", "/firearm/calibre_text"}, errors
    unknown = record()
    del unknown["firearm"]["remarks"]
    errors = officer_b.post("/v1/records", unknown).expect(422).json["errors"]
    assert [(error["pointer"], error["code"]) for error in errors] == [("/firearm/remarks", "remarks_for_unknown_make")]


@pytest.mark.parametrize("change,pointer,code", [
    ({"firearm": {"serial_raw": "SIN MATRICULA"}}, "/firearm/serial_raw", "serial_placeholder"),
    ({"event_on": in_days(1)}, "/event_on", "in_the_future"),
    ({"valid_until": days_ago(1)}, "/valid_until", "in_the_past"),
    ({"handling_code": "H3"}, "/handling_text", "required"),
    ({"firearm": {"make_id": "no-such-make"}}, "/firearm/make_id", "unknown_code")])
def test_4_9_an_entry_that_cannot_be_right_changes_nothing(officer_b, change, pointer, code):
    before = len(officer_b.pages("/v1/records"))
    errors = officer_b.post("/v1/records", record(**change)).expect(422).json["errors"]
    assert (pointer, code) in [(error["pointer"], error["code"]) for error in errors], errors
    assert len(officer_b.pages("/v1/records")) == before


def test_4_9_an_agency_keeps_one_record_of_a_kind_another_agency_one_of_its_own(officer_b, officer_c):
    first = Record(officer_b, record())
    again = {**first.body, "agency_case_no": "OTHER-1"}
    problem = officer_b.post("/v1/records", again).expect(409).json
    assert problem["code"] == "duplicate" and first.entered["number"] in problem["detail"], problem
    Record(officer_b, {**again, "kind": "wanted"})
    Record(officer_c, again)
    first.act("clearance", {"reason": "entered_in_error"}).expect(200)
    Record(officer_b, again)


# ---------------------------------------------------------------- many


def test_row_3_bulk_gives_each_row_its_own_result(officer_b, instance):
    there = Record(officer_b, record())
    good, twice = record(), record()
    bad_form, bad_rule = record(kind="misplaced"), record(event_on=in_days(2))
    del bad_form["event_on"]
    rows = [good, bad_form, twice, {**twice, "agency_case_no": "SAME"}, bad_rule, there.body]
    dry = officer_b.post("/v1/records/bulk", {"records": rows, "dry_run": True}).expect(200).json["items"]
    assert [item["result"] for item in dry] == ["valid", "rejected", "valid", "duplicate", "rejected", "duplicate"], dry
    assert instance.database.value(
        f"select count(*) from rastro.illicit_record where agency_case_no = '{good['agency_case_no']}'") == 0
    done = officer_b.post("/v1/records/bulk", {"records": rows}).expect(200).json["items"]
    assert [item["result"] for item in done] == ["entered", "rejected", "entered", "duplicate", "rejected", "duplicate"], done
    assert [item["row"] for item in done] == list(range(6))
    assert {error["pointer"] for error in done[1]["errors"]} == {"/kind", "/event_on"}
    assert [(error["pointer"], error["code"]) for error in done[4]["errors"]] == [("/event_on", "in_the_future")]
    assert done[3]["record_id"] == done[2]["record_id"] and done[5]["record_id"] == there.record_id
    again = officer_b.post("/v1/records/bulk", {"records": rows}).expect(200).json["items"]
    assert [item["result"] for item in again][:3] == ["duplicate", "rejected", "duplicate"], "sent again: nothing twice"


def test_row_3_bulk_has_a_bound_and_needs_a_list(officer_b):
    for body, code in (({"records": []}, "too_few_items"), ({"records": {}}, "wrong_type"), ({}, "missing_member"),
                       ({"records": [{}] * 501}, "too_many_items")):
        errors = officer_b.post("/v1/records/bulk", body).expect(422).json["errors"]
        assert [error["code"] for error in errors] == [code], (body if len(str(body)) < 99 else "501 rows", errors)


# ---------------------------------------------------------------- who sees what


def test_8_5_a_record_is_read_by_its_owner_only(officer_b, officer_c, cast, world):
    entered = Record(officer_b, record())
    for stranger in (officer_c, cast.officer, cast.contact, world.user(CUSTOMS_B, "records_officer")):
        stranger.get(entered.path).expect(404)
        stranger.post(f"{entered.path}/clearance", {"reason": "recovered"}, version=1).expect(404)
        assert entered.record_id not in [item["record_id"] for item in stranger.pages("/v1/records")]
    officer_c.post(f"{entered.path}/confirmation", version=1).expect(404)
    cast.officer.post(f"{entered.path}/confirmation", version=1).expect(404)
    assert entered.read()["version"] == 1


def test_second_wall_shows_no_record_of_others(officer_b, instance):
    entered = Record(officer_b, record())
    query = f"select count(*) as n from rastro.illicit_record where case_id = '{entered.record_id}'"
    for agency, seen in ((TRACE_B, 1), (TRACE_C, 0), (POLICE, 0), ("", 0)):
        settings = {"rastro.access": "content", "rastro.agency": agency, "rastro.country": agency[:2]}
        assert instance.database.rows(query, role="app", settings=settings)[0]["n"] == seen, agency


def test_second_wall_points_at_no_request_in_a_compartment(cast, instance):
    """Not even for another agency that is cleared for a compartment of the same name."""
    trace = sent(cast, new_serial())
    forms = instance.database.rows("select serial_skeleton as skeleton, serial_ncic as ncic from rastro.firearm_description "
                                   f"where case_id = '{trace.case_id}'")[0]
    search = ("select case_id from rastro.serial_candidates("
              f"'{forms['skeleton']}', '{forms['ncic']}', null, '{{}}', true, 50)")
    settings = {"rastro.access": "content", "rastro.agency": TRACE_C, "rastro.country": "XC", "rastro.compartments": "op-1"}
    seen = [instance.database.rows(search, role="app", settings=settings)]
    instance.database.execute(f"update rastro.case_file set compartments = '{{op-1}}' where case_id = '{trace.case_id}'")
    seen.append(instance.database.rows(search, role="app", settings=settings))
    assert seen == [[{"case_id": trace.case_id}], []], seen


# ---------------------------------------------------------------- hits


def test_row_20_new_request_hits_a_stolen_record(cast, officer_b):
    """4.9: requester: exists, country, contact. Owner: recovery country, date, contact."""
    serial = new_serial()
    stolen = Record(officer_b, record(serial))
    trace = sent(cast, serial)
    asked = match_of(cast.officer, case_id=trace.case_id, kind="record_hit")
    assert asked["band"] == "MATCH_STRONG" and asked["found_by"] == "matching" and "serial" in asked["agreeing"], asked
    assert asked["newer"] == {"case_id": trace.case_id, "agency": POLICE, "country": "XA", "handling_code": "H1"}, asked
    assert set(asked["older"]) <= {"agency", "agency_name", "country", "contact_email", "contact_phone", "handling_code"}
    assert asked["older"]["country"] == "XB" and asked["older"]["agency"] == TRACE_B, asked
    owned = match_of(officer_b, record_id=stolen.record_id)
    assert owned["match_id"] == asked["match_id"]
    assert owned["newer"]["recovery_country"] == "XA" and owned["newer"]["recovered_on"] == days_ago(40), owned
    assert owned["newer"]["agency"] == POLICE and "case_id" not in owned["newer"], owned
    for told in (asked, owned):
        assert not names_in(told) & PERSONAL, told
    assert asked["you_decide"] and not owned["you_decide"]


def test_row_20_new_stolen_record_hits_an_old_request(cast, officer_b):
    """4.9: the same, backwards; run on every new record."""
    serial = new_serial()
    trace = sent(cast, serial)
    stolen = Record(officer_b, record(serial, kind="trafficked"))
    owned = match_of(officer_b, record_id=stolen.record_id, kind="record_hit")
    assert owned["newer"]["recovery_country"] == "XA" and owned["band"] == "MATCH_STRONG", owned
    assert match_of(cast.officer, case_id=trace.case_id)["match_id"] == owned["match_id"]


def test_row_20_both_sides_get_a_message(cast, officer_b):
    serial = new_serial()
    stolen = Record(officer_b, record(serial))
    trace = sent(cast, serial)
    match_id = match_of(cast.officer, case_id=trace.case_id)["match_id"]
    for client, case_id in ((cast.officer, trace.case_id), (officer_b, stolen.record_id)):
        until = time.monotonic() + 20
        while True:
            events = [event for event in client.pages("/v1/events") if event["object_id"] == match_id]
            if events:
                break
            assert time.monotonic() < until, "no message about the match"
            time.sleep(0.05)
        assert events[0]["kind"] == "match.found" and events[0]["case_id"] == case_id, events


def test_4_9_a_request_that_was_not_sent_is_compared_with_nobody(cast, officer_b, instance):
    serial = new_serial()
    stolen = Record(officer_b, record(serial))
    waiting = cast.trace(firearm=with_serial(serial))
    waiting.expect_state("NATIONAL_REVIEW")
    wait_until_compared(instance.database, stolen.record_id)
    assert not [match for match in matches(officer_b) if match["older"].get("record_id") == stolen.record_id]
    waiting.act(cast.contact, "approval").expect(200)
    match_of(officer_b, record_id=stolen.record_id)


def test_4_9_hit_on_a_silent_record_is_told_to_its_owner_only(cast, officer_b, instance):
    serial = new_serial()
    silent = Record(officer_b, record(serial, silent=True))
    trace = sent(cast, serial)
    owned = match_of(officer_b, record_id=silent.record_id, kind="record_hit")
    assert owned["you_decide"] and owned["newer"]["country"] == "XA" and "agency" not in owned["newer"], owned
    assert not matches(cast.officer, case_id=trace.case_id)
    feed = instance.database.value("select count(*) from (select agency, object_id from rastro.event_feed union all select "
                                   f"agency, object_id from rastro.outbox) x where object_id = '{owned['match_id']}' and "
                                   f"agency <> '{TRACE_B}'")
    assert feed == 0
    decided = officer_b.post(f"/v1/matches/{owned['match_id']}/decision",
                             {"decision": "confirmed", "compared": owned["to_compare"]}).expect(200).json
    assert decided["state"] == "confirmed"
    assert not matches(cast.officer, case_id=trace.case_id), "confirmed, and still the owner's alone"


def test_4_9_a_search_finds_records_and_not_the_silent_ones(cast, officer_b, instance):
    serial, hidden = new_serial(), new_serial()
    stolen, silent = Record(officer_b, record(serial)), Record(officer_b, record(hidden, silent=True))
    trace = cast.trace(submit=False)

    def search(client, text, **more):
        firearm = {"make_text": "North Arms", "type_code": "pistol", "calibre_text": "9x19", "model_text": "N17"}
        return client.post("/v1/serial-search", {"serial": text, **firearm, **more}).expect(200).json

    found = search(cast.officer, serial, case_id=trace.case_id)
    assert [(pointer["kind"], pointer["agency"], pointer["country"]) for pointer in found["pointers"]] == [
        ("record_hit", TRACE_B, "XB")], found
    assert not found["records"] and not names_in(found["pointers"]) & PERSONAL
    assert not search(cast.officer, serial)["pointers"], "8.5: without an own request nothing of others is told"
    assert not search(cast.officer, hidden, case_id=trace.case_id)["pointers"]
    owned = match_of(officer_b, record_id=silent.record_id, found_by="search")
    assert owned["newer"]["country"] == "XA", owned
    own = search(officer_b, serial)
    assert [(hit["record_id"], hit["kind"]) for hit in own["records"]] == [(stolen.record_id, "stolen")], own


def test_4_9_destroyed_firearm_recovered_alerts_both_national_contacts(cast, officer_b, world):
    serial = new_serial()
    destroyed = Record(officer_b, record(serial, kind="destroyed"))
    trace = sent(cast, serial)
    alert = match_of(cast.officer, case_id=trace.case_id, kind="destroyed_recovered")
    assert alert["high_priority"], alert
    for contact in (cast.contact, world.user(CONTACT_B, "national_contact")):
        seen = match_of(contact, kind="destroyed_recovered")
        assert seen["match_id"] == alert["match_id"] and "case_id" not in seen["newer"], seen
    assert match_of(officer_b, record_id=destroyed.record_id)["match_id"] == alert["match_id"]


def test_4_9_near_match_waits_with_the_analyst_until_a_person_confirmed(cast, officer_b, instance):
    """A look-alike glyph with another model: MATCH_POSSIBLE. No alert abroad until confirmed."""
    stem = new_serial()[2:]
    stolen = Record(officer_b, record(f"QX{stem}", firearm={"calibre_text": ".45 ACP"}))
    trace = sent(cast, f"0X{stem}")
    near = match_of(cast.officer, case_id=trace.case_id, band="MATCH_POSSIBLE")
    assert near["you_decide"], near
    assert not [match for match in matches(officer_b) if match["older"].get("record_id") == stolen.record_id]
    queue = matches(cast.officer, queue="own", state="open")
    assert near["match_id"] in [match["match_id"] for match in queue]
    path = f"/v1/matches/{near['match_id']}/decision"
    cast.supervisor.post(path, {"decision": "confirmed", "compared": []}).expect(422)
    cast.supervisor.post(path, {"decision": "confirmed", "compared": near["to_compare"]}).expect(200)
    told = match_of(officer_b, record_id=stolen.record_id, state="confirmed")
    assert told["newer"]["recovery_country"] == "XA" and "decided_by" not in told, told


def test_4_9_neighbours_of_a_run_are_nobodys_business(cast, officer_b, instance):
    stem = new_serial()[:-1]
    Record(officer_b, record(stem + "4"))
    trace = sent(cast, stem + "5")
    wait_until_compared(instance.database, trace.case_id)
    assert not matches(cast.officer, case_id=trace.case_id)


# ---------------------------------------------------------------- two requests


def test_row_21_the_same_firearm_recovered_twice_is_an_alert(cast, world):
    """4.9: both agencies and both national contacts, at high priority."""
    serial = new_serial()
    first = sent(cast, serial)
    author = world.user(TRACE_B, "agency_user")
    body = first_body(serial, country="XB", recovered_on=days_ago(3))
    second = cast.trace({"country": "XC"}, author=author, **body)
    approve_if_needed(second, world)
    alert = match_of(author, case_id=second.case_id, kind="repeat_recovery")
    assert alert["high_priority"] and alert["older"]["agency"] == POLICE, alert
    for client in (cast.officer, cast.contact, world.user(CONTACT_B, "national_contact")):
        assert match_of(client, kind="repeat_recovery", match_id=alert["match_id"])
    assert match_of(cast.officer, case_id=first.case_id)["older"]["case_id"] == first.case_id


def test_4_9_two_agencies_with_one_recovery_are_linked_and_the_first_leads(cast, world):
    serial = new_serial()
    first = sent(cast, serial)
    author = world.user(CONTACT_A, "agency_user")
    second = cast.trace(author=author, **first_body(serial))
    approve_if_needed(second, world)
    for client, case_id in ((cast.officer, first.case_id), (author, second.case_id)):
        link = match_of(client, case_id=case_id, kind="two_agencies")
        assert link["older"]["lead"] is True and "lead" not in link["newer"], link
        assert link["older"]["agency"] == POLICE and link["newer"]["agency"] == CONTACT_A, link


def test_4_9_same_agency_same_recovery_is_a_duplicate(cast):
    serial = new_serial()
    first = sent(cast, serial)
    second = cast.trace(**first_body(serial))
    second.act(cast.contact, "approval").expect(200)
    found = match_of(cast.officer, case_id=second.case_id, kind="duplicate")
    assert found["older"]["case_id"] == first.case_id


def test_complaint_20_a_request_under_cover_is_not_told_to_others(cast, officer_b, instance):
    """7 row 20 and 1.6 row 23: the requester learns of the record, its owner nothing of the request; neither do both ends of
    a silent record and a request under cover learn of each other."""
    serial, other = new_serial(), new_serial()
    stolen = Record(officer_b, record(serial))
    silent = Record(officer_b, record(other, silent=True))
    covert = sent(cast, serial, sensitive=True)
    assert match_of(cast.officer, case_id=covert.case_id, kind="record_hit")
    both = sent(cast, other, sensitive=True)
    wait_until_compared(instance.database, both.case_id)
    assert not matches(cast.officer, case_id=both.case_id)
    owned = [match for match in matches(officer_b)
             if match["older"].get("record_id") in (stolen.record_id, silent.record_id)]
    assert not owned, owned


def test_4_9_contact_data_as_the_country_allows(cast, officer_c, world):
    """Corvania wants questions to go to its national contact (config/reference/pointer_contacts.csv)."""
    serial = new_serial()
    Record(officer_c, record(serial))
    trace = sent(cast, serial)
    asked = match_of(cast.officer, case_id=trace.case_id, kind="record_hit")
    assert asked["older"]["country"] == "XC", asked
    contacts = [agency["agency"] for agency in cast.officer.pages("/v1/agencies?country=XC") if agency["national_contact"]]
    assert asked["older"]["agency"] == (contacts[0] if contacts else TRACE_C), asked


def test_4_9_a_better_description_makes_a_possible_match_strong(cast, officer_b):
    stem = new_serial()[2:]
    stolen = Record(officer_b, record(f"QX{stem}", firearm={"calibre_text": ".45 ACP"}))
    trace = sent(cast, f"0X{stem}")
    match_of(cast.officer, case_id=trace.case_id, band="MATCH_POSSIBLE")
    trace.act(cast.officer, "descriptions", {**with_serial(f"QX{stem}"), "calibre_text": ".45 ACP",
                                             "change_reason": "Read again"}).expect(201)
    strong = match_of(officer_b, record_id=stolen.record_id, band="MATCH_STRONG")
    assert match_of(cast.officer, case_id=trace.case_id)["match_id"] == strong["match_id"]


def first_body(serial: str, country: str = "XA", recovered_on: str | None = None) -> dict:
    return {"firearm": with_serial(serial),
            "recovery": {"recovered_on": recovered_on or days_ago(40), "country": country, "area": "Northern district",
                         "circumstances": "Search of a vehicle"}}


def approve_if_needed(trace, world) -> None:
    if trace.state() == "NATIONAL_REVIEW":
        trace.act(world.user(trace.read()["owner_agency"], "national_contact"), "approval").expect(200)


# ---------------------------------------------------------------- validation duty and end


def make_due(instance, found: Record, clock: str) -> None:
    moved = instance.database.execute(
        f"update rastro.deadline set due_at = now() - interval '1 second' where case_id = '{found.record_id}' and "
        f"clock = '{clock}' and state = 'running' returning clock")
    assert moved.split() == [clock], f"no running clock {clock}"


def wait_for_state(found: Record, state: str, within: float = 20) -> dict:
    until = time.monotonic() + within
    while True:
        read = found.read()
        if read["state"] == state:
            return read
        assert time.monotonic() < until, f"expected {state} within {within} s\n{read}"
        time.sleep(0.05)


def test_row_31_a_record_has_to_be_confirmed_again_or_it_expires(cast, officer_b, instance):
    serial = new_serial()
    stolen = Record(officer_b, record(serial))
    assert stolen.entered["due_at"] > in_days(85) and stolen.entered["due_at"] < in_days(95), stolen.entered
    make_due(instance, stolen, "record_first_validation")
    due = wait_for_state(stolen, "UNCONFIRMED")
    assert "confirm" in due["next_steps"] and due["due_at"] < in_days(35), due
    confirmed = stolen.act("confirmation").expect(200).json
    assert confirmed["state"] == "ACTIVE" and confirmed["confirmed_by"] and confirmed["due_at"] > in_days(360), confirmed
    make_due(instance, stolen, "record_validation")
    wait_for_state(stolen, "UNCONFIRMED")
    make_due(instance, stolen, "record_grace")
    wait_for_state(stolen, "EXPIRED")
    trace = sent(cast, serial)
    wait_until_compared(instance.database, trace.case_id)
    assert not matches(cast.officer, case_id=trace.case_id), "an expired record is history"
    stolen.act("confirmation").expect(200)
    match_of(officer_b, record_id=stolen.record_id)


def test_row_31_the_owner_is_told_when_a_record_falls_due(officer_b, instance):
    stolen = Record(officer_b, record())
    make_due(instance, stolen, "record_first_validation")
    wait_for_state(stolen, "UNCONFIRMED")
    until = time.monotonic() + 20
    while not [event for event in officer_b.pages("/v1/events")
               if event["object_id"] == stolen.record_id and event["kind"] == "record.validation_due"]:
        assert time.monotonic() < until, "the owner was not told"
        time.sleep(0.05)
    due = officer_b.pages(f"/v1/records?state=UNCONFIRMED&due_until={in_days(40)}T00:00:00Z")
    assert stolen.record_id in [item["record_id"] for item in due]


def test_row_31_an_expired_record_does_not_come_back_beside_the_one_that_replaced_it(officer_b, instance):
    expired = Record(officer_b, record(valid_until=in_days(10)))
    make_due(instance, expired, "record_validity")
    wait_for_state(expired, "EXPIRED")
    again = Record(officer_b, {**expired.body, "valid_until": in_days(20)})
    expired.act("confirmation").expect(409)
    assert expired.read()["state"] == "EXPIRED", "refused: nothing has changed"
    again.act("clearance", {"reason": "entered_in_error"}).expect(200)
    assert expired.act("confirmation").expect(200).json["state"] == "ACTIVE"


def test_row_31_a_record_ends_with_its_last_day(officer_b, instance):
    wanted = Record(officer_b, record(kind="wanted", valid_until=in_days(10)))
    assert in_days(10) <= wanted.entered["due_at"][:10] <= in_days(12), wanted.entered
    make_due(instance, wanted, "record_validity")
    wait_for_state(wanted, "EXPIRED")


def test_row_31_a_destroyed_firearm_is_not_confirmed_again(officer_b):
    destroyed = Record(officer_b, record(kind="destroyed"))
    destroyed.act("confirmation").expect_errors(("", "guard.owner_validates"))


def test_4_9_a_record_is_cleared_with_a_reason_once(cast, officer_b, instance):
    serial = new_serial()
    stolen = Record(officer_b, record(serial))
    stolen.act("clearance", {"reason": "bored"}).expect(422)
    stolen.act("clearance", {}).expect(422)
    cleared = stolen.act("clearance", {"reason": "recovered", "text": "Handed in at the border"}).expect(200).json
    assert cleared["state"] == "CLEARED" and cleared["clear_reason"] == "recovered" and not cleared["next_steps"], cleared
    stolen.act("clearance", {"reason": "recovered"}).expect(409)
    stolen.act("confirmation").expect(409)
    trace = sent(cast, serial)
    wait_until_compared(instance.database, trace.case_id)
    assert not matches(cast.officer, case_id=trace.case_id)
    said = instance.database.value("select x.said from rastro.case_event_text x join rastro.case_event e using (case_id, event_id) "
                                   f"where e.case_id = '{stolen.record_id}' and e.event = 'clear'")
    assert said == "Handed in at the border"


def test_acts_need_the_present_version(officer_b):
    stolen = Record(officer_b, record())
    officer_b.post(f"{stolen.path}/confirmation").expect(428)
    officer_b.post(f"{stolen.path}/confirmation", version=7).expect(412)
    assert stolen.act("confirmation").expect(200).json["version"] == 2
