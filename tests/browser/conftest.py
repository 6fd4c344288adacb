"""One server in demonstration mode, its database and its world, as tests/api makes them; the browser is driven by Node."""
import json
import pathlib
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "api"))

from harness import surroundings  # noqa: E402
from harness.cast import Cast  # noqa: E402
from harness.instance import Instance  # noqa: E402
from harness.world import World  # noqa: E402


@pytest.fixture(scope="session")
def accounts_file():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="browser-", dir=surroundings.work_folder()))
    return folder / "accounts.json"


@pytest.fixture(scope="session")
def instance(accounts_file):
    made = Instance({"demo.enabled": True, "demo.accounts": accounts_file})
    try:
        made.start()
        yield made
        made.stop()
    finally:
        made.remove()


@pytest.fixture(scope="session")
def world(instance):
    return World(instance)


@pytest.fixture(scope="session")
def cast(world):
    return Cast(world)


@pytest.fixture(scope="session")
def people(world, instance, accounts_file):
    """Who acts in a browser, by the name that the scripts use; also offered on the sign-in page."""
    from harness.world import CONTACT_A, CONTACT_B, OVERSIGHT, POLICE, TRACE_B

    cast_of = {"officer": (POLICE, "agency_user"), "contact": (CONTACT_A, "national_contact"),
               "analyst": (TRACE_B, "tracing_analyst"), "chief": (TRACE_B, "agency_supervisor"),
               "contact_b": (CONTACT_B, "national_contact"), "records": (POLICE, "records_officer"),
               "auditor": (OVERSIGHT, "auditor"), "investigator": (POLICE, "investigator")}
    found = {name: world.person(agency, role) for name, (agency, role) in cast_of.items()}
    found["admin"] = world.administrator_person(POLICE)
    items = [{"login": person.login, "display_name": f"{name} of the tests", "agency": person.agency, "agency_name": person.agency,
              "roles": ["system_admin" if name == "admin" else cast_of[name][1]], "totp_secret": person.secret}
             for name, person in found.items()]
    accounts_file.write_text(json.dumps({"password": "not-their-password", "items": items}))
    instance.anonymous().get("/v1/demo/accounts").expect(200)
    return found
