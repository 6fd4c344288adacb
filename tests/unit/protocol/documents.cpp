// The RANDOT report on paper: every table, language and audience; and the check of a kept report
// without the server.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "cases/reports/report_note.hpp"
#include "certs/keys.hpp"
#include "certs/signer.hpp"
#include "common/digest.hpp"
#include "common/time_text.hpp"
#include "protocol/kept_report_check.hpp"
#include "protocol/pdf.hpp"
#include "protocol/randot_document.hpp"
#include "protocol/randot_json.hpp"
#include "protocol/xlsx.hpp"

using namespace rastro;
using namespace rastro::protocol;

namespace {

cases::RandotReport sample_report() {
    cases::RandotReport report;
    report.question = {"XA", 2025, *parse_iso_date("2026-02-15"), false};
    auto& mla = report.cooperation.rows[0];
    mla.out.cases = mla.total.cases = {"c1", "c2"};
    report.cooperation.total.total.cases = {"c1", "c2"};
    report.cooperation.excluded = {{"c9", "not_formal"}};
    auto& trafficking = report.convictions.rows[4];
    trafficking.all.cases = {"c3"};
    trafficking.all.persons = {"p1", "p2"};
    trafficking.custodial_months = {48, 55};
    trafficking.sentences[cases::SentenceKind::custodial].persons = {"p1", "p2"};
    auto& civil = report.legal_persons.rows[1];
    civil.all.cases = {"c4"};
    civil.all.persons = {"e1"};
    civil.sanctions["damages"] = 1;
    civil.money["damages"]["USD"] = 4000000;
    return report;
}

SnapshotMessage sample_snapshot() {
    SnapshotMessage snapshot;
    snapshot.snapshot_id = "0190c3a2-7f00-7000-8000-000000000001";
    snapshot.country = "XA";
    snapshot.year = 2025;
    snapshot.version = 2;
    snapshot.as_of = *parse_iso_date("2026-02-15");
    snapshot.prepared_at = *parse_rfc3339("2026-02-15T10:00:00Z");
    snapshot.prepared_agency = "XA-CONTACT-A";
    snapshot.report = write_randot(sample_report(), {}, true);
    snapshot.sha256 = to_hex(sha256(snapshot.report));
    snapshot.changes = R"([{"table":"B","row":"TIP 5","case_id":"c3","entered":true}])";
    return snapshot;
}

DocumentTable const* table_with(Document const& document, std::string_view words) {
    for (auto const& table : document.tables) {
        if (table.title.find(words) != std::string::npos) {
            return &table;
        }
    }
    return nullptr;
}

}  // namespace

TEST_CASE("the document says what the kept report says, in each language") {
    auto const snapshot = sample_snapshot();
    for (auto const language : all_languages()) {
        auto const document =
            randot_document(snapshot, snapshot.report, Audience::internal, language);
        CAPTURE(document.title);
        CHECK(document.title.find("2025") != std::string::npos);
        REQUIRE(document.tables.size() == 6);  // A, what it leaves out, B, C, changes, cases
        for (auto const& table : document.tables) {
            CHECK_FALSE(table.title.starts_with("report."));
            for (auto const& row : table.rows) {
                CHECK(row.size() == table.columns.size());
            }
            for (auto const& column : table.columns) {
                CHECK_FALSE(column.starts_with("report."));
            }
        }
        for (auto const& [name, meaning] : document.definitions) {
            CHECK_FALSE(meaning.starts_with("report."));
        }
    }
    auto const english =
        randot_document(snapshot, snapshot.report, Audience::internal, Language::en);
    auto const* convictions = table_with(english, "Table B");
    REQUIRE(convictions != nullptr);
    auto const& tip = convictions->rows.at(4);
    CHECK(tip.at(0).text == "TIP 5");
    CHECK(tip.at(1).text == "1");
    CHECK(tip.at(2).text == "2");
    CHECK(tip.at(6).text == "48 / 51.5 / 55");
    auto const* legal = table_with(english, "Table C");
    REQUIRE(legal != nullptr);
    CHECK(legal->rows.at(1).at(3).text == "Damages 1");
    CHECK(legal->rows.at(1).at(4).text == "Damages USD 40000.00");
    CHECK(table_with(english, "Cases behind")->rows.size() == 11);
}

