"""Declared cases as tests use them: a case that remembers its version, the people who work on it, and cells of a report."""


def open_case(client, kind: str, **fields):
    body = {"type": kind, "handling_code": "H1", "fields": [{"field": k, "value": v} for k, v in fields.items()]}
    return Case(client.post("/v1/cases", body).expect(201).json)


class Case:
    def __init__(self, document: dict):
        self.path = f"/v1/cases/{document['case_id']}"
        self.id = document["case_id"]
        self.version = document["version"]
        self.document = document

    def act(self, client, event: str, status: int = 200, object: str = "", object_id: str = "", reason: str = "",
            document: str = "", **fields):
        body = {"event": event, "fields": [{"field": k, "value": v} for k, v in fields.items()]}
        body |= {name: value for name, value in (("object", object), ("object_id", object_id), ("reason", reason),
                                                 ("document", document)) if value}
        reply = client.post(f"{self.path}/acts", body, version=self.version)
        reply.expect(status)
        if status == 200:
            self.document, self.version = reply.json, reply.json["version"]
        return reply

    def put(self, client, part: str, body: dict, status: int = 200):
        reply = client.put(f"{self.path}/{part}", body, version=self.version).expect(status)
        if status == 200:
            self.document, self.version = reply.json, reply.json["version"]
        return reply

    def read(self, client, query: str = "") -> dict:
        return client.get(self.path + query).expect(200).json

    def of(self, kind: str) -> list[dict]:
        return [item for item in self.document["objects"] if item["object"] == kind]


class People(dict):
    """Persons of one agency by role, made when a test first asks for them."""

    def __init__(self, world, agency: str):
        super().__init__()
        self.world, self.agency = world, agency

    def __missing__(self, role: str):
        self[role] = self.world.person(self.agency, role)
        return self[role]


def name_members(case: Case, opener, *persons) -> None:
    for person in persons:
        case.put(opener, "members", {"user_id": person.user_id, "kind": "named"})


def values(item: dict) -> dict:
    return {field["field"]: field["value"] for field in item.get("fields", [])}


def cell(report: dict, table: str, row: str, column: str) -> dict:
    rows = next(t for t in report["tables"] if t["table"] == table)["rows"]
    cells = next(r for r in rows if r["row"] == row)["cells"]
    return next(c for c in cells if c["column"] == column)


def convict(liaison, person: str, provision: str, verdict_on: str, months: str) -> Case:
    case = open_case(liaison, "judgment", court="First Court")
    case.act(liaison, "add", object="finding", person_ref=person, provision=provision)
    finding = case.of("finding")[0]["object_id"]
    step = dict(object="finding", object_id=finding, document="J 1")
    case.act(liaison, "try", object="finding", object_id=finding)
    case.act(liaison, "find_guilty", verdict_on=verdict_on, verdict="guilty", **step)
    case.act(liaison, "sentence", sentence_kind="custodial", sentence_scope="count", sentence_months=months, **step)
    return case
