"""Who may do what, computed from cases/permissions.csv by an implementation of its own: default deny, forbid beats permit,
role AND relation AND every condition."""
import csv
import dataclasses

from .surroundings import ROOT


@dataclasses.dataclass(frozen=True)
class Caller:
    """What a decision needs to know of who calls. `kind`: person or gateway."""
    kind: str
    roles: frozenset
    national_contact_agency: bool = False
    administration_agency: bool = False
    oversight_agency: bool = False
    fresh: bool = True


@dataclasses.dataclass(frozen=True)
class Decision:
    allowed: bool
    step_up_needed: bool
    rule: str


class Rules:
    def __init__(self):
        with open(ROOT / "cases" / "permissions.csv", encoding="utf-8", newline="") as table:
            rows = csv.DictReader(line for line in table if not line.startswith("#"))
            self.rows = [{name: (cell or "").strip() for name, cell in row.items()} for row in rows]
        assert len(self.rows) > 80, "cases/permissions.csv was not read"

    def operations(self) -> set[str]:
        return {row["operation"] for row in self.rows if row["operation"] != "*"}

    @staticmethod
    def _listed(cell: str) -> set[str]:
        return set(cell.split("|")) if cell else set()

    @staticmethod
    def _met(condition: str, caller: Caller, author: bool) -> bool | None:
        """None: would be met after a fresh authentication."""
        if condition == "step_up":
            return True if caller.fresh or caller.kind == "gateway" else None
        return {"person": caller.kind == "person", "gateway": caller.kind == "gateway", "not_author": not author,
                "national_contact_agency": caller.national_contact_agency,
                "administration_agency": caller.administration_agency, "oversight_agency": caller.oversight_agency,
                "outside_compartment": False}.get(condition, False)

    def decide(self, operation: str, caller: Caller, relations: set[str], author: bool = False) -> Decision:
        allowed, waits = "", ""
        for row in self.rows:
            if row["operation"] not in (operation, "*"):
                continue
            roles, wanted = self._listed(row["roles"]), self._listed(row["relations"])
            if "*" not in roles and not roles & caller.roles:
                continue
            if "*" not in wanted and not wanted & relations:
                continue
            results = [self._met(condition, caller, author) for condition in self._listed(row["conditions"])]
            met = all(result is True for result in results)
            if row["effect"] == "forbid":
                if met:
                    return Decision(False, False, row["rule"])
            elif met:
                allowed = allowed or row["rule"]
            elif all(result is not False for result in results):
                waits = waits or row["rule"]
        if allowed:
            return Decision(True, False, allowed)
        return Decision(False, bool(waits), waits or "default-deny")
