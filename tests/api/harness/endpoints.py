"""The endpoint table, read from its source, so that what is tested is what the house says it serves."""
import dataclasses
import re

from .surroundings import ROOT

_ROW = re.compile(r'^\s*\{(".*")\},?$')
_CELL = re.compile(r'"((?:[^"\\]|\\.)*)"|([A-Za-z_:]+|\d+)')


@dataclasses.dataclass(frozen=True)
class Endpoint:
    operation: str
    method: str
    path: str
    credential: str
    audit_action: str
    idempotency: str
    precondition: str
    request_body: str
    response_body: str
    success_status: int
    lane: str
    summary: str

    def matches(self, method: str, path: str) -> bool:
        return self.method == method and re.fullmatch(self.pattern(), path.partition("?")[0]) is not None

    def pattern(self) -> str:
        # {tile_path} holds slashes, everything else is one segment.
        parts = re.split(r"(\{\w+\})", self.path)
        return "".join(".+" if part == "{tile_path}" else "[^/]+" if part.startswith("{") else re.escape(part)
                       for part in parts)


def endpoints() -> list[Endpoint]:
    found = []
    for line in (ROOT / "protocol" / "endpoints.cpp").read_text(encoding="utf-8").splitlines():
        row = _ROW.match(line)
        if row is None:
            continue
        cells = [text or name for text, name in _CELL.findall(row.group(1))]
        assert len(cells) == 12, f"a row of the endpoint table that this reader does not understand: {line}"
        cells[9] = int(cells[9])
        found.append(Endpoint(*cells))
    assert len(found) > 60, "the endpoint table was not found"
    return found


def operation_of(table: list[Endpoint], method: str, path: str) -> Endpoint | None:
    # Exact paths before templates: /v1/me/sessions is no {session_id}.
    fitting = [endpoint for endpoint in table if endpoint.matches(method, path)]
    return min(fitting, key=lambda endpoint: endpoint.path.count("{"), default=None)
