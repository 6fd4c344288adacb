"""One running rastrod with a database, certificates and settings of its own; nothing is left behind."""
import ctypes
import json
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

from . import surroundings
from .client import Address, Client
from .database import Database

ORIGIN = "test.example/audit"
LISTENERS = ("browser", "agency", "operations")
READY_WITHIN = 60
DEFAULTS = {
    "session.step_up": "1h",          # most tests sign in once; test_sign_in sets a short one
    "password.memory_kib": 64, "password.iterations": 1, "password.hash_threads": 2,
    "limits.per_address": "off", "limits.per_actor": "off", "limits.sign_in_per_address": "off",
    "jobs.integrate_interval": "50ms", "jobs.timer_interval": "50ms", "jobs.outbox_interval": "20ms",
    "audit.origin": ORIGIN, "log.level": "debug", "server.drain": "20s", "pool.workers": 4,
}


_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def end_with_parent() -> None:
    """No server outlives a test run that was killed."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Server:
    """A process of rastrod."""

    def __init__(self, instance: "Instance", name: str, settings: dict):
        self.instance, self.name = instance, name
        self.log = instance.folder / f"{name}.log"
        self.errors = instance.folder / f"{name}.err"
        self.ports: dict[str, int] = {}
        words = [surroundings.rastrod(), "--config", instance.settings_file, "--set", f"server.id={name}"]
        for key, value in settings.items():
            words += ["--set", f"{key}={value}"]
        self._output = open(self.log, "ab")
        self._errors = open(self.errors, "ab")
        self.process = subprocess.Popen([str(word) for word in words], stdout=self._output, stderr=self._errors,
                                        preexec_fn=end_with_parent)
        self._wait_until_ready()

    def _told(self) -> str:
        return f"{self.name} log: {self.log.read_text()[-4000:]}\nerrors: {self.errors.read_text()[-4000:]}"

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise AssertionError(f"rastrod ended with {self.process.returncode} before it was ready\n{self._told()}")
            self._read_ports()
            if len(self.ports) == len(LISTENERS) and self._ready():
                return
            time.sleep(0.02)
        self.kill()
        raise AssertionError(f"rastrod was not ready within {READY_WITHIN} s\n{self._told()}")

    def _read_ports(self) -> None:
        for line in self.log.read_text().splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue  # the last line may still be being written
            if entry.get("event") == "listening" and entry.get("pid") == self.process.pid:
                self.ports[entry["kind"]] = entry["port"]

    def _ready(self) -> bool:
        probe = Client(self.address("operations"), "probe", timeout=5)
        try:
            return probe.get("/readyz").status == 200
        except OSError:
            return False
        finally:
            probe.close()

    def address(self, kind: str) -> Address:
        return Address(self.ports[kind], str(self.instance.folder / "pki" / "ca.pem"), self.instance.note_reply)

    def resident_kib(self) -> int:
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))

    def check_growth(self, before_kib: int, most_kib: int) -> None:
        grown = self.resident_kib() - before_kib
        assert grown < most_kib, f"grown by {grown} KiB, at most {most_kib} KiB are allowed"

    def stop(self) -> None:
        """SIGTERM: everything that runs is finished, then exit 0; no finding of a sanitizer on the way."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=40)
        self._close()
        assert code == 0, f"rastrod ended with {code} after SIGTERM\n{self._told()}"

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=20)
        self._close()

    def _close(self) -> None:
        self._output.close()
        self._errors.close()

    def entries(self) -> list[dict]:
        """The log; every line is one JSON object."""
        entries = []
        for line in self.log.read_text().splitlines():
            try:
                entries.append(json.loads(line))
            except ValueError as fault:
                raise AssertionError(f"a line of the log is no JSON object: {line}") from fault
        return entries


