"""Rules that look across cases: who hears of what, when it ends, and what owners of hidden cases may know of each other."""
import hashlib
import hmac
import time

import pytest

from harness.linked import People, name_members, open_case
from harness.world import CONTACT_A, CUSTOMS_B, POLICE, TRACE_B

KEY = "RYYVLZVUVIJVGH-UHFFFAOYSA-N"
WITHIN = 30.0


@pytest.fixture(scope="module")
def police(world):
    return People(world, POLICE)


@pytest.fixture(scope="module")
def abroad(world):
    return People(world, TRACE_B)


def settle(instance, *cases) -> None:
    """Until the job has looked at the cases as they are now."""
    until = time.monotonic() + WITHIN
    for case in cases:
        while instance.database.value(
                f"select count(*) from rastro.signal_task where case_id = '{case.id}' and due_at <= now()") != 0:
            assert time.monotonic() < until, f"{case.id} was not looked at within {WITHIN} s"
            time.sleep(0.05)
        failed = instance.database.value(f"select coalesce(max(attempts), 0) from rastro.signal_task where case_id = '{case.id}'")
        assert failed == 0, f"the job failed on {case.id}"


def signals(case, client, rule: str, query: str = "") -> list[dict]:
    found = case.read(client, query).get("signals", [])
    return [{"object_id": one.get("object_id"), **{item["field"]: item["value"] for item in one.get("evidence", [])}}
            for one in found if one["rule"] == rule]


def suspect_of(client, name: str, **fields):
    case = open_case(client, "tip_case", purpose="servitude", detected_on="2026-03-01")
    case.act(client, "add", object="suspect", name=name, **fields)
    return case, case.of("suspect")[0]["object_id"]


def told_of(instance, *cases) -> list[str]:
    """Agencies that a signal in one of the cases was told to, whether it has been put into their feeds yet or not."""
    ids = ", ".join(f"'{case.id}'" for case in cases)
    rows = instance.database.rows(
        "select agency from (select agency, kind, case_id from rastro.event_feed union all select agency, kind, case_id "
        f"from rastro.outbox) told where kind = 'case.signal' and case_id in ({ids})")
    return sorted(row["agency"] for row in rows)


def codes(reply) -> set[str]:
    return {code for _, code in reply.errors}


def test_a_recruiter_in_two_countries_is_told_to_both_leads_and_to_nobody_else(instance, world, police, abroad):
    officer, other = police["investigator"].client, abroad["investigator"].client
    here, suspect = suspect_of(officer, "Invented Recruiter", phone="+54 11 5550 1234")
    there, _ = suspect_of(other, "Somebody Else", phone="(011) 5550-1234")
    settle(instance, here, there)
    settle(instance, here)  # looked at again, because of the other
    found = signals(here, officer, "tip.shared_recruiter")
    assert found == [{"object_id": suspect, "same": "blind_phone", "other_cases": "1"}]
    assert len(signals(there, other, "tip.shared_recruiter")) == 1
    # It rests on a suspect's phone: a colleague who is not on the team sees neither.
    assert signals(here, police["agency_supervisor"].client, "tip.shared_recruiter") == []
    assert told_of(instance, here, there) == sorted([POLICE, TRACE_B])
    body = {"rule": "tip.shared_recruiter", "object_id": suspect, "state": "confirmed", "note": "the same ring"}
    officer.post(f"{here.path}/signals", body, version=here.version).expect(200)
    # Without the key nothing is found by trying: neither the digest of the number nor of what is compared of it.
    kept = {row["token"] for row in instance.database.rows("select encode(token, 'hex') as token from rastro.blind_token")}
    tried = {hashlib.sha256(text.encode()).hexdigest() for text in ("+54 11 5550 1234", "55501234", "blind_phone\x0055501234")}
    assert len(kept) >= 3 and not kept & tried
    key = bytes.fromhex((instance.folder / "pki" / "blind.key").read_text())
    assert hmac.new(key, b"blind_phone\x0055501234", hashlib.sha256).hexdigest() in kept  # and with it, it is


