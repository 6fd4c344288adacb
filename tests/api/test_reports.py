"""Reports over declared cases: the RANDOT tables with the cases behind each number, versions that are kept, verified and cleared
by three persons, what the public sees, and victims in counts that tell of nobody."""
import hashlib
import io
import json
import re
import subprocess
import xml.etree.ElementTree as xml
import zipfile

import pytest

from harness import surroundings

from harness.linked import cell, convict, open_case
from harness.world import CONTACT_A, CONTACT_B, OPERATORS, POLICE

VICTIMS = "/v1/reports/victims?country=XA&year=2019"
KEPT = "/v1/reports/randot/snapshots"


@pytest.fixture(scope="module")
def liaison(world):
    return world.user(POLICE, "court_liaison")


@pytest.fixture(scope="module")
def contact(world):
    return world.user(CONTACT_A, "national_contact")


def test_a_judgment_is_counted_in_the_report_and_leaves_it_when_it_is_overturned(liaison, contact):
    before = contact.get("/v1/reports/randot?country=XA&year=2024").expect(200).json
    assert cell(before, "B", "TIP 5", "cases")["count"] == 0
    one = convict(liaison, "P-1", "TIP_5", "2024-06-02", "180")
    two = convict(liaison, "P-2", "UNTOC_5|UNTOC_6", "2024-03-14", "96")
    other = convict(liaison, "P-3", "national_only", "2024-08-08", "120")
    report = contact.get("/v1/reports/randot?country=XA&year=2024").expect(200).json
    assert cell(report, "B", "TIP 5", "cases") == {"column": "cases", "count": 1, "cases": [one.id]}
    assert cell(report, "B", "UNTOC 5", "persons")["count"] == cell(report, "B", "UNTOC 6", "persons")["count"] == 1
    assert cell(report, "B", "total", "cases")["count"] == 2
    table = next(t for t in report["tables"] if t["table"] == "B")
    assert {"case_id": other.id, "reason": "not_listed_provision"} in table["excluded"]
    kept = contact.post("/v1/reports/randot/snapshots", {"country": "XA", "year": 2024}).expect(201).json
    finding = one.of("finding")[0]["object_id"]
    one.act(liaison, "overturn", object="finding", object_id=finding, reason="appeal", document="J 2",
            overturned_on="2025-03-01")
    plain = contact.get("/v1/reports/randot?country=XA&year=2024").expect(200).json
    assert cell(plain, "B", "TIP 5", "cases")["count"] == 1  # R5: after the year, the year's report stands
    amended = contact.get("/v1/reports/randot?country=XA&year=2024&amended=true").expect(200).json
    assert cell(amended, "B", "TIP 5", "cases")["count"] == 0
    assert cell(amended, "B", "total", "cases") == {"column": "cases", "count": 1, "cases": [two.id]}
    assert cell(kept["report"], "B", "TIP 5", "cases")["count"] == 1


def test_the_report_of_a_country_is_its_own_contacts(world, liaison):
    world.user(CONTACT_A, "national_contact").get("/v1/reports/randot?country=XB&year=2024").expect(404)
    # Not the national contact's agency: it has no report.
    liaison.get("/v1/reports/randot?country=XA&year=2024").expect(404)
    world.user(POLICE, "statistician").get("/v1/reports/randot?country=XA&year=2024").expect(404)
    world.user(CONTACT_A, "lab_user").get("/v1/reports/randot?country=XA&year=2024").expect(403)


