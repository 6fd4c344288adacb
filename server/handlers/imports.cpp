// Bulk import: a file is announced, its rows arrive in batches, each row has its own result for
// good. A file that is announced again goes on where it ended.
#include <algorithm>
#include <array>
#include <limits>

#include "cases/trace/import_profile.hpp"
#include "protocol/import_json.hpp"
#include "protocol/paging.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/import_batch.hpp"
#include "server/handlers/import_content.hpp"
#include "server/handlers/make_cache.hpp"
#include "server/handlers/parameters.hpp"
#include "server/handlers/people.hpp"

namespace rastro::server {

namespace {

using cases::Relation;

// Found and decided upon; another agency's import does not exist.
Outcome<storage::ImportFile> open_import(Call& call, storage::UnitOfWork& unit, ImportId id) {
    auto file = storage::ImportRepo(unit).find(id);
    call.about("import", id.to_string(), std::nullopt, file ? file->agency : "");
    bool const own = file && file->agency == call.actor.agency;
    RASTRO_CHECK(call.authorise(facts_of("import", {own ? Relation::own_agency : Relation::none})));
    if (!own) {
        return ProblemCode::not_found;
    }
    return *std::move(file);
}

Outcome<Reply> import_reply(storage::UnitOfWork& unit, storage::ImportFile const& file) {
    RASTRO_TRY(common, protocol::read_import_common(file.common));
    auto const counts = storage::ImportRepo(unit).counts(file.id);
    Reply reply;
    reply.body = protocol::write_import({.import_id = file.id,
                                         .file_sha256 = file.file_sha256,
                                         .file_name = file.file_name,
                                         .profile = file.profile,
                                         .dry_run = file.dry_run,
                                         .submit = file.submit,
                                         .announced_rows = file.announced_rows,
                                         .created_at = file.created_at,
                                         .submitted = counts.submitted,
                                         .drafts = counts.draft,
                                         .duplicates = counts.duplicate,
                                         .rejected = counts.rejected,
                                         .ready = counts.ready,
                                         .missing = missing_in_common(common)});
    return reply;
}

// ---------------------------------------------------------------- announcing

Outcome<protocol::ImportStart> parse_start(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {}));
    RASTRO_TRY(start, protocol::read_import_start(arrival.body));
    if (!cases::find_import_profile(start.profile)) {
        return violation("/profile", "unknown_code", {start.profile});
    }
    return start;
}

Outcome<Reply> run_start(Call& call,
                         protocol::ImportStart const& start,
                         storage::UnitOfWork& unit) {
    storage::ImportFile file;
    file.id = ImportId::generate();
    call.about("import", file.id.to_string(), std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts_of("import", {Relation::own_agency})));
    file.agency = call.actor.agency;
    file.file_sha256 = start.file_sha256;
    file.file_name = start.file_name;
    file.profile = start.profile;
    file.dry_run = start.dry_run;
    file.submit = start.submit;
    file.announced_rows = start.announced_rows;
    file.common = protocol::write_import_common(start.common);
    file.created_by = call.actor.principal();
    auto const wanted = file.common;
    bool const made = storage::ImportRepo(unit).find_or_insert(file);
    call.about("import", file.id.to_string(), std::nullopt, file.agency);
    call.audit.legal_basis = start.common.legal_basis;
    if (!made) {
        RASTRO_TRY(stored, protocol::read_import_common(file.common));
        if (protocol::write_import_common(stored) != wanted) {
            return Problem(ProblemCode::conflict,
                           "This file was imported before, and its requests share other values")
                .add({"/common", "import_common_differs", {}});
        }
    }
    RASTRO_TRY(reply, import_reply(unit, file));
    reply.status = 201;
    reply.location = "/v1/imports/" + file.id.to_string();
    return reply;
}

// ---------------------------------------------------------------- rows

struct SendRows {
    ImportId id;
    protocol::ImportRows message;
};

