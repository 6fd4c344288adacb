"""Records of the register of firearms as the tests speak of them, and the matches that a server finds by itself."""
import secrets
import time

from .client import Client, Reply
from .tracing import days_ago, new_serial

FOUND_WITHIN = 20
# As the firearm of harness.tracing.complete_request: with the same serial the two are a strong match.
FIREARM = {"make_text": "North Arms", "type_code": "pistol", "calibre_text": "9x19", "model_text": "N17",
           "import_country": "XB", "remarks": "The catalogue of this test does not know the maker"}


def record(serial: str | None = None, **changes) -> dict:
    """Everything that an entry needs."""
    firearm = {**FIREARM, "serial_raw": serial or new_serial(), **changes.pop("firearm", {})}
    return {"kind": "stolen", "firearm": firearm, "event_on": days_ago(90), "agency_case_no": f"REG-{secrets.token_hex(4)}",
            "purpose": "investigation", "legal_basis": "Firearms Act s. 4", "handling_code": "H1", **changes}


class Record:
    """One record, acted on under the version that its owner sees at that moment."""

    def __init__(self, owner: Client, body: dict):
        self.owner, self.body = owner, body
        self.entered = owner.post("/v1/records", body).expect(201).json
        self.record_id = self.entered["record_id"]
        self.path = f"/v1/records/{self.record_id}"

    def read(self, client: Client | None = None) -> dict:
        return (client or self.owner).get(self.path).expect(200).json

    def act(self, name: str, body=None, client: Client | None = None) -> Reply:
        return (client or self.owner).post(f"{self.path}/{name}", body, version=self.read()["version"])


def matches(client: Client, **query: str) -> list[dict]:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return client.pages("/v1/matches" + (f"?{asked}" if asked else ""))


def match_of(client: Client, *, case_id: str = "", record_id: str = "", within: float = FOUND_WITHIN, **expected) -> dict:
    """Waits for the match that the client sees of its own request or record, and that is as expected."""
    until = time.monotonic() + within
    while True:
        found = [match for match in matches(client)
                 if (not case_id or case_id in (match["newer"].get("case_id"), match["older"].get("case_id")))
                 and (not record_id or match["older"].get("record_id") == record_id)
                 and all(match.get(name) == value for name, value in expected.items())]
        if found:
            return found[0]
        assert time.monotonic() < until, f"no such match within {within} s: {expected}\n{matches(client)}"
        time.sleep(0.05)


def wait_until_compared(database, case_id: str, within: float = FOUND_WITHIN) -> None:
    """Until nothing about this request or record waits to be compared: then what was not found is not there."""
    until = time.monotonic() + within
    while database.value(f"select count(*) from rastro.match_task where case_id = '{case_id}'") != 0:
        assert time.monotonic() < until, f"{case_id} was not compared within {within} s"
        time.sleep(0.05)
