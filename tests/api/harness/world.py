"""Agencies of three countries with people of every role, made as administrators make them: the first two administrators
of an agency by whoever owns the database, everybody else through the interface, with every role given by two persons.

People are made and signed in when a test first asks for them, once in a run: a one-time code counts once."""
import json
import secrets

from .client import Client
from .codes import agency_code, totp
from .instance import Instance

ROLES = ("agency_user", "agency_supervisor", "national_contact", "tracing_analyst", "records_officer", "lab_user",
         "holder_user", "policy_officer", "statistician", "auditor", "system_admin", "liaison", "investigator", "unit_lead",
         "prosecutor", "court_liaison", "victim_advocate", "asset_tracer", "asset_manager", "ews_focal", "health_authority",
         "precursor_authority", "fiu_analyst", "integrity_officer", "customs_analyst", "tax_officer", "central_authority",
         "secretariat", "partner")

# Short names of the agencies that the tests speak of.
OPERATORS = agency_code("XA", "RASTRO")   # runs the instance: registers agencies
POLICE = agency_code("XA", "POLNAC")      # asks; its requests leave through the national contact
CONTACT_A = agency_code("XA", "CONTACT")  # national contact of XA: approves
OVERSIGHT = agency_code("XA", "OVERSEE")  # its auditors see the records of all
TRACE_B = agency_code("XB", "TRACE")      # is asked first
CONTACT_B = agency_code("XB", "CONTACT")  # national contact of XB
TRACE_C = agency_code("XC", "TRACE")      # is asked in parallel, or by forwarding
PEER_C = agency_code("XC", "PEER")        # has a system of its own, which signs receipts
CUSTOMS_B = agency_code("XB", "CUSTOMS")  # stands in no relation to anything

_ROUTE = {"source": "Decree 12/2024"}
AGENCIES = {
    POLICE: {"name": "Police under test", "kind": "police",
             "outbound_rules": [{"priority": "routine", "auto_approve": False, "source": "Order 7"}]},
    CONTACT_A: {"name": "Contact of XA", "kind": "national_contact", "national_contact": True, "route": _ROUTE},
    OVERSIGHT: {"name": "Oversight of XA", "kind": "oversight"},
    TRACE_B: {"name": "Tracing centre of XB", "kind": "tracing_centre", "route": _ROUTE},
    CONTACT_B: {"name": "Contact of XB", "kind": "national_contact", "national_contact": True, "auto_acknowledge": True},
    TRACE_C: {"name": "Tracing centre of XC", "kind": "tracing_centre", "route": _ROUTE},
    PEER_C: {"name": "Second centre of XC", "kind": "tracing_centre", "endpoint_kind": "peer"},
    CUSTOMS_B: {"name": "Customs of XB", "kind": "customs"},
}
GATEWAY_AGENCIES = (POLICE, TRACE_B, PEER_C)
GATEWAY_ROLES = ["agency_user", "agency_supervisor", "national_contact", "tracing_analyst", "records_officer", "lab_user"]


class Person:
    """A user of an agency, with what is needed to sign in."""

    def __init__(self, agency: str, login: str, password: str, secret: str):
        self.agency, self.login, self.password, self.secret = agency, login, password, secret
        self.user_id = ""
        self.client: Client | None = None

    def credentials(self) -> dict:
        return {"login": self.login, "password": self.password, "totp": totp(self.secret), "accept_use_banner": True}

    def __str__(self) -> str:
        return self.login


def new_password() -> str:
    return "q7!" + secrets.token_urlsafe(18)


