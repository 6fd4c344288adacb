"""The tour of docs/command-line.md, command by command, with the real `rastro` against the real server: what is documented
is what is run here, and a command of the document that no test ran is a failure."""
import json
import os
import re
import secrets
import shlex
import subprocess
import threading
import time

import pytest

from harness import surroundings
from harness.codes import agency_code, totp
from harness.world import CONTACT_A, OPERATORS, OVERSIGHT, POLICE, TRACE_B, TRACE_C

DOCUMENT = surroundings.ROOT / "docs" / "command-line.md"
NUMBER = "XA-2026-7K3M9QD-4"  # the example of the document


def documented() -> list[list[str]]:
    """The commands of the document's code blocks, as a shell would split them."""
    text = DOCUMENT.read_text(encoding="utf-8")
    commands = []
    for kind, block in re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        for line in block.replace("\\\n", " ").splitlines():
            if kind == "console":
                line = line[2:] if line.startswith("$ ") else ""
            if line.startswith("rastro "):
                commands.append(shlex.split(line, comments=True))
    assert len(commands) > 30, commands
    return commands


def command_of(words: list[str]) -> str:
    """"trace submit" of a whole command line; the names of commands come from the program itself."""
    words = words[1:]
    while words and words[0] in ("--profile",):
        words = words[2:]
    known = known_commands()
    for length in (3, 2, 1):
        name = " ".join(words[:length])
        if name in known:
            return name
    raise AssertionError(f"the document names a command that does not exist: {words}")


def known_commands() -> set[str]:
    if not known_commands.found:
        def listed(*group):
            text = surroundings.run([surroundings.rastro(), *group, "--help"]).stdout
            return re.findall(r"^  ([a-z][a-z -]*[a-z])  +\S", text.split("Groups of commands")[0], re.M)

        for group in ((), ("trace",), ("agency",), ("agency", "certificate"), ("user",), ("route",), ("catalogue",), ("config",),
                      ("register",),
                      ("certs",), ("audit",)):
            known_commands.found |= set(listed(*group))
    return known_commands.found


known_commands.found = set()


def example_of(name: str, number: int = 0) -> list[str]:
    """The words of the document's example of a command, without the program's name."""
    return [words for words in documented() if command_of(words) == name][number][1:]


