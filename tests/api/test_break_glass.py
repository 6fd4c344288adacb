"""Break-glass: one person opens what is protected of one case because a life depends on it; auditors look at it within a day."""
import datetime

import pytest

from harness.linked import open_case, values
from harness.world import POLICE, TRACE_B

REASON = "The girl is held in the house of the raid tonight"


@pytest.fixture(scope="module")
def sealed(world):
    """A case with a sealed name, led by an advocate."""
    advocate = world.user(POLICE, "victim_advocate")
    case = open_case(advocate, "tip_case", route="XA|XB")
    case.act(advocate, "add", object="victim", age_band="age_18_24", name="Invented Person", health="well")
    return case


@pytest.fixture(scope="module")
def supervisor(world):
    return world.user(POLICE, "agency_supervisor")


@pytest.fixture(scope="module")
def auditor(world):
    return world.user(POLICE, "auditor")


def victim(case, client, purpose: str = "") -> dict:
    document = case.read(client, f"?purpose={purpose}" if purpose else "")
    return values(next(item for item in document["objects"] if item["object"] == "victim"))


def broken(client, case, status: int = 201, reason: str = REASON):
    return client.post(f"{case.path}/break-glass", {"reason": reason}).expect(status)


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def test_only_who_may_and_with_a_reason(world, sealed, supervisor):
    assert broken(supervisor, sealed, 422, "needed").errors == [("/reason", "too_short")]
    broken(world.user(POLICE, "investigator"), sealed, 403)
    broken(world.user(TRACE_B, "agency_supervisor"), sealed, 404)


def test_it_opens_one_case_to_one_person_for_four_hours(instance, world, sealed, supervisor):
    assert not victim(sealed, supervisor, "emergency_life").keys() & {"name", "health"}
    opening = broken(supervisor, sealed).json
    assert moment(opening["valid_until"]) - moment(opening["opened_at"]) == datetime.timedelta(hours=4)
    assert moment(opening["review_due"]) - moment(opening["opened_at"]) == datetime.timedelta(hours=24)
    shown = victim(sealed, supervisor, "emergency_life")
    assert (shown["name"], shown["health"]) == ("Invented Person", "well")
    assert "name" not in victim(sealed, supervisor)  # still only for a stated purpose
    assert "name" not in victim(sealed, world.user(POLICE, "agency_supervisor", number=2), "emergency_life")
    last = supervisor.get(f"{sealed.path}/timeline").expect(200).json["items"][-1]
    assert (last["event"], last["text"]) == ("break_glass", REASON)
    told = instance.database.value(
        "select count(*) from (select kind, case_id from rastro.event_feed union all select kind, case_id from rastro.outbox) told "
        f"where kind = 'case.break_glass' and case_id = '{sealed.id}'")
    assert told == 1
    reads = instance.database.value("select count(*) from rastro.audit_leaf where action = 'case.read' and "
                                    "convert_from(leaf, 'UTF8')::json ->> 'purpose' = 'emergency_life'")
    assert reads >= 2
    instance.database.execute(f"update rastro.break_glass set opened_at = opened_at - interval '5 hours', valid_until = "
                          f"valid_until - interval '5 hours', review_due = review_due - interval '5 hours' where grant_id = '{opening['grant_id']}'")
    assert "name" not in victim(sealed, supervisor, "emergency_life")  # it has run out


def test_auditors_review_each_opening_once(instance, world, sealed, supervisor, auditor):
    opening = broken(supervisor, sealed).json
    path = f"/v1/audit/break-glass/{opening['grant_id']}/review"
    finding = {"finding": "justified", "note": "She was found"}
    supervisor.post(path, finding).expect(403)
    world.user(TRACE_B, "auditor").post(path, finding).expect(404)
    assert world.user(TRACE_B, "auditor").get("/v1/audit/break-glass").expect(200).json["items"] == []
    listed = auditor.get("/v1/audit/break-glass").expect(200).json["items"]
    mine = next(item for item in listed if item["grant_id"] == opening["grant_id"])
    assert (mine["reason"], mine["number"], mine["overdue"], mine["often"]) == (REASON, sealed.document["number"], False, False)
    instance.database.execute(f"update rastro.break_glass set review_due = opened_at where grant_id = '{opening['grant_id']}'")
    late = auditor.get("/v1/audit/break-glass").expect(200).json["items"][0]
    assert late["grant_id"] == opening["grant_id"] and late["overdue"]
    done = auditor.post(path, finding).expect(200).json
    assert (done["finding"], done["review_note"], done["overdue"]) == ("justified", "She was found", False)
    auditor.post(path, finding).expect(409)
    for _ in range(2):
        broken(supervisor, sealed)
    newest = max(auditor.get("/v1/audit/break-glass").expect(200).json["items"], key=lambda item: item["opened_at"])
    assert newest["often"]  # the fourth in thirty days
