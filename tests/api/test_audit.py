"""The history that nobody can rewrite unseen: every call leaves its record, an export verifies without the server, and
whatever is changed in it or in the database, the verifier names the first bad entry."""
import base64
import json
import time
import uuid

import pytest

from harness import merkle, surroundings
from harness.instance import ORIGIN
from harness.world import OVERSIGHT, POLICE, TRACE_B, TRACE_C

COVERED_WITHIN = 20


@pytest.fixture(scope="module")
def auditor(world):
    return world.user(OVERSIGHT, "auditor")


@pytest.fixture(scope="module")
def key(instance) -> str:
    return (instance.folder / "pki" / "checkpoint.vkey").read_text().strip()


@pytest.fixture(scope="module")
def busy(cast, auditor):
    """A few dozen records, the last of which is in a signed checkpoint."""
    trace = cast.answered()
    for _ in range(5):
        cast.trace()
    last = cast.officer.get(trace.path).expect(200)
    wait_until_covered(cast.officer, last.event_id)
    return trace


def checkpoint(instance, key) -> merkle.Checkpoint:
    anonymous = instance.anonymous()
    note = anonymous.get("/audit/checkpoint").expect(200).text
    anonymous.close()
    return merkle.Checkpoint(note, key)


def wait_until_covered(client, event_id: str):
    until = time.monotonic() + COVERED_WITHIN
    while True:
        reply = client.get(f"/v1/audit/entries/{event_id}/proof")
        if reply.status == 200:
            return reply
        reply.expect(409, "conflict")
        assert time.monotonic() < until, f"not in a checkpoint within {COVERED_WITHIN} s\n{reply.story()}"
        time.sleep(0.05)


def export(auditor) -> list[str]:
    return auditor.get("/v1/audit/export").expect(200).text.splitlines()


def verify(instance, key, lines: list[str], *, program: str = "rastro", checkpoints=()) -> dict:
    """What the verifier says of these lines of an export."""
    file = instance.folder / f"export-{uuid.uuid4().hex[:8]}.ndjson"
    file.write_text("\n".join(lines) + "\n")
    words = ([surroundings.rastro(), "audit", "verify"] if program == "rastro" else [surroundings.audit_verify()])
    words += ["--export", file, "--vkey", key, "--json"]
    for note in checkpoints:
        place = instance.folder / f"checkpoint-{uuid.uuid4().hex[:8]}"
        place.write_text(note)
        words += ["--checkpoint", place]
    done = surroundings.run(words, expect=None)
    assert done.stdout.startswith("{"), f"{words}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    report = json.loads(done.stdout)
    good = {"rastro": 0, "rastro-audit-verify": 0}[program]
    bad = {"rastro": 5, "rastro-audit-verify": 1}[program]
    assert done.returncode == (good if report["good"] else bad), f"exit {done.returncode}: {report}"
    return report


def expect_first_bad(report: dict, index: int) -> None:
    """Entries at and after the first bad one may be named; none before it."""
    assert not report["good"] and report["faults"], report
    first = report["faults"][0]
    assert first["first"] <= index <= first["last"], f"expected entry {index}, named: {report['faults'][:3]}"
    if first["exact"]:
        assert first["first"] == index, f"expected entry {index} exactly, named: {report['faults'][:3]}"


# ---------------------------------------------------------------- an honest log

@pytest.mark.parametrize("program", ["rastro", "rastro-audit-verify"])
def test_export_verifies_without_the_server(instance, auditor, busy, key, program):
    lines = export(auditor)
    report = verify(instance, key, lines, program=program)
    assert report["good"] and report["entries"] == len(lines) - 1, report
    signed = merkle.Checkpoint(json.loads(lines[0])["checkpoint"], key)
    hashes = [merkle.leaf_hash(base64.b64decode(json.loads(line)["leaf"])) for line in lines[1:]]
    assert merkle.root(hashes) == signed.root and signed.origin == ORIGIN, report


def test_proof_of_the_record_that_a_reply_named(cast, busy, key):
    reply = cast.officer.get(busy.path).expect(200)
    proof = merkle.ProofFile(wait_until_covered(cast.officer, reply.event_id).text, key)
    leaf = json.loads(proof.leaf)
    assert leaf["event_id"] == reply.event_id and leaf["action"] == "trace_request.read", leaf
    assert leaf["object_id"] == busy.case_id and leaf["outcome"] == "ok" and leaf["agency"] == POLICE, leaf
    assert leaf["bytes_out"] == len(reply.data), leaf


