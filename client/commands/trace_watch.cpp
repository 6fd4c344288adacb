#include "client/commands/trace_watch.hpp"

#include <boost/json/serialize.hpp>

#include "client/commands/trace_objects.hpp"
#include "client/table.hpp"
#include "client/terminal.hpp"
#include "common/time_text.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

constexpr std::chrono::seconds kLongPoll{25};
constexpr std::string_view kWaitSeconds = "25";
constexpr std::chrono::seconds kLook{5};

json::value const* leg_with_id(json::value const& status, std::string const& id) {
    for (auto const* leg : items_at(status, "/legs")) {
        if (text_at(*leg, "/leg_id") == id) {
            return leg;
        }
    }
    return nullptr;
}

void show_changes(Context& context, json::value const& before, ApiReply const& now) {
    if (context.json() && !changes_between(before, now.document).empty()) {
        context.out(now.body + "\n");
    }
    if (context.json()) {
        return;
    }
    auto const time = short_time(to_rfc3339(context.clock().now()));
    for (auto const& line : changes_between(before, now.document)) {
        context.out(time + "  " + line + "\n");
    }
}

// The number after which events are new: the end of the feed as it stands. Nothing if the feed is
// longer than the server replays (410): then the state is looked at from time to time.
Result<std::optional<std::string>> end_of_feed(Context& context) {
    std::string after = "0";
    for (;;) {
        auto reply = context.call({.operation = "events", .query = {{"after", after}}});
        if (!reply && reply.error().problem && reply.error().problem->status == 410) {
            return std::optional<std::string>();
        }
        if (!reply) {
            return reply.error();
        }
        auto const last = text_at(reply.value().document, "/last");
        if (items_at(reply.value().document, "/items").empty() || last.empty() || last == after) {
            return std::optional<std::string>(after);
        }
        after = last;
    }
}

// Waits until something may have changed in this request; false on Ctrl-C.
Result<bool> wait_for_change(Context& context,
                             std::string const& case_id,
                             std::optional<std::string>& after) {
    while (!interrupted()) {
        if (!after) {
            return sleep_unless_interrupted(kLook);
        }
        ApiCall poll{.operation = "events",
                     .query = {{"after", *after}, {"wait", std::string(kWaitSeconds)}}};
        poll.timeout = kLongPoll + std::chrono::seconds{15};
        auto events = context.call(poll);
        if (!events && events.error().code == ExitCode::interrupted) {
            return false;
        }
        if (!events) {
            return events.error();
        }
        bool ours = false;
        for (auto const* event : items_at(events.value().document, "/items")) {
            ours = ours || text_at(*event, "/case_id") == case_id;
        }
        auto const last = text_at(events.value().document, "/last");
        after = last.empty() ? *after : last;
        if (ours) {
            return true;
        }
    }
    return false;
}

}  // namespace

bool is_settled(std::string_view state) {
    return state == "CLOSED" || state == "WITHDRAWN" || state == "DUPLICATE";
}

std::vector<std::string> changes_between(json::value const& before, json::value const& after) {
    std::vector<std::string> lines;
    auto const number = text_at(after, "/number");
    auto const outcome = [](json::value const& object) {
        auto const code = text_at(object, "/outcome_code");
        return code.empty() ? std::string{} : " (" + code + ")";
    };
    if (text_at(before, "/state") != text_at(after, "/state") ||
        outcome(before) != outcome(after)) {
        lines.push_back(printable(number + "  " + text_at(after, "/state") + outcome(after)));
    }
    for (auto const* leg : items_at(after, "/legs")) {
        auto const* old = leg_with_id(before, text_at(*leg, "/leg_id"));
        bool const same = old != nullptr && text_at(*old, "/state") == text_at(*leg, "/state") &&
                          text_at(*old, "/flags") == text_at(*leg, "/flags") &&
                          outcome(*old) == outcome(*leg);
        if (!same) {
            auto const flags = text_at(*leg, "/flags");
            lines.push_back(printable(number + "  leg " + text_at(*leg, "/asked_agency") + "  " +
                                      text_at(*leg, "/state") + outcome(*leg) +
                                      (flags.empty() ? "" : "  [" + flags + "]")));
        }
    }
    return lines;
}

Result<ExitCode> watch_request(Context& context) {
    RASTRO_TRY(id, case_id_of(context, context.text("request")));
    ApiCall const status{.operation = "trace_status", .path = {{"case_id", id}}};
    RASTRO_TRY(after, end_of_feed(context));
    json::value shown;
    for (;;) {
        auto now = context.call(status);
        if (!now) {
            return now.error();
        }
        show_changes(context, shown, now.value());
        shown = now.value().document;
        auto const state = text_at(shown, "/state");
        if (is_settled(state) || (context.has("until") && state == context.text("until"))) {
            return ExitCode::ok;
        }
        RASTRO_TRY(changed, wait_for_change(context, id, after));
        if (!changed) {
            return ExitCode::interrupted;
        }
    }
}

}  // namespace rastro::client
