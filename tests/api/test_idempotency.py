"""One effect for each key, however often and from wherever it is sent; no lost update."""
import concurrent.futures
import uuid

from harness.client import Client
from harness.tracing import complete_request
from harness.world import POLICE, TRACE_B


def twin(client: Client) -> Client:
    """The same caller on a connection of its own."""
    return Client(client.address, client.name, token=client.token)


def cases_with(instance, agency_case_no: str) -> int:
    return instance.database.value(f"select count(*) from rastro.trace_request where agency_case_no = '{agency_case_no}'")


def test_same_key_gives_the_same_answer_and_one_effect(cast, instance):
    body, key = {**complete_request(), "submit": True}, str(uuid.uuid4())
    first = cast.officer.post("/v1/trace-requests", body, key=key).expect(201)
    again = cast.officer.post("/v1/trace-requests", body, key=key).expect(201)
    assert again.data == first.data and again.headers["etag"] == first.headers["etag"], again.story()
    assert again.headers["location"] == first.headers["location"], again.story()
    assert cases_with(instance, body["agency_case_no"]) == 1


def test_key_of_an_act_on_a_request(cast):
    trace = cast.trace()
    version, key = cast.contact.get(trace.path).expect(200).version, str(uuid.uuid4())
    first = cast.contact.post(f"{trace.path}/approval", version=version, key=key).expect(200)
    again = cast.contact.post(f"{trace.path}/approval", version=version, key=key).expect(200)
    assert again.data == first.data, again.story()
    events = [entry["event"] for entry in trace.timeline()]
    assert events.count("approve") == 1, events


def test_twenty_at_once_under_one_key_write_once(cast, instance):
    officer = cast.officer
    body, key = {**complete_request(), "submit": True}, str(uuid.uuid4())

    def send(_):
        client = twin(officer)
        try:
            return client.post("/v1/trace-requests", body, key=key)
        finally:
            client.close()

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        replies = list(pool.map(send, range(20)))
    for reply in replies:
        assert reply.status == 201 or (reply.status == 409 and reply.code == "idempotency-in-progress"), reply.story()
    created = {reply.json["case_id"] for reply in replies if reply.status == 201}
    assert len(created) == 1, created
    assert cases_with(instance, body["agency_case_no"]) == 1


def test_twenty_at_once_under_keys_of_their_own_write_twenty(cast, instance):
    officer, shared = cast.officer, f"INV-{uuid.uuid4().hex[:8]}"

    def send(_):
        client = twin(officer)
        try:
            return client.post("/v1/trace-requests", {**complete_request(agency_case_no=shared), "submit": True})
        finally:
            client.close()

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        replies = [reply.expect(201) for reply in pool.map(send, range(20))]
    assert len({reply.json["case_id"] for reply in replies}) == 20
    assert len({reply.json["number"] for reply in replies}) == 20
    assert cases_with(instance, shared) == 20


def test_key_used_for_another_request_is_refused(cast):
    key = str(uuid.uuid4())
    cast.officer.post("/v1/trace-requests", complete_request(), key=key).expect(201)
    cast.officer.post("/v1/trace-requests", complete_request(), key=key).expect(422, "idempotency-key-reused")
    cast.officer.post("/v1/me/totp", {}, key=key).expect(422, "idempotency-key-reused")


def test_keys_belong_to_their_caller(cast, world):
    key, body = str(uuid.uuid4()), complete_request()
    first = cast.officer.post("/v1/trace-requests", body, key=key).expect(201)
    colleague = world.user(POLICE, "agency_user", number=2).post("/v1/trace-requests", body, key=key).expect(201)
    assert first.json["case_id"] != colleague.json["case_id"]


def test_a_refused_call_may_be_sent_again_under_its_key(cast):
    key = str(uuid.uuid4())
    body = complete_request()
    del body["legal_basis"]
    cast.officer.post("/v1/trace-requests", {**body, "submit": True}, key=key).expect(422, "validation-failed")
    cast.officer.post("/v1/trace-requests", {**complete_request(), "submit": True}, key=key).expect(201)


def test_writing_without_a_key_is_refused(cast):
    cast.officer.post("/v1/trace-requests", complete_request(), key=None).expect(400, "idempotency-key-required")
    cast.officer.post("/v1/trace-requests", complete_request(), key="").expect(400, "idempotency-key-required")
    too_long = cast.officer.post("/v1/trace-requests", complete_request(), key="k" * 300)
    assert too_long.status in (400, 422), too_long.story()


def test_secret_is_shown_once(world):
    admin, key = world.administrator(POLICE), str(uuid.uuid4())
    body = {"login": f"once.{uuid.uuid4().hex[:8]}", "display_name": "Once Only"}
    admin.post("/v1/users", body, key=key).expect(201)
    admin.post("/v1/users", body, key=key).expect(410, "gone")


def test_version_is_required_and_must_be_the_present_one(cast):
    trace = cast.trace(submit=False)
    cast.officer.patch(trace.path, {"unit": "Unit 1"}).expect(428, "precondition-required")
    version = cast.officer.get(trace.path).expect(200).version
    cast.officer.patch(trace.path, {"unit": "Unit 1"}, version=version).expect(200)
    cast.officer.patch(trace.path, {"unit": "Unit 2"}, version=version).expect(412, "precondition-failed")
    for bad in ('W/"1"', "1", '"x"', "*", '"01"'):
        reply = cast.officer.patch(trace.path, {"unit": "Unit 3"}, headers={"If-Match": bad})
        assert reply.status in (400, 412, 422), f"If-Match: {bad}\n{reply.story()}"
    assert trace.read()["content"]["unit"] == "Unit 1"


def test_of_two_at_once_under_one_version_one_wins(cast):
    trace = cast.delivered()
    leg = trace.leg_id(TRACE_B)
    analyst = cast.analyst()
    version = analyst.get(f"/v1/legs/{leg}").expect(200).version

    def acknowledge(_):
        client = twin(analyst)
        try:
            return client.post(f"/v1/legs/{leg}/acknowledgement", version=version)
        finally:
            client.close()

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(acknowledge, range(8)))
    assert sorted(reply.status for reply in replies) == [200] + [412] * 7, [reply.story() for reply in replies]
    events = [entry["event"] for entry in trace.timeline()]
    assert events.count("acknowledge") == 1, events
