#include "protocol/tracker_json.hpp"

#include <array>

#include "common/time_text.hpp"
#include "protocol/code_words.hpp"
#include "protocol/json_writer.hpp"

namespace rastro::protocol {

namespace {

using cases::CountrySheet;
using cases::ProgressEntry;
using cases::ProgressEvidence;
using cases::TrackerReport;
using cases::value_of;

constexpr std::array<std::string_view, 7> kStatuses{
    "no_information", "not_started", "started", "partly", "mostly", "completed", "not_applicable"};
constexpr std::array<std::string_view, 4> kNarratives{
    "narrative_en", "narrative_es", "narrative_pt", "narrative_fr"};

void append_evidence(JsonWriter& json, std::vector<ProgressEvidence> const& evidence) {
    if (evidence.empty()) {
        return;
    }
    json.begin_array("evidence");
    for (auto const& proof : evidence) {
        json.begin_object();
        json.text("kind", proof.kind);
        json.text("ref", proof.ref);
        json.end_object();
    }
    json.end_array();
}

void append_entry(JsonWriter& json, ProgressEntry const& entry) {
    json.begin_object();
    json.text("measure", entry.measure);
    json.text_if("status", entry.status);
    json.text("case_id", entry.case_id);
    json.text("number", entry.number);
    json.text("state", entry.state);
    for (auto const* field : {"narrative_en",
                              "narrative_es",
                              "narrative_pt",
                              "narrative_fr",
                              "indicator_values",
                              "obstacles",
                              "assistance_needed",
                              "next_steps",
                              "lowering_reason",
                              "secretariat_note"}) {
        json.text_if(field, value_of(entry.values, field));
    }
    append_evidence(json, entry.evidence);
    json.end_object();
}

class Sheets {
 public:
    explicit Sheets(Language language) : words_(language) {}

    Document compose(TrackerReport const& report, Instant made_at) {
        Document document;
        document.language = words_.language();
        document.made_at = made_at;
        document.page_text = words_.word("report.page");
        document.title = words_.filled("report.tracker.title", {report.meeting});
        document.subtitle =
            report.country.empty() ? words_.word("report.tracker.region") : country(report.country);
        document.facts.emplace_back(words_.word("report.tracker.countries"),
                                    std::to_string(report.sheets.size()));
        if (!report.since.empty()) {
            document.facts.emplace_back(words_.word("report.tracker.since"), report.since);
        }
        document.facts.emplace_back(
            words_.word("report.fact.prepared"),
            to_iso_date(Date{std::chrono::floor<std::chrono::days>(made_at)}));
        if (report.country.empty()) {
            document.tables.push_back(distribution(report));
        }
        if (!report.since.empty()) {
            document.tables.push_back(moves(report));
        }
        for (auto const& sheet : report.sheets) {
            document.tables.push_back(of_country(sheet));
        }
        document.definitions_title = words_.word("report.definitions");
        for (auto const* name : {"status", "evidence", "distribution"}) {
            document.definitions.emplace_back(
                words_.word("report.tracker." + std::string(name)),
                words_.word("report.tracker.definition." + std::string(name)));
        }
        document.footer = document.title;
        return document;
    }

 private:
    [[nodiscard]] std::string country(std::string const& code) const {
        return words_.code_name("countries", code);
    }
    [[nodiscard]] std::string measure(std::string const& code) const {
        return words_.code_name("randot_measure", code);
    }
    [[nodiscard]] std::string status(std::string const& code) const {
        return code.empty() ? "–" : words_.code_name("progress_status", code);
    }
    [[nodiscard]] std::string proofs(std::vector<ProgressEvidence> const& evidence) const {
        std::string text;
        for (auto const& proof : evidence) {
            text += (text.empty() ? "" : "; ") + words_.code_name("evidence_kind", proof.kind) +
                    ": " + proof.ref;
        }
        return text;
    }

    [[nodiscard]] DocumentTable distribution(TrackerReport const& report) const {
        DocumentTable table;
        table.title = words_.word("report.tracker.distribution");
        table.columns = {words_.word("report.tracker.measure")};
        for (auto const name : kStatuses) {
            table.columns.push_back(status(std::string(name)));
        }
        for (auto const& code : cases::tracker_measures()) {
            std::vector<DocumentCell> row{{measure(code), false}};
            auto const counts = report.distribution.find(code);
            for (auto const name : kStatuses) {
                int const count = counts == report.distribution.end() ? 0
                                  : counts->second.contains(std::string(name))
                                      ? counts->second.at(std::string(name))
                                      : 0;
                row.push_back({std::to_string(count), true});
            }
            table.rows.push_back(std::move(row));
        }
        return table;
    }

