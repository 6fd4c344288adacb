"""Row-level security by itself: the application's own role, with the settings of another agency or with none, sees and
changes nothing foreign, whatever the server would have asked for (design/access.md, "Second wall")."""
import json
import time

import pytest

from harness import surroundings
from harness.database import SqlError
from harness.register import record
from harness.linked import People, name_members, open_case
from harness.tracing import purchaser_chain
from harness.world import CONTACT_A, POLICE, TRACE_B, TRACE_C

ACCESS = ("content", "admin", "audit", "directory")
# Known to every participant, or hashes that say nothing: no agency's data.
PUBLIC = {"country", "holiday", "make", "make_alias", "make_source", "audit_index", "audit_tile", "audit_tree",
          "audit_checkpoint"}
# Read by every participant that says who it is; nobody reads them without.
DIRECTORY = {"agency", "route", "case_type_version"}
APPEND_ONLY = ("audit_leaf", "audit_index", "audit_detail", "audit_checkpoint", "case_event", "case_event_text",
               "firearm_description", "mark", "case_type_version", "break_glass",
               "chain_link", "leg_decision", "case_party", "event_feed", "import_row")
# The agency that a row belongs to; rows of the others belong to a case or a leg.
AGENCY_COLUMNS = ("owner_agency", "agency")


@pytest.fixture(scope="module")
def busy(cast, instance, world):
    """Cases of two agencies with everything that hangs on a case, so that there is something to be seen."""
    trace = cast.searching({"country": "XB"}, associates=[{"family_name": "Otro"}], vehicle={"plate": "AB 123"})
    leg = trace.leg_id(TRACE_B)
    trace.act_on_leg(cast.analyst(), leg, "clarifications", {"fields": ["firearm.model_text"], "question": "Which?"}).expect(201)
    trace.act_on_leg(cast.officer, leg, "clarification-reply", {"text": "The first"}).expect(200)
    trace.act_on_leg(cast.analyst(), leg, "answers", {"kind": "full", "outcome_code": "retailer_only",
                                                      "chain": purchaser_chain()[:3]}).expect(201)
    answer = cast.analyst().get(f"/v1/legs/{leg}").expect(200).json["answers"][0]["answer_id"]
    cast.chief().post(f"/v1/answers/{answer}/restriction", {"reason_code": "data_protection", "groups": ["G5"]}).expect(200)
    firearm = {**trace.read()["content"]["firearm"], "change_reason": "Read again"}
    trace.act(cast.officer, "descriptions", firearm).expect(201)
    foreign = cast.trace(author=world.user(TRACE_C, "agency_user"), submit=False,
                         firearm={"serial_raw": "TC1", "marks": [{"kind": "maker_name", "text": "North", "place": "slide"}]})
    again = cast.trace(submit=False, firearm=trace.read()["content"]["firearm"])
    cast.officer.post("/v1/matches", {"case_id": again.case_id, "other_case_id": trace.case_id}).expect(201)
    kept = world.user(TRACE_C, "records_officer").post("/v1/records", record()).expect(201).json["record_id"]
    linked_cases(world)
    return {"trace": trace, "foreign": foreign, "record": kept}