class Shell:
    """Somebody at a terminal with settings of their own."""

    ran: set[str] = set()

    def __init__(self, instance, name: str):
        self.instance, self.name = instance, name
        self.home = instance.folder / f"home-{name}"
        self.home.mkdir(mode=0o700)
        pki = instance.folder / "pki"
        self.env = {"XDG_CONFIG_HOME": str(self.home), "HOME": str(self.home), "LANG": "en_US.UTF-8", "RASTRO_CA": str(pki / "ca.pem"),
                    "RASTRO_URL": f"https://localhost:{instance.server.ports['browser']}"}

    def run(self, *words, expect: int = 0, input: str | None = None) -> subprocess.CompletedProcess:
        name = command_of(["rastro", *map(str, words)])
        done = surroundings.run([surroundings.rastro(), *words], env=self.env, expect=expect, input=input, timeout=120)
        Shell.ran.add(name)
        return done

    def json(self, *words):
        return json.loads(self.run(*words, "--json").stdout)

    def start(self, *words) -> subprocess.Popen:
        Shell.ran.add(command_of(["rastro", *map(str, words)]))
        return subprocess.Popen([str(word) for word in (surroundings.rastro(), *words)], env={**os.environ, **self.env},
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def sign_in(self, login: str, credentials) -> None:
        """First sign-in from the files that --credentials-dir wrote, and the change of the first password."""
        password, secret = credentials / f"{login}.password", credentials / f"{login}.totp"
        self.run("sign-in", "--login", login, "--password-file", password, "--totp-secret-file", secret, "--accept-notice")
        changed = self.home / "password"
        changed.touch(mode=0o600)
        changed.write_text(f"q7!{secrets.token_urlsafe(18)}\n")
        self.instance.personal.add(changed.read_text().strip())
        self.run("password", "--password-file", password, "--new-password-file", changed)


class Town:
    """Agencies and people, made with the command line as the document tells it."""

    def __init__(self, instance):
        self.instance = instance
        self.credentials = instance.folder / "first"
        self.shells: dict[str, Shell] = {}
        self._bootstrap(OPERATORS, "operators", "--kind", "administration")
        operator = self.shells["operators-1"]
        operator.run("agency", "create", POLICE, "--name", "Police", "--kind", "police")
        operator.run("agency", "create", CONTACT_A, "--name", "Contact", "--kind", "national_contact", "--national-contact", "yes",
                     "--route-source", "Decree 1")
        operator.run("agency", "create", OVERSIGHT, "--name", "Oversight", "--kind", "oversight")
        operator.run("agency", "create", TRACE_C, "--name", "Centre of XC", "--kind", "tracing_centre", "--route-source", "Decree 2")
        operator.run(*[TRACE_B if word == "XB-TRACE-H" else word for word in example_of("agency create")])
        operator.run(*[TRACE_B if word == "XB-TRACE-H" else word for word in example_of("route set")])
        for agency, name in ((POLICE, "police"), (CONTACT_A, "contact"), (TRACE_B, "trace"), (OVERSIGHT, "oversight")):
            self._bootstrap(agency, name)
        self._user("police", "ana.xa", "agency_user")
        self._user("police", "sofia.xa", "agency_supervisor")
        self._user("contact", "nora.xa", "national_contact")
        self._user("trace", "tomas.xb", "tracing_analyst")
        self._user("trace", "berta.xb", "agency_supervisor")
        self._user("trace", "rita.xb", "records_officer")
        self._user("oversight", "olga.xa", "auditor")

    def _bootstrap(self, agency: str, name: str, *options):
        words = ["bootstrap", "--config", self.instance.settings_file, "--owner-password-file", self.instance.folder / "owner.password",
                 "--agency", agency, "--name", name.title(), "--credentials-dir", self.credentials, *options]
        for number in (1, 2):
            words += ["--admin", f"admin{number}.{name}=Admin {number}"]
        Shell.ran.add("bootstrap")
        surroundings.run([surroundings.rastro(), *words])
        for number in (1, 2):
            shell = self.shells[f"{name}-{number}"] = Shell(self.instance, f"{name}-{number}")
            shell.sign_in(f"admin{number}.{name}", self.credentials)

    def _user(self, agency: str, login: str, role: str):
        first, second = self.shells[f"{agency}-1"], self.shells[f"{agency}-2"]
        first.run("user", "create", login, "--name", f"Name of {role}", "--role", role, "--credentials-dir", self.credentials)
        grants = second.json("user", "grants")["items"]
        grant = next(grant["grant_id"] for grant in grants if grant["login"] == login)
        second.run("user", "decide", grant, "accepted")
        self.shells[login] = Shell(self.instance, login)
        self.shells[login].sign_in(login, self.credentials)

    def __getitem__(self, login: str) -> Shell:
        return self.shells[login]


@pytest.fixture(scope="module")
def town(instance):
    return Town(instance)


@pytest.fixture(scope="module")
def submitted(town) -> str:
    """Number of the request that the document's own example sends."""
    return town["ana.xa"].json(*example_of("trace submit"))["number"]


def of_request(name: str, number: str, example: int = 0) -> list[str]:
    return [number if word == NUMBER else word for word in example_of(name, example)]


def test_who_am_i(town):
    told = town["ana.xa"].json("whoami")
    assert told["user"]["login"] == "ana.xa" and told["roles"] == ["agency_user"], told
    assert "ana.xa" in town["ana.xa"].run("whoami").stdout


def test_session_files_are_private_and_checked(town):
    shell = town["ana.xa"]
    place = shell.home / "rastro" / "session-default.json"
    assert place.stat().st_mode & 0o777 == 0o600, oct(place.stat().st_mode)
    place.chmod(0o644)
    assert "chmod 600" in shell.run("whoami", expect=6).stderr
    place.chmod(0o600)
    shell.run("whoami")


def wait_for_inbox(shell: Shell, number: str) -> str:
    until = time.monotonic() + 20
    while True:
        found = [leg for leg in shell.json("trace", "inbox")["items"] if leg["number"] == number]
        if found and found[0]["state"] != "ROUTED":
            return found[0]["leg_id"]
        assert time.monotonic() < until, f"{number} did not come to the inbox: {found}"
        time.sleep(0.1)


class Told:
    """What a running command tells, as it tells it."""

    def __init__(self, process):
        self.process = process
        self.lines: list[str] = []
        self.thread = threading.Thread(target=lambda: self.lines.extend(iter(process.stdout.readline, "")), daemon=True)
        self.thread.start()

    def wait_for(self, word: str) -> None:
        until = time.monotonic() + 60
        while not any(word in line for line in self.lines):
            assert time.monotonic() < until and self.thread.is_alive(), f"{word} was not told: {self.lines}"
            time.sleep(0.05)

    def end(self) -> None:
        errors = self.process.stderr.read()
        assert self.process.wait(timeout=60) == 0, errors
        self.thread.join()


def test_a_trace_from_both_sides(town, submitted):
    ana, nora, tomas, berta = (town[name] for name in ("ana.xa", "nora.xa", "tomas.xb", "berta.xb"))
    shown = ana.run(*of_request("trace show", submitted)).stdout
    assert submitted in shown and "AB123456" in shown, shown
    watching = Told(ana.start(*of_request("trace watch", submitted)))
    nora.run("trace", "approve", submitted)
    wait_for_inbox(tomas, submitted)
    assert submitted in tomas.run(*example_of("trace inbox", 1)).stdout
    tomas.run(*of_request("trace acknowledge", submitted))
    analyst = tomas.json("whoami")["id"]
    berta.run("trace", "assign", submitted, "--to", analyst)
    watching.wait_for("SEARCHING")
    tomas.run(*of_request("trace ask", submitted))
    watching.wait_for("CLARIFICATION_REQUESTED")
    ana.run(*of_request("trace reply", submitted))
    tomas.run(*of_request("trace answer", submitted))
    berta.run(*of_request("trace approve-answer", submitted))
    watching.wait_for("ANSWERED")
    answered = ana.json("trace", "show", submitted)
    assert answered["state"] == "ANSWERED" and answered["outcome_code"] == "purchaser_identified", answered
    leg = ana.run("trace", "leg", answered["legs"][0]["leg_id"]).stdout
    assert "J. Example" in leg and "Port Sports" in leg, leg
    ana.run(*of_request("trace close", submitted))
    watching.wait_for("CLOSED")
    watching.end()


def test_json_is_unchanged_and_refusals_are_problems(town, submitted):
    ana = town["ana.xa"]
    assert ana.json("trace", "show", submitted)["number"] == submitted
    refused = ana.run("trace", "close", submitted, "--outcome", "too_old", "--json", expect=1)
    assert json.loads(refused.stderr)["code"] == "transition-not-allowed" and not refused.stdout, refused
    missing = ana.run("trace", "show", "XA-2026-0000000-0", expect=1)
    assert missing.stderr and not missing.stdout, missing
    ana.run("trace", "list", "--state", expect=2)


def test_list_of_all_pages(town, submitted):
    ana = town["ana.xa"]
    for _ in range(3):
        ana.run("trace", "draft", "--serial", f"DR{secrets.randbelow(10**6)}", "--make", "North Arms")
    everything = ana.json("trace", "list", "--all", "--limit", "2")["items"]
    assert len(everything) >= 4 and submitted in {item["number"] for item in everything}, everything
    one = ana.json("trace", "list", "--limit", "2")["items"]
    assert len(one) == 2, one


def test_draft_changed_sent_and_described(town):
    ana, nora = town["ana.xa"], town["nora.xa"]
    complete = example_of("trace submit")[2:]
    number = ana.json("trace", "draft", *complete)["number"]
    ana.run("trace", "change", number, "--model", "N18")
    ana.run("trace", "submit", number)
    nora.run("trace", "return", number, "--reason", "Say more")
    ana.run("trace", "change", number, "--circumstances", "At the port")
    ana.run("trace", "submit", number)
    nora.run("trace", "approve", number)
    before = ana.json("trace", "show", number)["description_version"]
    ana.run("trace", "describe", number, "--serial", "AB123457", "--serial-condition", "clear", "--make", "North Arms", "--type",
            "pistol", "--calibre", "9x19", "--model", "N19", "--origin-country", "XC", "--importer-mark-absent")
    assert ana.json("trace", "show", number)["description_version"] == before + 1


def test_request_from_a_file_and_from_standard_input(town):
    ana = town["ana.xa"]
    number = ana.json(*example_of("trace submit"))["number"]
    content = ana.json("trace", "show", number)["content"]
    content["firearm"]["serial_raw"] = "FILE001"
    again = json.loads(ana.run("trace", "draft", "--file", "-", "--json", input=json.dumps(content)).stdout)
    assert again["state"] == "DRAFT" and again["content"]["firearm"]["serial_raw"] == "FILE001", again


SHEET = """row,manufacturer,calibre,model,serial_number,type,subtype,purchase_country,purchase_state,purchase_date,recovery_date_mexico,recovery_area_mexico,recovery_date_us,recovery_city_us
1,BARRETT FIREARMS MFG CO,0.5,82A1,AA006768,Rifle,Sniper,US,WI,2/20/2018,,,,
2,Zzyzx Works,9mm,Z1,N/A,Pistol,,,,,,,,
"""


def test_spreadsheet_row_by_row_and_again(town):
    ana = town["ana.xa"]
    place = ana.home / "seizures.csv"
    place.write_text(SHEET)
    sheet = [str(place) if word == "seizures.csv" else word for word in example_of("import", 0)]
    assert "2" in ana.run(*sheet).stdout
    first = ana.run("import", place, "--json").stdout.splitlines()
    rows = [json.loads(line) for line in first]
    assert [row["line"] for row in rows] == [2, 3] and {row["result"] for row in rows} <= {"draft", "submitted"}, rows
    again = [json.loads(line) for line in ana.run("import", place, "--json").stdout.splitlines()]
    assert [row["case_id"] for row in again] == [row["case_id"] for row in rows], (rows, again)
    reviews = town["rita.xb"].run(*example_of("catalogue reviews")).stdout
    assert reviews is not None
    makes = ana.home / "makes.csv"
    makes.write_text("code,name\nZZY,Zzyzx Works\n")
    admin = town["police-1"]
    admin.run(*[str(makes) if word == "makes.csv" else word for word in example_of("catalogue import-makes")])


def test_register_one_and_many(town):
    rita = town["rita.xb"]
    remarks = ("--remarks", "Not in the catalogue")
    told = rita.json(*example_of("register add"), *remarks)
    number = told["number"]
    assert told["state"] == "ACTIVE" and told["firearm"]["serial_raw"] == "NA7712043", told
    assert number in rita.run("register", "add", *example_of("register add")[2:], *remarks, expect=1).stderr
    assert number in rita.run(*example_of("register list")).stdout
    for name in ("register show", "register confirm"):
        assert rita.json(*example_of(name)[:2], number)["number"] == number
    assert rita.json("register", "show", told["record_id"])["version"] == 2
    cleared = rita.json(*[number if word.startswith("XA-2026-") else word for word in example_of("register clear")])
    assert cleared["state"] == "CLEARED" and cleared["clear_reason"] == "recovered", cleared
    assert "has no record" in rita.run("register", "show", "XA-2026-0000000-0", expect=1).stderr
    rita.run("register", "clear", number, "--reason", "bored", expect=2)
    good = {"kind": "lost", "firearm": {"serial_raw": "NA7712050", "make_text": "North Arms", "type_code": "pistol",
                                        "calibre_text": "9x19", "remarks": "-"},
            "event_on": "2026-04-02", "agency_case_no": "REG-13", "purpose": "investigation", "legal_basis": "Act",
            "handling_code": "H1"}
    rows = [good, {**good, "event_on": "soon"}, *({**good, "firearm": {**good["firearm"], "serial_raw": f"NA88{n:05d}"}}
                                                   for n in range(600))]
    place = rita.home / "records.ndjson"
    place.write_text("\n".join(json.dumps(row) for row in rows) + "\n")
    assert "nothing was entered" in rita.run("register", "import", place, "--dry-run", "--summary", expect=3).stdout
    results = [json.loads(line) for line in rita.run("register", "import", place, "--json", expect=3).stdout.splitlines()]
    assert [row["row"] for row in results] == list(range(602)) and results[1]["errors"][0]["pointer"] == "/event_on", results[:3]
    assert {row["result"] for row in results} == {"entered", "rejected"}
    array = rita.home / "records.json"
    array.write_text(json.dumps(rows[:2]))
    again = rita.run("register", "import", array, expect=3).stdout
    assert "duplicate" in again and "event_on" in again, again


def test_agency_system_with_its_certificate(town, instance):
    admin = town["trace-1"]
    pki = instance.folder / "pki" / "gateways"
    words = {"XB-TRACE-H": TRACE_B, "gw1.pem": str(pki / f"{TRACE_B}.pem")}
    admin.run(*[words.get(word, word) for word in example_of("agency certificate enrol")])
    gateway = Shell(instance, "gateway")
    del gateway.env["RASTRO_URL"]
    words = {"https://localhost:8444": f"https://localhost:{instance.server.ports['agency']}", "ca.pem": gateway.env["RASTRO_CA"],
             "gw1.pem": str(pki / f"{TRACE_B}.pem"), "gw1.key": str(pki / f"{TRACE_B}.key")}
    gateway.run(*[words.get(word, word) for word in example_of("sign-in", 1)])
    gateway.run(*example_of("trace inbox", 0))
    told = json.loads(gateway.run("--profile", "gw", "whoami", "--json").stdout)
    assert told["kind"] == "gateway" and told["acting_for"] == "officer-17", told


def test_on_the_servers_machine(town, instance):
    words = {"rastro.toml": str(instance.settings_file), "owner.password": str(instance.folder / "owner.password")}
    shell = town["operators-1"]
    for name in ("config check", "migrate"):
        shell.run(*[words.get(word, word) for word in example_of(name)])
    repeated = surroundings.run([surroundings.rastro(), "bootstrap", "--config", instance.settings_file, "--owner-password-file",
                                 instance.folder / "owner.password", "--agency", OPERATORS, "--name", "Operators", "--admin",
                                 "admin1.operators=A", "--admin", "admin2.operators=B"])
    assert "nobody got new credentials" in repeated.stdout + repeated.stderr, repeated
    shell.run("certs", "demo", shell.home / "pki", "--agency", agency_code("XA", "POLNAC"))
    shell.run("health")
    wrong = shell.run("config", "check", "--config", instance.settings_file, "--set", "session.idle=soon", expect=None)
    assert wrong.returncode != 0 and "session.idle" in wrong.stdout + wrong.stderr, wrong


def test_audit_export_and_verification(town, instance):
    auditor = town["olga.xa"]
    key = (instance.folder / "pki" / "checkpoint.vkey").read_text().strip()
    place = auditor.home / "log.ndjson"
    auditor.run(*[str(place) if word == "log.ndjson" else word for word in example_of("audit export")])
    good = auditor.run("audit", "verify", "--export", place, "--vkey", key)
    assert "GOOD" in good.stdout, good.stdout
    lines = place.read_text().splitlines()
    place.write_text("\n".join([*lines[:5], lines[6], lines[5], *lines[7:]]) + "\n")
    bad = auditor.run("audit", "verify", "--export", place, "--vkey", key, expect=5)
    assert "BAD" in bad.stdout, bad.stdout
    town["ana.xa"].run("audit", "export", town["ana.xa"].home / "none.ndjson", expect=1)


def test_unreachable_server_is_exit_code_4(instance, town):
    shell = Shell(instance, "lost")
    shell.env["RASTRO_URL"] = "https://localhost:1"
    shell.run("health", expect=4)


def test_completion_for_three_shells(town):
    for shell in ("bash", "zsh", "fish"):
        assert "trace" in town["ana.xa"].run("completion", shell).stdout


def test_new_secret_for_one_time_codes(town):
    shell = town["sofia.xa"]
    made = shell.json("totp")
    shell.run("totp-confirm", totp(made["secret"]))


def test_signing_out_ends_the_session(town):
    shell = town["nora.xa"]
    shell.run("sign-out")
    assert shell.run("whoami", expect=None).returncode != 0


def test_every_command_of_the_document_was_run():
    missing = {command_of(words) for words in documented()} - Shell.ran
    assert not missing, f"documented, yet run by no test: {sorted(missing)}"
