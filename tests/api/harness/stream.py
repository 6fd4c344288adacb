"""A WebSocket client by hand (RFC 6455), so that nothing of the server's own code reads its frames."""
import base64
import hashlib
import json
import os
import socket
import struct

from .client import Client, Reply

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Refused(Exception):
    def __init__(self, status: int, head: str, body: bytes):
        super().__init__(f"upgrade refused: {status}\n{head}\n{body.decode('utf-8', 'replace')}")
        self.status, self.body = status, body


class Stream:
    """An open stream of one caller. Iterate with `message`; pings are answered."""

    def __init__(self, client: Client, path: str, headers: dict[str, str] | None = None):
        raw = socket.create_connection(("localhost", client.address.port), timeout=client.timeout)
        self._socket = client.address.context(client.certificate).wrap_socket(raw, server_hostname="localhost")
        self._buffer = b""
        key = base64.b64encode(os.urandom(16)).decode()
        sent = {**client.headers(), "Host": f"localhost:{client.address.port}", "Upgrade": "websocket",
                "Connection": "Upgrade", "Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13", **(headers or {})}
        lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self._buffer:
            self._receive()
        head, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
        text = head.decode("latin-1")
        status = int(text.split(" ", 2)[1])
        fields = {name.strip().lower(): value.strip() for name, _, value in
                  (line.partition(":") for line in text.split("\r\n")[1:])}
        if status != 101:
            while len(self._buffer) < int(fields.get("content-length", "0")):
                self._receive()
            self._socket.close()
            client.address.on_reply(Reply(client.name, "GET", path, None, status, fields, self._buffer))
            raise Refused(status, text, self._buffer)
        expected = base64.b64encode(hashlib.sha1((key + _GUID).encode()).digest()).decode()
        assert fields.get("sec-websocket-accept") == expected, f"wrong Sec-WebSocket-Accept\n{text}"
        client.address.on_reply(Reply(client.name, "GET", path, None, status, fields, b""))

    def _receive(self) -> None:
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionError(f"the stream ended after {self._buffer!r}")
        self._buffer += data

    def _take(self, count: int) -> bytes:
        while len(self._buffer) < count:
            self._receive()
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    def _frame(self) -> tuple[int, bytes]:
        first, second = self._take(2)
        assert first & 0x70 == 0 and second & 0x80 == 0, "reserved bits or a mask in a frame of the server"
        length = second & 0x7F
        if length == 126:
            length = struct.unpack(">H", self._take(2))[0]
        elif length == 127:
            length = struct.unpack(">Q", self._take(8))[0]
        assert first & 0x80, "the server sends whole messages"
        return first & 0x0F, self._take(length)

    def send(self, opcode: int, payload: bytes) -> None:
        mask = os.urandom(4)
        size = len(payload)
        head = bytes([0x80 | opcode])
        head += bytes([0x80 | size]) if size < 126 else bytes([0x80 | 126]) + struct.pack(">H", size)
        self._socket.sendall(head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload)))

    def message(self, timeout: float = 15) -> dict:
        """The next message; fails if none comes in time."""
        self._socket.settimeout(timeout)
        while True:
            opcode, payload = self._frame()
            if opcode == 1:
                return json.loads(payload)
            if opcode == 9:
                self.send(10, payload)
            elif opcode == 8:
                raise ConnectionError(f"closed by the server: {payload!r}")

    def close(self) -> None:
        try:
            self.send(8, struct.pack(">H", 1000))
        finally:
            self._socket.close()