def test_a_signal_ends_when_it_holds_no_more(instance, police):
    officer = police["investigator"].client
    first, suspect = suspect_of(officer, "First Driver", plate="AB 123 CD")
    second, _ = suspect_of(officer, "Second Driver", plate="ab-123-cd")
    settle(instance, first, second)
    settle(instance, first)
    number = second.document["number"]
    assert signals(first, officer, "tip.shared_recruiter")[0]["own_cases"] == number
    second.act(officer, "change", object="suspect", object_id=second.of("suspect")[0]["object_id"], plate="ZZ 999 ZZ")
    first.act(officer, "change", detected_by="patrol")
    settle(instance, first, second)
    assert signals(first, officer, "tip.shared_recruiter") == [] and signals(second, officer, "tip.shared_recruiter") == []
    row = instance.database.rows(f"select ended_at from rastro.raised_signal where case_id = '{first.id}'")
    assert [item["ended_at"] is not None for item in row] == [True]


def test_a_victim_is_no_suspect_of_the_same_case(police):
    officer = police["investigator"].client
    case = open_case(officer, "tip_case", purpose="servitude", detected_on="2026-03-01")
    case.act(officer, "add", object="victim", age_band="age_25_34", name="Marisol Inventada Perez", contact="+54 11 5550 7777")
    reply = case.act(officer, "add", 422, object="suspect", name="Marisol Inventada Peres")
    assert codes(reply) == {"guard.not_a_victim"} and "5550" not in reply.text
    # Another number under the same name is another person; the victim's phone in other hands too.
    case.act(officer, "add", object="suspect", name="Marisol Inventada Perez", phone="+54 11 5550 8888")
    case.act(officer, "add", object="suspect", name="Invented Captor", phone="+54 11 5550 7777")


def frozen(people, identifier: str):
    tracer, prosecutor = people["asset_tracer"], people["prosecutor"]
    case = open_case(tracer.client, "asset_case")
    name_members(case, tracer.client, prosecutor)
    case.act(tracer.client, "add", object="asset", asset_class="bank_account", nexus="proceeds_direct", value="500.00 COP",
             value_date="2024-05-01")
    asset = dict(object="asset", object_id=case.of("asset")[0]["object_id"])
    case.act(tracer.client, "trace", identifier_kind="account", identifier=identifier, **asset)
    case.act(prosecutor.client, "freeze", order_no="O 1", order_date="2026-01-05", order_expires_on="2099-01-01",
             document="O 1", **asset)
    return case


def test_one_account_frozen_in_two_cases(instance, police, abroad):
    one, other = frozen(police, "ACC-55-0001"), frozen(abroad, "ACC 55 0001")
    settle(instance, one, other)
    settle(instance, one)
    assert [item["same"] for item in signals(one, police["prosecutor"].client, "asset.conflict")] == ["blind_code"]
    assert len(signals(other, abroad["prosecutor"].client, "asset.conflict")) == 1
    # No rate for this currency at the end of the year: told, never counted as zero.
    assert signals(one, police["asset_tracer"].client, "asset.unconverted")[0]["report_date"].endswith("-12-31")


def test_first_detections_clusters_and_the_gap_until_control(instance, world, police):
    officer, lab = police["investigator"].client, police["lab_user"].client

    def detection():
        case = open_case(officer, "substance_detection", provisional_name="powder", collected_on="2026-02-10",
                         sample_source="seizure", place="XA-01")
        name_members(case, officer, police["lab_user"])
        case.act(officer, "send_to_lab")
        case.act(lab, "confirm", method="gc_ms", confidence="confirmed", reference_material="true", confirmed_on="2026-03-01",
                 parent_inchikey=KEY)
        return case

    first = detection()
    settle(instance, first)
    assert signals(first, officer, "ews.first_country")[0]["scope"] == "XA"
    assert signals(first, officer, "ews.first_region")[0]["level"] == "L2"
    assert [signals(first, officer, "ews.spike")[0][name] for name in ("detections", "own_high")] == ["1", "0"]
    second = detection()
    settle(instance, second)
    assert signals(second, officer, "ews.first_country") == []
    assert signals(second, officer, "ews.spike")[0]["detections"] == "2"
    health = world.user(CONTACT_A, "health_authority")
    substance = open_case(health, "substance", preferred_name="invented opioid", parent_inchikey=KEY)
    settle(instance, substance)
    gap = signals(substance, health, "ews.legal_gap")
    assert gap[0]["first_detected"] == "2026-02-10" and int(gap[0]["days"]) >= 90


