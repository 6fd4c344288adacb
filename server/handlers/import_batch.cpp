#include "server/handlers/import_batch.hpp"

#include <algorithm>

#include "cases/trace/import_profile.hpp"
#include "cases/trace/serial.hpp"
#include "protocol/json_writer.hpp"
#include "server/handlers/import_content.hpp"
#include "server/handlers/trace_view.hpp"
#include "storage/catalogue_repo.hpp"
#include "storage/trace_repo.hpp"

namespace rastro::server {

namespace {

// Heading and cells, each with its length in front, so that no two rows look alike.
Digest hash_of(std::vector<std::string> const& columns, protocol::ImportRow const& row) {
    std::string text;
    for (auto const* list : {&columns, &row.cells}) {
        text += std::to_string(list->size()) + ";";
        for (auto const& cell : *list) {
            text += std::to_string(cell.size()) + ":" + cell;
        }
    }
    return sha256(text);
}

std::string iso_day(cases::Recovery const& recovery) {
    if (!recovery.recovered_on || recovery.date_precision != cases::RecoveryPrecision::day) {
        return {};
    }
    cases::PartialDate const day{.year = recovery.recovered_on->year(),
                                 .month = recovery.recovered_on->month(),
                                 .day = recovery.recovered_on->day(),
                                 .precision = cases::DatePrecision::day};
    return day.to_string();
}

protocol::ImportNote to_message(cases::CellNote const& note) {
    return {.column = static_cast<int>(note.column),
            .field = note.column == 0 ? std::string() : std::string(code_of(note.field)),
            .verdict = std::string(code_of(note.verdict)),
            .reason = note.reason,
            .suggestions = note.suggestions};
}

std::vector<int> lines_of(protocol::ImportRows const& message) {
    std::vector<int> lines;
    lines.reserve(message.rows.size());
    for (auto const& row : message.rows) {
        lines.push_back(row.line);
    }
    return lines;
}

}  // namespace

Outcome<std::map<int, storage::ImportRow>> ImportBatch::stored_rows(
    protocol::ImportRows const& message, std::vector<Digest> const& hashes) {
    std::map<int, storage::ImportRow> stored;
    for (auto& row : storage::ImportRepo(unit_).rows_at(file_.id, lines_of(message))) {
        stored.emplace(row.line, std::move(row));
    }
    std::vector<Violation> changed;
    for (std::size_t i = 0; i < message.rows.size(); ++i) {
        auto const found = stored.find(message.rows[i].line);
        if (found != stored.end() && found->second.row_sha256 != hashes[i]) {
            changed.push_back({"/rows/" + std::to_string(i) + "/cells",
                               "row_changed",
                               {std::to_string(message.rows[i].line)}});
        }
    }
    if (!changed.empty()) {
        return Problem(ProblemCode::validation_failed, std::move(changed));
    }
    return stored;
}

Outcome<std::vector<cases::ColumnRule>> ImportBatch::columns_of(
    protocol::ImportRows const& message) const {
    auto const profile = cases::find_import_profile(file_.profile);
    if (!profile) {
        return Problem(ProblemCode::conflict, "The profile of this import is no longer known");
    }
    auto bound = cases::bind_columns(*profile, message.columns);
    if (bound) {
        return bound;
    }
    // "csv:/1/COLUMN" of the file is a member of "columns" here.
    std::vector<Violation> faults = bound.error().violations();
    for (auto& fault : faults) {
        auto const column = std::stoul(fault.pointer.substr(fault.pointer.rfind('/') + 1));
        fault.pointer =
            column > message.columns.size() ? "/columns" : "/columns/" + std::to_string(column - 1);
    }
    return Problem(ProblemCode::validation_failed, std::move(faults));
}

void ImportBatch::classify(Work& work, std::vector<cases::ColumnRule> const& columns) const {
    // The year of the import, not of this call: the same row gives the same result.
    auto const day = Date{std::chrono::floor<std::chrono::days>(file_.created_at)};
    work.read = cases::import_row(columns, work.sent->cells, makes_, static_cast<int>(day.year()));
    if (work.read.verdict != cases::RowVerdict::rejected) {
        work.content = content_of(work.read.trace, common_);
        auto refusals = refusals_of(work.content, columns);
        if (!refusals.empty()) {
            work.read.verdict = cases::RowVerdict::rejected;
            std::ranges::move(refusals, std::back_inserter(work.read.notes));
        }
    }
    work.result.line = work.sent->line;
    for (auto const& note : work.read.notes) {
        work.result.notes.push_back(to_message(note));
    }
    if (work.read.verdict == cases::RowVerdict::rejected) {
        work.result.result = "rejected";
        return;
    }
    work.result.missing = missing_in_row(work.read, work.content, common_);
    work.can_be_sent = work.read.verdict == cases::RowVerdict::ready &&
                       work.result.missing.empty() && common_complete_;
    set_duplicate_key(work);
}

// domain/tracing.md 4.9, first row: serial, maker, and the agency's case number or the same day.
void ImportBatch::set_duplicate_key(Work& work) const {
    auto const& firearm = work.content.firearm;
    work.make_key = make_key_of(firearm.make_id, firearm.make_text);
    work.canon = cases::serial_canon(firearm.serial_raw);
    auto const& number = work.content.agency_case_no;
    auto const day = iso_day(work.content.recovery);
    if (!work.canon.empty() && (!number.empty() || !day.empty())) {
        work.key = sha256(work.canon + (number.empty() ? "\nday:" + day : "\nnumber:" + number));
    }
}

ImportBatch::Knowledge ImportBatch::ask(std::vector<Work> const& fresh) {
    std::vector<int> lines;
    std::vector<Digest> keys;
    std::vector<storage::RecoveryKey> recoveries;
    storage::RoutingQuestion routes;  // makes are matched already
    routes.day = Date{std::chrono::floor<std::chrono::days>(unit_.now())};
    for (auto const& work : fresh) {
        if (work.read.verdict == cases::RowVerdict::rejected) {
            continue;
        }
        lines.push_back(work.sent->line);
        if (work.key) {
            keys.push_back(*work.key);
            recoveries.push_back({.serial_canon = work.canon,
                                  .agency_case_no = work.content.agency_case_no,
                                  .recovered_on = iso_day(work.content.recovery)});
        }
        for (auto const& recipient : work.content.recipients) {
            if (work.can_be_sent) {
                (recipient.agency.empty() ? routes.countries : routes.agencies)
                    .insert(recipient.agency.empty() ? recipient.country : recipient.agency);
            }
        }
    }
    storage::ImportRepo repo(unit_);
    Knowledge known;
    known.routing = storage::load_routing(unit_, routes);
    for (auto& twin : repo.twins_in_file(file_.id, keys)) {
        known.in_file[twin.key].push_back(std::move(twin));
    }
    for (auto& twin : repo.twins_among_requests(file_.agency, recoveries)) {
        known.among_requests[twin.serial_canon].push_back(std::move(twin));
    }
    for (auto& row : repo.imported_before(file_, lines)) {
        known.before.emplace(row.line, std::move(row));
    }
    return known;
}

std::optional<ImportBatch::Twin> ImportBatch::twin_of(Work const& work,
                                                      Knowledge const& known) const {
    auto const before = known.before.find(work.sent->line);
    if (before != known.before.end() && before->second.row_sha256 == work.sha) {
        auto const& row = before->second;
        return Twin{"imported_before", row.number, row.case_id, row.number};
    }
    if (!work.key) {
        return std::nullopt;
    }
    if (auto const found = known.in_file.find(*work.key); found != known.in_file.end()) {
        for (auto const& twin : found->second) {
            if (may_be_same_make(twin.make_key, work.make_key)) {
                return Twin{
                    "duplicate_of_line", std::to_string(twin.line), twin.case_id, twin.number};
            }
        }
    }
    auto const found = known.among_requests.find(work.canon);
    if (found == known.among_requests.end()) {
        return std::nullopt;
    }
    auto const day = iso_day(work.content.recovery);
    for (auto const& twin : found->second) {
        bool const same_number = !work.content.agency_case_no.empty() &&
                                 twin.agency_case_no == work.content.agency_case_no;
        bool const same_day = !day.empty() && twin.recovered_on == day;
        // The catalogue may have learnt the maker's name after that request was written.
        bool const same_make =
            may_be_same_make(make_key_of(twin.make_id, twin.make_text), work.make_key) ||
            cases::make_words(twin.make_text) == cases::make_words(work.content.firearm.make_text);
        if ((same_number || same_day) && same_make) {
            return Twin{"duplicate_of_request", twin.number, twin.case_id, twin.number};
        }
    }
    return std::nullopt;
}

void ImportBatch::write_request(Work& work, Knowledge const& known) {
    AskingSide const side{.type = trace_type(call_),
                          .actor = call_.actor,
                          .decision_id = call_.decision.id,
                          .routing = known.routing,
                          .now = unit_.now()};
    work.result.result = "draft";
    bool const send = file_.submit && work.can_be_sent;
    auto made = make_new_request(side, work.content, send, {});
    if (send && made) {
        work.result.result = "submitted";
        work.result.missing.clear();
    } else if (send) {
        // Complete in itself, but not for now: nobody receives for that country, say.
        work.result.missing = made.error().violations();
        if (work.result.missing.empty()) {
            work.result.missing.push_back({"", std::string(made.error().info().slug), {}});
        }
        made = make_new_request(side, work.content, false, {});
    }
    if (!made) {
        throw std::logic_error("an imported row cannot become a draft: " +
                               std::string(made.error().info().slug));
    }
    if (file_.dry_run) {
        return;
    }
    work.result.case_id = made->row.file.case_id;
    work.result.number = made->row.file.number;
    for (auto& message : made->messages) {
        unit_.publish(std::move(message));
    }
    requests_.push_back(std::move(made->row));
}

void ImportBatch::settle(Work& work, Knowledge& known) {
    if (work.read.verdict == cases::RowVerdict::rejected) {
        return;
    }
    if (auto twin = twin_of(work, known)) {
        work.result.result = "duplicate";
        work.result.case_id = twin->case_id;
        work.result.number = twin->number;
        work.result.missing.clear();
        work.result.notes.push_back({.column = 0,
                                     .field = {},
                                     .verdict = "review",
                                     .reason = std::move(twin->reason),
                                     .suggestions = {std::move(twin->shown)}});
        return;
    }
    write_request(work, known);
    if (work.key) {
        known.in_file[*work.key].push_back({.key = *work.key,
                                            .line = work.sent->line,
                                            .make_key = work.make_key,
                                            .case_id = work.result.case_id,
                                            .number = work.result.number});
    }
}

void ImportBatch::store(std::vector<Work> const& fresh) {
    std::vector<storage::ImportRow> rows;
    std::vector<storage::UnknownMake> unknown;
    for (auto const& work : fresh) {
        bool const rejected = work.result.result == "rejected";
        bool const written = work.result.result == "draft" || work.result.result == "submitted";
        rows.push_back({.line = work.sent->line,
                        .row_sha256 = work.sha,
                        .result = work.result.result,
                        .ready = !rejected && work.read.verdict == cases::RowVerdict::ready,
                        .case_id = work.result.case_id,
                        .number = {},
                        .notes = protocol::write_import_account(work.result),
                        .duplicate_key = rejected ? std::nullopt : work.key,
                        .make_key = work.make_key});
        bool const make_unknown = std::ranges::any_of(
            work.read.notes, [](auto const& note) { return note.reason == "make_not_in_list"; });
        if (written && make_unknown && !file_.dry_run) {
            unknown.push_back({.text = work.content.firearm.make_text, .seen = 1});
        }
    }
    if (!requests_.empty()) {
        unit_.queue(storage::file_requests_query(requests_));
    }
    storage::ImportRepo(unit_).insert(file_, rows);
    storage::CatalogueRepo(unit_).queue_reviews(file_.agency, unknown);
}

Outcome<std::vector<protocol::ImportRowResult>> ImportBatch::take(
    protocol::ImportRows const& message) {
    std::vector<Digest> hashes;
    hashes.reserve(message.rows.size());
    for (auto const& row : message.rows) {
        hashes.push_back(hash_of(message.columns, row));
    }
    RASTRO_TRY(columns, columns_of(message));
    RASTRO_TRY(stored, stored_rows(message, hashes));