def test_records_hold_no_names_serial_numbers_or_free_text(instance, busy):
    leaves = instance.database.rows("select convert_from(leaf, 'UTF8') as leaf from rastro.audit_leaf")
    forbidden = busy.personal | {"Search of a vehicle", "North Arms", "Comprador"}
    for row in leaves:
        shown = [text for text in forbidden if text in row["leaf"]]
        assert not shown, f"{shown} in {row['leaf']}"


def test_refusals_and_failed_sign_ins_leave_records(cast, world, instance, busy):
    stranger = world.user(TRACE_C, "tracing_analyst")
    refused = stranger.get(busy.path).expect(404, "not-found")
    forbidden = cast.analyst().post(f"/v1/answers/{uuid.uuid4()}/approval", {"decision": "accepted"})
    anonymous = instance.anonymous()
    failed = anonymous.post("/v1/sessions", {"login": "nobody.at.all", "password": "wrong", "totp": "000000",
                                             "accept_use_banner": True}).expect(401, "sign-in-failed")
    for reply, action, reason in ((refused, "trace_request.read", "no_relation"), (forbidden, "answer.approve", None),
                                  (failed, "session.sign_in", "unknown_account")):
        assert reply.event_id, f"no record named\n{reply.story()}"
        leaf = instance.database.rows("select convert_from(leaf, 'UTF8')::json as leaf from rastro.audit_leaf where event_id = "
                                      f"'{reply.event_id}'")[0]["leaf"]
        assert (leaf["action"], leaf["outcome"]) == (action, "refused"), leaf
        assert reason is None or leaf["refusal_reason"] == reason, leaf


def test_consistency_between_two_checkpoints(cast, instance, auditor, busy, key):
    older = checkpoint(instance, key)
    reply = cast.officer.get(busy.path).expect(200)
    wait_until_covered(cast.officer, reply.event_id)
    newer = checkpoint(instance, key)
    assert newer.size > older.size
    for reader in (cast.officer, auditor):
        told = reader.get("/v1/audit/consistency", query={"from": older.size, "to": newer.size}).expect(200).json
        path = [base64.b64decode(text) for text in told["hashes"]]
        assert merkle.consistent(older.size, older.root, newer.size, newer.root, path), told
    assert not merkle.consistent(older.size, newer.root, newer.size, newer.root, path)
    assert verify(instance, key, export(auditor), checkpoints=[older.note, newer.note])["good"]


def test_tiles_lead_to_the_signed_root(instance, busy, key):
    anonymous = instance.anonymous()
    signed = checkpoint(instance, key)
    hashes, at = [], 0
    while at * 256 < signed.size:
        width = min(256, signed.size - at * 256)
        name = f"{at:03d}" + ("" if width == 256 else f".p/{width}")
        data = anonymous.get(f"/audit/tile/0/{name}").expect(200).data
        assert len(data) == 32 * width, f"tile {name} has {len(data)} bytes"
        hashes += [data[i:i + 32] for i in range(0, len(data), 32)]
        at += 1
    assert merkle.root(hashes) == signed.root
    anonymous.get(f"/audit/tile/0/{signed.size // 256 + 1:03d}").expect(404, "not-found")


def test_entry_bundles_are_for_auditors(instance, auditor, cast, busy, key):
    signed = checkpoint(instance, key)
    width = min(256, signed.size)
    name = "000" if width == 256 else f"000.p/{width}"
    data = auditor.get(f"/audit/entries/{name}").expect(200).data
    hashes = []
    while data:
        length = int.from_bytes(data[:2], "big")
        hashes.append(merkle.leaf_hash(data[2:2 + length]))
        data = data[2 + length:]
    assert len(hashes) == width
    if signed.size <= 256:
        assert merkle.root(hashes) == signed.root
    cast.officer.get(f"/audit/entries/{name}").expect(403, "forbidden")