    [[nodiscard]] DocumentTable moves(TrackerReport const& report) const {
        DocumentTable table;
        table.title = words_.filled("report.tracker.moves", {report.since});
        table.columns = {words_.word("report.tracker.country"),
                         words_.word("report.tracker.measure"),
                         words_.word("report.tracker.before"),
                         words_.word("report.tracker.after"),
                         words_.word("report.tracker.evidence")};
        for (auto const& move : report.moves) {
            table.rows.push_back({{country(move.country), false},
                                  {measure(move.measure), false},
                                  {status(move.before), false},
                                  {status(move.after), false},
                                  {proofs(move.evidence), false}});
        }
        if (table.rows.empty()) {
            table.note = words_.word("report.tracker.none");
        }
        return table;
    }

    [[nodiscard]] std::string narrative(ProgressEntry const& entry) const {
        auto const own =
            value_of(entry.values, "narrative_" + std::string(code_of(words_.language())));
        if (!own.empty()) {
            return std::string(own);
        }
        for (auto const field : kNarratives) {
            if (auto const text = value_of(entry.values, field); !text.empty()) {
                return std::string(text);
            }
        }
        return {};
    }

    // What a country says of one measure, in the order in which it is read out.
    [[nodiscard]] std::string said(ProgressEntry const& entry) const {
        auto text = narrative(entry);
        for (auto const* field : {"indicator_values",
                                  "obstacles",
                                  "assistance_needed",
                                  "next_steps",
                                  "secretariat_note"}) {
            if (auto const value = value_of(entry.values, field); !value.empty()) {
                text += (text.empty() ? "" : "\n") +
                        words_.word("report.tracker." + std::string(field)) + ": " +
                        std::string(value);
            }
        }
        return text;
    }

    [[nodiscard]] DocumentTable of_country(CountrySheet const& sheet) const {
        DocumentTable table;
        table.title = country(sheet.country);
        table.columns = {words_.word("report.tracker.measure"),
                         words_.word("report.tracker.status"),
                         words_.word("report.tracker.said"),
                         words_.word("report.tracker.evidence")};
        for (auto const& entry : sheet.entries) {
            table.rows.push_back({{measure(entry.measure), false},
                                  {status(entry.status), false},
                                  {said(entry), false},
                                  {proofs(entry.evidence), false}});
        }
        if (!sheet.missing.empty()) {
            std::string names;
            for (auto const& code : sheet.missing) {
                names += (names.empty() ? "" : ", ") + code;
            }
            table.note = words_.filled("report.tracker.missing", {names});
        }
        return table;
    }

    CodeWords words_;
};

}  // namespace

std::string write_tracker(TrackerReport const& report) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.text("meeting", report.meeting);
    json.text_if("since", report.since);
    json.text_if("country", report.country);
    json.begin_array("countries");
    for (auto const& sheet : report.sheets) {
        json.begin_object();
        json.text("country", sheet.country);
        json.begin_array("entries");
        for (auto const& entry : sheet.entries) {
            append_entry(json, entry);
        }
        json.end_array();
        json.texts_if("missing", sheet.missing);
        json.end_object();
    }
    json.end_array();
    json.begin_array("distribution");
    for (auto const& [measure, counts] : report.distribution) {
        for (auto const& [status, count] : counts) {
            json.begin_object();
            json.text("measure", measure);
            json.text("status", status);
            json.integer("countries", count);
            json.end_object();
        }
    }
    json.end_array();
    json.begin_array("moves");
    for (auto const& move : report.moves) {
        json.begin_object();
        json.text("country", move.country);
        json.text("measure", move.measure);
        json.text_if("before", move.before);
        json.text_if("after", move.after);
        append_evidence(json, move.evidence);
        json.end_object();
    }
    json.end_array();
    json.end_object();
    return out;
}

Document tracker_document(TrackerReport const& report, Language language, Instant made_at) {
    return Sheets(language).compose(report, made_at);
}

}  // namespace rastro::protocol
