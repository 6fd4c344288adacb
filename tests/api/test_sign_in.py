"""Who comes in, and when it ends (anchors/security.md B01-B10, design/access.md)."""
import time
import uuid

import pytest

from harness.client import Client
from harness.codes import STEP, totp
from harness.world import POLICE, TRACE_B, Person


@pytest.fixture
def person(world) -> Person:
    """Somebody of their own for each test."""
    return world.person(POLICE, "agency_user", number=int(uuid.uuid4().int % 10**9))


def with_next_code(person: Person) -> dict:
    """A code of the next step: accepted already, and later than the one used before."""
    return {**person.credentials(), "totp": totp(person.secret, time.time() + STEP)}


def leaf_of(instance, reply) -> dict:
    return instance.database.rows("select convert_from(leaf, 'UTF8')::json as leaf from rastro.audit_leaf where event_id = "
                                  f"'{reply.event_id}'")[0]["leaf"]


def test_banner_has_to_be_accepted(instance, person):
    anonymous = instance.anonymous()
    assert set(anonymous.get("/v1/use-banner").expect(200).json["text"]) == {"en", "es", "pt", "fr"}
    anonymous.post("/v1/sessions", {**with_next_code(person), "accept_use_banner": False}).expect(403, "banner-not-accepted")


def test_a_code_counts_once(instance, person):
    anonymous, shown = instance.anonymous(), with_next_code(person)
    anonymous.post("/v1/sessions", shown).expect(201)
    again = anonymous.post("/v1/sessions", shown).expect(401, "sign-in-failed")
    assert leaf_of(instance, again)["refusal_reason"] == "code_used_before"


def test_every_reason_of_refusal_looks_the_same(instance, person):
    anonymous = instance.anonymous()
    good = with_next_code(person)
    answers = {}
    for name, shown in {"login": {**good, "login": "nobody.here"}, "password": {**good, "password": "something else"},
                        "code": {**good, "totp": "000000"}}.items():
        reply = anonymous.post("/v1/sessions", shown).expect(401, "sign-in-failed")
        answers[name] = (reply.json["title"], reply.json["detail"])
    assert len(set(answers.values())) == 1, answers


def test_five_failures_lock_until_an_administrator_releases(instance, world, person):
    anonymous = instance.anonymous()
    for _ in range(5):
        anonymous.post("/v1/sessions", {**with_next_code(person), "password": "wrong"}).expect(401)
    refused = anonymous.post("/v1/sessions", with_next_code(person)).expect(401, "sign-in-failed")
    assert leaf_of(instance, refused)["refusal_reason"] == "account_locked"
    admin = world.administrator(POLICE)
    assert admin.get(f"/v1/users/{person.user_id}").expect(200).json["state"] == "locked"
    admin.post(f"/v1/users/{person.user_id}/unlock").expect(200)
    anonymous.post("/v1/sessions", with_next_code(person)).expect(201)


def test_first_password_has_to_be_changed(instance, world):
    admin = world.administrator(POLICE)
    login = f"first.{uuid.uuid4().hex[:8]}"
    made = admin.post("/v1/users", {"login": login, "display_name": "First Timer"}).expect(201).json
    person = Person(POLICE, login, made["first_password"], made["totp"]["secret"])
    session = instance.anonymous().post("/v1/sessions", person.credentials()).expect(201).json
    assert session["must_change_password"] is True, session
    client = Client(instance.server.address("browser"), login, token=session["token"])
    client.get("/v1/agencies").expect(403, "forbidden")
    change = {"current_password": person.password}
    for bad, code in (("short", "password_too_short"), (f"{login}-and-more-of-it", "password_has_name"),
                      ("passwordpassword1", "password_common")):
        refused = client.post("/v1/me/password", {**change, "new_password": bad}).expect(422)
        assert ("/new_password", code) in refused.errors, refused.story()
    client.post("/v1/me/password", {**change, "new_password": "q7!" + uuid.uuid4().hex}).expect(204)
    client.get("/v1/agencies").expect(200)


def test_session_ends_on_sign_out_and_others_by_choice(instance, person):
    second = instance.anonymous().post("/v1/sessions", with_next_code(person)).expect(201).json
    client = person.client
    listed = client.get("/v1/me/sessions").expect(200).json["items"]
    assert {session["current"] for session in listed} == {True, False} and len(listed) == 2, listed
    other = Client(instance.server.address("browser"), "the other session", token=second["token"])
    other.get("/v1/me").expect(200)
    client.delete(f"/v1/me/sessions/{second['session_id']}").expect(204)
    other.get("/v1/me").expect(401, "session-expired")
    client.delete("/v1/me/sessions/current").expect(204)
    client.get("/v1/me").expect(401, "session-expired")


def test_session_ends_at_once_when_the_account_is_disabled(world, person):
    admin, client = world.administrator(POLICE), person.client
    version = admin.get(f"/v1/users/{person.user_id}").expect(200).version
    client.get("/v1/me").expect(200)
    admin.patch(f"/v1/users/{person.user_id}", {"state": "disabled"}, version=version).expect(200)
    client.get("/v1/me").expect(401)