def test_auditor_finds_records_by_object_action_and_page(world, cast, busy):
    local = world.user(POLICE, "auditor")
    found = local.pages("/v1/audit/entries", object=busy.case_id, limit=3)
    assert found and {item["leaf"]["object_id"] for item in found} == {busy.case_id}, found
    reads = local.get("/v1/audit/entries", query={"action": "trace_request.read"}).expect(200).json["items"]
    assert reads and {item["leaf"]["action"] for item in reads} == {"trace_request.read"}, reads
    assert base64.b64decode(reads[0]["leaf_base64"]) == json.dumps(
        reads[0]["leaf"], separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode(), reads[0]


# ---------------------------------------------------------------- a forged export

def change(lines, at):
    entry = json.loads(lines[1 + at])
    leaf = base64.b64decode(entry["leaf"]).replace(b'"outcome":"ok"', b'"outcome":"no"').replace(
        b'"outcome":"refused"', b'"outcome":"granted"')
    return [*lines[:1 + at], json.dumps({"index": at, "leaf": base64.b64encode(leaf).decode()},
                                        separators=(",", ":")), *lines[2 + at:]]


def numbered(lines):
    """The leaves under new numbers without a gap, as a forger would write them."""
    entries = [json.loads(line)["leaf"] for line in lines[1:]]
    return [lines[0], *(json.dumps({"index": i, "leaf": leaf}, separators=(",", ":")) for i, leaf in enumerate(entries))]


def drop(lines, at):
    return numbered(lines[:1 + at] + lines[2 + at:])


def insert(lines, at):
    return numbered(lines[:1 + at] + [lines[3]] + lines[1 + at:])


def swap(lines, at):
    return numbered(lines[:1 + at] + [lines[2 + at], lines[1 + at]] + lines[3 + at:])


@pytest.mark.parametrize("forge", [change, drop, insert, swap])
@pytest.mark.parametrize("place", ["first", "middle", "last"])
@pytest.mark.parametrize("program", ["rastro", "rastro-audit-verify"])
def test_forged_export_is_found(instance, auditor, busy, key, forge, place, program):
    lines = export(auditor)
    count = len(lines) - 1
    at = {"first": 0, "middle": count // 2, "last": count - (2 if forge is swap else 1)}[place]
    report = verify(instance, key, forge(lines, at), program=program)
    # Without tiles or older checkpoints the export alone tells that it is bad, and where as far as it can be known.
    assert not report["good"] and report["faults"], report


def test_forged_entry_is_named_with_the_tiles_of_the_log(instance, auditor, busy, key):
    tiles = save_tiles(instance, key)
    for forge in (change, swap, drop, insert):
        for at in (3, (tiles["size"] - 1) // 2):
            report = verify_with_tiles(instance, key, forge(tiles["export"], at), tiles["folder"])
            expect_first_bad(report, at)


def save_tiles(instance, key) -> dict:
    """The public tiles as somebody kept them, with the export of the same size."""
    anonymous = instance.anonymous()
    signed = checkpoint(instance, key)
    folder = instance.folder / f"tiles-{uuid.uuid4().hex[:8]}"
    level, count = 0, signed.size
    while count > 0:
        for at in range((count + 255) // 256):
            width = min(256, count - at * 256)
            name = f"{at:03d}" + ("" if width == 256 else f".p/{width}")
            place = folder / "tile" / str(level) / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(anonymous.get(f"/audit/tile/{level}/{name}").expect(200).data)
        level, count = level + 1, count // 256
    (folder / "checkpoint").write_text(signed.note)
    rows = instance.database.rows(
        "select encode(l.leaf, 'base64') as leaf from rastro.audit_index i join rastro.audit_leaf l using (event_id) "
        f"where i.leaf_index < {signed.size} order by i.leaf_index")
    lines = [json.dumps({"checkpoint": signed.note}, separators=(",", ":"))]
    lines += [json.dumps({"index": i, "leaf": row["leaf"].replace("\n", "")}, separators=(",", ":"))
              for i, row in enumerate(rows)]
    return {"folder": folder, "size": signed.size, "export": lines}


def verify_with_tiles(instance, key, lines, folder) -> dict:
    file = instance.folder / f"export-{uuid.uuid4().hex[:8]}.ndjson"
    file.write_text("\n".join(lines) + "\n")
    done = surroundings.run([surroundings.rastro(), "audit", "verify", "--export", file, "--tiles", folder, "--vkey", key,
                             "--json"], expect=None)
    assert done.stdout.startswith("{"), f"exit {done.returncode}: {done.stdout}{done.stderr}"
    return json.loads(done.stdout)


def test_kept_tiles_and_an_honest_export_agree(instance, auditor, busy, key):
    tiles = save_tiles(instance, key)
    report = verify_with_tiles(instance, key, tiles["export"], tiles["folder"])
    assert report["good"] and report["tiles_compared"], report


# ---------------------------------------------------------------- a forged database

class Forger:
    """A superuser of the database who goes around triggers, and puts everything back afterwards."""

    def __init__(self, database, at: int):
        self.database, self.at = database, at
        rows = database.rows("select leaf_index, event_id from rastro.audit_index where leaf_index in "
                             f"({at}, {at + 1}) order by leaf_index")
        self.here, self.next = (row["event_id"] for row in rows)

    def run(self, *statements: str) -> None:
        self.database.execute(";\n".join(("set local session_replication_role = replica", *statements)))

    def change(self):
        self.run("create table rastro.kept as select * from rastro.audit_leaf where event_id = "
                 f"'{self.here}'", "update rastro.audit_leaf set leaf = convert_to(replace(convert_from(leaf, 'UTF8'), "
                 f"'\"outcome\":', '\"outcame\":'), 'UTF8') where event_id = '{self.here}'")

    def drop(self):
        self.run(f"create table rastro.kept as select * from rastro.audit_leaf where event_id = '{self.here}'",
                 f"delete from rastro.audit_leaf where event_id = '{self.here}'")

    def swap(self):
        self.run("create table rastro.kept as select * from rastro.audit_leaf where false",
                 *self._place(self.next, self.here))

    def insert(self):
        """A record that never was, in the place of one that was."""
        self.run(f"create table rastro.kept as select * from rastro.audit_leaf where event_id = '{self.here}'",
                 "insert into rastro.audit_leaf (event_id, leaf, occurred_at, action, outcome) select "
                 "'0190a0a0-0000-7000-8000-000000000001', leaf, occurred_at, action, outcome from rastro.audit_leaf "
                 f"where event_id = '{self.next}'", *self._place("0190a0a0-0000-7000-8000-000000000001", self.next))

    def _place(self, first: str, second: str):
        return (f"create temp table hashes on commit drop as select * from rastro.audit_index where leaf_index in ({self.at}, {self.at + 1})",
                f"delete from rastro.audit_index where leaf_index in ({self.at}, {self.at + 1})",
                f"insert into rastro.audit_index select {self.at}, '{first}', leaf_hash from hashes where leaf_index = {self.at}",
                f"insert into rastro.audit_index select {self.at + 1}, '{second}', leaf_hash from hashes where leaf_index = {self.at + 1}")

    def restore(self):
        self.run("delete from rastro.audit_leaf where event_id in (select event_id from rastro.kept) "
                 "or event_id = '0190a0a0-0000-7000-8000-000000000001'",
                 "insert into rastro.audit_leaf select * from rastro.kept", "drop table rastro.kept",
                 *self._place(self.here, self.next))


@pytest.mark.parametrize("kind", ["change", "drop", "swap", "insert"])
def test_forged_database_is_found_by_whoever_kept_the_tiles(instance, auditor, busy, key, kind):
    tiles = save_tiles(instance, key)
    at = tiles["size"] // 2
    forger = Forger(instance.database, at)
    getattr(forger, kind)()
    try:
        reply = auditor.get("/v1/audit/export", query={"from": 0, "to": tiles["size"]}).expect(200)
    finally:
        forger.restore()
    lines = [tiles["export"][0], *(line for line in reply.text.splitlines() if "checkpoint" not in line)]
    expect_first_bad(verify_with_tiles(instance, key, lines, tiles["folder"]), at)
    assert verify(instance, key, export(auditor))["good"], "putting the database back did not put it back"


def test_cut_log_is_found(instance, auditor, busy, key):
    lines = export(auditor)
    assert not verify(instance, key, lines[:-1])["good"]
    older = checkpoint(instance, key)
    shorter = [line for line in lines[1:]][:older.size // 2]
    report = verify(instance, key, [json.dumps({"checkpoint": older.note}), *shorter])
    assert not report["good"], report


def test_a_foreign_key_is_not_trusted(instance, auditor, busy, tmp_path):
    surroundings.run([surroundings.rastro(), "certs", "checkpoint-key", "--origin", ORIGIN, "--key-out", tmp_path / "other.key",
                      "--state", tmp_path / "other.state"])
    done = surroundings.run([surroundings.rastro(), "certs", "demo", tmp_path / "pki", "--origin", ORIGIN])
    assert done.returncode == 0
    other = (tmp_path / "pki" / "checkpoint.vkey").read_text().strip()
    assert not verify(instance, other, export(auditor))["good"]


def test_readers_of_records_leave_records(world, instance):
    local = world.user(POLICE, "auditor")
    reply = local.get("/v1/audit/entries", query={"limit": 1}).expect(200)
    found = instance.database.rows(f"select action from rastro.audit_leaf where event_id = '{reply.event_id}'")
    assert found == [{"action": "audit.search"}], found


def test_background_work_leaves_records(instance, cast, busy):
    actions = {row["action"] for row in instance.database.rows("select distinct action from rastro.audit_leaf")}
    assert {"leg.delivered", "agency.create", "user.create"} <= actions, sorted(actions)
    delivered = instance.database.rows(
        "select convert_from(leaf, 'UTF8')::json as leaf from rastro.audit_leaf where action = 'leg.delivered'")
    assert {TRACE_B} <= {row["leaf"]["agency"] for row in delivered}, delivered[:2]
