"""What goes to a caller who asks wrongly: RFC 9457 in four languages, with every violation at once and the place of each;
and the server that answers the next caller whatever came before (anchors/security.md 0.2)."""
import http.client
import json
import socket
import ssl
import uuid

import pytest

from harness.client import Client
from harness.surroundings import ROOT
from harness.tracing import complete_request
from harness.world import POLICE

LANGUAGES = ("en", "es", "pt", "fr")


def catalog(language: str) -> dict:
    return json.loads((ROOT / "protocol" / "catalog" / f"{language}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_problem_speaks_the_language_asked_for(cast, language):
    reply = cast.officer.get(f"/v1/trace-requests/{uuid.uuid4()}", headers={"Accept-Language": language})
    reply.expect(404, "not-found")
    assert reply.json["title"] == catalog(language)["problem.not-found"], reply.story()
    assert reply.headers["content-language"] == language, reply.headers
    assert reply.headers["content-type"].startswith("application/problem+json"), reply.headers
    assert reply.json["type"] == "/problems/not-found" and reply.json["status"] == 404, reply.story()


@pytest.mark.parametrize("asked, language", [("de, pt-BR;q=0.8, en;q=0.1", "pt"), ("de", "en"), ("", "en"),
                                             ("fr;q=0, es", "es"), ("*", "en"), ("\u00e9\u00e9".encode().decode("latin-1"), "en")])
def test_language_is_negotiated(cast, asked, language):
    reply = cast.officer.get(f"/v1/trace-requests/{uuid.uuid4()}", headers={"Accept-Language": asked})
    assert reply.headers["content-language"] == language, reply.headers


def test_violations_speak_it_too_and_differ(cast):
    texts = {}
    for language in LANGUAGES:
        reply = cast.officer.post("/v1/trace-requests", {"firearm": {}, "purpose": "curiosity"},
                                  headers={"Accept-Language": language})
        reply.expect_errors(("/purpose", "not_in_list"))
        texts[language] = reply.json["errors"][0]["message"]
    assert len(set(texts.values())) == len(LANGUAGES), texts


def test_all_violations_at_once_with_their_places(cast):
    body = complete_request()
    body["purpose"] = 7
    body["firearm"]["serial_condition"] = "shiny"
    body["firearm"]["typo"] = "x"
    body["firearm"]["marks"] = [{"kind": "maker_name", "text": "North"}, {"kind": "none such"}]
    body["recovery"] = {"recovered_on": "2026-02-30", "country": "Peru", "latitude": 91}
    body["associates"] = [{"family_name": "Good"}, {"birth_date": "yesterday"}]
    body["requested_groups"] = ["G6", "G6", "G99"]
    body["recipients"] = [{}]
    body["submit"] = "yes"
    refused = cast.officer.post("/v1/trace-requests", body).expect(422, "validation-failed")
    pointers = {pointer for pointer, _ in refused.errors}
    wanted = {"/purpose", "/firearm/serial_condition", "/firearm/typo", "/firearm/marks/1/kind", "/recovery/recovered_on",
              "/recovery/country", "/recovery/latitude", "/associates/1/birth_date", "/requested_groups/2", "/submit"}
    assert wanted <= pointers, f"missing {sorted(wanted - pointers)}\n{refused.story()}"


def test_what_is_missing_for_sending_is_named_in_full(cast):
    refused = cast.officer.post("/v1/trace-requests", {"firearm": {}, "purpose": "investigation", "submit": True})
    refused.expect(422, "validation-failed")
    pointers = {pointer for pointer, _ in refused.errors}
    wanted = {"/legal_basis", "/offence_code", "/intended_use", "/illicit_ground", "/recovery/country",
              "/recovery/recovered_on", "/recipients", "/firearm/make_text", "/firearm/type_code", "/firearm/calibre_text",
              "/firearm/model_text", "/firearm/origin_country"}
    assert wanted <= pointers, f"missing {sorted(wanted - pointers)}\n{refused.story()}"


@pytest.mark.parametrize("raw, status", [
    (b"", 400), (b"{", 400), (b"[]", 422), (b"null", 422), (b'{"purpose":"investigation","purpose":"statistics"}', 422),
    (b'{"firearm":{"model_text":"a\\u0000b"},"purpose":"investigation"}', 422),
    (b'{"firearm":{"model_text":"\xff\xfe"},"purpose":"investigation"}', 400),
    (b'{"purpose":"investigation"} trailing', 400), (b'{"firearm":' + b"[" * 5000, 400),
    (b'{"recovery":{"latitude":1e999},"firearm":{},"purpose":"investigation"}', 422),
    (b'{"firearm":{"model_text":"\\ud800"},"purpose":"investigation"}', 400), (b"\xef\xbb\xbf{}", 400),
    (b'{"firearm":{"model_text":"' + b"x" * 5000 + b'"},"purpose":"investigation"}', 422)])
def test_hostile_json_is_refused_in_kind(cast, raw, status):
    reply = cast.officer.post("/v1/trace-requests", raw=raw)
    assert reply.status in ({status} | ({400, 422} if status in (400, 422) else set())), reply.story()
    assert reply.code in ("malformed-json", "validation-failed", "malformed-request", "unsupported-media-type"), reply.story()
    cast.officer.get("/v1/me").expect(200)


def test_body_over_the_bound_is_refused(cast):
    body = b'{"purpose":"' + b"x" * (2 << 20) + b'"}'
    try:
        reply = cast.officer.post("/v1/trace-requests", raw=body)
        reply.expect(413, "body-too-large")
    except (OSError, http.client.HTTPException, ssl.SSLError):
        pass  # closed while we were still sending: as good
    cast.officer.close()
    cast.officer.get("/v1/me").expect(200)


def test_wrong_media_type_method_path_and_query(cast):
    officer = cast.officer
    officer.post("/v1/trace-requests", raw=b"a=b", headers={"Content-Type": "application/x-www-form-urlencoded"}).expect(
        415, "unsupported-media-type")
    refused = officer.delete("/v1/trace-requests").expect(405, "method-not-allowed")
    assert {"GET", "POST"} <= set(refused.headers["allow"].replace(" ", "").split(",")), refused.headers
    officer.get("/v1/nothing-here").expect(404, "not-found")
    officer.get("/v1/trace-requests", query={"colour": "red"}).expect_errors(("query:/colour", "unknown_member"))
    officer.get("/v1/trace-requests", query={"limit": 0}).expect(422)
    officer.get("/v1/trace-requests", query={"after": "not-a-cursor"}).expect(422)
    bad_id = officer.get("/v1/trace-requests/17")
    assert bad_id.status in (404, 422), bad_id.story()


def test_every_problem_type_explains_itself(instance):
    anonymous = instance.anonymous()
    slugs = [name.removeprefix("problem.") for name in catalog("en") if name.startswith("problem.")]
    assert len(slugs) > 25
    for slug in slugs:
        reply = anonymous.get(f"/problems/{slug}").expect(200)
        assert reply.json["code"] == slug and reply.json["title"] == catalog("en")[f"problem.{slug}"], reply.story()
    anonymous.get("/problems/none-such").expect(404)


def test_problem_names_the_request_and_its_trace(cast):
    trace_id = uuid.uuid4().hex
    reply = cast.officer.get(f"/v1/legs/{uuid.uuid4()}", headers={"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"})
    reply.expect(404)
    assert reply.json["trace_id"] == trace_id and reply.json["request_id"] == reply.headers["x-request-id"], reply.story()


def raw_exchange(instance, data: bytes, *, half_close: bool = True, timeout: float = 30) -> bytes:
    """Sends these bytes over TLS and returns all that comes back until the server closes."""
    address = instance.server.address("browser")
    with socket.create_connection(("localhost", address.port), timeout=timeout) as plain:
        with address.context(None).wrap_socket(plain, server_hostname="localhost") as secure:
            received = b""
            try:
                secure.sendall(data)
                while chunk := secure.recv(65536):
                    received += chunk
            except (ConnectionError, ssl.SSLError, socket.timeout):
                if not half_close:
                    raise
            return received


@pytest.mark.parametrize("request_bytes", [
    b"GARBAGE\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET /livez HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
    b"GET /livez HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    b"POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n",
    b"POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 40000 + b"\r\n\r\n",
    b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /livez HTTP/1.1\nHost: localhost\n\n",
    b"GET /livez HTTP/2.0\r\nHost: localhost\r\n\r\n",
    b"GET /livez HTTP/1.1\r\nHost : localhost\r\n\r\n"], ids=lambda data: repr(data[:40]))
def test_malformed_http_is_refused_and_closed(instance, request_bytes):
    answer = raw_exchange(instance, request_bytes)
    if answer:
        status = int(answer.split(b" ", 2)[1])
        assert 400 <= status < 600, answer[:400]
        assert answer.count(b"HTTP/1.1 ") == 1, f"more than one answer to one request: {answer[:600]}"
    anonymous = instance.anonymous()
    anonymous.get("/livez").expect(200)
    anonymous.close()


def test_pipelined_requests_are_answered_in_order(instance):
    wanted = [b"/livez", b"/version", b"/nothing", b"/v1/use-banner"]
    data = b"".join(b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\n" +
                    (b"Connection: close\r\n" if path == wanted[-1] else b"") + b"\r\n" for path in wanted)
    answer = raw_exchange(instance, data)
    places = [answer.find(text) for text in (b"alive", b"rastrod", b"not-found", b"Este sistema")]
    assert -1 not in places and places == sorted(places), answer[:2000]


def test_metrics_only_on_the_operations_listener(instance):
    anonymous, operations = instance.anonymous(), instance.anonymous("operations")
    anonymous.get("/metrics").expect(404)
    text = operations.get("/metrics").expect(200).text
    assert "rastro_requests_total" in text and "rastro_audit_tree_size" in text, text[:500]


def test_agency_listener_wants_a_certificate_before_any_http(instance, world):
    address = instance.server.address("agency")
    nobody = Client(address, "nobody without a certificate", timeout=10)
    with pytest.raises((ssl.SSLError, ConnectionError, http.client.HTTPException)):
        nobody.get("/livez")
    world.gateway(POLICE).get("/v1/me").expect(200)
    without_person = world.gateway(POLICE, acting_for=None)
    without_person.get("/v1/trace-requests").expect_errors(("header:/Rastro-Acting-For", "acting_for_required"))


def test_security_headers_on_every_kind_of_reply(cast, instance):
    anonymous = instance.anonymous()
    for reply in (cast.officer.get("/v1/me"), cast.officer.get("/v1/nothing"), anonymous.get("/v1/me"),
                  anonymous.get("/livez")):
        assert reply.headers.get("x-content-type-options") == "nosniff", reply.story()
        assert "max-age" in reply.headers.get("strict-transport-security", ""), reply.story()
        assert "default-src 'none'" in reply.headers.get("content-security-policy", ""), reply.story()
    assert cast.officer.get("/v1/me").headers["cache-control"] == "no-store"


def test_memory_does_not_grow_with_refusals(instance):
    """A thousand refused requests after a warm-up leave no trace in the size of the process."""
    anonymous = instance.anonymous()
    for _ in range(300):
        anonymous.get("/v1/me")
    before = instance.server.resident_kib()
    for _ in range(1000):
        anonymous.get("/v1/me")
    instance.server.check_growth(before, 16 * 1024)
