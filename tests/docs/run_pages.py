"""Runs the commands of README and docs/ against a real server that holds the data of the demonstration, and compares
what they print with what the pages show. Needs the test cluster (./run in-cluster) and the harness of tests/api.

Commands are run as they stand, in a folder with a stand-in for ./run; only the number of the request and the place of
temporary files are put in. Which command is not run, and why, stands in pages.py.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT / "tests" / "api")]

from fences import commands  # noqa: E402
from harness import surroundings  # noqa: E402
from harness.instance import Instance  # noqa: E402
from pages import EXTRA, PAGES, reason_not_to_run  # noqa: E402

SAMPLE_NUMBER = "XA-2026-7K3M9QD-4"
SAMPLE_RECORD = "XA-2026-4TR8MHW-C"
# Ids of legs on the pages, and the agency that each asks.
SAMPLE_LEGS = {"01a213a9-71ab-7392-8356-dc3fc20d4535": "XB-TRACE-5", "01a213a9-71ab-7396-9ad5-fa49a622c1ae": "XC-TRACE-9"}
LEG_ROW = re.compile(r"^([0-9a-f-]{36})  (X[A-Z]-[A-Z0-9]+-[A-Z0-9])\b", re.MULTILINE)
READS = re.compile(r"^\S*(?:rastro|run as \S+) trace (?:inbox|show|status|list|timeline)\b[^|>;]*$")
NUMBER = re.compile(r"\bX[A-Z]-\d{4}-[0-9A-Z]{7}-[0-9A-Z]\b")
VOLATILE = ((re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "ID"),
            (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?"), "TIME"),
            (re.compile(r"entries read +\d+"), "entries read N"),
            (re.compile(r"\s+"), " "))
RUN = """#!/bin/sh
# Stands for ./run: the same command line, for the server of this test.
verb=$1; shift
case $verb in
    as) login=$1; shift; exec rastro --profile "$login" "$@" ;;
    # A code counts once, and the last one may have been used.
    code) sleep $((30 - $(date +%s) % 30)); exec python3 -B CODE ".demo/people/$1.totp" ;;
    *) echo "the stand-in does not do $verb" >&2; exit 2 ;;
