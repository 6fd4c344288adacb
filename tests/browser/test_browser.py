"""The client in Debian's chromium. Each test is one script of suites/, told where the server is and who its people are."""
import json
import os
import pathlib
import secrets
import subprocess

import pytest

from harness import surroundings
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
    alike.author.post("/v1/matches", {"case_id": misread.case_id, "other_case_id": alike.case_id}).expect(201)
    return alike


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
def told(instance, people, cases):
    work = pathlib.Path(os.environ.get("RASTRO_TEST_SCREENS", surroundings.work_folder() / "screens"))
    work.mkdir(parents=True, exist_ok=True)
    return {"origin": f"https://localhost:{instance.server.ports['browser']}", "screens": str(work),
            "pictures": "RASTRO_TEST_SCREENS" in os.environ, "cases": cases,
            "web": os.environ.get("RASTRO_TEST_WEB", str(surroundings.ROOT / "build/release/web")),
            "agencies": {"police": POLICE, "trace_b": TRACE_B, "oversight": OVERSIGHT},
            "people": {name: {"login": person.login, "password": person.password, "secret": person.secret,
                              "id": person.user_id, "token": person.client.token}
                       for name, person in people.items()}}


SUITES = os.environ.get("RASTRO_TEST_SUITES", "budget journey safety screens").split()


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