class World:
    def __init__(self, instance: Instance):
        self.instance = instance
        self._administrators: dict[str, list[Person]] = {}
        self._people: dict[tuple[str, str, int], Person] = {}
        self._gateways: dict[str, Client] = {}
        operator = self.administrator(OPERATORS)
        for agency, members in AGENCIES.items():
            operator.post("/v1/agencies", {"agency": agency, **members}).expect(201)

    # ------------------------------------------------------------ people

    def sign_in(self, person: Person) -> Client:
        """The first sign-in: with the first password, which is then changed."""
        anonymous = self.instance.anonymous()
        session = anonymous.post("/v1/sessions", person.credentials()).expect(201).json
        anonymous.close()
        client = Client(self.instance.server.address("browser"), person.login, token=session["token"])
        if session.get("must_change_password"):
            changed = new_password()
            client.post("/v1/me/password", {"current_password": person.password, "new_password": changed}).expect(204)
            person.password = changed
            self.instance.personal.add(changed)
        self.instance.personal.update({person.login, person.secret, session["token"]})
        person.client = client
        return client

    def administrator(self, agency: str, number: int = 0) -> Client:
        return self.administrator_person(agency, number).client

    def administrator_person(self, agency: str, number: int = 0) -> Person:
        if agency not in self._administrators:
            self._administrators[agency] = self._bootstrap(agency)
        person = self._administrators[agency][number]
        if person.client is None:
            self.sign_in(person)
        return person

    def _bootstrap(self, agency: str) -> list[Person]:
        short = agency.lower().replace("-", "")
        words = ["bootstrap", "--json", "--agency", agency, "--name", "Operators of the instance"]
        for first in ("ada", "otto"):
            words += ["--admin", f"{first}.{short}=Administrator {first.title()}"]
        told = json.loads(self.instance.owner_tool(*words).stdout)
        return [Person(agency, item["login"], item["first_password"], item["totp"]["secret"]) for item in told["items"]]

    def person(self, agency: str, *roles: str, number: int = 1) -> Person:
        """A user with exactly these roles, made on first use; another `number` is another person."""
        name = (agency, "+".join(roles), number)
        if name not in self._people:
            self._people[name] = self._make(agency, list(roles), number)
        return self._people[name]

    def user(self, agency: str, *roles: str, number: int = 1) -> Client:
        return self.person(agency, *roles, number=number).client

    def _make(self, agency: str, roles: list[str], number: int) -> Person:
        first, second = self.administrator(agency, 0), self.administrator(agency, 1)
        label = "-".join(role.replace("_", ".") for role in roles) or "nobody"
        login = f"{label}{number}.{agency.lower().replace('-', '')}"
        family = f"Familia{secrets.token_hex(4)}"
        self.instance.personal.add(family)
        made = first.post("/v1/users", {"login": login, "display_name": f"Ana {family}",
                                        "propose_roles": roles}).expect(201).json
        person = Person(agency, login, made["first_password"], made["totp"]["secret"])
        person.user_id = made["user"]["user_id"]
        open_grants = second.get("/v1/role-grants").expect(200).json["items"]
        for grant in open_grants:
            if grant["user_id"] == person.user_id:
                second.post(f"/v1/role-grants/{grant['grant_id']}/decision", {"decision": "accepted"}).expect(200)
        self.sign_in(person)
        return person

    # ------------------------------------------------------------ systems

    def gateway(self, agency: str, acting_for: str | None = "officer-17") -> Client:
        """An agency's system, with its enrolled certificate, on the agency listener."""
        if agency not in self._gateways:
            certificate = self.gateway_files(agency)
            self.administrator(agency).post(
                f"/v1/agencies/{agency}/certificates",
                {"certificate_pem": self.certificate_of(agency), "roles": GATEWAY_ROLES}).expect(201)
            self._gateways[agency] = Client(self.instance.server.address("agency"), f"gateway of {agency}",
                                            certificate=certificate, acting_for=acting_for)
        if acting_for == self._gateways[agency].acting_for:
            return self._gateways[agency]
        return Client(self.instance.server.address("agency"), f"gateway of {agency} for {acting_for}",
                      certificate=self.gateway_files(agency), acting_for=acting_for)

    def certificate_of(self, agency: str) -> str:
        """The certificate of the agency's system alone, without its issuers."""
        with open(self.gateway_files(agency)[0], encoding="ascii") as chain:
            text = chain.read()
        end = "-----END CERTIFICATE-----"
        return text[:text.index(end) + len(end)] + "\n"

    def gateway_files(self, agency: str) -> tuple[str, str]:
        folder = self.instance.folder / "pki" / "gateways"
        return str(folder / f"{agency}.pem"), str(folder / f"{agency}.key")

    # ------------------------------------------------------------ server

    def clients(self) -> list[Client]:
        people = [person for group in self._administrators.values() for person in group] + list(self._people.values())
        return [person.client for person in people if person.client] + list(self._gateways.values())

    def use(self, server) -> None:
        """From now on everybody calls this server (after a restart, or the other one of two)."""
        for client in self.clients():
            client.close()
            client.address = server.address("agency" if client.certificate else "browser")