    common_complete_ = missing_in_common(common_).empty();
    std::vector<Work> fresh;
    fresh.reserve(message.rows.size());
    for (std::size_t i = 0; i < message.rows.size(); ++i) {
        if (!stored.contains(message.rows[i].line)) {
            auto& work = fresh.emplace_back();
            work.sent = &message.rows[i];
            work.sha = hashes[i];
            classify(work, columns);
        }
    }
    if (!fresh.empty()) {
        auto known = ask(fresh);
        for (auto& work : fresh) {
            settle(work, known);
        }
        store(fresh);
    }

    std::vector<protocol::ImportRowResult> results;
    results.reserve(message.rows.size());
    auto next = fresh.begin();
    for (auto const& row : message.rows) {
        if (auto const first = stored.find(row.line); first != stored.end()) {
            RASTRO_TRY(result, result_of(first->second));
            results.push_back(std::move(result));
        } else {
            results.push_back(std::move((next++)->result));
        }
    }
    return results;
}

std::string ImportBatch::audit_detail() const {
    std::string out;
    protocol::JsonWriter json(out);
    json.begin_object();
    json.integer("requests_written", static_cast<std::int64_t>(requests_.size()));
    json.begin_array("requests");
    for (auto const& request : requests_) {
        json.begin_object();
        json.id("case_id", request.file.case_id);
        json.text("number", request.file.number);
        json.text("state", request.file.state);
        json.text_if("serial", request.content.firearm.serial_raw);
        json.end_object();
    }
    json.end_array();
    json.end_object();
    return out;
}

Outcome<protocol::ImportRowResult> result_of(storage::ImportRow const& row) {
    protocol::ImportRowResult result;
    result.line = row.line;
    result.result = row.result;
    result.case_id = row.case_id;
    result.number = row.number;
    RASTRO_CHECK(protocol::read_import_account(row.notes, result));
    return result;
}

}  // namespace rastro::server