def test_a_kept_report_is_numbered_verified_and_cleared_by_three_persons(world, liaison, contact):
    verifier, clearer = world.user(CONTACT_A, "statistician"), world.user(CONTACT_A, "national_contact", number=2)
    case = convict(liaison, "P-7", "TIP_5", "2021-06-02", "12")
    first = contact.post(KEPT, {"country": "XA", "year": 2021}).expect(201)
    kept = first.json
    assert (kept["version"], kept["faults"], kept["changes"]) == (1, 0, [])
    # The digest is of the bytes of the report as they came.
    text = first.text
    body = text[text.index('"report":') + len('"report":'):-1]
    assert json.loads(body) == kept["report"] and hashlib.sha256(body.encode()).hexdigest() == kept["sha256"]
    path = f"{KEPT}/{kept['snapshot_id']}"
    assert [code for _, code in clearer.post(f"{path}/clearance").expect(422).errors] == ["guard.snapshot_verified"]
    contact.post(f"{path}/verification").expect(403)  # not who prepared it
    verifier.get(f"{path}/public").expect(422)
    assert verifier.post(f"{path}/verification").expect(200).json["verified_by"]
    verifier.post(f"{path}/verification").expect(409)
    verifier.post(f"{path}/clearance").expect(403)  # not the national contact
    contact.post(f"{path}/clearance").expect(403)
    assert clearer.post(f"{path}/clearance").expect(200).json["cleared_by"]
    public = verifier.get(f"{path}/public").expect(200).json
    assert cell(public, "B", "TIP 5", "cases") == {"column": "cases", "count": 1} and case.id not in json.dumps(public)
    rows = next(table for table in public["tables"] if table["table"] == "B")["rows"]
    assert all("months" not in row for row in rows)  # one person: months would tell of them
    other = convict(liaison, "P-8", "TIP_5", "2021-07-02", "24")
    second = contact.post(KEPT, {"country": "XA", "year": 2021}).expect(201).json
    assert second["version"] == 2 and {(line["row"], line["case_id"], line["entered"]) for line in second["changes"]} == {
        ("TIP 5", other.id, True), ("total", other.id, True)}
    again = verifier.get(path).expect(200).json
    assert again["report"] == kept["report"] and again["cleared_by"]  # what was handed out stays
    listed = verifier.pages(KEPT, country="XA", year=2021)
    assert [(item["version"], "report" in item) for item in listed] == [(2, False), (1, False)]
    world.user(CONTACT_B, "national_contact").get(path).expect(404)


SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheets_of(workbook: bytes) -> dict[str, list[list[str]]]:
    """Rows of each sheet by its name, as a spreadsheet program would read them."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        assert archive.testzip() is None
        shared = [("".join(part.text or "" for part in item.iter(f"{SHEET}t")))
                  for item in xml.fromstring(archive.read("xl/sharedStrings.xml"))]
        names = [sheet.get("name") for sheet in xml.fromstring(archive.read("xl/workbook.xml")).iter(f"{SHEET}sheet")]
        found = {}
        for number, name in enumerate(names, 1):
            rows = xml.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml")).iter(f"{SHEET}row")
            found[name] = [[shared[int(c.find(f"{SHEET}v").text)] if c.get("t") == "s" else c.find(f"{SHEET}v").text
                            for c in row if c.find(f"{SHEET}v") is not None] for row in rows]
        return found


def poppler(program: str, pdf: bytes, tmp_path, *options: str) -> str:
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf)
    words = [program, *options, file] + (["-"] if program == "pdftotext" else [])
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def test_a_cleared_report_is_signed_and_goes_out_on_paper_in_four_languages(world, liaison, contact, tmp_path, instance):
    case = convict(liaison, "P-11", "TIP_5", "2017-06-02", "30")
    path = f"{KEPT}/{contact.post(KEPT, {'country': 'XA', 'year': 2017}).expect(201).json['snapshot_id']}"
    verifier, clearer = world.user(CONTACT_A, "statistician"), world.user(CONTACT_A, "national_contact", number=2)
    verifier.get(f"{path}/pdf?audience=public").expect(422)  # not cleared
    draft = poppler("pdftotext", verifier.get(f"{path}/pdf").expect(200).data, tmp_path, "-layout")
    assert "not yet" in draft
    verifier.post(f"{path}/verification").expect(200)
    cleared = clearer.post(f"{path}/clearance").expect(200)
    for language, words in {"en": "Table B: convictions of individuals", "es": "Cuadro B: condenas de personas físicas",
                            "pt": "Quadro B: condenações de pessoas físicas",
                            "fr": "Tableau B : condamnations de personnes physiques"}.items():
        pdf = verifier.get(f"{path}/pdf?language={language}").expect(200)
        assert pdf.headers["content-type"] == "application/pdf" and pdf.data.startswith(b"%PDF-")
        text = poppler("pdftotext", pdf.data, tmp_path, "-layout")
        assert words in text and "30 / 30 / 30" in text and cleared.json["sha256"] in re.sub(r"\s", "", text)
    info = poppler("pdfinfo", pdf.data, tmp_path)
    assert re.search(r"Tagged:\s+yes", info) and "RANDOT" in info
    structure = poppler("pdfinfo", pdf.data, tmp_path, "-struct-text")
    assert all(f"{tag}" in structure for tag in ("Document", "H1", "H2", "Table", "TR", "TH", "TD"))
    assert verifier.get(f"{path}/pdf?language=fr").expect(200).data == pdf.data  # the same report, the same bytes
    book = sheets_of(verifier.get(f"{path}/xlsx?language=es").expect(200).data)
    tip = next(row for row in book["Cuadro B"] if row[0] == "TIP 5")
    assert tip[1:3] == ["1", "1"] and any(case.id in row for row in book["Casos detrás de cada cifra"])
    public = verifier.get(f"{path}/xlsx?audience=public").expect(200).data
    assert case.id not in str(sheets_of(public)) and "30 / 30 / 30" not in str(sheets_of(public))
    verifier.get(f"{path}/pdf?language=xx").expect(422)
    # Whoever holds the verifier key can check the report without the server.
    kept = tmp_path / "kept.json"
    kept.write_text(verifier.get(path).expect(200).text)
    vkey = (instance.folder / "pki" / "checkpoint.vkey").read_text().strip()
    said = surroundings.run([surroundings.rastro(), "randot", "check", kept, "--vkey", vkey])
    assert said.stdout.startswith("XA 2017 1: the report that was cleared")
    for old, new in ((case.id, case.id[::-1]), ('"year":2017', '"year":2016'), ('"sha256":"', '"sha256":"0')):
        kept.write_text(verifier.get(path).expect(200).text.replace(old, new, 1))
        wrong = subprocess.run([surroundings.rastro(), "randot", "check", kept, "--vkey", vkey], capture_output=True, text=True)
        assert wrong.returncode != 0 and wrong.stderr, f"{old} -> {new}: {wrong.stdout}"


def progress(client, measure: str, meeting: str, status: str, submitted: bool = True, **fields):
    case = open_case(client, "measure_progress", measure=measure, meeting=meeting)
    case.act(client, "draft", progress_status=status)
    case.act(client, "add", object="evidence", evidence_kind="decree", evidence_ref=f"Decree {measure}")
    if submitted:
        case.act(client, "clear", **fields)
        case.act(client, "submit")
    return case


def test_the_follow_up_of_a_meeting_by_country_and_for_the_region(world, contact, tmp_path):
    abroad = world.user(CONTACT_B, "national_contact")
    progress(contact, "M2", "RANDOT IV", "started", narrative_es="Se prepara una unidad.")
    progress(contact, "M2", "RANDOT V", "mostly", narrative_es="Se fundó una unidad.", next_steps="Capacitar")
    progress(contact, "M3", "RANDOT V", "started", submitted=False)
    progress(abroad, "M2", "RANDOT V", "mostly", narrative_en="A unit was founded.")
    path = "/v1/reports/tracker"
    own = contact.get(path, query={"meeting": "RANDOT V", "since": "RANDOT IV", "country": "XA"}).expect(200).json
    assert [entry["measure"] for entry in own["countries"][0]["entries"]] == ["M2", "M3"]  # its own in every state
    assert {"M1", "M14"} <= set(own["countries"][0]["missing"])
    assert own["moves"][0] == {"country": "XA", "measure": "M2", "before": "started", "after": "mostly",
                               "evidence": [{"kind": "decree", "ref": "Decree M2"}]}
    abroad.get(path, query={"meeting": "RANDOT V", "country": "XA"}).expect(404)
    contact.get(path, query={"meeting": "RANDOT V"}).expect(404)  # the region is the secretariat's
    region = world.user(OPERATORS, "secretariat").get(path, query={"meeting": "RANDOT V"}).expect(200).json
    assert [sheet["country"] for sheet in region["countries"]] == ["XA", "XB"]
    assert region["distribution"] == [{"measure": "M2", "status": "mostly", "countries": 2}]  # no draft, no ranking
    contact.get(path).expect(422)
    asked = {"meeting": "RANDOT V", "since": "RANDOT IV", "country": "XA", "language": "es"}
    text = poppler("pdftotext", contact.get(f"{path}/pdf", query=asked).expect(200).data, tmp_path, "-layout")
    assert "Se fundó una unidad." in text and "Decreto: Decree M2" in text and "Qué cambió desde RANDOT IV" in text
    book = sheets_of(contact.get(f"{path}/xlsx", query=asked).expect(200).data)
    assert any("Casi completa" in row for row in book["Xandria"])


def test_one_verifies_and_another_clears(world, liaison, contact):
    convict(liaison, "P-9", "TIP_5", "2020-06-02", "12")
    path = f"{KEPT}/{contact.post(KEPT, {'country': 'XA', 'year': 2020}).expect(201).json['snapshot_id']}"
    one = world.user(CONTACT_A, "national_contact", number=2)
    one.post(f"{path}/verification").expect(200)
    one.post(f"{path}/clearance").expect(403, "two-persons-required")


def test_faults_stand_in_the_way_of_clearance(world, liaison, contact):
    case = open_case(liaison, "judgment", court="First Court")
    case.act(liaison, "add", object="finding", person_ref="P-10", provision="TIP_5")
    finding = dict(object="finding", object_id=case.of("finding")[0]["object_id"])
    case.act(liaison, "try", **finding)
    case.act(liaison, "find_guilty", verdict_on="2018-05-05", verdict="guilty", document="J", **finding)
    case.act(liaison, "sentence", sentence_kind="custodial", sentence_scope="count", document="J", **finding)  # no months
    kept = contact.post(KEPT, {"country": "XA", "year": 2018}).expect(201).json
    assert kept["report"]["quality"] == [{"case_id": case.id, "fault": "sentence_incomplete"}] and kept["faults"] == 1
    path = f"{KEPT}/{kept['snapshot_id']}"
    world.user(CONTACT_A, "statistician").post(f"{path}/verification").expect(200)
    refused = world.user(CONTACT_A, "national_contact", number=2).post(f"{path}/clearance").expect(422)
    assert [code for _, code in refused.errors] == ["guard.no_quality_faults"]
    case.act(liaison, "correct_finding", object="finding", object_id=finding["object_id"], reason="mended", sentence_months="8")


def counts(table: dict) -> dict:
    return {(row["row"], item["column"]): item.get("count") for row in table["rows"] for item in row["cells"]}


def test_small_counts_of_victims_are_kept_back(world, contact):
    advocate = world.user(POLICE, "victim_advocate")
    assert counts(contact.get(VICTIMS).expect(200).json)[("total", "total")] == 0
    many = open_case(advocate, "tip_case", detected_on="2019-03-01", purpose="forced_labour")
    for _ in range(12):
        many.act(advocate, "add", object="victim", age_band="age_18_24")
    few = open_case(advocate, "tip_case", detected_on="2019-04-01", purpose="servitude")
    for _ in range(2):
        few.act(advocate, "add", object="victim", age_band="age_18_24")
    shown = counts(contact.get(VICTIMS).expect(200).json)
    assert shown[("servitude", "age_18_24")] is None and shown[("servitude", "total")] is None
    # 14 less 12 would tell the 2.
    column = [count for (row, band), count in shown.items() if band == "age_18_24" and row != "total"]
    assert shown[("total", "age_18_24")] is None or column.count(None) >= 2
    world.user(POLICE, "statistician").get(VICTIMS).expect(404)
