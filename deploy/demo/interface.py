"""Calls of Rastro's interface over TLS, one connection for each thread of work. Standard library only."""
import http.client
import json
import ssl
import time
import urllib.parse


class Refused(Exception):
    """The server said no; `problem` is its problem document (RFC 9457)."""

    def __init__(self, call, status, problem):
        self.status = status
        self.code = problem.get("code", "")
        lines = [f"{call}: {status} {problem.get('title', '')} {problem.get('detail', '')}".strip()]
        lines += [f"    {fault['pointer']} {fault['code']}: {fault['message']}" for fault in problem.get("errors", [])]
        super().__init__("\n".join(lines))


class Interface:
    def __init__(self, url, ca):
        parts = urllib.parse.urlsplit(url)
        self._host, self._port = parts.hostname, parts.port
        self._context = ssl.create_default_context(cafile=ca)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_3
        self._connection = None

    def _send(self, method, target, body, headers):
        for attempt in (1, 2):
            try:
                if self._connection is None:
                    self._connection = http.client.HTTPSConnection(self._host, self._port, timeout=30,
                                                                   context=self._context)
                self._connection.request(method, target, body, headers)
                reply = self._connection.getresponse()
                return reply, reply.read()
            except (http.client.HTTPException, OSError):
                # The server closed an idle connection. Every change carries an Idempotency-Key, so that
                # sending it again has no second effect.
                self._connection = None
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def call(self, method, target, token, body=None, key=None, if_match=None):
        """Document and ETag of the reply. A busy server is asked again for half a minute."""
        headers = {"Accept": "application/json"}
        if token:
            headers["Authorization"] = "Bearer " + token
        if body is not None:
            merge = method == "PATCH"
            headers["Content-Type"] = "application/merge-patch+json" if merge else "application/json"
            body = json.dumps(body, ensure_ascii=False).encode()
        if key:
            headers["Idempotency-Key"] = key
        if if_match:
            headers["If-Match"] = if_match
        until = time.monotonic() + 30
        while True:
            reply, text = self._send(method, target, body, headers)
            if reply.status in (429, 503) and time.monotonic() < until:
                time.sleep(min(int(reply.headers.get("Retry-After") or 1), 5))
                continue
            break
        document = json.loads(text) if text else {}
        if reply.status // 100 != 2:
            raise Refused(f"{method} {target}", reply.status, document)
        return document, reply.headers.get("ETag")
