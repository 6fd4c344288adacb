"""Bytes to a listener and bytes back; sockets and ssl of the standard library, no HTTP client in between."""
import json
import socket
import ssl
import time

PATIENCE = 20  # seconds; every limit of the server under test is far below
GONE = (ConnectionError, ssl.SSLError, socket.timeout, OSError)


class Raw:
    def __init__(self, instance, kind: str = "browser"):
        address = instance.server.address(kind)
        plain = socket.create_connection(("127.0.0.1", address.port), timeout=PATIENCE)
        try:
            self.socket = address.context(None).wrap_socket(plain, server_hostname="localhost")
        except BaseException:
            plain.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data: bytes) -> bool:
        """False if the server has gone."""
        try:
            self.socket.sendall(data)
            return True
        except GONE:
            return False

    def receive(self, most: int = 65536) -> bytes:
        try:
            return self.socket.recv(most)
        except socket.timeout:
            raise AssertionError(f"nothing came and nobody closed within {PATIENCE} s") from None
        except GONE:
            return b""

    def receive_all(self) -> bytes:
        received = b""
        while block := self.receive():
            received += block
        return received


class Answer:
    """The first reply in these bytes; what follows is in `rest`."""

    def __init__(self, data: bytes):
        head, found, rest = data.partition(b"\r\n\r\n")
        assert found, f"no reply: {data[:200]!r}"
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split(" ")[1])
        self.headers = dict(line.lower().split(": ", 1) for line in lines[1:])
        length = int(self.headers.get("content-length", "0"))
        self.body, self.rest = rest[:length], rest[length:]

    def expect_problem(self) -> "Answer":
        assert 400 <= self.status < 500 or self.status in (501, 505), f"{self.status}: {self.body[:300]!r}"
        assert self.headers["content-type"].startswith("application/problem+json"), self.headers
        problem = json.loads(self.body)
        assert problem["status"] == self.status, problem
        return self


def get(path: str = "/livez", fields: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n".encode()


def post(path: str, fields: str, body: bytes) -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n".encode() + body


def with_token(token: str, body: bytes, key: str, path: str = "/v1/trace-requests") -> bytes:
    fields = (f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\nIdempotency-Key: \"{key}\"\r\n"
              f"Content-Length: {len(body)}\r\nConnection: close\r\n")
    return post(path, fields, body)


def exchange(instance, data: bytes, kind: str = "browser") -> bytes:
    """All that comes back until the server closes."""
    with Raw(instance, kind) as client:
        client.send(data)
        return client.receive_all()


def answers(instance) -> bool:
    """Served within the time that places take to come free."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            if Answer(exchange(instance, get(fields="Connection: close\r\n"))).status == 200:
                return True
        except (*GONE, AssertionError):
            pass
        time.sleep(0.1)
    return False