def linked_cases(world) -> None:
    """An operation and a case out of it: objects, fields, members, shares, a link, a clock, a seal, a proposal, a report."""
    people = People(world, POLICE)
    officer, lead, advocate = (people[role] for role in ("investigator", "unit_lead", "victim_advocate"))
    operation = open_case(officer.client, "operation", operation_name="Night", operation_date="2026-02-01", place="XA-01")
    operation.act(officer.client, "add", object="seizure", seizure_kind="cash", seizure_text="notes")
    officer.client.post(f"{operation.path}/spawned-cases", {"type": "asset_case", "seizure_id": operation.of("seizure")[0]["object_id"]},
                        version=operation.version).expect(201)
    case = open_case(advocate.client, "tip_case", detected_on="2026-01-05", detection_method="hotline")
    case.put(advocate.client, "shares", {"agency": TRACE_B, "relation": "addressed", "groups": ["S0"], "onward": "no"})
    name_members(case, advocate.client, lead)
    case.act(people["investigator"].client, "screen")
    case.act(advocate.client, "find_no_indication", reason="nothing found", indicators_checked="true", review_explained="true")
    advocate.client.post(f"{case.path}/seal-grants", {"user_id": lead.user_id, "reason": "To protect"}).expect(201)
    supervisor = people["agency_supervisor"].client
    supervisor.post(f"{case.path}/break-glass", {"reason": "Held in the house of the raid tonight"}).expect(201)
    definition = json.loads((surroundings.ROOT / "cases" / "types" / "judgment.json").read_text()) | {"version": 1001}
    supervisor.post("/v1/case-types/judgment/versions", {"definition": definition, "note": "Ours"}).expect(201)
    for _ in range(2):
        ring = open_case(officer.client, "tip_case", detected_on="2026-01-05", detection_method="hotline")
        ring.act(officer.client, "add", object="suspect", name="Invented Recruiter", phone="+54 11 5550 0815")
        officer.client.put(f"{ring.path}/deconfliction", {"agreed": True}).expect(200)
    until = time.monotonic() + 30
    while world.instance.database.value("select count(*) from rastro.raised_signal") == 0:
        assert time.monotonic() < until, "no signal of one suspect in two cases"
        time.sleep(0.05)
    reporter = people["integrity_officer"].client
    accused = world.person(POLICE, "investigator", number=5)
    name = world.instance.database.rows(f"select display_name from rastro.app_user where user_id = '{accused.user_id}'")[0]
    inquiry = open_case(reporter, "corruption_case", offences="national_bribery", report_source="report")
    inquiry.act(reporter, "add", object="person_of_interest", name=name["display_name"])
    inquiry.act(reporter, "add", object="procurement", bidders="1")
    signal = next(one for one in inquiry.document["signals"] if one["rule"] == "corr.single_bid")
    reporter.post(f"{inquiry.path}/signals", {"rule": signal["rule"], "object_id": signal["object_id"], "state": "under_review"},
                  version=inquiry.version).expect(200)
    lab = people["lab_user"]
    detection = open_case(officer.client, "substance_detection", provisional_name="powder", collected_on="2026-02-10",
                          sample_source="seizure", place="XA-01")
    name_members(detection, officer.client, lab)
    detection.act(officer.client, "send_to_lab")
    detection.act(lab.client, "confirm", method="gc_ms", confidence="confirmed", reference_material="true", confirmed_on="2026-03-01",
                  parent_inchikey="PJMPHNIQZUBGLI-UHFFFAOYSA-N")
    judgment = open_case(people["court_liaison"].client, "judgment", court="First")
    judgment.act(people["court_liaison"].client, "add", object="finding", person_ref="P-1", provision="TIP_5")
    contact = world.user(CONTACT_A, "national_contact")
    contact.post("/v1/reports/randot/snapshots", {"country": "XA", "year": 2019}).expect(201)


def settings(access: str, agency: str, user: str = "") -> dict[str, str]:
    return {"rastro.access": access, "rastro.agency": agency, "rastro.country": agency[:2], "rastro.user": user}


def protected_tables(database) -> list[str]:
    return [row["relname"] for row in database.rows(
        "select relname from pg_class where relnamespace = 'rastro'::regnamespace and relkind in ('r', 'p') "
        "and relrowsecurity and relforcerowsecurity order by 1")]


def readable_tables(database, given: dict[str, str]) -> dict[str, list[dict]]:
    """What the application's role sees of every table behind the wall that it may read, in one transaction."""
    allowed = {row["name"] for row in database.rows(
        "select relname as name from pg_class where relnamespace = 'rastro'::regnamespace and relkind in ('r', 'p') and "
        "has_table_privilege('rastro_app', oid, 'select')")}
    names = [name for name in protected_tables(database) if name in allowed]
    whole = ", ".join(f"(select coalesce(json_agg(q), '[]') from (select * from rastro.{name}) q) as {name}" for name in names)
    return database.rows(f"select {whole}", role="app", settings=given)[0]


def related_cases(database, agency: str) -> set[str]:
    return {row["case_id"] for row in database.rows(
        f"select case_id from rastro.case_file where owner_agency = '{agency}' union "
        f"select case_id from rastro.case_party where agency = '{agency}'")}


def related_legs(database, agency: str) -> set[str]:
    return {row["leg_id"] for row in database.rows(
        f"select leg_id from rastro.leg where '{agency}' in (asking_agency, asked_agency) or exists (select 1 from "
        f"rastro.case_party p where p.case_id = leg.case_id and p.agency = '{agency}' and p.relation <> 'addressed')")}


