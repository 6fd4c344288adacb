"""Live traffic against the server's own /openapi.json, in both directions: what it sends is as the document says, and
what the suite sends is what the document allows. Keeps account of the operations that were seen, so that a suite can
say at its end that none was left out.

    check = OpenApiCheck.of_server("https://127.0.0.1:8443", ssl_context)
    check.request("trace_create", body)                       # body: text or bytes; raises Mismatch
    check.reply("trace_create", 201, headers, body)           # headers: mapping or list of pairs
    check.exchange("POST", "/v1/trace-requests", sent, 201, headers, body)   # both, by method and path
    check.event(text)                                         # one WebSocket message of the stream
    assert not check.unseen()                                 # operations never answered with success
"""
import json
import re
import urllib.request
from collections import defaultdict

from jsonschema import Draft202012Validator, FormatChecker, validators
from jsonschema.exceptions import ValidationError

# Header fields that say something about the reply; one that the document does not name is a fault of the document.
TELLING = {"etag", "location", "link", "set-cookie", "retry-after", "allow", "www-authenticate", "rastro-audit-event"}
# Media types whose body is more than one JSON value or none at all.
JSON_TYPE = re.compile(r"^application/(?:[\w.-]+\+)?json$")


class Mismatch(AssertionError):
    """What was sent or received is not what the document says; one line a fault."""


def _pattern(validator, pattern, instance, schema):
    # ECMA-262: $ is the end of the text. Python's $ also stands before a last line feed.
    if validator.is_type(instance, "string"):
        closed = pattern[:-1] + r"\Z" if pattern.endswith("$") and not pattern.endswith(r"\$") else pattern
        if not re.search(closed, instance):
            yield ValidationError(f"{instance!r} does not match {pattern!r}")


_Validator = validators.extend(Draft202012Validator, {"pattern": _pattern})


def _pairs(headers):
    items = headers.items() if hasattr(headers, "items") else headers
    return [(str(name).lower(), str(value)) for name, value in items]


def _text(body):
    return body.decode("utf-8") if isinstance(body, (bytes, bytearray)) else body


def _media_type(value):
    return value.split(";", 1)[0].strip().lower()