def test_session_ends_at_once_when_a_role_is_taken(world, person):
    first, second = world.administrator(POLICE, 0), world.administrator(POLICE, 1)
    grant = first.post("/v1/role-grants", {"user_id": person.user_id, "role": "agency_user", "kind": "take"}).expect(201).json
    person.client.get("/v1/me").expect(200)
    first.post(f"/v1/role-grants/{grant['grant_id']}/decision", {"decision": "accepted"}).expect(403, "two-persons-required")
    second.post(f"/v1/role-grants/{grant['grant_id']}/decision", {"decision": "accepted"}).expect(200)
    person.client.get("/v1/me").expect(401)


def test_idle_and_old_sessions_are_over(instance, person):
    database = instance.database
    session = f"where user_id = '{person.user_id}'"
    person.client.get("/v1/me").expect(200)
    database.execute(f"update rastro.user_session set last_seen_at = now() - interval '31 minutes' {session}")
    person.client.get("/v1/me").expect(401, "session-expired")
    database.execute(f"update rastro.user_session set last_seen_at = now(), expires_at = now() - interval '1 second' {session}")
    person.client.get("/v1/me").expect(401, "session-expired")


def test_a_use_keeps_a_session_alive(instance, person):
    database = instance.database
    database.execute("update rastro.user_session set last_seen_at = now() - interval '29 minutes' where user_id = "
                     f"'{person.user_id}'")
    person.client.get("/v1/me").expect(200)
    idle = database.value("select extract(epoch from now() - last_seen_at) from rastro.user_session where user_id = "
                          f"'{person.user_id}' and ended_at is null")
    assert idle < 60, f"still idle for {idle} s after a use"


def test_release_needs_a_fresh_confirmation(cast, instance, world):
    from harness.tracing import purchaser_chain
    trace = cast.searching()
    trace.act_on_leg(cast.analyst(), trace.leg_id(TRACE_B), "answers", {
        "kind": "full", "outcome_code": "purchaser_identified", "chain": purchaser_chain()}).expect(201)
    answer = cast.analyst().get(f"/v1/legs/{trace.leg_id(TRACE_B)}").json["answers"][-1]["answer_id"]
    chief = world.person(TRACE_B, "agency_supervisor")
    instance.database.execute("update rastro.user_session set authenticated_at = now() - interval '2 hours' where user_id = "
                              f"'{chief.user_id}'")
    approve = f"/v1/answers/{answer}/approval"
    chief.client.post(approve, {"decision": "accepted"}).expect(403, "step-up-required")
    shown = {"password": chief.password, "totp": totp(chief.secret, time.time() + STEP)}
    renewed = chief.client.post("/v1/me/step-up", shown).expect(200).json
    old = chief.client.token
    chief.client.token = renewed["token"]
    chief.client.post(approve, {"decision": "accepted"}).expect(200)
    chief.client.token = old
    chief.client.get("/v1/me").expect(401)
    chief.client.token = renewed["token"]


def test_cookie_needs_the_header_of_the_own_pages(instance, person):
    client = person.client
    token, client.token = client.token, None
    cookie = {"Cookie": f"__Host-rastro={token}"}
    names = instance.anonymous().post("/v1/sessions", with_next_code(person)).expect(201).headers["set-cookie"]
    name = names.split("=", 1)[0]
    assert name.startswith("__Host-") and "HttpOnly" in names and "SameSite=Strict" in names and "Secure" in names, names
    cookie = {"Cookie": f"{name}={token}"}
    client.get("/v1/me", headers=cookie).expect(200)
    client.post("/v1/me/totp", {}, headers=cookie).expect(403, "forbidden")
    client.post("/v1/me/totp", {}, headers={**cookie, "Rastro-CSRF": "1"}).expect(201)


def test_new_second_factor_counts_after_its_first_code(instance, person):
    secret = person.client.post("/v1/me/totp", {}).expect(201).json["secret"]
    person.client.post("/v1/me/totp/confirmation", {"totp": "000000"}).expect_errors(("/totp", "code_wrong"))
    person.client.post("/v1/me/totp/confirmation", {"totp": totp(secret)}).expect(204)
    anonymous = instance.anonymous()
    anonymous.post("/v1/sessions", with_next_code(person)).expect(401)
    person.secret = secret
    anonymous.post("/v1/sessions", with_next_code(person)).expect(201)


def test_reset_gives_new_first_credentials(instance, world, person):
    reset = world.administrator(POLICE).post(f"/v1/users/{person.user_id}/credential-reset").expect(200).json
    person.client.get("/v1/me").expect(401)
    fresh = Person(POLICE, person.login, reset["first_password"], reset["totp"]["secret"])
    assert instance.anonymous().post("/v1/sessions", fresh.credentials()).expect(201).json["must_change_password"] is True


def test_revoked_certificate_is_refused(world):
    gateway = world.gateway(TRACE_B)
    gateway.get("/v1/me").expect(200)
    admin = world.administrator(TRACE_B)
    listed = admin.get(f"/v1/agencies/{TRACE_B}/certificates").expect(200).json["items"]
    admin.delete(f"/v1/agencies/{TRACE_B}/certificates/{listed[0]['certificate_id']}").expect(204)
    gateway.get("/v1/me").expect(401)


def test_auditor_holds_no_other_role(world):
    admin = world.administrator(POLICE)
    admin.post("/v1/users", {"login": f"two.{uuid.uuid4().hex[:6]}", "display_name": "Two Roles",
                             "propose_roles": ["auditor", "agency_user"]}).expect_errors(
        ("/propose_roles", "auditor_holds_no_other_role"))
