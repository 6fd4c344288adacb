// RANDOT reports that are kept: what was handed out stays as it was, with number, digest and what
// changed since the version before. One person prepares, another verifies, a third clears; only
// then may the public see it (domain/linked-cases.md 6.1, 6.4).
#include <array>
#include <charconv>

#include "cases/reports/report_note.hpp"
#include "certs/signer.hpp"
#include "common/digest.hpp"
#include "protocol/paging.hpp"
#include "protocol/randot_document.hpp"
#include "protocol/randot_snapshot_json.hpp"
#include "server/handlers/documents.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/parameters.hpp"
#include "server/handlers/people.hpp"
#include "server/handlers/reports.hpp"
#include "server/routes.hpp"
#include "server/services.hpp"
#include "storage/randot_snapshots.hpp"

namespace rastro::server {

namespace {

using storage::RandotSnapshot;
using storage::SnapshotId;
using storage::UnitOfWork;

constexpr std::array kById{protocol::KeyPart::uuid};
constexpr std::string_view kList = "snapshot_list";
constexpr std::string_view kPath = "/v1/reports/randot/snapshots";
constexpr std::string_view kHemisphere = "*";

std::string country_of(RandotSnapshot const& snapshot) {
    return snapshot.country == kHemisphere ? std::string() : snapshot.country;
}

protocol::SnapshotMessage to_message(RandotSnapshot const& snapshot) {
    return {.snapshot_id = snapshot.snapshot_id.to_string(),
            .country = country_of(snapshot),
            .year = snapshot.year,
            .version = snapshot.version,
            .as_of = snapshot.as_of,
            .amended = snapshot.amended,
            .faults = snapshot.faults,
            .sha256 = to_hex(snapshot.sha256),
            .prepared_by = snapshot.prepared_by,
            .prepared_agency = snapshot.prepared_agency,
            .prepared_at = snapshot.prepared_at,
            .verified_by = snapshot.verified_by,
            .verified_at = snapshot.verified_at,
            .cleared_by = snapshot.cleared_by,
            .cleared_at = snapshot.cleared_at,
            .signature = snapshot.signature,
            .changes = snapshot.changes,
            .report = snapshot.body};
}

Reply to_reply(Call& call, RandotSnapshot const& snapshot, unsigned status) {
    // The log says which bytes were prepared, read, verified or cleared.
    call.audit.detail = "sha256 " + to_hex(snapshot.sha256);
    Reply reply;
    reply.status = status;
    reply.body = protocol::write_snapshot(to_message(snapshot));
    return reply;
}

// ---------------------------------------------------------------- preparing

Outcome<protocol::RandotAsked> parse_snapshot(Arrival const& arrival) {
    return protocol::read_snapshot_create(arrival.body);
}

Outcome<Reply> run_snapshot(Call& call, protocol::RandotAsked const& asked, UnitOfWork& unit) {
    RASTRO_TRY(computed, compute_report(call, asked, unit));
    RandotSnapshot snapshot;
    snapshot.country = asked.country.empty() ? std::string(kHemisphere) : asked.country;
    snapshot.year = asked.year;
    auto const before = storage::latest_snapshot(unit, snapshot.country, asked.year);
    snapshot.version = before ? before->version + 1 : 1;
    snapshot.as_of = computed.report.question.as_of;
    snapshot.amended = asked.amended;
    snapshot.definition_version = cases::kRandotDefinitionVersion;
    snapshot.body = protocol::write_randot(computed.report, computed.quality, true);
    snapshot.public_body = protocol::write_randot(computed.report, {}, false);
    snapshot.changes = protocol::write_changes(
        before ? cases::changes_between(protocol::read_report_rows(before->body),
                                        cases::report_rows(computed.report))
               : std::vector<cases::ReportChange>());
    snapshot.faults = static_cast<int>(computed.quality.size());
    snapshot.sha256 = sha256(snapshot.body);
    snapshot.prepared_by = call.actor.principal();
    snapshot.prepared_agency = call.actor.agency;
    snapshot.prepared_at = unit.now();
    storage::insert_snapshot(unit, snapshot);
    auto reply = to_reply(call, snapshot, 201);
    reply.location = std::string(kPath) + "/" + snapshot.snapshot_id.to_string();
    return reply;
}

// ---------------------------------------------------------------- list and reading

struct ListQuery {
    std::string country;
    std::optional<int> year;
    std::optional<SnapshotId> after;
    int limit = 50;
    protocol::QueryParameters query;
};

Outcome<ListQuery> parse_list(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {"country", "year", "limit", "after"}));
    RASTRO_TRY(limit, protocol::page_size(arrival.query));
    RASTRO_TRY(key, protocol::page_start(arrival.query, kList, kById));
    ListQuery asked;
    asked.country = query_text(arrival, "country");
    if (auto const text = query_text(arrival, "year"); !text.empty()) {
        int year = 0;
        auto const read = std::from_chars(text.data(), text.data() + text.size(), year);
        bool const whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
        if (!whole || year < 2000 || year > 2100) {
            return violation("query:/year", "out_of_range", {"2000", "2100"});
        }
        asked.year = year;
    }
    asked.after = key.empty() ? std::nullopt : SnapshotId::parse(key.front());
    asked.limit = static_cast<int>(limit);
    asked.query = arrival.query;
    return asked;
}