class OpenApiCheck:
    def __init__(self, document):
        self.document = document
        self._validators = {}
        self._operations = {}  # operationId -> (method, path, compiled path, operation)
        for path, item in document["paths"].items():
            for method, operation in item.items():
                if method in ("get", "post", "put", "patch", "delete"):
                    name = operation["operationId"]
                    if name in self._operations:
                        raise Mismatch(f"operationId {name} is there twice")
                    self._operations[name] = (method.upper(), path, self._compiled(path), operation)
        self.tally = {name: defaultdict(int) for name in self._operations}  # operationId -> {status: times}

    @classmethod
    def of_server(cls, base_url, ssl_context=None, timeout=10):
        with urllib.request.urlopen(base_url.rstrip("/") + "/openapi.json", context=ssl_context, timeout=timeout) as got:
            check = cls(json.loads(got.read()))
            check.reply("openapi", got.status, got.headers, json.dumps(check.document))
            return check

    # ------------------------------------------------------------------ what the document knows

    def operations(self):
        return set(self._operations)

    def operation_of(self, method, target):
        """operationId of a request, or None if the document has no such address. HEAD is GET without the body."""
        path = target.split("?", 1)[0]
        wanted = "GET" if method == "HEAD" else method
        literal_first = sorted(self._operations.items(), key=lambda entry: entry[1][1].count("{"))
        for name, (known, _, compiled, _) in literal_first:
            if known == wanted and compiled.match(path):
                return name
        return None

    def schema(self, name):
        return self.document["components"]["schemas"][name]

    def unseen(self, success=True):
        """Operations that were never answered (with success)."""
        return {name for name, seen in self.tally.items()
                if not any(not success or status < 400 for status in seen)}

    # ------------------------------------------------------------------ the two directions

    def request(self, operation, body, media_type="application/json"):
        """A body that the suite sends in the belief that it is well formed."""
        known = self._known(operation)
        wanted = known.get("requestBody")
        if wanted is None:
            if body:
                raise Mismatch(f"{operation}: takes no body")
            return
        content = wanted["content"]
        if _media_type(media_type) not in content:
            raise Mismatch(f"{operation}: {media_type} is not one of {sorted(content)}")
        self._check(f"{operation}: request", content[_media_type(media_type)]["schema"], self._parsed(operation, body))

    def refuses(self, operation, body):
        """True if the document does not allow the body. For bodies that the server has refused for their form."""
        try:
            self.request(operation, body)
        except Mismatch:
            return True
        return False

    def reply(self, operation, status, headers, body, head=False):
        known = self._known(operation)
        where = f"{operation}: {status}"
        self.tally[operation][int(status)] += 1
        if str(status) not in known["responses"]:
            raise Mismatch(f"{where}: not one of the replies {sorted(known['responses'])}")
        described = self._resolved(known["responses"][str(status)])
        fields = _pairs(headers)
        self._check_headers(where, described, fields)
        content = described.get("content", {})
        if head or not content:
            if body:
                raise Mismatch(f"{where}: has a body and must not")
            return
        given = _media_type(dict(fields).get("content-type", ""))
        if given not in content:
            raise Mismatch(f"{where}: content-type {given!r} is not one of {sorted(content)}")
        if JSON_TYPE.match(given):
            value = self._parsed(where, body)
            self._check(where, content[given]["schema"], value)
            if given == "application/problem+json":
                self._check_problem(where, known, status, value)
        elif given == "application/x-ndjson":
            for number, line in enumerate(_text(body).splitlines(), 1):
                self._check(f"{where}: line {number}", content[given]["schema"], self._parsed(where, line))

    def exchange(self, method, target, sent, status, headers, body, media_type="application/json"):
        """Both directions of one exchange; the request is held to the document only if the server took it."""
        operation = self.operation_of(method, target)
        if operation is None:
            raise Mismatch(f"{method} {target}: not in the document")
        if int(status) < 400:
            self.request(operation, sent, media_type)
        self.reply(operation, status, headers, body, head=method == "HEAD")
        return operation

    def event(self, text):
        """One message of the WebSocket stream."""
        self.tally["stream"][101] += 1
        message = self._known("stream")["x-rastro-messages"]
        self._check("stream: message", message["schema"], self._parsed("stream", text))

    # ------------------------------------------------------------------ parts

    def _known(self, operation):
        if operation not in self._operations:
            raise Mismatch(f"{operation}: not in the document")
        return self._operations[operation][3]

    @staticmethod
    def _compiled(path):
        parts = re.split(r"(\{[^}]+\})", path)
        return re.compile("".join(
            re.escape(part) if not part.startswith("{") else ".+" if part.endswith("_path}") else "[^/]+"
            for part in parts) + r"\Z")

    def _resolved(self, value):
        while "$ref" in value:
            found = self.document
            for token in value["$ref"].lstrip("#/").split("/"):
                found = found[token.replace("~1", "/").replace("~0", "~")]
            value = found
        return value

    @staticmethod
    def _parsed(where, body):
        def unique(pairs):
            names = [name for name, _ in pairs]
            if len(names) != len(set(names)):
                raise Mismatch(f"{where}: a member is there twice")
            return dict(pairs)
        try:
            return json.loads(_text(body), object_pairs_hook=unique)
        except (ValueError, TypeError) as fault:
            raise Mismatch(f"{where}: not JSON: {fault}") from None

    def _check(self, where, schema, value):
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            # The document stands beside the schema, so that every reference is found in it and nothing is fetched.
            whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema,
                     "components": {"schemas": self.document["components"]["schemas"]}}
            self._validators[key] = _Validator(whole, format_checker=FormatChecker())
        faults = sorted(self._validators[key].iter_errors(value), key=lambda fault: list(map(str, fault.absolute_path)))
        if faults:
            raise Mismatch("\n".join(
                f"{where}: /{'/'.join(map(str, fault.absolute_path))}: {fault.message[:300]}" for fault in faults))

    def _check_headers(self, where, described, fields):
        named = {name.lower(): self._resolved(header) for name, header in described.get("headers", {}).items()}
        given = dict(fields)
        for name, header in named.items():
            if name in given:
                self._check(f"{where}: header {name}", header["schema"], self._header_value(header, given[name]))
            elif header.get("required"):
                raise Mismatch(f"{where}: header {name} is missing")
        surprising = sorted((TELLING & set(given)) - set(named))
        if surprising:
            raise Mismatch(f"{where}: the document does not name the header fields {surprising}")

    def _header_value(self, header, text):
        kind = self._resolved(header["schema"]).get("type")
        return int(text) if kind == "integer" and re.fullmatch(r"-?\d+", text) else text

    @staticmethod
    def _check_problem(where, known, status, value):
        codes = known.get("x-rastro-problems", {}).get(str(status), [])
        if value.get("status") != int(status):
            raise Mismatch(f"{where}: the body says status {value.get('status')}")
        if value.get("code") not in codes:
            raise Mismatch(f"{where}: problem {value.get('code')} is not one of {codes}")
