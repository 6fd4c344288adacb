"""Bodies of a signed-in officer that are not what they should be: 4xx that says where, never a 5xx, and nothing written."""
import itertools
import json

import pytest

from raw import Answer, exchange, with_token

NUMBERS = itertools.count()
BASE = {"purpose": "investigation", "firearm": {"serial_raw": "KX1234567", "make_text": "North Arms"}}
BROKEN = {
    "empty": b"", "blank": b" \r\n\t", "open": b'{"purpose":', "trailing": json.dumps(BASE).encode() + b"{}",
    "comment": b"/* */{}", "single quotes": b"{'a':1}", "no utf-8": b'{"purpose":"\xff"}', "overlong": b'{"purpose":"\xc0\xaf"}',
    "mark": b"\xef\xbb\xbf{}", "utf-16": json.dumps(BASE).encode("utf-16"), "lone surrogate": b'{"purpose":"\\ud800"}',
    "deep arrays": b"[" * 100_000, "deep objects": b'{"a":' * 50_000, "deep and closed": b"[" * 40 + b"]" * 40,
    "nan": b'{"purpose":NaN}', "infinity": b'{"purpose":-Infinity}', "leading zero": b'{"purpose":01}', "nul": b'{"a":"\0"}',
    "raw control": b'{"a":"\x01"}', "only a quote": b'"',
}
WRONG = {
    "array": b"[]", "text": b'"x"', "number": b"7", "null": b"null", "duplicate": b'{"purpose":"a","purpose":"b","firearm":{}}',
    "duplicate escaped": b'{"purpose":"a","\\u0070urpose":"b","firearm":{}}', "escaped nul": b'{"purpose":"\\u0000","firearm":{}}',
    "escaped control": b'{"purpose":"\\u0007","firearm":{}}', "huge number": b'{"purpose":1e999,"firearm":{}}',
    "long integer": b'{"purpose":"investigation","firearm":{},"recovery":{"latitude":123456789012345678901234567890}}',
    "unknown member": b'{"purpose":"investigation","firearm":{},"admin":true}',
    "many members": json.dumps({**BASE, **{f"m{i}": i for i in range(5000)}}).encode(),
    "long text": json.dumps({**BASE, "unit": "x" * 500_000}).encode(),
    "many marks": json.dumps({**BASE, "firearm": {"marks": [{}] * 20_000}}).encode(),
}
STRANGE = [None, True, 0, -1, 1.5, 10 ** 30, "", "x", "\u202e", [], {}, [[]], [None], {"a": 1}]


def submit(instance, token, body: bytes) -> Answer:
    return Answer(exchange(instance, with_token(token, body, f"hostile-{next(NUMBERS)}")))


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_json(instance, token, name):
    answer = submit(instance, token, BROKEN[name]).expect_problem()
    assert answer.status in (400, 422), answer.body[:300]


@pytest.mark.parametrize("name", WRONG)
def test_what_is_the_wrong_json(instance, token, name):
    answer = submit(instance, token, WRONG[name]).expect_problem()
    assert answer.status == 422, answer.body[:300]
    errors = json.loads(answer.body)["errors"]
    assert errors and all("pointer" in error and error["message"] for error in errors), errors[:3]
    assert len(answer.body) < 256 * 1024, "a refusal is not larger than it helps"


@pytest.mark.parametrize("member", ["purpose", "firearm", "recovery", "possessor", "associates", "recipients",
                                    "requested_groups", "submit", "unit", "firearm.marks", "firearm.serial_raw",
                                    "recovery.recovered_on", "recovery.latitude"])
def test_any_member_of_any_wrong_type(instance, token, member):
    for value in STRANGE:
        body = json.loads(json.dumps(BASE))
        *folders, name = member.split(".")
        place = body
        for folder in folders:
            place = place.setdefault(folder, {})
        place[name] = value
        answer = submit(instance, token, json.dumps(body).encode())
        assert answer.status in (201, 422), f"{member} = {value!r}: {answer.status} {answer.body[:300]!r}"


def test_body_cut_anywhere(instance, token):
    whole = json.dumps(BASE).encode()
    for size in range(len(whole)):
        assert submit(instance, token, whole[:size]).expect_problem().status in (400, 422)


def test_hostile_bodies_leave_nothing_in_memory(instance, token):
    rounds = [*BROKEN.values(), *WRONG.values()]
    for body in rounds * 2:
        submit(instance, token, body)
    before = instance.server.resident_kib()
    for body in rounds * 8:
        submit(instance, token, body)
    grown = instance.server.resident_kib() - before
    assert grown < 32 * 1024, f"grown by {grown} KiB"