class Instance:
    def __init__(self, settings: dict | None = None, agencies: tuple[str, ...] = ()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="api-", dir=surroundings.work_folder()))
        self.settings = {**DEFAULTS, **(settings or {})}
        self.servers: list[Server] = []
        self.replies: list = []          # every reply of every client, for the audit and OpenAPI checks
        self.reply_checks: list = []     # functions of one reply
        self.openapi = None              # what holds replies against the interface's document
        self.mismatches: list[str] = []
        self.personal: set[str] = set()  # what must never be in a log
        self.database = None
        try:
            self.database = Database()
            self._make_certificates(agencies)
            self._write_settings()
            self.owner_tool("migrate")
        except BaseException:
            self.remove()
            raise

    # ------------------------------------------------------------ making

    def _make_certificates(self, agencies: tuple[str, ...]) -> None:
        words = [surroundings.rastro(), "certs", "demo", self.folder / "pki", "--origin", ORIGIN]
        for country in ("XA", "XB", "XC"):
            words += ["--country", country]
        for agency in agencies:
            words += ["--agency", agency]
        surroundings.run(words)

    def _write_settings(self) -> None:
        cluster = surroundings.cluster()
        for role in ("app", "owner"):
            secret = self.folder / f"{role}.password"
            secret.touch(mode=0o600)
            secret.write_text(cluster[f"{role}_password"] + "\n")
        pki = self.folder / "pki"
        sections: dict[str, dict] = {
            "tls": {"certificate": pki / "server.pem", "key": pki / "server.key", "client_ca": pki / "clients.pem",
                    "crl": [str(pki / "crl")], "crl_reload": "1s"},
            "database": {"host": self.database.host, "port": int(self.database.port), "name": self.database.name,
                         "user": "rastro_app", "password_file": self.folder / "app.password", "sslmode": "disable"},
            "audit": {"signing_key": pki / "checkpoint.key", "signer_state": pki / "signer.state"},
            "cases": {"blind_key": pki / "blind.key"},
        }
        for key, value in self.settings.items():
            section, name = key.split(".")
            sections.setdefault(section, {})[name] = value
        lines = []
        for kind in LISTENERS:
            lines += ["[[listeners]]", 'address = "127.0.0.1"', "port = 0", f'kind = "{kind}"',
                      'hosts = ["localhost", "127.0.0.1"]', ""]
        for section, values in sections.items():
            lines.append(f"[{section}]")
            lines += [f"{name} = {self._toml(value)}" for name, value in values.items()]
            lines.append("")
        self.settings_file = self.folder / "rastro.toml"
        self.settings_file.write_text("\n".join(lines))

    @staticmethod
    def _toml(value) -> str:
        return json.dumps(value if isinstance(value, (int, bool, list)) else str(value))

    def owner_tool(self, *words: str) -> subprocess.CompletedProcess:
        """A command of `rastro` that works on the database as its owner."""
        return surroundings.run([surroundings.rastro(), *words, "--config", self.settings_file, "--owner-password-file",
                                 self.folder / "owner.password"])

    # ------------------------------------------------------------ running

    def start(self, name: str = "test-1", settings: dict | None = None, aside: bool = False) -> Server:
        """`aside`: for a few calls that name it; `self.server` stays what it is."""
        server = Server(self, name, settings or {})
        self.servers.insert(0 if aside else len(self.servers), server)
        return server

    @property
    def server(self) -> Server:
        return self.servers[-1]

    def note_reply(self, reply) -> None:
        if reply.path.startswith(("/readyz", "/livez")):
            return
        self.replies.append(reply)
        for check in self.reply_checks:
            check(reply)

    def anonymous(self, kind: str = "browser", server: Server | None = None) -> Client:
        return Client((server or self.server).address(kind), "nobody")

    # ------------------------------------------------------------ ending

    def check_logs(self) -> None:
        for server in self.servers:
            for entry in server.entries():
                text = json.dumps(entry, ensure_ascii=False)
                shown = [secret for secret in self.personal if secret in text]
                assert not shown, f"the log of {server.name} holds personal data {shown}: {text}"

    def stop(self) -> None:
        """Stops what still runs in order, looks at the logs, and removes everything."""
        try:
            for server in self.servers:
                if server.process.returncode is None:
                    server.stop()
            self.check_logs()
        finally:
            self.remove()

    def remove(self) -> None:
        for server in self.servers:
            if server.process.returncode is None:
                server.kill()
        if self.database is not None:
            self.database.drop()
        shutil.rmtree(self.folder, ignore_errors=True)