Outcome<Reply> run_list(Call& call, ListQuery const& asked, UnitOfWork& unit) {
    call.about("randot_snapshot", "", std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts_of("randot_snapshot", {cases::Relation::own_agency})));
    auto rows =
        storage::list_snapshots(unit, asked.country, asked.year, asked.after, asked.limit + 1);
    Reply reply;
    std::string next;
    if (rows.size() > static_cast<std::size_t>(asked.limit)) {
        rows.pop_back();
        auto const last = rows.back().snapshot_id.to_string();
        next = protocol::encode_cursor(kList, std::span(&last, 1));
        reply.link = protocol::next_link(std::string(kPath), asked.query, next);
    }
    std::vector<protocol::SnapshotMessage> messages;
    for (auto const& row : rows) {
        messages.push_back(to_message(row));
    }
    reply.body = protocol::write_snapshots(messages, next);
    return reply;
}

Outcome<SnapshotId> parse_id(Arrival const& arrival) {
    return path_id<SnapshotId>(arrival, "snapshot_id");
}

// The snapshot, decided upon for the operation of the call; of others there is nothing to see.
Outcome<RandotSnapshot> open_snapshot(Call& call, UnitOfWork& unit, SnapshotId const& snapshot_id) {
    call.about("randot_snapshot", snapshot_id.to_string(), std::nullopt, call.actor.agency);
    auto snapshot = storage::find_snapshot(unit, snapshot_id);
    if (!snapshot) {
        return Problem(ProblemCode::not_found).with_audit_reason("no_such_snapshot");
    }
    auto facts = facts_of("randot_snapshot", report_relations(unit, country_of(*snapshot)));
    facts.author = snapshot->prepared_by;
    RASTRO_CHECK(call.authorise(facts));
    return std::move(*snapshot);
}

Outcome<Reply> run_read(Call& call, SnapshotId const& snapshot_id, UnitOfWork& unit) {
    RASTRO_TRY(snapshot, open_snapshot(call, unit, snapshot_id));
    return to_reply(call, snapshot, 200);
}

// ---------------------------------------------------------------- verification and clearance

Outcome<Reply> run_verify(Call& call, SnapshotId const& snapshot_id, UnitOfWork& unit) {
    RASTRO_TRY(snapshot, open_snapshot(call, unit, snapshot_id));
    if (!snapshot.verified_by.empty()) {
        return Problem(ProblemCode::conflict, "This snapshot has been verified");
    }
    snapshot.verified_by = call.actor.principal();
    snapshot.verified_at = unit.now();
    storage::store_verification(unit, snapshot);
    return to_reply(call, snapshot, 200);
}

// The signed note of what is cleared; empty where this server has no key.
Outcome<std::string> sign(Call& call, RandotSnapshot const& snapshot) {
    auto* signer = call.services().report_signer;
    if (signer == nullptr) {
        return std::string();
    }
    return signer->sign(
        cases::report_note_text({.origin = call.services().settings.audit.origin,
                                 .country = snapshot.country,
                                 .year = snapshot.year,
                                 .version = snapshot.version,
                                 .snapshot_id = snapshot.snapshot_id.to_string(),
                                 .sha256 = to_hex(snapshot.sha256),
                                 .public_sha256 = to_hex(sha256(snapshot.public_body)),
                                 .cleared_at = *snapshot.cleared_at}));
}

