#include "protocol/event_json.hpp"

#include "protocol/json_writer.hpp"

namespace rastro::protocol {

void append_event(std::string& out, EventMessage const& event) {
    JsonWriter json(out);
    json.begin_object();
    json.integer("seq", event.seq);
    json.text("kind", event.kind);
    if (event.case_id) {
        json.id("case_id", *event.case_id);
    }
    json.text("object_type", event.object_type);
    json.text("object_id", event.object_id);
    json.integer("object_version", event.object_version);
    json.time("occurred_at", event.occurred_at);
    json.end_object();
}

std::string write_events(std::vector<EventMessage> const& events,
                         std::int64_t last,
                         std::int64_t newest) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.begin_array("items");
    for (auto const& event : events) {
        std::string one;
        append_event(one, event);
        json.element_raw(one);
    }
    json.end_array();
    json.integer("last", last);
    json.integer("newest", newest);
    json.end_object();
    return out;
}

}  // namespace rastro::protocol
