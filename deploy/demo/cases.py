"""Declared cases of the demonstration: cases.json says who opens each and what is done in it, step by step."""
from interface import Refused


def fields_of(said):
    return [{"field": name, "value": value} for name, value in said.items()]


class CaseStory:
    """One entry of cases.json on its way; what was done is in the journal and is skipped."""

    def __init__(self, entry, accounts, journal):
        self.entry, self._accounts, self._journal = entry, accounts, journal
        self._name = "case " + entry["name"]
        self._kept = journal.of(self._name)

    def _change(self, login, method, target, what, body, read):
        """Under the version that was read, and under the same one again if the answer was lost."""
        pending = self._kept.get("sending")
        if not pending or pending["what"] != what:
            _, tag = self._accounts.call(self.entry["by"], "GET", read)
            pending = self._kept["sending"] = {"what": what, "if_match": tag}
            self._journal.keep()
        document, _ = self._accounts.call(login, method, target, body=body, if_match=pending["if_match"],
                                          key=f"demo-{self._name.replace(' ', '-')}-{what}")
        del self._kept["sending"]
        return document

    def _open(self):
        entry = self.entry
        body = {"type": entry["type"], "fields": fields_of(entry["fields"])}
        if "out_of" in entry:
            operation = self._journal.of("case " + entry["out_of"])
            target = "/v1/cases/" + operation["case_id"]
            made = self._change(entry["by"], "POST", target + "/spawned-cases", "open",
                                {**body, "seizure_id": operation["seizure"][entry["seizure"]]}, target)
        else:
            made, _ = self._accounts.call(entry["by"], "POST", "/v1/cases", body={**body, "handling_code": "H1"},
                                          key=f"demo-{self._name.replace(' ', '-')}-open")
        self._kept.update(case_id=made["case_id"], number=made["number"])

    def _do(self, act, number):
        target = "/v1/cases/" + self._kept["case_id"]
        login = act.get("by", self.entry["by"])
        if "member" in act:
            place, body = "PUT", {"user_id": self._accounts.user_id(act["member"]), "kind": "named"}
            target_of = target + "/members"
        elif "share" in act:
            place, target_of = "PUT", target + "/shares"
            body = {"agency": act["share"], "relation": "addressed", "groups": act["groups"], "onward": "no"}
        else:
            place, target_of = "POST", target + "/acts"
            body = {name: act[name] for name in ("event", "object", "reason", "document") if name in act}
            body["fields"] = fields_of(act.get("fields", {}))
            if "object" in act and not act["event"].startswith("add"):
                body["object_id"] = self._kept[act["object"]][-1]
        shown = self._change(login, place, target_of, str(number), body, target)
        for item in shown["objects"]:
            known = self._kept.setdefault(item["object"], [])
            if item["object_id"] not in known:
                known.append(item["object_id"])

    def run(self):
        try:
            if "case_id" not in self._kept:
                self._open()
                self._journal.keep()
            for number in range(self._kept["done"], len(self.entry["acts"])):
                self._do(self.entry["acts"][number], number)
                self._kept["done"] = number + 1
                self._journal.keep()
        except Refused as refused:
            raise SystemExit(f"{self._name}, step {self._kept['done']}: {refused}") from refused
