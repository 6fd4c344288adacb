#include "client/commands/trace_objects.hpp"

#include "client/commands/common_options.hpp"
#include "client/table.hpp"
#include "common/ids.hpp"

namespace rastro::client {

namespace json = boost::json;

namespace {

std::vector<ColumnOf> leg_columns() {
    return {{"LEG", {"/leg_id"}},
            {"ASKED", {"/asked_agency"}},
            {"STATE", {"/state"}},
            {"OUTCOME", {"/outcome_code", "/refusal_reason"}},
            {"DUE", {"/due_at"}}};
}

// The transfers of each answer as a table of their own; takes them out of `leg`.
std::string take_chains(json::value& leg, std::size_t width) {
    std::string text;
    auto* answers = leg.is_object() ? leg.get_object().if_contains("answers") : nullptr;
    if (answers == nullptr || !answers->is_array()) {
        return text;
    }
    for (auto& answer : answers->get_array()) {
        auto const links = items_at(answer, "/chain");
        if (links.empty()) {
            continue;
        }
        text += "\nChain of answer " + text_at(answer, "/seq") + "\n" +
                table_of(links,
                         {{"ROLE", {"/role"}},
                          {"PARTY", {"/party_name"}},
                          {"COUNTRY", {"/party_country"}},
                          {"RECEIVED", {"/received_on"}},
                          {"DISPOSED", {"/disposed_on"}},
                          {"CONFIDENCE", {"/confidence"}}},
                         width);
        answer.get_object().erase("chain");
    }
    return text;
}

Result<std::string> only_leg(std::vector<json::value const*> const& legs,
                             std::string const& named,
                             std::string_view state) {
    std::vector<std::string> all;
    std::vector<std::string> fitting;
    for (auto const* leg : legs) {
        auto const id = text_at(*leg, "/leg_id");
        all.push_back(id);
        if (text_at(*leg, "/state") == state) {
            fitting.push_back(id);
        }
    }
    if (all.size() == 1) {
        return all[0];
    }
    if (fitting.size() == 1) {
        return fitting[0];
    }
    if (all.empty()) {
        return Failure(ExitCode::refused, "No leg of " + named + " is here for you\n");
    }
    std::string text = "Which leg of " + named + "? Give its id:\n";
    for (auto const& id : fitting.empty() ? all : fitting) {
        text += "  " + id + "\n";
    }
    return Failure(ExitCode::usage, text);
}

}  // namespace

Option request_argument() {
    return positional("request", "Number or id of the request");
}

Option leg_argument() {
    return positional("leg", "Id of the leg, or number of the request if it has one leg for you");
}

Result<std::string> case_id_of(Context& context, std::string const& named) {
    if (Uuid::parse(named)) {
        return named;
    }
    RASTRO_TRY(reply, context.call({.operation = "trace_list", .query = {{"number", named}}}));
    auto const items = items_at(reply.document, "/items");
    if (items.size() != 1) {
        return Failure(ExitCode::refused,
                       "No request with the number " + named + " is here for you\n");
    }
    return text_at(*items[0], "/case_id");
}

Result<std::string> leg_id_of(Context& context,
                              std::string const& named,
                              Side side,
                              std::string_view state) {
    if (Uuid::parse(named)) {
        return named;
    }
    if (side == Side::asking) {
        RASTRO_TRY(id, case_id_of(context, named));
        RASTRO_TRY(reply, context.call({.operation = "trace_status", .path = {{"case_id", id}}}));
        return only_leg(items_at(reply.document, "/legs"), named, state);
    }
    RASTRO_TRY(reply, context.call({.operation = "inbox", .query = {{"number", named}}}));
    return only_leg(items_at(reply.document, "/items"), named, state);
}

Result<ExitCode> act_on_request(Context& context,
                                std::string_view operation,
                                std::optional<json::value> body) {
    RASTRO_TRY(id, case_id_of(context, context.text("request")));
    RASTRO_TRY(reply,
               change_under_etag(context,
                                 {.operation = "trace_read", .path = {{"case_id", id}}},
                                 {.operation = std::string(operation),
                                  .path = {{"case_id", id}},
                                  .body = std::move(body)}));
    context.print(reply, [&](json::value const& document) {
        return request_text(document, context.width());
    });
    return ExitCode::ok;
}

Result<ExitCode> act_on_leg(Context& context,
                            std::string_view operation,
                            Side side,
                            std::optional<json::value> body,
                            std::string_view state) {
    RASTRO_TRY(id, leg_id_of(context, context.text("leg"), side, state));
    RASTRO_TRY(reply,
               change_under_etag(context,
                                 {.operation = "leg_read", .path = {{"leg_id", id}}},
                                 {.operation = std::string(operation),
                                  .path = {{"leg_id", id}},
                                  .body = std::move(body)}));
    context.print(reply,
                  [&](json::value const& document) { return leg_text(document, context.width()); });
    return ExitCode::ok;
}

std::string request_text(json::value const& request, std::size_t width) {
    auto text = text_at(request, "/number") + "  " + text_at(request, "/state");
    auto const outcome = text_at(request, "/outcome_code");
    text = printable(text + (outcome.empty() ? "" : "  " + outcome)) + "\n\n";
    json::value rest = request;
    auto const legs = items_at(request, "/legs");
    if (rest.is_object()) {
        for (auto const* shown : {"number", "state", "outcome_code"}) {
            rest.get_object().erase(shown);
        }
    }
    bool simple = !legs.empty();
    for (auto const* leg : legs) {
        simple = simple && items_at(*leg, "/answers").empty() &&
                 items_at(*leg, "/clarifications").empty();
    }
    if (simple) {
        text += table_of(legs, leg_columns(), width) + "\n";
        rest.get_object().erase("legs");
    } else {
        for (auto const* leg : legs) {
            text += leg_text(*leg, width) + "\n";
        }
        if (rest.is_object()) {
            rest.get_object().erase("legs");
        }
    }
    return text + document_text(rest, width);
}

std::string leg_text(json::value const& leg, std::size_t width) {
    auto const outcome = text_at(leg, "/outcome_code");
    auto text = "Leg " + text_at(leg, "/leg_id") + "  " + text_at(leg, "/asked_agency") + "  " +
                text_at(leg, "/state") + (outcome.empty() ? "" : "  " + outcome);
    json::value rest = leg;
    if (rest.is_object()) {
        for (auto const* shown : {"leg_id", "asked_agency", "state", "outcome_code"}) {
            rest.get_object().erase(shown);
        }
    }
    auto const chains = take_chains(rest, width);
    return printable(text) + "\n" + document_text(rest, width) + chains;
}

}  // namespace rastro::client
