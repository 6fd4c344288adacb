"""Which pages are run, in which order and as whom, and which commands are not run, each with its reason."""
import dataclasses
import re
import typing

EXTRA = "(not on the page, needed between)"

# Pattern of the command, and why it is not run here. Their spelling is checked all the same (check_spelling.py).
NOT_RUN = (
    (r"^(sudo )?\./run (demo|test|stop|reset|bench|deps|build|doctor|clean)\b", "works on the checkout and the machine"),
    (r"^cmake\b", "builds"),
    (r"^export RASTRO_URL|^rastro sign-in --login|^rastro sign-in --server|^rastro (password|totp)$", "asks a person at a terminal"),
    (r"^rastro sign-out$", "ends a session that the other commands use"),
    (r"^rastro sign-in --profile gw|^rastro --profile gw ", "run by ./run demo itself, which checks the agency listener so"),
    (r"^rastro trace watch\b", "runs until the request is closed or Ctrl-C"),
    (r"--config (/etc/rastro/)?rastro\.toml", "needs a server's own settings; tests/api and ./run demo run it"),
    (r"^rastrod\b", "needs a server's own settings; tests/api and ./run demo run it"),
    (r"^rastro import seizures\.csv|^rastro catalogue import-makes", "the file is the reader's"),
    (r"^rastro certs publish .*/etc/", "writes where a server's settings point"),
    (r"^rastro (agency create|agency certificate enrol|user create|user decide|route set)\b",
     "done by deploy/demo/load.py through the interface, with other names"),
    (r"^rastro audit verify --export log\.ndjson", "the same stands in auditors.md with real files"),
)


def reason_not_to_run(command):
    if command.as_root:
        return "changes the machine"
    return next((reason for pattern, reason in NOT_RUN if re.search(pattern, command.text)), None)


@dataclasses.dataclass
class Page:
    # Commands of the page in the order in which they are run, each with the account; None: as they stand.
    order: typing.Callable | None = None
    # Part of a command -> exit code that is right for it.
    exit_codes: dict = dataclasses.field(default_factory=dict)


# docs/command-line.md tells both sides apart; in life they take turns.
_TURNS = (
    ("ana.xa", "rastro whoami"),
    ("ana.xa", "rastro trace submit --serial"),
    ("nina.xa", "+rastro trace approve XA-2026-7K3M9QD-4"),
    ("ana.xa", "rastro trace show"),
    ("bruno.xb", "rastro trace inbox"),
    ("bruno.xb", "rastro trace acknowledge"),
    ("berta.xb", "rastro trace assign"),
    ("bruno.xb", "rastro trace ask"),
    ("ana.xa", "rastro trace reply"),
    ("bruno.xb", "rastro trace answer"),
    ("berta.xb", "rastro trace approve-answer"),
    ("ana.xa", "rastro trace close"),
    *(("rita.xa", "rastro register " + act) for act in ("add", "list", "show", "confirm", "clear")),
    ("rita.xa", "echo '[{\"kind\""),
    *(("rita.xa", "rastro register import /tmp/records.json " + way) for way in ("--dry-run", "--summary")),
    ("bill.xb", "rastro user grants"),
    ("rita.xa", "rastro catalogue reviews"),
    ("olga.ov", "rastro audit export"),
    ("ana.xa", "rastro certs demo"),
    ("ana.xa", "rastro health"),
    ("ana.xa", "rastro completion"),
)


def _in_turns(listed):
    order, rest = [], list(listed)
    for login, beginning in _TURNS:
        if beginning.startswith("+"):
            order.append((login, beginning[1:]))
            continue
        for command in [one for one in rest if one.text.startswith(beginning)][:1]:
            rest.remove(command)
            order.append((login, command))
    return order


PAGES = {
    # Its last lines are for signing in by hand: here as the account that is signed in.
    "README.md": Page(order=lambda listed: [("ana.xa", command) for command in listed]),
    "docs/command-line.md": Page(order=_in_turns, exit_codes={"register import": 3}),
    "docs/auditors.md": Page(exit_codes={"--export /tmp/short.ndjson": 5, "--export /tmp/changed.ndjson": 5}),
    "docs/operators.md": Page(),
    "docs/api.md": Page(),
    "docs/linked-cases.md": Page(),
}
