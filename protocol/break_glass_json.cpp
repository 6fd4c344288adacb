#include "protocol/break_glass_json.hpp"

#include <array>

#include "protocol/json_items.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/object_reader.hpp"

namespace rastro::protocol {

namespace {

constexpr TextRule kReason{TextKind::text, 2000, kFewestReasonBytes};
constexpr TextRule kNote{TextKind::text, 2000, 1};
constexpr std::array<std::string_view, 2> kFindings{"justified", "unjustified"};

void append_opening(std::string& out, BreakGlassMessage const& message) {
    JsonWriter json(out);
    json.begin_object();
    json.text("grant_id", message.grant_id);
    json.text("case_id", message.case_id.to_string());
    json.text("number", message.number);
    json.text("user_id", message.user_id.to_string());
    json.text("agency", message.agency);
    json.text("reason", message.reason);
    json.time("opened_at", message.opened_at);
    json.time("valid_until", message.valid_until);
    json.time("review_due", message.review_due);
    json.boolean("overdue", message.overdue);
    json.boolean("often", message.often);
    json.text_if("finding", message.finding);
    if (message.reviewed_by) {
        json.text("reviewed_by", message.reviewed_by->to_string());
    }
    json.time_if("reviewed_at", message.reviewed_at);
    json.text_if("review_note", message.review_note);
    json.end_object();
}

}  // namespace

Outcome<BreakGlassOpen> read_break_glass(std::string_view body) {
    return read_body(body,
                     [](ObjectReader& in) { return BreakGlassOpen{in.text("reason", kReason)}; });
}

Outcome<BreakGlassReview> read_break_glass_review(std::string_view body) {
    return read_body(body, [](ObjectReader& in) {
        BreakGlassReview message;
        message.finding = in.listed("finding", kFindings);
        message.note = in.text("note", kNote);
        return message;
    });
}

std::string write_break_glass(BreakGlassMessage const& message) {
    std::string out;
    append_opening(out, message);
    return out;
}

std::string write_break_glass_list(std::vector<BreakGlassMessage> const& items) {
    return write_items(items, append_opening, "");
}

}  // namespace rastro::protocol