def test_every_table_with_agency_data_is_behind_the_wall(instance):
    database = instance.database
    protected = set(protected_tables(database))
    marked = {row["table_name"] for row in database.rows(
        "select distinct table_name from information_schema.columns where table_schema = 'rastro' and column_name in "
        "('agency', 'case_id', 'owner_agency', 'asked_agency', 'user_id', 'leg_id')")}
    assert marked <= protected, f"without forced row-level security: {sorted(marked - protected)}"
    open_tables = set(database.tables()) - protected - PUBLIC
    assert open_tables <= {"schema_migration", "migration", "schema_version"}, f"open to whoever connects: {sorted(open_tables)}"


def test_the_application_role_owns_nothing_and_cannot_bypass(instance):
    role = instance.database.rows("select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = 'rastro_app'")
    assert role == [{"rolsuper": False, "rolbypassrls": False, "rolcreaterole": False, "rolcreatedb": False}], role
    owned = instance.database.rows("select relname from pg_class where relowner = 'rastro_app'::regrole")
    assert owned == [], owned


def test_without_settings_nobody_sees_anything(instance, busy):
    database = instance.database
    for given in ({}, {"rastro.access": ""}, settings("", ""), settings("content", ""), settings("admin", ""),
                  settings("audit", ""), {"rastro.agency": ""}):
        for table, rows in readable_tables(database, given).items():
            assert rows == [], f"{table} shows rows under {given}: {rows[:3]}"


def foreign_rows(table: str, rows: list[dict], agency: str, cases: set[str], legs: set[str]) -> list[dict]:
    """Those that this agency stands in no relation to."""
    if table in DIRECTORY:
        return []
    found = []
    for row in rows:
        if table == "audit_leaf":
            good = agency in (row["actor_agency"], row["object_agency"])
        elif table == "serial_match":
            good = agency in row["seen_by"]
        elif table == "case_link":
            good = row["from_case"] in cases and row["to_case"] in cases
        elif table == "randot_snapshot":
            good = row["country"] in (None, agency[:2])
        elif table == "outbound_rule":
            good = row["agency"][:2] == agency[:2]
        elif row.get("leg_id") and table != "case_event":
            good = row["leg_id"] in legs
        elif table == "case_event":
            good = row["case_id"] in cases and (row["agency"] == agency or row["shared"] or not row["leg_id"])
        elif row.get("case_id") and table not in ("event_feed", "outbox"):
            good = row["case_id"] in cases
        else:
            column = next(name for name in AGENCY_COLUMNS if name in row)
            good = row[column] == agency
        if not good:
            found.append(row)
    return found


@pytest.mark.parametrize("access", ACCESS)
@pytest.mark.parametrize("agency", [POLICE, CONTACT_A, TRACE_B, TRACE_C])
def test_an_agency_sees_only_rows_that_it_stands_in_a_relation_to(instance, busy, agency, access):
    database = instance.database
    cases, legs = related_cases(database, agency), related_legs(database, agency)
    for table, rows in readable_tables(database, settings(access, agency)).items():
        wrong = foreign_rows(table, rows, agency, cases, legs)
        assert not wrong, f"{agency} with access '{access}' sees {len(wrong)} foreign rows of {table}: {wrong[:2]}"


def test_something_was_there_to_be_seen(instance, busy):
    """The tests above are no use on empty tables; a job empties those in which something waits for it."""
    database = instance.database
    empty = [table for table in protected_tables(database)
             if not database.rows(f"select 1 as one from rastro.{table} limit 1")]
    assert set(empty) <= {"outbox", "match_task", "import_file", "import_row", "make_review", "agency_certificate", "import_mapping"}, sorted(empty)
    own = database.rows("select case_id from rastro.case_file", role="app", settings=settings("content", POLICE))
    assert busy["trace"].case_id in {row["case_id"] for row in own}, own


@pytest.mark.parametrize("access", ["admin", "audit", "directory"])
def test_only_case_work_sees_cases(instance, busy, access):
    for table in ("case_file", "trace_request", "firearm_description", "case_person", "leg", "answer", "chain_link", "recovery"):
        rows = instance.database.rows(f"select * from rastro.{table}", role="app", settings=settings(access, POLICE))
        assert rows == [], f"access '{access}' sees {table}: {rows[:1]}"


