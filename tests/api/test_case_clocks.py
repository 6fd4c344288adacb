"""Deadlines of declared cases: dates of the case move them, and who has to act is told before the end and at the end, once."""
import datetime
import time

from harness.linked import open_case
from harness.world import CONTACT_A, POLICE, TRACE_B, TRACE_C

TODAY = datetime.datetime.now(datetime.timezone.utc).date()


def day(days: int) -> str:
    return (TODAY + datetime.timedelta(days=days)).isoformat()


def due(case, kind: str = "case") -> dict[str, str]:
    return {clock["clock"]: clock["due_at"][:10] for clock in case.of(kind)[0].get("clocks", [])}


def told(instance, case, kind: str) -> list[str]:
    """Agencies that were told, once for each time."""
    return sorted(row["agency"] for row in instance.database.rows(
        "select agency from (select agency, kind, case_id from rastro.event_feed union all select agency, kind, case_id from rastro.outbox) "
        f"told where kind = '{kind}' and case_id = '{case.id}'"))


def until(holds, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.05)


def times_pass(instance, case, days: int) -> None:
    """As if the clocks of the case had been started that many days earlier."""
    instance.database.execute(
        f"update rastro.case_clock set due_at = due_at - interval '{days} days', "
        f"notices = array(select n - interval '{days} days' from unnest(notices) n order by 1) where case_id = '{case.id}'")


def test_the_meeting_sets_the_deadlines_of_a_measure(world):
    contact = world.user(CONTACT_A, "national_contact")
    case = open_case(contact, "measure_progress", measure="M5", meeting="RANDOT VI", progress_status="no_information")
    assert due(case) == {}  # nobody has said when the meeting is
    case.act(contact, "change", meeting_on=day(200))
    # The end of the day that lies so many days before the meeting.
    assert due(case) == {"tracker.draft": day(81), "tracker.clearance": day(111), "tracker.submission": day(141)}
    case.act(contact, "change", meeting_on=day(210))
    assert due(case) == {"tracker.draft": day(91), "tracker.clearance": day(121), "tracker.submission": day(151)}
    case.act(contact, "change", narrative_en="Two units are trained")
    assert due(case)["tracker.draft"] == day(91)
    case.act(contact, "draft")
    assert set(due(case)) == {"tracker.clearance", "tracker.submission"}


def test_an_end_that_is_put_off_moves_its_clock(world):
    health = world.user(CONTACT_A, "health_authority")
    case = open_case(health, "control_measure", technique="temporary", legal_act="Act 7", substance_ref="x", expires_on=day(40))
    case.act(health, "consult")
    case.act(health, "approve", document="Act 7")
    case.act(health, "enter_into_force", document="Act 7", in_force_from=day(-10))
    assert due(case) == {"control.temporary_expiry": day(41)}
    case.act(health, "change", expires_on=day(100))
    assert due(case) == {"control.temporary_expiry": day(101)}


def test_who_keeps_a_clock_is_told_before_and_at_its_end(instance, world):
    health = world.user(CONTACT_A, "health_authority")
    case = open_case(health, "control_measure", technique="temporary", legal_act="Act 8", substance_ref="y", expires_on=day(95))
    case.act(health, "consult")
    case.act(health, "approve", document="Act 8")
    case.act(health, "enter_into_force", document="Act 8", in_force_from=day(-10))
    assert told(instance, case, "case.deadline_near") == []
    for passed, near in ((10, 1), (60, 2), (20, 3)):  # 90, 30 and 7 days before
        times_pass(instance, case, passed)
        until(lambda: len(told(instance, case, "case.deadline_near")) >= near)
        assert told(instance, case, "case.deadline_near") == [CONTACT_A] * near
    assert told(instance, case, "case.deadline_passed") == []
    times_pass(instance, case, 10)
    until(lambda: told(instance, case, "case.deadline_passed"))
    assert told(instance, case, "case.deadline_passed") == [CONTACT_A]
    last = health.get(f"{case.path}/timeline").expect(200).json["items"][-1]
    assert (last["event"], last["clock"]) == ("deadline_passed", "control.temporary_expiry")
    audited = instance.database.rows(f"select action from rastro.audit_leaf where object_id = '{case.id}' and action like 'case.deadline%'")
    assert sorted(row["action"] for row in audited) == ["case.deadline_near"] * 3 + ["case.deadline_passed"]


def test_both_sides_of_a_cooperation_hear_of_its_end(instance, world):
    authority, other = world.user(POLICE, "central_authority"), world.user(TRACE_B, "central_authority")
    case = open_case(authority, "coop_request", coop_kind="mla", formal="true", requesting="XA", requested="XB", subject="Evidence", facts="A person is wanted")
    case.act(authority, "add", object="basis", instrument="UNTOC", article="18", reliance="sole", reliance_of="requesting")
    case.put(authority, "shares", {"agency": TRACE_B, "relation": "addressed", "groups": ["S0", "S1", "S2"], "onward": "no"})
    case.act(authority, "review")
    case.act(authority, "transmit", document="MLA 1", transmitted_on="2022-02-10")
    assert list(due(case)) == ["coop.ack"]
    times_pass(instance, case, 8)
    until(lambda: len(told(instance, case, "case.deadline_passed")) == 2)
    assert told(instance, case, "case.deadline_passed") == sorted([POLICE, TRACE_B])
    assert other.get(f"{case.path}/timeline").expect(200).json["items"][-1]["clock"] == "coop.ack"


def test_the_history_is_for_both_sides_and_its_words_for_who_sees_s1(world):
    authority, other, third = (world.user(agency, "central_authority") for agency in (POLICE, TRACE_B, TRACE_C))
    case = open_case(authority, "coop_request", coop_kind="mla", formal="true", requesting="XA", requested="XB", subject="Evidence", facts="F")
    case.act(authority, "add", object="basis", instrument="UNTOC", article="18", reliance="sole", reliance_of="requesting")
    for agency, groups in ((TRACE_B, ["S0", "S1"]), (TRACE_C, ["S0"])):
        case.put(authority, "shares", {"agency": agency, "relation": "addressed", "groups": groups, "onward": "no"})
    case.act(authority, "review")
    case.act(authority, "send_back", reason="The court is missing")

    def history(client) -> list[tuple[str, str]]:
        items = client.get(f"{case.path}/timeline").expect(200).json["items"]
        return [(item["event"], item.get("text", "")) for item in items if item.get("transition")]

    assert history(authority)[-1] == ("send_back", "The court is missing")
    assert history(other) == history(authority)
    assert history(third) == [(event, "") for event, _ in history(authority)]
    names = {item["event"] for item in third.get(f"{case.path}/timeline").expect(200).json["items"]}
    assert "share" not in names  # whom else the owner told is the owner's
