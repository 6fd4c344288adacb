"""Slow clients, silent ones, and too many of them: total deadlines, caps, and service for the others meanwhile (F15)."""
import contextlib
import signal
import socket
import time

import pytest

from raw import GONE, Answer, Raw, answers, get, post

SLOW = 1.5  # seconds more than the limit, for a busy machine


def trickle(client: Raw, data: bytes, limit: float) -> float:
    """One byte each 50 ms until the server has gone; how long that took."""
    start = time.monotonic()
    for byte in data:
        if time.monotonic() - start > limit + 10 or not client.send(bytes([byte])):
            break
        time.sleep(0.05)
    return time.monotonic() - start


@pytest.mark.parametrize("begin, byte", [
    (b"GET /livez HTTP/1.1\r\nX: ", b"a"), (b"", b"G"), (post("/v1/sessions", "Content-Length: 10000\r\n", b""), b"a"),
    (post("/v1/sessions", "Transfer-Encoding: chunked\r\n", b"2710\r\n"), b"a"),
    (post("/v1/sessions", "Transfer-Encoding: chunked\r\n", b"0\r\nX: "), b"a")],
    ids=["header", "request line", "body", "chunk", "trailer"])
def test_trickling_is_no_progress(instance, begin, byte):
    with Raw(instance) as client:
        client.send(begin)
        lasted = trickle(client, byte * 2000, 2)
    assert 1.5 < lasted < 2 + 5 + SLOW, f"{lasted:.1f} s"


@pytest.mark.parametrize("begin", [b"GET /livez HTTP/1.1\r\nX: ", post("/v1/sessions", "Content-Length: 100\r\n", b"a")])
def test_whoever_stops_is_told(instance, begin):
    with Raw(instance) as client:
        start = time.monotonic()
        client.send(begin)
        answer = Answer(client.receive_all()).expect_problem()
        assert answer.status == 408 and 1.5 < time.monotonic() - start < 2 + SLOW


def test_silence_and_idleness_end(instance):
    with Raw(instance) as silent, Raw(instance) as idle:
        start = time.monotonic()
        idle.send(get())
        assert Answer(idle.receive()).status == 200
        assert silent.receive_all() == b"" and time.monotonic() - start < 2 + SLOW
        assert idle.receive_all() == b"" and 2.5 < time.monotonic() - start < 3 + SLOW


def test_no_handshake(instance):
    port = instance.server.ports["browser"]
    for begin in (b"", b"\x16\x03\x01", b"\x16\x03\x01\xff\xff" + b"\0" * 100):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as plain:
            start = time.monotonic()
            with contextlib.suppress(*GONE):
                plain.sendall(begin)
                while plain.recv(1000):
                    pass
            assert time.monotonic() - start < 1 + SLOW


def test_flood_past_the_cap(instance):
    """Three times as many as may be open: the rest is closed at once, and those that got in do not stay."""
    port = instance.server.ports["browser"]
    with contextlib.ExitStack() as held:
        flood = [held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20)) for _ in range(180)]
        start = time.monotonic()
        for each in flood:
            with contextlib.suppress(*GONE):
                assert each.recv(1000) == b""
        assert time.monotonic() - start < 1 + SLOW
        assert answers(instance)


def test_others_are_served_while_slow_ones_hold_on(instance):
    with contextlib.ExitStack() as held:
        for _ in range(40):
            held.enter_context(Raw(instance)).send(b"GET /livez HTTP/1.1\r\nX: ")
        times = []
        for _ in range(20):
            start = time.monotonic()
            with Raw(instance) as client:
                client.send(get())
                assert Answer(client.receive()).status == 200
            times.append(time.monotonic() - start)
    assert sorted(times)[len(times) // 2] < 1, times


def test_half_closed_client_gets_its_answer(instance):
    with Raw(instance) as client:
        client.send(get())
        socket.socket.shutdown(client.socket, socket.SHUT_WR)
        assert Answer(client.receive_all()).status == 200


def test_reload_drops_nobody(instance):
    with Raw(instance) as client:
        for _ in range(5):
            instance.server.process.send_signal(signal.SIGHUP)
            client.send(get())
            assert Answer(client.receive()).status == 200