Outcome<Reply> run_clear(Call& call, SnapshotId const& snapshot_id, UnitOfWork& unit) {
    RASTRO_TRY(snapshot, open_snapshot(call, unit, snapshot_id));
    if (!snapshot.cleared_by.empty()) {
        return Problem(ProblemCode::conflict, "This snapshot has been cleared");
    }
    Problem missing(ProblemCode::guard_not_met);
    if (snapshot.verified_by.empty()) {
        missing.add({"", "guard.snapshot_verified", {}});
    }
    if (snapshot.faults > 0) {
        missing.add({"", "guard.no_quality_faults", {std::to_string(snapshot.faults)}});
    }
    if (!missing.violations().empty()) {
        return missing;
    }
    if (snapshot.verified_by == call.actor.principal()) {
        return ProblemCode::two_persons_required;
    }
    snapshot.cleared_by = call.actor.principal();
    snapshot.cleared_at = unit.now();
    RASTRO_TRY(signature, sign(call, snapshot));
    snapshot.signature = std::move(signature);
    storage::store_clearance(unit, snapshot);
    return to_reply(call, snapshot, 200);
}

Outcome<Reply> run_public(Call& call, SnapshotId const& snapshot_id, UnitOfWork& unit) {
    RASTRO_TRY(snapshot, open_snapshot(call, unit, snapshot_id));
    if (snapshot.cleared_by.empty()) {
        return Problem(ProblemCode::guard_not_met).add({"", "guard.snapshot_cleared", {}});
    }
    Reply reply;
    reply.body = snapshot.public_body;
    return reply;
}

// ---------------------------------------------------------------- on paper

struct DocumentQuery {
    SnapshotId snapshot_id;
    protocol::Language language = protocol::Language::en;
    protocol::Audience audience = protocol::Audience::internal;
};

Outcome<DocumentQuery> parse_document(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {"language", "audience"}));
    RASTRO_TRY(snapshot_id, parse_id(arrival));
    DocumentQuery asked{.snapshot_id = snapshot_id};
    RASTRO_TRY(language, query_language(arrival));
    asked.language = language;
    if (auto const text = query_text(arrival, "audience"); !text.empty()) {
        if (text != "public" && text != "internal") {
            return violation("query:/audience", "not_in_list");
        }
        asked.audience =
            text == "public" ? protocol::Audience::published : protocol::Audience::internal;
    }
    return asked;
}

Outcome<protocol::Document> open_document(Call& call,
                                          DocumentQuery const& asked,
                                          UnitOfWork& unit) {
    RASTRO_TRY(snapshot, open_snapshot(call, unit, asked.snapshot_id));
    bool const is_public = asked.audience == protocol::Audience::published;
    if (is_public && snapshot.cleared_by.empty()) {
        return Problem(ProblemCode::guard_not_met).add({"", "guard.snapshot_cleared", {}});
    }
    call.audit.detail = "sha256 " + to_hex(snapshot.sha256);
    return protocol::randot_document(to_message(snapshot),
                                     is_public ? snapshot.public_body : snapshot.body,
                                     asked.audience,
                                     asked.language);
}

Outcome<Reply> run_pdf(Call& call, DocumentQuery const& asked, UnitOfWork& unit) {
    RASTRO_TRY(document, open_document(call, asked, unit));
    return pdf_reply(document);
}

Outcome<Reply> run_xlsx(Call& call, DocumentQuery const& asked, UnitOfWork& unit) {
    RASTRO_TRY(document, open_document(call, asked, unit));
    return workbook_reply(document);
}

}  // namespace

void bind_report_snapshots(Routes& routes) {
    routes.add("randot_snapshot", parse_snapshot, run_snapshot);
    routes.add("randot_snapshot_list", parse_list, run_list);
    routes.add("randot_snapshot_read", parse_id, run_read);
    routes.add("randot_snapshot_verify", parse_id, run_verify);
    routes.add("randot_snapshot_clear", parse_id, run_clear);
    routes.add("randot_public", parse_id, run_public);
    routes.add("randot_pdf", parse_document, run_pdf);
    routes.add("randot_xlsx", parse_document, run_xlsx);
}

}  // namespace rastro::server
