"""Fills the demonstration by calling the interface: agencies, people, systems, makes, trace requests, other cases.

    load.py --url URL --ca FILE --rastro PROGRAM --config FILE --owner-password FILE --pki FOLDER --work FOLDER

Safe to repeat: what was done is in WORK/loaded.json and is skipped, and every change is sent under a key that is
made of the names in the data, so that a change whose answer was lost is not made twice.
"""
import argparse
import json
import os
import sys
import time

import acts
from accounts import Accounts, write_secret
from cases import CaseStory
from interface import Interface, Refused

HERE = os.path.dirname(os.path.abspath(__file__))
DELIVERY_LIMIT_S = 60


def read_json(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return json.load(file)


class Settings:
    def __init__(self, options):
        self.url, self.ca, self.rastro, self.config = options.url, options.ca, options.rastro, options.config
        self.owner_password, self.pki, self.work = options.owner_password, options.pki, options.work
        self.credentials = os.path.join(self.work, "people")

    def gateway(self, agency):
        return os.path.join(self.pki, "gateways", agency + ".pem")

    def environment(self):
        return {**os.environ, "XDG_CONFIG_HOME": os.path.join(self.work, "client")}


class Progress:
    """Lines "[3/70] what": ./run shows the numbers of the last one while the step runs."""

    def __init__(self, total):
        self._done, self._total = 0, total

    def __call__(self, text):
        self._done += 1
        print(f"[{self._done}/{self._total}] {text}", flush=True)


class Journal:
    """What was done: case number of each row, acts done, and the one being sent with its precondition."""

    def __init__(self, path):
        self._path = path
        try:
            with open(path, encoding="utf-8") as file:
                self.rows = json.load(file)
        except FileNotFoundError:
            self.rows = {}

    def of(self, name):
        return self.rows.setdefault(name, {"done": 0})

    def keep(self):
        write_secret(self._path, json.dumps(self.rows, indent=1) + "\n")


class Story:
    """One row of requests.csv on its way through its plot."""

    def __init__(self, row, plots, accounts, journal):
        self.row, self._accounts, self._journal = row, accounts, journal
        self._steps = plots["plots"][row["plot"]]
        self._country = row["to"].split()[0][:2]
        self._who = plots["who"]
        self._entry = journal.of(row["case_no"])

    def finished(self):
        return "case_id" in self._entry and self._entry["done"] == len(self._steps)

    def _login(self, part, country):
        if part == "author":
            return self.row["author"]
        return part if "." in part else self._who[country][part]

    def _key(self, act):
        return f"demo-{self.row['case_no']}-{self._entry['done']}-{act}"

    def _change(self, login, method, target, act, body, tag):
        pending = self._entry.get("sending")
        if not pending or pending["act"] != act:
            pending = self._entry["sending"] = {"act": act, "if_match": tag}
            self._journal.keep()
        document, _ = self._accounts.call(login, method, target, body=body, key=self._key(act),
                                          if_match=pending["if_match"])
        del self._entry["sending"]
        return document

    def begin(self):
        if "case_id" in self._entry:
            return
        made, _ = self._accounts.call(self.row["author"], "POST", "/v1/trace-requests",
                                      body={**acts.request_of(self.row), "submit": False},
                                      key=f"demo-{self.row['case_no']}-draft")
        self._entry.update(case_id=made["case_id"], number=made["number"])

    def _leg(self, country, state):
        """The leg in `country` once it is in `state`; None while it is on its way."""
        status, _ = self._accounts.call(self.row["author"], "GET",
                                        f"/v1/trace-requests/{self._entry['case_id']}/status")
        legs = [leg for leg in status["legs"] if leg["asked_country"] == country]
        if legs and (state is None or legs[-1]["state"] == state):
            return legs[-1]
        if legs and state == "DELIVERED" and legs[-1]["state"] == "ROUTED":
            return None
        raise SystemExit(f"{self.row['case_no']}: no leg in {country} is {state}: "
                         f"{[leg['state'] for leg in status['legs']]}")

    def _on_request(self, act):
        path, part, body_of = acts.REQUEST_ACTS[act]
        login, target = self._login(part, self._country), f"/v1/trace-requests/{self._entry['case_id']}"
        document, tag = self._accounts.call(login, "GET", target)
        body = body_of(self.row, self._country)
        if act == "close":
            body["outcome_code"] = document["outcome_code"]
        if act == "duplicate":
            body["lead_case_id"] = self._journal.of(self.row["lead"])["case_id"]
        if path:
            self._change(login, "POST", f"{target}/{path}", act, body, tag)
        else:
            self._change(login, "PATCH", target, act, body, tag)
        return True

    def _on_leg(self, act, country):
        path, part, state, body_of = acts.LEG_ACTS[act]
        leg = self._leg(country, state)
        if leg is None:
            return False
        login, target = self._login(part, country), f"/v1/legs/{leg['leg_id']}"
        _, tag = self._accounts.call(login, "GET", target)
        body = body_of(self.row, country)
        if act == "assign":
            body = {"handler": self._accounts.user_id(self._login("analyst", country))}
        self._change(login, "POST", f"{target}/{path}", act, body, tag)
        return True

    def _on_answer(self, act):
        path, part, body_of = acts.ANSWER_ACTS[act]
        login = self._login(part, self._country)
        leg, _ = self._accounts.call(login, "GET", f"/v1/legs/{self._leg(self._country, None)['leg_id']}")
        newest = leg["answers"][-1]["answer_id"]
        self._change(login, "POST", f"/v1/answers/{newest}/{path}", act, body_of(self.row, self._country), None)
        return True

    def _do(self, act):
        if act == "await_delivery":
            return self._leg(self._country, "DELIVERED") is not None
        if act in acts.REQUEST_ACTS:
            return self._on_request(act)
        if act in acts.ANSWER_ACTS:
            return self._on_answer(act)
        onward = act.startswith("next_")
        return self._on_leg(act.removeprefix("next_"), "XC" if onward else self._country)

    def advance(self):
        """Goes on until the end, or until a leg has to be delivered first. Whether anything was done."""
        before = self._entry["done"]
        while not self.finished():
            act = self._steps[self._entry["done"]]
            try:
                if not self._do(act):
                    break
            except Refused as refused:
                raise SystemExit(f"{self.row['case_no']}, step {act}: {refused}") from refused
            self._entry["done"] += 1
            self._journal.keep()
        return self._entry["done"] > before


def load_people(people, accounts, progress):
    operators = people["operators"]
    accounts.bootstrap(operators)
    operator = operators["admins"][0]["login"]
    progress("operators")
    for agency in people["agencies"]:
        accounts.register(agency, operator)
        accounts.add_people(agency)
        accounts.enrol_gateway(agency)
        progress(f"{agency['agency']}: {len(agency['people'])} people")


def load_makes(accounts, progress):
    makes = read_json("makes.json")
    accounts.call(makes["loaded_by"], "POST", "/v1/catalogue/makes", 
                  body={"source": makes["source"], "makes": makes["makes"]}, key="demo-makes-1")
    progress("makes")


def load_records(accounts, progress):
    for number, register in enumerate(read_json("records.json"), 1):
        accounts.call(register["entered_by"], "POST", "/v1/records/bulk", body={"records": register["records"]},
                      key=f"demo-records-{number}")
    progress("registers of lost, stolen and destroyed firearms")


def load_requests(stories, journal, progress):
    for story in stories:
        story.begin()
    journal.keep()
    waiting, last_move = list(stories), time.monotonic()
    while waiting:
        for story in waiting:
            if story.advance():
                last_move = time.monotonic()
            if story.finished():
                progress(f"{story.row['case_no']} {story.row['plot']}")
        waiting = [story for story in waiting if not story.finished()]
        if waiting and time.monotonic() - last_move > DELIVERY_LIMIT_S:
            raise SystemExit(f"{waiting[0].row['case_no']}: was not delivered within {DELIVERY_LIMIT_S} s")
        if waiting:
            time.sleep(0.2)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("url", "ca", "rastro", "config", "owner-password", "pki", "work"):
        parser.add_argument("--" + name, required=True)
    settings = Settings(parser.parse_args())
    people, plots = read_json("people.json"), read_json("plots.json")
    rows = acts.read_rows(os.path.join(HERE, "requests.csv"))
    cases = read_json("cases.json")
    progress = Progress(len(rows) + len(cases) + len(people["agencies"]) + 4)
    accounts = Accounts(settings, Interface(settings.url, settings.ca))
    load_people(people, accounts, progress)
    for agency in people["agencies"]:
        for person in agency["people"]:
            accounts.sign_in(person["login"])
    write_secret(os.path.join(settings.work, "accounts.txt"), accounts.list_text(people))
    write_secret(os.path.join(settings.work, "accounts.json"), json.dumps(accounts.list_for_page(people)))
    progress("everybody has signed in")
    load_makes(accounts, progress)
    load_records(accounts, progress)
    journal = Journal(os.path.join(settings.work, "loaded.json"))
    load_requests([Story(row, plots, accounts, journal) for row in rows], journal, progress)
    for entry in cases:
        CaseStory(entry, accounts, journal).run()
        progress(f"case {entry['name']}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Refused as refusal:
        sys.exit(str(refusal))
