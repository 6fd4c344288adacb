#include "protocol/audit_json.hpp"

#include "common/text.hpp"
#include "protocol/json_items.hpp"
#include "protocol/json_writer.hpp"

namespace rastro::protocol {

namespace {

void append_entry(std::string& out, AuditEntryMessage const& entry) {
    JsonWriter json(out);
    json.begin_object();
    json.integer_if("index", entry.index);
    json.raw("leaf", entry.leaf);
    json.text("leaf_base64", to_base64(as_bytes(entry.leaf)));
    json.end_object();
}

}  // namespace

std::string write_audit_entries(std::vector<AuditEntryMessage> const& entries,
                                std::string_view next) {
    return write_items(entries, append_entry, next);
}

std::string write_consistency_proof(ConsistencyProofMessage const& proof) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.integer("from", static_cast<std::int64_t>(proof.from));
    json.integer("to", static_cast<std::int64_t>(proof.to));
    json.begin_array("hashes");
    for (auto const& hash : proof.hashes) {
        json.element(to_base64(hash));
    }
    json.end_array();
    json.end_object();
    return out;
}

std::string write_read_anomalies(Date day, std::vector<cases::ReadAnomaly> const& anomalies) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.date("day", day);
    json.begin_array("items");
    for (auto const& anomaly : anomalies) {
        json.begin_object();
        json.text("actor", anomaly.of.actor);
        json.text_if("purpose", anomaly.of.purpose);
        json.integer("reads", anomaly.of.reads);
        json.integer("outside_hours", anomaly.of.outside_hours);
        json.number("median", anomaly.median);
        json.number("limit", anomaly.limit);
        json.boolean("more_than_others", anomaly.more_than_others);
        json.boolean("at_night", anomaly.outside_hours);
        json.end_object();
    }
    json.end_array();
    json.end_object();
    return out;
}

}  // namespace rastro::protocol
