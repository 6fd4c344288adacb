"""Agencies, their people and systems, made through the interface as administrators would.

The first two administrators of an agency cannot come from the interface, because nobody could have let them in:
`rastro bootstrap` makes them, as the owner of the database. Everything else is calls.
"""
import hashlib
import json
import os
import re
import secrets
import ssl
import subprocess

from interface import Refused

END = "-----END CERTIFICATE-----"
# For one passphrase that is different in each demonstration; no word says what this is about.
WORDS = ("amber", "basin", "cedar", "copper", "dune", "ember", "fjord", "ginger", "hazel", "indigo", "juniper",
         "lagoon", "maple", "nectar", "orchid", "pebble", "quartz", "ripple", "saffron", "timber", "velvet", "willow")


def common_password():
    """Words and a number. Across their joints no name may stand: hazel and saffron are no password of an Elsa
    (cases/password_rules), and this one is for everybody."""
    with open(os.path.join(os.path.dirname(__file__), "people.json"), encoding="utf-8") as file:
        names = set(re.findall(r"[a-z]{3,}", file.read().lower()))
    while True:
        words = secrets.SystemRandom().sample(WORDS, 3)
        if not any(name in "".join(words) for name in names):
            return "-".join(words) + f"-{secrets.randbelow(9000) + 1000}"


def write_secret(path, text):
    descriptor = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(path + ".new", path)