TEST_CASE("the public's document names no case") {
    auto snapshot = sample_snapshot();
    auto const published = write_randot(sample_report(), {}, false);
    auto const document = randot_document(snapshot, published, Audience::published, Language::fr);
    CHECK_FALSE(document.subtitle.empty());
    CHECK(document.tables.size() == 3);
    for (auto const& table : document.tables) {
        for (auto const& row : table.rows) {
            for (auto const& cell : row) {
                CHECK(cell.text != "c1");
                CHECK(cell.text.find(" / ") == std::string::npos);  // months of two persons
            }
        }
    }
}

TEST_CASE("a source that handed in nothing is n/a") {
    auto report = sample_report();
    report.legal_persons.reported = false;
    auto snapshot = sample_snapshot();
    auto const document =
        randot_document(snapshot, write_randot(report, {}, true), Audience::internal, Language::en);
    auto const* legal = table_with(document, "Table C");
    REQUIRE(legal != nullptr);
    CHECK(legal->rows.empty());
    CHECK(legal->note.find("n/a") != std::string::npos);
}

TEST_CASE("both forms are whole files, and the same for the same report") {
    auto const snapshot = sample_snapshot();
    auto document = randot_document(snapshot, snapshot.report, Audience::internal, Language::pt);
    auto const pdf = write_pdf(document);
    CHECK(pdf.starts_with("%PDF-"));
    CHECK(pdf.find("%%EOF") != std::string::npos);
    CHECK(pdf == write_pdf(document));
    auto const workbook = write_xlsx(document);
    CHECK(workbook.starts_with("PK"));
    // A long table goes over many pages; empty parts are no fault.
    auto& table = document.tables.front();
    for (int i = 0; i < 300; ++i) {
        table.rows.push_back(table.rows.front());
    }
    document.definitions.clear();
    document.facts.clear();
    CHECK(write_pdf(document).size() > pdf.size());
    CHECK(write_pdf(Document{}).starts_with("%PDF-"));
    CHECK(write_xlsx(Document{}).starts_with("PK"));
}

TEST_CASE("what is no report is refused") {
    auto const snapshot = sample_snapshot();
    for (auto const* text : {"", "{}", "[]", R"({"tables":[{}]})", R"({"tables":1})"}) {
        CHECK_THROWS_AS(
            static_cast<void>(randot_document(snapshot, text, Audience::internal, Language::en)),
            std::invalid_argument);
    }
}

TEST_CASE("a kept report is checked by its bytes and the signature over their digest") {
    auto snapshot = sample_snapshot();
    auto const key = certs::signing_key_of(certs::PrivateKey::generate_ed25519()).value();
    auto const verifier =
        cases::parse_vkey(certs::verifier_key("log.example/audit", key->public_key())).value();
    CHECK_FALSE(check_kept_report(write_snapshot(snapshot), verifier).has_value());  // unsigned
    auto const text = cases::report_note_text({.origin = "log.example/audit",
                                               .country = "XA",
                                               .year = 2025,
                                               .version = 2,
                                               .snapshot_id = snapshot.snapshot_id,
                                               .sha256 = snapshot.sha256,
                                               .public_sha256 = snapshot.sha256,
                                               .cleared_at = snapshot.prepared_at});
    snapshot.signature = certs::sign_note(*key, "log.example/audit", text).value();
    auto const reply = write_snapshot(snapshot);
    auto const checked = check_kept_report(reply, verifier);
    REQUIRE(checked.has_value());
    CHECK(*checked == "XA 2025 2: the report that was cleared, signed by log.example/audit");

    auto const changed = [&](std::string_view old, std::string_view with) {
        auto other = reply;
        auto const at = other.find(old);
        REQUIRE(at != std::string::npos);
        other.replace(at, old.size(), with);
        return check_kept_report(other, verifier).has_value();
    };
    CHECK_FALSE(changed(R"("count":2)", R"("count":3)"));
    CHECK_FALSE(changed(R"("year":2025)", R"("year":2024)"));
    CHECK_FALSE(changed(R"("version":2)", R"("version":1)"));
    CHECK_FALSE(changed("0190c3a2", "0190c3a3"));
    auto const stranger = certs::signing_key_of(certs::PrivateKey::generate_ed25519()).value();
    auto const other_key =
        cases::parse_vkey(certs::verifier_key("log.example/audit", stranger->public_key())).value();
    CHECK_FALSE(check_kept_report(reply, other_key).has_value());
    CHECK_FALSE(check_kept_report("{", verifier).has_value());
    CHECK_FALSE(check_kept_report("", verifier).has_value());
}