def expect_refused(database, statement: str, given: dict) -> None:
    try:
        database.execute(statement, role="app", settings=given)
    except SqlError as refused:
        assert refused.state == "42501", f"{statement}\nunder {given}: {refused}"
        return
    raise AssertionError(f"not refused: {statement}\nunder {given}")


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("access", ["content", "system", "oversight"])
def test_history_is_never_changed_by_the_application(instance, busy, table, access):
    database = instance.database
    column = database.columns(table)[0]
    for statement in (f"update rastro.{table} set {column} = {column}", f"delete from rastro.{table}",
                      f"truncate rastro.{table}"):
        expect_refused(database, statement, settings(access, POLICE))


@pytest.mark.parametrize("table", ["audit_leaf", "audit_index", "case_event", "firearm_description"])
def test_not_even_the_owner_of_the_schema_changes_history(instance, busy, table):
    database = instance.database
    column = database.columns(table)[0]
    for statement in (f"update rastro.{table} set {column} = {column}", f"delete from rastro.{table}"):
        rows = database.rows(f"select count(*) as n from rastro.{table}")[0]["n"]
        assert rows > 0, f"{table} is empty"
        try:
            database.execute(statement, role="superuser")
        except SqlError as refused:
            assert refused.state == "42501", refused
        else:
            raise AssertionError(f"not refused: {statement}")


def test_nothing_is_written_in_another_name(instance, busy):
    database, case_id = instance.database, busy["trace"].case_id
    given = settings("content", TRACE_C)
    expect_refused(database, "insert into rastro.case_file (case_id, case_type, type_version, number, state, owner_agency, "
                   "owner_country, handling_code, created_at, updated_at) values (gen_random_uuid(), 'trace_request', 1, "
                   f"'XA-2026-FORGED0-0', 'DRAFT', '{POLICE}', 'XA', 'H0', now(), now())", given)
    expect_refused(database, "insert into rastro.case_event (case_id, event_id, object, event, actor_kind, agency, country, "
                   f"occurred_at, event_hash) values ('{case_id}', gen_random_uuid(), 'request', 'close', 'person', "
                   f"'{POLICE}', 'XA', now(), sha256('x'))", given)
    expect_refused(database, "insert into rastro.case_person (case_id, seq, role) values "
                   f"('{case_id}', 9, 'associate')", given)
    expect_refused(database, "insert into rastro.case_event (case_id, event_id, object, event, actor_kind, agency, country, "
                   f"occurred_at, event_hash) values ('{case_id}', gen_random_uuid(), 'request', 'close', 'person', "
                   f"'{TRACE_C}', 'XC', now(), sha256('x'))", given)
    changed = database.execute(f"update rastro.case_file set state = 'CLOSED' where case_id = '{case_id}' returning case_id",
                               role="app", settings=given)
    assert changed.strip() == "", f"a stranger changed the case: {changed}"
    expect_refused(database, "insert into rastro.user_role (user_id, agency, role) select user_id, agency, 'system_admin' "
                   f"from rastro.app_user where agency = '{TRACE_C}' limit 1", given)


def test_a_stranger_cannot_make_itself_a_party(instance, busy):
    given = settings("content", TRACE_C)
    for relation in ("addressed", "approver", "copied"):
        for owner in (POLICE, TRACE_C):
            expect_refused(instance.database, "insert into rastro.case_party (case_id, agency, relation, owner_agency) values "
                           f"('{busy['trace'].case_id}', '{TRACE_C}', '{relation}', '{owner}')", given)


def test_an_asked_agency_does_not_raise_itself(instance, busy):
    for relation in ("approver", "copied", "national_contact"):
        expect_refused(instance.database, "insert into rastro.case_party (case_id, agency, relation, owner_agency) values "
                       f"('{busy['trace'].case_id}', '{TRACE_B}', '{relation}', '{POLICE}')", settings("content", TRACE_B))


def test_functions_that_run_as_the_owner_tell_states_to_parties_only(instance, busy):
    case_id = busy["trace"].case_id
    for name in ("leg_states_of", "leg_standings_of"):
        query = f"select * from rastro.{name}('{case_id}')"
        stranger = instance.database.rows(query, role="app", settings=settings("content", TRACE_C))
        known = [row for row in stranger if any(value not in (None, False, []) for value in row.values())]
        assert not known, f"{name} tells a stranger: {stranger}"
