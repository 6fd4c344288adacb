// The audit log as served: checkpoint, tiles, proofs, records for the explorer, export
// (design/audit-log.md, "Served").
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "cases/audit_export.hpp"
#include "cases/checkpoint.hpp"
#include "common/time_text.hpp"
#include "protocol/audit_json.hpp"
#include "protocol/paging.hpp"
#include "server/handlers/handlers.hpp"
#include "server/handlers/parameters.hpp"
#include "storage/audit/audit_log.hpp"
#include "storage/audit/integrator.hpp"
#include "storage/audit/read_counts.hpp"

namespace rastro::server {

namespace {

constexpr std::string_view kNoCheckpoint = "No checkpoint has been signed yet";
constexpr std::uint64_t kMostExported = 200'000;  // leaves in one reply; ask for the rest with from

Problem missing(std::string_view why) {
    return Problem(ProblemCode::not_found, std::string(why));
}

cases::ObjectFacts facts(cases::Relation relation) {
    cases::ObjectFacts object;
    object.type = "audit_log";
    object.relations = {relation};
    return object;
}

Outcome<std::uint64_t> number(Arrival const& arrival,
                              std::string const& name,
                              std::uint64_t fallback) {
    auto const found = arrival.query.find(name);
    if (found == arrival.query.end()) {
        return fallback;
    }
    std::uint64_t value = 0;
    auto const& text = found->second;
    auto const [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc{} || end != text.data() + text.size()) {
        return Problem(ProblemCode::validation_failed,
                       std::vector<Violation>{{"query:/" + name, "wrong_type", {"integer"}}});
    }
    return value;
}

// ---------------------------------------------------------------- public: checkpoint and hashes

Outcome<Reply> run_checkpoint(Call&, NoCommand const&, storage::UnitOfWork& unit) {
    auto const newest = storage::newest_checkpoint(unit.connection());
    if (!newest) {
        return missing(kNoCheckpoint);
    }
    Reply reply;
    reply.body = newest->note;
    reply.content_type = "text/plain; charset=utf-8";
    return reply;
}

struct TileAsked {
    cases::TilePath path;
};

Outcome<TileAsked> parse_tile(Arrival const& arrival) {
    auto const path = cases::parse_tile_path("tile/" + arrival.path.at("tile_path"));
    if (!path || path->entries) {
        return ProblemCode::not_found;
    }
    return TileAsked{*path};
}

// Only what a published checkpoint covers: a tile that is still growing beyond it would tell of the
// future.
Outcome<Reply> run_tile(Call&, TileAsked const& asked, storage::UnitOfWork& unit) {
    auto const newest = storage::newest_checkpoint(unit.connection());
    auto const& id = asked.path.id;
    if (!newest || cases::tile_width(newest->size, id.level, id.index) < id.width) {
        return missing("The tree has no such tile");
    }
    storage::StoredTiles tiles(unit.connection());
    auto bytes = tiles.tile(id);
    auto const wanted = static_cast<std::size_t>(id.width) * sizeof(Digest);
    if (!bytes || bytes->size() < wanted) {
        return missing("The tree has no such tile");
    }
    Reply reply;
    reply.body = std::string(as_text(*bytes).substr(0, wanted));
    reply.content_type = "application/octet-stream";
    reply.cache_control =
        id.width == cases::kTileWidth ? "public, max-age=31536000, immutable" : "no-store";
    return reply;
}

// ---------------------------------------------------------------- entries, for auditors of the
// oversight agency

Outcome<TileAsked> parse_entry_tile(Arrival const& arrival) {
    auto const path = cases::parse_tile_path("tile/entries/" + arrival.path.at("tile_path"));
    if (!path || !path->entries) {
        return ProblemCode::not_found;
    }
    return TileAsked{*path};
}

Outcome<Reply> run_entry_tile(Call& call, TileAsked const& asked, storage::UnitOfWork& unit) {
    auto const first = asked.path.id.index * cases::kTileWidth;
    call.about("audit_entries", std::to_string(first), std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts(cases::Relation::own_agency)));
    auto const newest = storage::newest_checkpoint(unit.connection());
    if (!newest || cases::tile_width(newest->size, 0, asked.path.id.index) < asked.path.id.width) {
        return missing("The tree has no such entries");
    }
    auto const leaves = storage::read_leaves(unit, first, first + asked.path.id.width);
    if (leaves.size() != asked.path.id.width) {
        return missing("Not all of these entries are yours to see");
    }
    Bytes bundle;
    for (auto const& leaf : leaves) {
        cases::append_bundle_entry(bundle, leaf.leaf);
    }
    Reply reply;
    reply.body = std::string(as_text(bundle));
    reply.content_type = "application/octet-stream";
    return reply;
}

// ---------------------------------------------------------------- proofs

struct EventAsked {
    EventId event_id;
};

Outcome<EventAsked> parse_event(Arrival const& arrival) {
    auto const id = EventId::parse(arrival.path.at("event_id"));
    if (!id) {
        return ProblemCode::not_found;
    }
    return EventAsked{*id};
}

Outcome<Reply> run_proof(Call& call, EventAsked const& asked, storage::UnitOfWork& unit) {
    call.about("audit_entry", asked.event_id.to_string(), std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts(cases::Relation::own_agency)));
    // Row-level security shows the leaf only to the agencies it concerns.
    auto const place = storage::find_leaf(unit, asked.event_id);
    if (!place) {
        return missing("No such record");
    }
    auto const newest = storage::newest_checkpoint(unit.connection());
    if (!newest || !place->index || *place->index >= newest->size) {
        return Problem(ProblemCode::conflict,
                       "The record is committed but not yet in a signed checkpoint; ask again in a "
                       "few seconds")
            .with_retry_after(5);
    }
    storage::StoredTiles tiles(unit.connection());
    cases::TiledHashes hashes(tiles, newest->size);
    RASTRO_TRY(path, cases::make_inclusion_proof(hashes, *place->index, newest->size));
    Reply reply;
    reply.body = cases::format_tlog_proof({.extra = place->leaf,
                                           .index = *place->index,
                                           .inclusion = path,
                                           .checkpoint = newest->note});
    reply.content_type = "text/plain; charset=utf-8";
    return reply;
}

