// The content of a trace request on the wire: bodies TraceRequestCreate and TraceRequestChange, and
// the member "content" of TraceRequest and of a leg's question. Member names are those of
// cases/trace/request; the persons stand as "possessor" and "associates".
#pragma once

#include <boost/json/value.hpp>
#include <string_view>

#include "cases/trace/request.hpp"
#include "common/outcome.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/object_reader.hpp"

namespace rastro::protocol {

struct TraceRequestCreate {
    cases::TraceRequestContent content;
    bool submit = false;
};
// Form, and the rules of a draft, or with submit=true those of submission: all violations at once.
[[nodiscard]] Outcome<TraceRequestCreate> read_trace_request_create(std::string_view body);

// A merge patch (RFC 7396) over the content: checked on its own when it arrives, applied when the
// stored content is known. Members that have no absent state (purpose, priority, flags) return to
// their default when removed.
struct TraceRequestChange {
    boost::json::value patch;
};
[[nodiscard]] Outcome<TraceRequestChange> read_trace_request_change(std::string_view body);
// The changed content; validation_failed if it breaks a rule of drafts. What the wire does not
// carry (source_cells) stays.
[[nodiscard]] Outcome<cases::TraceRequestContent> apply_change(
    cases::TraceRequestContent const& stored, TraceRequestChange const& change);

// Members without the braces. Parts that are empty are left out, so withheld groups are simply not
// there.
void write_content_members(JsonWriter& json, cases::TraceRequestContent const& content);

// What the requests of one source have in common: all members but firearm, recovery, persons and
// vehicle.
[[nodiscard]] cases::TraceRequestContent read_shared_members(ObjectReader& reader);
void write_shared_members(JsonWriter& json, cases::TraceRequestContent const& content);

}  // namespace rastro::protocol