def test_shipments_under_the_threshold_and_a_consignee_that_comes_back(instance, world, police):
    exporter, importer = police["precursor_authority"].client, world.user(TRACE_B, "precursor_authority")

    def notice(consignor: str, on: str, kilograms: str):
        case = open_case(exporter, "precursor_notice", notice_kind="pre_export", importer_country="XB", consignor=consignor,
                         consignee="Solvent House", substance_ref="toluene", quantity_kg=kilograms, hs6="290230", dispatch_on=on,
                         licence_threshold_kg="100", reply_by="2099-01-01")
        case.put(exporter, "shares", {"agency": TRACE_B, "relation": "addressed", "groups": ["S0", "S1"], "onward": "no"})
        case.act(exporter, "submit")
        case.act(exporter, "deliver")
        return case

    three = [notice("North Chemicals", f"2026-05-0{n}", "32.5") for n in (1, 5, 9)]
    settle(instance, *three)
    split = signals(three[2], exporter, "prec.split")
    assert split == [{"object_id": three[2].id, "notices": "3", "sum_g": "97500", "threshold_g": "100000"}]
    assert signals(three[2], importer, "prec.split") == split  # both authorities
    three[0].act(importer, "reply", reply="objection", objection_reason="unknown company")
    again = notice("South Chemicals", "2026-06-02", "10")
    settle(instance, *three, again)
    assert signals(again, exporter, "prec.reroute")[0]["objected_before"] == "1"
    assert signals(three[1], exporter, "prec.reroute") == []


def test_silence_is_consent_where_the_country_says_so(world, police):
    exporter = police["precursor_authority"].client
    case = open_case(exporter, "precursor_notice", notice_kind="pre_export", importer_country="XC", consignee="Corvania Paints",
                     substance_ref="acetone", quantity_kg="10", hs6="291411", reply_by="2026-01-01")
    case.put(exporter, "shares", {"agency": TRACE_B, "relation": "addressed", "groups": ["S0"], "onward": "no"})
    for event in ("submit", "deliver", "pass_deadline"):
        case.act(exporter, event)
    case.act(exporter, "release_without_reply", reason="no reply in time")
    assert case.document["state"] == "RELEASED"


def test_a_price_that_lies_far_from_all_others(instance, world):
    analyst = world.user(CUSTOMS_B, "customs_analyst")
    goods = dict(object="line", hs6="640319", description="Boots", quantity="10", unit="item", origin="XC")
    usual = open_case(analyst, "trade_case", declaration_no="D 1", regime="import", trader="Usual Trade")
    for n in range(28):
        usual.act(analyst, "add", customs_value=f"{200 + n % 5}.00 USD", declared_on="2026-03-01", **goods)
    odd = open_case(analyst, "trade_case", declaration_no="D 2", regime="import", trader="Odd Trade")
    odd.act(analyst, "add", customs_value="2000.00 USD", declared_on="2026-04-01", **goods)
    settle(instance, usual, odd)
    found = signals(odd, analyst, "trade.unit_value")
    assert [found[0][name] for name in ("level", "unit_value", "median", "comparables")] == ["strong", "200.00", "20.20", "28"]
    assert signals(usual, analyst, "trade.unit_value") == []  # nobody is held against his own lines


def test_a_request_made_twice(instance, police):
    authority = police["central_authority"].client

    def request(country: str):
        return open_case(authority, "coop_request", coop_kind="mla", formal="true", requesting="XA", requested=country,
                         persons="Invented Fugitive")

    one, same, elsewhere = request("XB"), request("XB"), request("XC")
    settle(instance, one, same, elsewhere)
    settle(instance, one)
    assert signals(one, authority, "coop.duplicate")[0]["own_cases"] == same.document["number"]
    assert signals(elsewhere, authority, "coop.duplicate") == []