struct SpanAsked {
    std::uint64_t from = 0;
    std::uint64_t to = 0;  // 0: the newest checkpoint
};

Outcome<SpanAsked> parse_span(Arrival const& arrival) {
    RASTRO_TRY(from, number(arrival, "from", 0));
    RASTRO_TRY(to, number(arrival, "to", 0));
    return SpanAsked{from, to};
}

Outcome<Reply> run_consistency(Call& call, SpanAsked const& asked, storage::UnitOfWork& unit) {
    RASTRO_CHECK(call.authorise(facts(cases::Relation::directory)));
    auto const newest = storage::newest_checkpoint(unit.connection());
    if (!newest) {
        return missing(kNoCheckpoint);
    }
    auto const to = asked.to == 0 ? newest->size : asked.to;
    if (asked.from > to || to > newest->size) {
        return Problem(
            ProblemCode::validation_failed,
            std::vector<Violation>{{"query:/to",
                                    "out_of_range",
                                    {std::to_string(asked.from), std::to_string(newest->size)}}});
    }
    storage::StoredTiles tiles(unit.connection());
    cases::TiledHashes hashes(tiles, newest->size);
    RASTRO_TRY(proof, cases::make_consistency_proof(hashes, asked.from, to));
    Reply reply;
    reply.body = protocol::write_consistency_proof({asked.from, to, proof});
    return reply;
}

// ---------------------------------------------------------------- explorer and export

struct EntriesAsked {
    storage::AuditFilter filter;
    std::optional<storage::AuditKey> after;
    int limit = 50;
};

constexpr std::array<protocol::KeyPart, 2> kEntryKey{protocol::KeyPart::integer,
                                                     protocol::KeyPart::uuid};

