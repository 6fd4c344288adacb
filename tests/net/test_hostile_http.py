"""Requests that are not HTTP, or whose end two recipients may see differently (anchors/security.md 0.1, E01)."""
import socket

import pytest

from raw import Answer, Raw, exchange, get, post

LONG = "a" * 20000
CHUNKED = "Transfer-Encoding: chunked\r\n"
HELLO = b"5\r\nhello\r\n0\r\n\r\n"
SESSIONS = "/v1/sessions"

HOSTILE = {
    "no http": (b"GARBAGE\r\n\r\n", 400),
    "tls in tls": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 50, 400),
    "preface of http 2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "no version": (b"GET /livez\r\n\r\n", 400),
    "bare line feeds": (b"GET /livez HTTP/1.1\nHost: localhost\n\n", 400),
    "nul in a field": (get(fields="X: a\0b\r\n"), 400),
    "folded field": (get(fields="X: a\r\n b\r\n"), 400),
    "blank before colon": (get(fields="X : a\r\n"), 400),
    "field without name": (get(fields=": a\r\n"), 400),
    "no utf-8": (b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX: \xff\xfe\r\n\r\n", 400),
    "trace": (b"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
    "connect": (b"CONNECT localhost:5432 HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
    "unknown method": (b"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n", 501),
    "absolute form": (b"GET https://localhost/livez HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
    "asterisk": (b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
    "dot segments": (get("/v1/../livez"), 400),
    "encoded dot segments": (get("/v1/%2e%2e/livez"), 400),
    "encoded slash": (get("/v1%2fme"), 400),
    "encoded nul": (get("/livez%00"), 400),
    "overlong utf-8": (get("/%c0%af"), 400),
    "no host": (b"GET /livez HTTP/1.1\r\n\r\n", 400),
    "two hosts": (get(fields="Host: localhost\r\n"), 400),
    "host with user": (b"GET /livez HTTP/1.1\r\nHost: x@localhost\r\n\r\n", 400),
    "another host": (b"GET /livez HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
    "two tokens": (get("/v1/me", "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"), 400),
    "long target": (get("/" + LONG), 414),
    "long field": (get(fields=f"X: {LONG}\r\n"), 431),
    "many fields": (get(fields="X: 1\r\n" * 150), 431),
    "two lengths": (post(SESSIONS, "Content-Length: 5\r\nContent-Length: 6\r\n", b"hello"), 400),
    "same length twice": (post(SESSIONS, "Content-Length: 5\r\nContent-Length: 5\r\n", b"hello"), 400),
    "list of lengths": (post(SESSIONS, "Content-Length: 5, 5\r\n", b"hello"), 400),
    "negative length": (post(SESSIONS, "Content-Length: -1\r\n", b""), 400),
    "signed length": (post(SESSIONS, "Content-Length: +5\r\n", b"hello"), 400),
    "length beyond 64 bits": (post(SESSIONS, "Content-Length: 18446744073709551621\r\n", b"hello"), 400),
    "huge length": (post(SESSIONS, "Content-Length: 99999999999\r\n", b""), 413),
    "coding then length": (post(SESSIONS, CHUNKED + "Content-Length: 5\r\n", HELLO), 400),
    "length then coding": (post(SESSIONS, "Content-Length: 5\r\n" + CHUNKED, HELLO), 400),
    "unknown coding": (post(SESSIONS, "Transfer-Encoding: xchunked\r\n", HELLO), 400),
    "coding twice": (post(SESSIONS, CHUNKED * 2, HELLO), 400),
    "coding before chunked": (post(SESSIONS, "Transfer-Encoding: gzip, chunked\r\n", HELLO), 501),
    "chunked in 1.0": (b"POST /v1/sessions HTTP/1.0\r\nHost: localhost\r\n" + CHUNKED.encode() + b"\r\n" + HELLO, 400),
    "chunk with prefix": (post(SESSIONS, CHUNKED, b"0x5\r\nhello\r\n0\r\n\r\n"), 400),
    "chunk too long": (post(SESSIONS, CHUNKED, b"5\r\nhello!\r\n0\r\n\r\n"), 400),
    "chunk wraps around": (post(SESSIONS, CHUNKED, b"10000000000000005\r\nhello\r\n0\r\n\r\n"), 400),
    "chunk beyond the bound": (post(SESSIONS, CHUNKED, b"7fffffffffffffff\r\nhello"), 413),
    "line feed in extension": (post(SESSIONS, CHUNKED, b'5;a="\n"\r\nhello\r\n0\r\n\r\n'), 400),
    "folded trailer": (post(SESSIONS, CHUNKED, b"0\r\nX: a\r\n b\r\n\r\n"), 400),
    "other expectation": (post(SESSIONS, "Content-Length: 5\r\nExpect: magic\r\n", b""), 417),
    "old websocket": (get("/v1/stream", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\n"
                                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), 426),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_one_answer_and_the_end(instance, name):
    data, status = HOSTILE[name]
    answer = Answer(exchange(instance, data + get("/version")))
    answer.expect_problem()
    assert answer.status == status, answer.body
    assert answer.headers["connection"].endswith("close") and answer.rest == b"", answer.rest[:200]


@pytest.mark.parametrize("name", HOSTILE)
def test_cut_anywhere_it_is_no_request(instance, name):
    """Broken off by the client in the middle: at most a refusal, never an answer to half a request."""
    data, _ = HOSTILE[name]
    with Raw(instance) as client:
        client.send(data[:len(data) // 2])
        socket.socket.shutdown(client.socket, socket.SHUT_WR)
        received = client.receive_all()
    assert received == b"" or 400 <= Answer(received).status < 600, received[:200]


def test_trailers_change_nothing(instance):
    data = post(SESSIONS, CHUNKED + "Content-Type: application/json\r\n",
                b"2\r\n{}\r\n0\r\nAuthorization: Bearer x\r\nContent-Type: text/plain\r\n\r\n")
    answer = Answer(exchange(instance, data + get("/livez", "Connection: close\r\n")))
    answer.expect_problem()
    assert answer.status == 422, answer.body
    assert Answer(answer.rest).status == 200


def test_pipelined_requests_are_answered_in_order_up_to_the_faulty_one(instance):
    data = get("/livez") + get("/nothing-here") + get("/version") + b"GARBAGE\r\n\r\n" + get("/livez")
    left, statuses = exchange(instance, data), []
    while left:
        answer = Answer(left)
        statuses.append(answer.status)
        left = answer.rest
    assert statuses == [200, 404, 200, 400]


def test_refusals_leave_nothing_in_memory(instance):
    for name in HOSTILE:
        exchange(instance, HOSTILE[name][0])
    before = instance.server.resident_kib()
    for _ in range(8):
        for name in HOSTILE:
            exchange(instance, HOSTILE[name][0])
    instance.server.check_growth(before, 16 * 1024)