def test_owners_of_hidden_cases_learn_of_each_other_when_both_agreed(instance, police, abroad):
    officer, other = police["integrity_officer"].client, abroad["integrity_officer"].client

    def corruption(client, name: str):
        case = open_case(client, "corruption_case", offences="national_bribery", report_source="report")
        case.act(client, "add", object="person_of_interest", name=name, document_no="ID 4711 AX")
        return case

    here, there = corruption(officer, "Invented Broker"), corruption(other, "Other Spelling")

    def lines(case, client):
        document = client.get(f"{case.path}/links").expect(200).json
        assert document["items"] == []
        return [(line["ground"], line["agency"]) for line in document["deconfliction"]]

    settle(instance, here, there)
    assert signals(here, officer, "link.restricted_hit") == [] and lines(here, officer) == []
    assert officer.put(f"{here.path}/deconfliction", {"agreed": True}).expect(200).json["agreed_to_deconfliction"] is True
    assert lines(here, officer) == [] and lines(there, other) == []  # one alone learns nothing
    other.put(f"{here.path}/deconfliction", {"agreed": True}).expect(404)
    other.put(f"{there.path}/deconfliction", {"agreed": True}).expect(200)
    settle(instance, here, there)
    settle(instance, here)
    assert lines(here, officer) == [("match", TRACE_B)] and lines(there, other) == [("match", POLICE)]
    assert len(signals(here, officer, "link.restricted_hit")) == 1
    officer.put(f"{here.path}/deconfliction", {"agreed": False}).expect(200)
    assert lines(there, other) == [] and lines(here, officer) == []
    settle(instance, here, there)
    other.put(f"{there.path}/deconfliction", {"agreed": True}).expect(200)
    settle(instance, there)
    assert signals(there, other, "link.restricted_hit") == []


def test_the_team_sees_how_the_trace_of_the_firearm_stands(cast, world, police):
    officer, prosecutor = police["investigator"].client, police["prosecutor"].client
    trace = cast.delivered()
    case = open_case(officer, "tip_case", purpose="servitude", detected_on="2026-03-01")
    name_members(case, officer, police["prosecutor"])
    link = officer.post(f"{case.path}/links", {"to_case": trace.case_id, "kind": "firearm_seized_with", "basis": "document",
                                               "confidence": 5}).expect(201).json
    assert (link["from_type"], link["to_type"]) == ("tip_case", "trace_request")

    def shown(client):
        return client.get(f"{case.path}/links").expect(200).json["items"][0].get("trace_result")

    assert shown(prosecutor) is None  # one person's word so far
    prosecutor.post(f"/v1/case-links/{link['link_id']}/decision", {"state": "confirmed"}).expect(200)
    result = shown(prosecutor)
    assert result["state"] == trace.state() and [leg["country"] for leg in result["legs"]] == ["XB"]
    # A colleague who is not on the team sees the link, and nothing of the result.
    assert shown(police["agency_supervisor"].client) is None
    # What is handled more strictly than that stays with those who trace.
    trace.act(cast.officer, "handling", {"handling_code": "H3", "handling_text": "Closed circle"}).expect(200)
    assert shown(prosecutor) is None


def test_who_reads_far_more_than_others_is_told_to_the_auditor(cast, world):
    trace = cast.delivered()
    readers = [world.person(POLICE, "agency_user", number=20 + n) for n in range(6)]
    for n, reader in enumerate(readers):
        for _ in range(60 if n == 5 else 2 + n % 2):
            reader.client.get(trace.path).expect(200)
    auditor = world.user(POLICE, "auditor")
    today = auditor.get("/v1/audit/entries?limit=1").expect(200).json["items"][0]["leaf"]["time"][:10]
    items = auditor.get("/v1/audit/reading", query={"day": today}).expect(200).json["items"]
    found = {item["actor"]: item for item in items}
    assert found[readers[5].user_id]["reads"] == 60 and found[readers[5].user_id]["more_than_others"]
    assert not any(reader.user_id in found and found[reader.user_id]["more_than_others"] for reader in readers[:5])
    assert auditor.get("/v1/audit/reading").expect(200).json["items"] == []  # yesterday there was nobody
    assert world.user(TRACE_B, "auditor").get("/v1/audit/reading", query={"day": today}).expect(200).json["items"] == []
    auditor.get("/v1/audit/reading", query={"day": "soon"}).expect(422)


def test_what_a_rule_found_is_in_the_audit_log(instance):
    rows = instance.database.rows("select action, object_id from rastro.audit_leaf where action = 'case.signal_raised'")
    assert len(rows) >= 10
