"""What the steps of plots.json do: the operation, who acts, and what is said."""
import csv

GIVEN_NAMES = ("Alba", "Bento", "Clara", "Diego", "Elena", "Fabio", "Greta", "Hugo")
DEALERS = {"XB": ("Port Sports", "Lakeside Outfitters", "Granite Guns"), "XC": ("Armurerie du Pont", "Maison Aubin")}
MAKER_OF = {"North Arms": "North Arms Works", "Corvane": "Corvane Freres", "Altiplano": "Fabrica Altiplano",
            "Ferro Sul": "Ferro Sul"}


def read_rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def request_of(row):
    """The trace request of a row of requests.csv."""
    asked = row["to"].split()
    firearm = {"make_text": row["make"], "type_code": row["type"], "calibre_text": row["calibre"],
               "model_text": row["model"], "origin_country": row["origin"]}
    if row["serial"]:
        firearm["serial_raw"] = row["serial"]
    if row["condition"]:
        firearm["serial_condition"] = row["condition"]
    elif row["serial"]:
        firearm["serial_condition"] = "clear"
    if row["importer"]:
        firearm.update(importer_text=row["importer"], import_country=asked[0][:2])
    elif asked[0][:2] != row["origin"]:
        firearm["importer_mark_absent"] = True
    body = {"purpose": "investigation", "firearm": firearm, "priority": row["priority"],
            "recovery": {"recovered_on": row["recovered_on"], "country": "XA", "area": row["area"], "crime_gun": True},
            "legal_basis": "Code of Procedure of Xandria, art. 12", "intended_use": "investigation file",
            "illicit_ground": "illicit_under_local_law", "offence_code": row["offence"],
            "agency_case_no": row["case_no"], "requester_name": row["author"].split(".")[0].capitalize(),
            "handling_code": "H1", "requested_groups": ["G5", "G6", "G9"],
            "recipients": [{"country" if len(to) == 2 else "agency": to} for to in asked],
            "forward_consent": row["plot"].startswith("forwarded")}
    if row["possessor"]:
        given, family = row["possessor"].split()
        body["possessor"] = {"given_names": given, "family_name": family}
    if row["priority"] == "urgent":
        body.update(urgent_ground="in_custody_clock",
                    urgent_justification="A suspect has to be charged or released within two days.")
    return body


def chain_of(row, country, last):
    """Maker to `last` (importer, retailer or purchaser), the same for the same row each time."""
    number = int(row["case_no"].rsplit("-", 1)[1])
    year = 2017 + number % 7
    links = [{"role": "manufacturer", "party_name": MAKER_OF[row["make"]], "party_country": row["origin"],
              "disposed_on": f"{year}-02"}]
    if row["origin"] != country:
        links.append({"role": "importer", "party_name": row["importer"] or "Import House", "party_country": country,
                      "received_on": f"{year}-03", "disposed_on": f"{year}-04"})
    if last in ("retailer", "purchaser"):
        dealers = DEALERS[country]
        links.append({"role": "retailer", "party_name": dealers[number % len(dealers)], "party_country": country,
                      "received_on": f"{year}-04", "disposed_on": f"{year}-06-{number % 27 + 1:02d}"})
    if last == "purchaser":
        links.append({"role": "purchaser", "party_name": f"{GIVEN_NAMES[number % 8]} Invented",
                      "party_country": country, "received_on": f"{year}-06-{number % 27 + 1:02d}"})
    return links


def answer(row, country, last, outcome, kind="full"):
    return {"kind": kind, "outcome_code": outcome, "evaluation": "A1", "chain": chain_of(row, country, last)}


def changed_firearm(row):
    firearm = request_of(row)["firearm"]
    firearm["serial_raw"] = (row["serial"] or "X1").replace("?", "8")
    firearm["serial_condition"] = "clear"
    return firearm


# On the request: operation path, who, body. `who` is a login or a part in the asked country.
REQUEST_ACTS = {
    "submit": ("submission", "author", lambda r, c: None),
    "endorse": ("approval", "sara.xa", lambda r, c: None),
    "approve": ("approval", "nina.xa", lambda r, c: None),
    "return": ("return", "nina.xa", lambda r, c: {"text": "The calibre does not fit the model. Please look again."}),
    "change": ("", "author", lambda r, c: {"special_instructions": "Calibre read again from the barrel."}),
    "withdraw": ("withdrawal", "sara.xa", lambda r, c: {"text": "The owner was found by other means."}),
    "reopen": ("reopening", "author", lambda r, c: {"text": "The laboratory found a second number under the grip."}),
    "close": ("closure", "author", lambda r, c: {"outcome_code": "purchaser_identified"}),
    "duplicate": ("duplicate", "sara.xa", lambda r, c: {"text": "The same firearm, entered twice."}),
}

# On the leg.
LEG_ACTS = {
    "acknowledge": ("acknowledgement", "analyst", "DELIVERED", lambda r, c: None),
    "assign": ("assignment", "supervisor", "ACKNOWLEDGED", lambda r, c: {}),
    "ask": ("clarifications", "analyst", "SEARCHING", lambda r, c: {
        "fields": ["firearm.serial_raw"], "question": "One character cannot be read. What is it under side light?"}),
    "reply": ("clarification-reply", "author", "CLARIFICATION_REQUESTED", lambda r, c: {
        "text": "It is an 8.", "description": changed_firearm(r)}),
    "delay": ("delay", "supervisor", "SEARCHING", lambda r, c: {
        "reason_code": "ongoing_investigation", "review_on": "2030-01-15", "text": "A case of ours is open."}),
    "resume": ("resumption", "supervisor", "DELAYED", lambda r, c: None),
    "refuse": ("refusal", "supervisor", "SEARCHING", lambda r, c: {
        "reason_code": "requires_mla", "appeal_to": "National contact", "text": "Please send a letter rogatory."}),
    "appeal": ("appeal", "author", "REFUSED", lambda r, c: {"text": "The letter rogatory left on Monday."}),
    "uphold": ("appeal-decision", "contact", "REFUSED", lambda r, c: {"decision": "accepted", "text": "It has come."}),
    "answer_importer": ("answers", "analyst", "SEARCHING", lambda r, c: answer(
        r, c, "importer", "wholesaler_or_importer_only", "partial")),
    "answer_retailer": ("answers", "analyst", "SEARCHING", lambda r, c: answer(r, c, "retailer", "retailer_only")),
    "answer_purchaser": ("answers", "analyst", "SEARCHING", lambda r, c: answer(
        r, c, "purchaser", "purchaser_identified")),
    "no_record": ("answers", "analyst", "SEARCHING", lambda r, c: {
        "kind": "no_record", "outcome_code": "no_record_at_manufacturer" if r["serial"] else "serial_obliterated",
        "remarks": "Books of all years were searched."}),
    "forward": ("forward", "analyst", "SEARCHING", lambda r, c: {"country": "XC", "text": "Made there."}),
}

# On the newest answer of the leg.
ANSWER_ACTS = {
    "release": ("approval", "supervisor", lambda r, c: {"decision": "accepted"}),
    "restrict": ("restriction", "supervisor", lambda r, c: {
        "groups": ["G6"], "reason_code": "data_protection", "text": "The buyer is a minor's guardian."}),
    "correct": ("correction", "analyst", lambda r, c: {**answer(r, c, "retailer", "retailer_only"),
                                                      "remarks": "The dealer's book was read one line too low."}),
    "recall": ("recall", "analyst", lambda r, c: {"text": "Another firearm of the same number was meant."}),
}