Outcome<EntriesAsked> parse_entries(Arrival const& arrival) {
    EntriesAsked asked;
    RASTRO_TRY(limit, protocol::page_size(arrival.query));
    asked.limit = static_cast<int>(limit);
    RASTRO_TRY(key, protocol::page_start(arrival.query, "audit_entries", kEntryKey));
    if (!key.empty()) {
        asked.after =
            storage::AuditKey{from_unix_us(std::stoll(key[0])), EventId{*Uuid::parse(key[1])}};
    }
    auto const text = [&](std::string_view name) {
        auto const found = arrival.query.find(name);
        return found == arrival.query.end() ? std::string() : found->second;
    };
    asked.filter.action = text("action");
    asked.filter.actor = text("actor");
    asked.filter.object = text("object");
    asked.filter.outcome = text("outcome");
    for (auto const& [name, slot] :
         {std::pair{"from", &asked.filter.from}, std::pair{"to", &asked.filter.to}}) {
        auto const given = text(name);
        if (!given.empty()) {
            *slot = parse_rfc3339(given);
            if (!*slot) {
                return Problem(ProblemCode::validation_failed,
                               std::vector<Violation>{
                                   {"query:/" + std::string(name), "format_date_time", {}}});
            }
        }
    }
    return asked;
}

Outcome<Reply> run_entries(Call& call, EntriesAsked const& asked, storage::UnitOfWork& unit) {
    call.about("audit_log", call.actor.agency, std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts(cases::Relation::own_agency)));
    auto entries = storage::search_audit(unit, asked.filter, asked.after, asked.limit + 1);
    Reply reply;
    std::string next;
    if (entries.size() > static_cast<std::size_t>(asked.limit)) {
        entries.pop_back();
        auto const& last = entries.back();
        std::array<std::string, 2> const key{std::to_string(to_unix_us(last.occurred_at)),
                                             last.event_id.to_string()};
        next = protocol::encode_cursor("audit_entries", key);
    }
    std::vector<protocol::AuditEntryMessage> messages;
    messages.reserve(entries.size());
    for (auto const& entry : entries) {
        messages.push_back({entry.index, std::string(as_text(entry.leaf))});
    }
    reply.body = protocol::write_audit_entries(messages, next);
    return reply;
}

// ---------------------------------------------------------------- who reads much

Outcome<std::optional<Date>> parse_reading(Arrival const& arrival) {
    RASTRO_CHECK(check_query_names(arrival, {"day"}));
    auto const text = query_text(arrival, "day");
    auto const day = parse_iso_date(text);
    if (!text.empty() && !day) {
        return violation("query:/day", "format_date");
    }
    return day;
}

Outcome<Reply> run_reading(Call& call,
                           std::optional<Date> const& asked,
                           storage::UnitOfWork& unit) {
    call.about("audit_log", "reading", std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts(cases::Relation::own_agency)));
    auto const yesterday =
        Date{std::chrono::floor<std::chrono::days>(unit.now()) - std::chrono::days(1)};
    auto const day = asked.value_or(yesterday);
    Reply reply;
    reply.body = protocol::write_read_anomalies(
        day, cases::find_read_anomalies(storage::read_counts_of_day(unit, call.actor.agency, day)));
    return reply;
}

Outcome<Reply> run_export(Call& call, SpanAsked const& asked, storage::UnitOfWork& unit) {
    call.about("audit_log", "export", std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts(cases::Relation::own_agency)));
    auto const newest = storage::newest_checkpoint(unit.connection());
    if (!newest) {
        return missing(kNoCheckpoint);
    }
    auto const to = asked.to == 0 ? newest->size : std::min(asked.to, newest->size);
    if (asked.from > to || to - asked.from > kMostExported) {
        return Problem(ProblemCode::validation_failed,
                       std::vector<Violation>{{"query:/to",
                                               "out_of_range",
                                               {std::to_string(asked.from),
                                                std::to_string(asked.from + kMostExported)}}});
    }
    Reply reply;
    reply.content_type = "application/x-ndjson";
    cases::append_export_checkpoint(reply.body, newest->note);
    std::uint64_t index = asked.from;
    for (auto const& leaf : storage::read_leaves(unit, asked.from, to)) {
        cases::append_export_leaf(reply.body, index++, leaf.leaf);
    }
    return reply;
}

}  // namespace

void bind_audit(Routes& routes) {
    routes.add("audit_checkpoint", parse_nothing, run_checkpoint);
    routes.add("audit_tile", parse_tile, run_tile);
    routes.add("audit_entry_tile", parse_entry_tile, run_entry_tile);
    routes.add("audit_proof", parse_event, run_proof);
    routes.add("audit_consistency", parse_span, run_consistency);
    routes.add("audit_entries", parse_entries, run_entries);
    routes.add("audit_reading", parse_reading, run_reading);
    routes.add("audit_export", parse_span, run_export);
}

}  // namespace rastro::server
