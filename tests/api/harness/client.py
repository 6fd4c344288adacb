"""Calls of one caller, as an agency's own program would make them: http.client over TLS, nothing of the server's code."""
import http.client
import json
import ssl
import urllib.parse
import uuid

_AUTOMATIC = object()


class Reply:
    """What came back, with what was asked, so that a failed expectation tells both."""

    def __init__(self, caller, method, path, body, status, headers, data):
        self.caller, self.method, self.path, self.body = caller, method, path, body
        self.status = status
        self.headers = headers
        self.data = data

    @property
    def text(self) -> str:
        return self.data.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.data)

    @property
    def event_id(self) -> str:
        return self.headers.get("rastro-audit-event", "")

    @property
    def version(self) -> int:
        return int(self.headers["etag"].strip('"'))

    @property
    def code(self) -> str:
        """Code of the problem; empty if this is none."""
        is_problem = self.headers.get("content-type", "").startswith("application/problem+json")
        return self.json["code"] if is_problem else ""

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Pointers and codes of the violations, in order."""
        return [(error["pointer"], error["code"]) for error in self.json.get("errors", [])]

    def story(self) -> str:
        asked = json.dumps(self.body, ensure_ascii=False) if self.body is not None else "no body"
        head = "".join(f"\n  {name}: {value}" for name, value in self.headers.items()
                       if name in ("etag", "location", "retry-after", "rastro-audit-event", "content-type"))
        return (f"asked by {self.caller}: {self.method} {self.path}\n  {asked[:2000]}\n"
                f"came: {self.status}{head}\n  {self.text[:4000]}")

    def expect(self, status: int, code: str | None = None) -> "Reply":
        wanted = f"expected {status}" + (f" {code}" if code else "")
        assert self.status == status, f"{wanted}\n{self.story()}"
        if code is not None:
            assert self.code == code, f"{wanted}\n{self.story()}"
        return self

    def expect_errors(self, *expected: tuple[str, str], status: int = 422) -> "Reply":
        self.expect(status)
        assert sorted(self.errors) == sorted(expected), f"expected {sorted(expected)}\n{self.story()}"
        return self


class Address:
    """Where one listener of an instance is, whom it trusts, and who is told of every reply."""

    def __init__(self, port: int, authorities: str, on_reply):
        self.port, self.authorities, self.on_reply = port, authorities, on_reply

    def context(self, certificate: tuple[str, str] | None) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.authorities)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        if certificate:
            context.load_cert_chain(*certificate)
        return context


class Client:
    def __init__(self, address: Address, name: str, *, token: str | None = None,
                 certificate: tuple[str, str] | None = None, acting_for: str | None = None, timeout: float = 30):
        self.address, self.name, self.token = address, name, token
        self.certificate, self.acting_for, self.timeout = certificate, acting_for, timeout
        self._connection: http.client.HTTPSConnection | None = None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def connect(self) -> http.client.HTTPSConnection:
        """A connection of its own; the caller closes it."""
        return http.client.HTTPSConnection("localhost", self.address.port, timeout=self.timeout,
                                           context=self.address.context(self.certificate))

    def headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if self.acting_for:
            headers["Rastro-Acting-For"] = self.acting_for
        return headers

    def call(self, method: str, path: str, body=None, *, key=_AUTOMATIC, version=None, headers=None,
             query: dict | None = None, raw: bytes | None = None) -> Reply:
        """One call. `key`: of a write, made if not given, none if None. `version`: for If-Match."""
        if query:
            path += "?" + urllib.parse.urlencode(query)
        sent = self.headers()
        data = raw
        if body is not None:
            data = json.dumps(body).encode()
        if data is not None:
            sent["Content-Type"] = "application/json"
        if key is _AUTOMATIC:
            key = str(uuid.uuid4()) if method in ("POST", "PUT", "PATCH") else None
        if key is not None:
            sent["Idempotency-Key"] = key
        if version is not None:
            sent["If-Match"] = f'"{version}"'
        sent.update(headers or {})
        response, received = self._exchange(method, path, data, sent)
        named = {name.lower(): value for name, value in response.getheaders()}
        shown = body if raw is None else raw.decode("utf-8", "replace")
        reply = Reply(self.name, method, path, shown, response.status, named, received)
        self.address.on_reply(reply)
        return reply

    def _exchange(self, method, path, data, sent):
        if self._connection is None:
            self._connection = self.connect()
        idle = self._connection.sock is not None
        try:
            self._connection.request(method, path, body=data, headers=sent)
            response = self._connection.getresponse()
            return response, response.read()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError, ssl.SSLEOFError):
            self.close()
            if not idle:
                raise
            # The server closed an idle connection; writes carry a key, so asking again is safe.
            self._connection = self.connect()
            self._connection.request(method, path, body=data, headers=sent)
            response = self._connection.getresponse()
            return response, response.read()
        except Exception:
            self.close()
            raise

    def get(self, path: str, **options) -> Reply:
        return self.call("GET", path, **options)

    def post(self, path: str, body=None, **options) -> Reply:
        return self.call("POST", path, body, **options)

    def put(self, path: str, body=None, **options) -> Reply:
        return self.call("PUT", path, body, **options)

    def patch(self, path: str, body=None, **options) -> Reply:
        return self.call("PATCH", path, body, **options)

    def delete(self, path: str, **options) -> Reply:
        return self.call("DELETE", path, **options)

    def pages(self, path: str, **query) -> list[dict]:
        """The items of every page of a list."""
        items: list[dict] = []
        while True:
            reply = self.get(path, query=query).expect(200)
            page = reply.json
            items += page["items"]
            if not page.get("next"):
                return items
            query["after"] = page["next"]
