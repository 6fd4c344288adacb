"""The client in Debian's chromium. Each test is one script of suites/, told where the server is and who its people are."""
import json
import os
import pathlib
import secrets
import subprocess
import time
from datetime import date

import pytest

from harness import surroundings
from harness.linked import convict, name_members, open_case
from harness.world import OVERSIGHT, POLICE, TRACE_B
from harness.tracing import complete_request, purchaser_chain

HERE = pathlib.Path(__file__).parent
TIMEOUT_S = 900


def about(serial: str) -> dict:
    return {"firearm": {**complete_request()["firearm"], "serial_raw": serial}}


def noted_match(cast):
    """Two requests about what is one firearm, its number misread once, noted as a match by the officer."""
    number = f"KX5{secrets.randbelow(10**6):06d}"
    alike = cast.sent({"country": "XB"}, **about(number))
    misread = cast.sent({"country": "XB"}, **about(number.replace("5", "S", 1)))
    noted = alike.author.post("/v1/matches", {"case_id": misread.case_id, "other_case_id": alike.case_id})
    assert noted.status in (201, 409), noted.story()  # the job may have found it before
    return alike


def trafficking_case(world, people, trace):
    """A case with a suspect who stands in another one too, a victim, a firearm that was traced, and a colleague on the team."""
    investigator, prosecutor = people["investigator"].client, world.person(POLICE, "prosecutor")
    case, other = (open_case(investigator, "tip_case", purpose="forced_labour", detected_on="2026-03-01", route="XB|XC|XA",
                             detection_method="hotline") for _ in range(2))
    for one in (case, other):
        one.act(investigator, "add", object="suspect", name="Invented Recruiter", phone="+54 11 5550 4711")
    case.act(investigator, "add", object="victim", age_band="age_18_24", citizenship="XB", name="Invented Person")
    name_members(case, investigator, prosecutor)
    link = {"to_case": trace.case_id, "kind": "firearm_seized_with", "basis": "document", "confidence": 5}
    made = investigator.post(f"{case.path}/links", link).expect(201).json
    prosecutor.client.post(f"/v1/case-links/{made['link_id']}/decision", {"state": "confirmed"}).expect(200)
    investigator.post(f"{case.path}/links", {**link, "to_case": other.id, "kind": "same_subject"}).expect(201)
    convict(world.user(POLICE, "court_liaison"), "P-B", "TIP_5|UNTOC_5", f"{date.today().year - 1}-06-02", "60")
    until = time.monotonic() + 30
    while "signals" not in case.read(investigator):
        assert time.monotonic() < until, "no signal of the suspect in two cases"
        time.sleep(0.2)
    return case


@pytest.fixture(scope="session")
def linked(world, people, cases, cast):
    case = trafficking_case(world, people, cast.answered({"country": "XB"}))
    contact = people["contact"].client
    contact.post("/v1/reports/randot/snapshots", {"country": "XA", "year": date.today().year - 1}).expect(201)
    return {"case": case.id, "number": case.document["number"]}


@pytest.fixture(scope="session")
def cases(cast):
    """Requests in the states that the screens show: a draft, one being searched, one answered, one that waits for release."""
    draft = cast.trace({"country": "XB"}, submit=False)
    review = cast.trace({"country": "XB"})
    delivered = cast.delivered({"country": "XB"})
    searching = cast.searching({"country": "XB"})
    asked = cast.searching({"country": "XB"})
    asked.act_on_leg(cast.analyst(), asked.leg_id(TRACE_B), "clarifications",
                     {"fields": ["firearm.serial_raw"], "question": "Is the third sign an 8 or a B?"}).expect(201)
    held = cast.searching({"country": "XB"}, requested_groups=["G5", "G6"])
    held.act_on_leg(cast.analyst(), held.leg_id(TRACE_B), "answers",
                    {"kind": "full", "outcome_code": "purchaser_identified", "chain": purchaser_chain()}).expect(201)
    answered = cast.searching({"country": "XB"}, requested_groups=["G5", "G6"])
    reply = answered.act_on_leg(cast.analyst(), answered.leg_id(TRACE_B), "answers",
                                {"kind": "full", "outcome_code": "purchaser_identified", "chain": purchaser_chain()}).expect(201)
    cast.chief().post(f"/v1/answers/{reply.json['answers'][0]['answer_id']}/approval", {"decision": "accepted"}).expect(200)
    alike = noted_match(cast)
    noted_match(cast)  # one stays open, whatever the journey decides about the other
    made = {"draft": draft, "review": review, "delivered": delivered, "searching": searching, "asked": asked, "held": held,
            "answered": answered, "alike": alike}
    return {name: {"case": trace.case_id, "number": trace.number, "serial": trace.read()["content"]["firearm"]["serial_raw"],
                   "leg": next((leg["leg_id"] for leg in trace.read()["legs"]), "")} for name, trace in made.items()}


@pytest.fixture(scope="session")
def told(instance, people, cases, linked):
    work = pathlib.Path(os.environ.get("RASTRO_TEST_SCREENS", surroundings.work_folder() / "screens"))
    work.mkdir(parents=True, exist_ok=True)
    return {"origin": f"https://localhost:{instance.server.ports['browser']}", "screens": str(work),
            "pictures": "RASTRO_TEST_SCREENS" in os.environ, "cases": cases, "linked": linked,
            "web": os.environ.get("RASTRO_TEST_WEB", str(surroundings.ROOT / "build/release/web")),
            "agencies": {"police": POLICE, "trace_b": TRACE_B, "oversight": OVERSIGHT},
            "people": {name: {"login": person.login, "password": person.password, "secret": person.secret,
                              "id": person.user_id, "token": person.client.token}
                       for name, person in people.items()}}


SUITES = os.environ.get("RASTRO_TEST_SUITES", "budget journey cases safety screens").split()


@pytest.mark.parametrize("suite", SUITES)
def test_suite(told, suite, tmp_path, capfd):
    """What the scripts print is the report: sizes, screens looked at, steps of the journeys."""
    path = tmp_path / "told.json"
    path.write_text(json.dumps(told))
    done = subprocess.run(["node", HERE / "suites" / f"{suite}.mjs", path], cwd=HERE, capture_output=True, text=True,
                          timeout=TIMEOUT_S, check=False, env={**os.environ, "HOME": str(tmp_path)})
    with capfd.disabled():
        print(done.stdout, flush=True)
    assert done.returncode == 0, f"{suite}: {done.stdout[-3000:]}\n{done.stderr[-20000:]}"