esac
"""


def steady(line):
    for pattern, instead in VOLATILE:
        line = pattern.sub(instead, line)
    return line.strip()


class Stage:
    """The folder in which the commands run, and the environment that they see."""

    def __init__(self, instance):
        self.instance = instance
        self.folder = instance.folder / "stage"
        self.work = instance.folder / "demo"
        self.number, self.record, self.legs = None, None, {}
        for place in ("bin", ".demo", "build/release/client"):
            (self.folder / place).mkdir(parents=True)
        self.work.mkdir(mode=0o700)
        os.symlink(surroundings.rastro(), self.folder / "bin" / "rastro")
        os.symlink(surroundings.rastrod(), self.folder / "bin" / "rastrod")
        os.symlink(surroundings.rastro(), self.folder / "build/release/client/rastro")
        os.symlink(instance.folder / "pki", self.folder / ".demo" / "pki")
        os.symlink(self.work / "people", self.folder / ".demo" / "people")
        run = self.folder / "run"
        run.write_text(RUN.replace("CODE", str(ROOT / "deploy/demo/one_time_code.py")))
        run.chmod(0o755)
        self.url = f"https://localhost:{instance.server.ports['browser']}"
        self.environment = {**os.environ, "PATH": f"{self.folder}/bin:{os.environ['PATH']}", "RASTRO_URL": self.url,
                            "RASTRO_CA": str(instance.folder / "pki" / "ca.pem"), "LC_ALL": "C.UTF-8",
                            "XDG_CONFIG_HOME": str(self.work / "client"), "HOME": str(self.folder), "TMPDIR": str(self.folder)}

    def load(self):
        """The demonstration's data, by its own loader."""
        words = [sys.executable, ROOT / "deploy/demo/load.py", "--url", self.url, "--ca", self.environment["RASTRO_CA"],
                 "--rastro", surroundings.rastro(), "--config", self.instance.settings_file, "--owner-password",
                 self.instance.folder / "owner.password", "--pki", self.instance.folder / "pki", "--work", self.work]
        surroundings.run(words, env={"PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}, timeout=300)

    def place(self, text):
        text = text.replace("/tmp/", f"{self.folder}/").replace("https://localhost:8443", self.url)
        text = text.replace("https://localhost:8445", f"https://localhost:{self.instance.server.ports['operations']}")
        text = text.replace("https://localhost:8444", f"https://localhost:{self.instance.server.ports['agency']}")
        for sample, agency in SAMPLE_LEGS.items():
            text = text.replace(sample, self.legs.get(agency, sample))
        for sample, found in ((SAMPLE_NUMBER, self.number), (SAMPLE_RECORD, self.record)):
            text = text.replace(sample, found) if found else text
        return text

    def run(self, text, login=None):
        environment = {**self.environment, **({"RASTRO_PROFILE": login} if login else {})}
        done = subprocess.run(["bash", "-c", self.place(text)], cwd=self.folder, env=environment, capture_output=True,
                              text=True, timeout=120, check=False, stdin=subprocess.DEVNULL)
        if re.search(r"\btrace submit --|\bcase open ", text) and done.returncode == 0:
            self.number, self.legs = NUMBER.search(done.stdout).group(0), {}
        if re.search(r"\bregister add ", text) and done.returncode == 0:
            self.record = NUMBER.search(done.stdout).group(0)
        self.legs.update((agency, leg) for leg, agency in LEG_ROW.findall(done.stdout) if "trace inbox" not in text)
        return done


def difference(stage, shown, printed):
    """The first line of the page that the program did not print, in order; "..." stands for anything."""
    rest = [steady(line) for line in printed.splitlines()]
    for line in shown:
        wanted = steady(stage.place(line))
        if not wanted or wanted == "...":
            continue
        if wanted not in rest:
            return line
        rest = rest[rest.index(wanted) + 1:]
    return None


def run_page(stage, name, page):
    faults, ran = [], 0
    stage.number = None
    listed = commands(name, (ROOT / name).read_text(encoding="utf-8"))
    left = {str(command): command for command in listed if not reason_not_to_run(command)}
    order = page.order(list(left.values())) if page.order else [(None, command) for command in left.values()]
    for login, command in order:
        text, shown = (command, []) if isinstance(command, str) else (command.text, command.output)
        left.pop(str(command), None)
        expected = next((code for part, code in page.exit_codes.items() if part in text), 0)
        done = stage.run(text, login)
        ran += 1
        where = f"{name}: {EXTRA} {text}" if isinstance(command, str) else str(command)
        if os.environ.get("RASTRO_DOCS_SHOW"):
            print(f"$ {text}\n{done.stdout}{done.stderr}", flush=True)
        if done.returncode != expected:
            faults.append(f"{where}\n    exit {done.returncode}, expected {expected}\n    {done.stdout[-1500:]}{done.stderr[-1500:]}")
            continue
        missing = difference(stage, shown, done.stdout + done.stderr)
        # Delivery goes on in the background: who reads a page is slower than who runs it.
        patience = time.monotonic() + 20
        while missing is not None and READS.search(text) and time.monotonic() < patience:
            time.sleep(0.5)
            done = stage.run(text, login)
            missing = difference(stage, shown, done.stdout + done.stderr)
        if missing is not None:
            faults.append(f"{where}\n    the page shows: {missing}\n    the program printed:\n{done.stdout}{done.stderr}")
    faults += [f"{command}: is not run, and pages.py does not say why" for command in left]
    return ran, faults


def main():
    people = json.loads((ROOT / "deploy/demo/people.json").read_text(encoding="utf-8"))
    instance = Instance({"session.step_up": "5m"}, tuple(agency["agency"] for agency in people["agencies"]))
    faults, ran = [], 0
    try:
        instance.start()
        stage = Stage(instance)
        stage.load()
        for name, page in PAGES.items():
            count, found = run_page(stage, name, page)
            ran += count
            faults += found
    finally:
        instance.remove()
        shutil.rmtree(instance.folder, ignore_errors=True)
    print("\n".join(faults) if faults else f"{ran} commands did what the pages say")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