Outcome<SendRows> parse_rows(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {}));
    RASTRO_TRY(id, path_id<ImportId>(arrival, "import_id"));
    RASTRO_TRY(message, protocol::read_import_rows(arrival.body));
    return SendRows{.id = id, .message = std::move(message)};
}

Outcome<Reply> run_rows(MakeCache& makes,
                        Call& call,
                        SendRows const& command,
                        storage::UnitOfWork& unit) {
    RASTRO_TRY(file, open_import(call, unit, command.id));
    RASTRO_TRY(common, protocol::read_import_common(file.common));
    call.audit.legal_basis = common.legal_basis;
    storage::ImportRepo(unit).lock(file.id);
    auto const catalogue = makes.current(unit);
    ImportBatch batch(call, unit, file, common, *catalogue);
    RASTRO_TRY(results, batch.take(command.message));
    call.audit.detail = batch.audit_detail();
    Reply reply;
    reply.body = protocol::write_import_results(results, "");
    return reply;
}

// ---------------------------------------------------------------- reading

Outcome<ImportId> parse_read(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {}));
    return path_id<ImportId>(arrival, "import_id");
}

Outcome<Reply> run_read(Call& call, ImportId const& id, storage::UnitOfWork& unit) {
    RASTRO_TRY(file, open_import(call, unit, id));
    return import_reply(unit, file);
}

struct ResultQuery {
    ImportId id;
    std::string result;
    int after = 0;
    int limit = 50;
    protocol::QueryParameters query;
};

constexpr std::array kByLine{protocol::KeyPart::integer};
constexpr std::array<std::string_view, 4> kResults{"submitted", "draft", "duplicate", "rejected"};

Outcome<ResultQuery> parse_results(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {"limit", "after", "result"}));
    ResultQuery asked;
    RASTRO_TRY(id, path_id<ImportId>(arrival, "import_id"));
    RASTRO_TRY(limit, protocol::page_size(arrival.query));
    RASTRO_TRY(key, protocol::page_start(arrival.query, "import_results", kByLine));
    asked.id = id;
    asked.limit = static_cast<int>(limit);
    asked.result = query_text(arrival, "result");
    asked.query = arrival.query;
    if (!asked.result.empty() && std::ranges::find(kResults, asked.result) == kResults.end()) {
        return violation("query:/result", "not_in_list");
    }
    if (!key.empty()) {
        // A made-up line is cut to what a line can be.
        asked.after = static_cast<int>(
            std::clamp<long long>(std::stoll(key.front()), 0, std::numeric_limits<int>::max()));
    }
    return asked;
}

Outcome<Reply> run_results(Call& call, ResultQuery const& asked, storage::UnitOfWork& unit) {
    RASTRO_TRY(file, open_import(call, unit, asked.id));
    auto rows =
        storage::ImportRepo(unit).rows_after(file.id, asked.after, asked.result, asked.limit + 1);
    Reply reply;
    std::string next;
    if (rows.size() > static_cast<std::size_t>(asked.limit)) {
        rows.pop_back();
        auto const line = std::to_string(rows.back().line);
        next = protocol::encode_cursor("import_results", std::span(&line, 1));
        reply.link =
            protocol::next_link("/v1/imports/" + file.id.to_string() + "/rows", asked.query, next);
    }
    std::vector<protocol::ImportRowResult> results;
    for (auto const& row : rows) {
        RASTRO_TRY(result, result_of(row));
        results.push_back(std::move(result));
    }
    reply.body = protocol::write_import_results(results, next);
    return reply;
}

}  // namespace

void bind_imports(Routes& routes) {
    auto const makes = std::make_shared<MakeCache>();
    routes.add("import_start", parse_start, run_start);
    routes.add("import_rows",
               parse_rows,
               [makes](Call& call, SendRows const& command, storage::UnitOfWork& unit) {
                   return run_rows(*makes, call, command, unit);
               });
    routes.add("import_read", parse_read, run_read);
    routes.add("import_results", parse_results, run_results);
}

}  // namespace rastro::server