class Accounts:
    def __init__(self, settings, api):
        self._settings, self._api = settings, api
        self._folder = settings.credentials
        self._tokens, self._ids = {}, {}
        os.makedirs(self._folder, mode=0o700, exist_ok=True)
        self._common = os.path.join(self._folder, "common.password")
        if not os.path.exists(self._common):
            write_secret(self._common, common_password() + "\n")

    def file_of(self, login, kind):
        return os.path.join(self._folder, f"{login}.{kind}")

    def password(self):
        with open(self._common, encoding="utf-8") as file:
            return file.read().strip()

    def _rastro(self, login, *words):
        done = subprocess.run([self._settings.rastro, *words, "--profile", login, "--json"], capture_output=True,
                              text=True, check=False, stdin=subprocess.DEVNULL, env=self._settings.environment())
        if done.returncode != 0:
            raise SystemExit(f"rastro {words[0]} of {login} failed: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def sign_in(self, login):
        """Signs in with the command line, which keeps the session for `./run as`; changes a first password."""
        said = self._rastro(login, "sign-in", "--login", login, "--server", self._settings.url, "--ca",
                            self._settings.ca, "--password-file", self.file_of(login, "password"),
                            "--totp-secret-file", self.file_of(login, "totp"), "--accept-notice")
        session = json.loads(said)
        self._tokens[login] = session["token"]
        if session.get("must_change_password"):
            self._rastro(login, "password", "--new-password-file", self._common)
            write_secret(self.file_of(login, "password"), self.password() + "\n")
        return session["token"]

    def token(self, login):
        return self._tokens.get(login) or self.sign_in(login)

    def call(self, login, method, target, **more):
        """As that person; confirms who they are again where the server asks for it."""
        try:
            return self._api.call(method, target, self.token(login), **more)
        except Refused as refused:
            if refused.code != "step-up-required" and refused.status != 401:
                raise
            return self._api.call(method, target, self.sign_in(login), **more)

    def user_id(self, login):
        if login not in self._ids:
            me, _ = self.call(login, "GET", "/v1/me")
            self._ids[login] = me["user"]["user_id"]
        return self._ids[login]

    # ------------------------------------------------------------ agencies

    def bootstrap(self, agency):
        """The first two administrators; safe to repeat."""
        words = [self._settings.rastro, "bootstrap", "--config", self._settings.config, "--owner-password-file",
                 self._settings.owner_password, "--agency", agency["agency"], "--name", agency["name"], "--kind",
                 agency["kind"], "--credentials-dir", self._folder]
        for admin in agency["admins"]:
            words += ["--admin", f"{admin['login']}={admin['name']}"]
        done = subprocess.run(words, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise SystemExit(f"bootstrap of {agency['agency']} failed: {done.stderr.strip()}")

    def register(self, agency, operator):
        body = {name: agency[name] for name in ("agency", "name", "kind", "national_contact", "time_zone",
                                                "endpoint_kind", "contact_phone", "route") if name in agency}
        try:
            self.call(operator, "GET", f"/v1/agencies/{agency['agency']}")
        except Refused as refused:
            if refused.status != 404:
                raise
            self.call(operator, "POST", "/v1/agencies", body=body, key="demo-agency-" + agency["agency"])
        self.bootstrap(agency)

    def add_people(self, agency):
        """One administrator proposes people and roles, the other accepts: nobody can do both."""
        first, second = (admin["login"] for admin in agency["admins"])
        there, _ = self.call(first, "GET", "/v1/users?limit=200")
        known = {user["login"]: user for user in there["items"]}
        for person in agency["people"]:
            if os.path.exists(self.file_of(person["login"], "totp")):
                continue
            if person["login"] in known:  # made by a run that was ended before it kept the credentials
                made, _ = self.call(second, "POST", f"/v1/users/{known[person['login']]['user_id']}/credential-reset",
                                    body=None, key="demo-reset-" + secrets.token_hex(8))
            else:
                body = {"login": person["login"], "display_name": person["name"], "language": person["language"],
                        "propose_roles": person["roles"]}
                made, _ = self.call(first, "POST", "/v1/users", body=body, key="demo-user-" + person["login"])
            write_secret(self.file_of(person["login"], "password"), made["first_password"] + "\n")
            write_secret(self.file_of(person["login"], "totp"), made["totp"]["secret"] + "\n")
        grants, _ = self.call(second, "GET", "/v1/role-grants")
        for grant in grants["items"]:
            self.call(second, "POST", f"/v1/role-grants/{grant['grant_id']}/decision", body={"decision": "accepted"},
                      key="demo-grant-" + grant["grant_id"])

    def enrol_gateway(self, agency):
        """The certificate of the agency's own system."""
        if "gateway_roles" not in agency:
            return
        code, admin = agency["agency"], agency["admins"][0]["login"]
        enrolled, _ = self.call(admin, "GET", f"/v1/agencies/{code}/certificates")
        with open(self._settings.gateway(code), encoding="ascii") as file:
            pem = file.read()
        leaf = pem[:pem.index(END) + len(END)] + "\n"
        print_of = hashlib.sha256(ssl.PEM_cert_to_DER_cert(leaf)).hexdigest()
        if any(row["sha256"] == print_of and "revoked_at" not in row for row in enrolled["items"]):
            return
        self.call(admin, "POST", f"/v1/agencies/{code}/certificates",
                  body={"certificate_pem": leaf, "roles": agency["gateway_roles"]}, key=f"demo-gw-{print_of[:32]}")

    def list_for_page(self, people):
        """What GET /v1/demo/accounts tells: the sign-in page of the demonstration offers these."""
        def row(person, agency, roles):
            with open(self.file_of(person["login"], "totp"), encoding="utf-8") as file:
                secret = file.read().strip()
            return {"login": person["login"], "display_name": person["name"], "agency": agency["agency"],
                    "agency_name": agency["name"], "roles": roles, "totp_secret": secret}
        agencies = [people["operators"], *people["agencies"]]
        return {"password": self.password(),
                "items": [row(p, agency, p["roles"]) for agency in agencies for p in agency.get("people", [])] +
                         [row(p, agency, ["system_admin"]) for agency in agencies for p in agency["admins"]]}

    def list_text(self, people):
        """What ./run accounts prints."""
        rows = [("LOGIN", "AGENCY", "ROLES", "NAME")]
        for agency in [people["operators"], *people["agencies"]]:
            rows += [(p["login"], agency["agency"], ", ".join(p["roles"]), p["name"]) for p in agency.get("people", [])]
        for agency in [people["operators"], *people["agencies"]]:
            rows += [(p["login"], agency["agency"], "system_admin", p["name"]) for p in agency["admins"]]
        widths = [max(len(row[i]) for row in rows) for i in range(3)]
        lines = ["  ".join([*(row[i].ljust(widths[i]) for i in range(3)), row[3]]).rstrip() for row in rows]
        return "\n".join([f"Password of every account:  {self.password()}",
                          "One-time code:              ./run code LOGIN   (a code counts once)", "", *lines]) + "\n"
