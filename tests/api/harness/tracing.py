"""Trace requests as the tests speak of them: a complete request, and one that can be acted on under its present version."""
import datetime
import secrets
import time

from .client import Client, Reply

DELIVERED_WITHIN = 20


def days_ago(days: int) -> str:
    return (datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=days)).isoformat()


def in_days(days: int) -> str:
    return days_ago(-days)


def new_serial() -> str:
    return f"KX{secrets.randbelow(10**7):07d}"


def complete_request(*recipients: dict, **changes) -> dict:
    """Everything that a request needs to be sent. `recipients`: {"country": "XB"} or {"agency": CODE}."""
    body = {
        "purpose": "investigation",
        "firearm": {"serial_raw": new_serial(), "serial_condition": "clear", "make_text": "North Arms", "type_code": "pistol",
                    "calibre_text": "9x19", "model_text": "N17", "origin_country": "XC", "import_country": "XB",
                    "importer_mark_absent": True},
        "recovery": {"recovered_on": days_ago(40), "country": "XA", "area": "Northern district",
                     "circumstances": "Search of a vehicle"},
        "possessor": {"family_name": "Ejemplo", "given_names": "Juan", "nationality": "XA"},
        "legal_basis": "Code of Procedure art. 12", "offence_code": "homicide",
        "illicit_ground": "unauthorised_transfer", "intended_use": "investigation file",
        "agency_case_no": f"INV-{secrets.token_hex(4)}", "unit": "Unit 4", "requester_name": "Inspector Ejemplar",
        "recipients": list(recipients) or [{"country": "XB"}],
    }
    body.update(changes)
    return body


def purchaser_chain(bought: int = 900) -> list[dict]:
    """A whole chain from the maker to the first buyer, `bought` days ago."""
    return [
        {"role": "manufacturer", "party_name": "North Arms", "party_country": "XC", "disposed_on": days_ago(bought + 90)},
        {"role": "importer", "party_name": "Sea Imports", "party_country": "XB", "received_on": days_ago(bought + 80),
         "disposed_on": days_ago(bought + 50)},
        {"role": "retailer", "party_name": "Port Sports", "party_country": "XB", "received_on": days_ago(bought + 45),
         "disposed_on": days_ago(bought), "confidence": "documented", "source_record": "Dealer book 12",
         "document": "Invoice 881"},
        {"role": "purchaser", "party_name": "Comprador Ejemplo", "party_country": "XB", "received_on": days_ago(bought)},
    ]


class Trace:
    """One request. Every act is made under the version that its actor sees at that moment."""

    def __init__(self, author: Client, body: dict, *, submit: bool = True):
        reply = author.post("/v1/trace-requests", {**body, "submit": submit}).expect(201)
        self.author = author
        self.case_id = reply.json["case_id"]
        self.number = reply.json["number"]
        self.created = reply.json
        author_texts = [body["firearm"].get("serial_raw", ""), body.get("possessor", {}).get("family_name", "")]
        self.personal = {text for text in author_texts if text}

    @property
    def path(self) -> str:
        return f"/v1/trace-requests/{self.case_id}"

    # ------------------------------------------------------------ reading

    def read(self, client: Client | None = None) -> dict:
        return (client or self.author).get(self.path).expect(200).json

    def state(self) -> str:
        return self.read()["state"]

    def leg(self, agency: str, client: Client | None = None) -> dict:
        """The newest leg to this agency, as the client sees it."""
        legs = [leg for leg in self.read(client)["legs"] if leg["asked_agency"] == agency]
        assert legs, f"{self.number} has no leg to {agency}: {self.read(client)}"
        return legs[-1]

    def leg_id(self, agency: str) -> str:
        return self.leg(agency)["leg_id"]

    def timeline(self, client: Client | None = None) -> list[dict]:
        return (client or self.author).pages(f"{self.path}/timeline")

    # ------------------------------------------------------------ acting

    def act(self, client: Client, name: str, body=None, **options) -> Reply:
        """An act on the request: submission, approval, closure, ..."""
        version = client.get(self.path).expect(200).version
        return client.post(f"{self.path}/{name}", body, version=version, **options)

    def act_on_leg(self, client: Client, leg_id: str, name: str, body=None, **options) -> Reply:
        version = client.get(f"/v1/legs/{leg_id}").expect(200).version
        return client.post(f"/v1/legs/{leg_id}/{name}", body, version=version, **options)

    def expect_state(self, state: str) -> None:
        found = self.read()
        assert found["state"] == state, f"{self.number}: expected {state}\n{found}"

    def expect_leg(self, agency: str, state: str) -> dict:
        leg = self.leg(agency)
        assert leg["state"] == state, f"leg of {self.number} to {agency}: expected {state}\n{leg}"
        return leg

    def wait_for_leg(self, agency: str, state: str, within: float = DELIVERED_WITHIN) -> dict:
        """Waits for what the server does by itself, as delivery and deadlines are."""
        until = time.monotonic() + within
        while True:
            leg = self.leg(agency)
            if leg["state"] == state:
                return leg
            if time.monotonic() > until:
                raise AssertionError(f"leg of {self.number} to {agency}: expected {state} within {within} s\n{leg}")
            time.sleep(0.05)

    def wait_for_state(self, state: str, within: float = DELIVERED_WITHIN) -> dict:
        until = time.monotonic() + within
        while True:
            found = self.read()
            if found["state"] == state:
                return found
            if time.monotonic() > until:
                raise AssertionError(f"{self.number}: expected {state} within {within} s\n{found}")
            time.sleep(0.05)
