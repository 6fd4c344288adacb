#include "client/commands/common_options.hpp"

#include <boost/json/serialize.hpp>

#include "cases/actor.hpp"
#include "cases/trace/outcome_codes.hpp"
#include "cases/trace/refusal_reasons.hpp"

namespace rastro::client {

namespace json = boost::json;

void put_text(Context const& context,
              json::value& body,
              std::vector<std::pair<std::string, std::string>> const& members) {
    for (auto const& [option, pointer] : members) {
        if (context.has(option)) {
            set_at(body, pointer, json::string(context.text(option)));
        }
    }
}

void put_yes_no(Context const& context,
                json::value& body,
                std::string_view option,
                std::string_view pointer) {
    if (context.has(option)) {
        set_at(body, pointer, context.text(option) == "yes");
    }
}

std::vector<Option> paging_options() {
    return {value("--limit", "N", "Rows of one page, at most 200 [50]"),
            value("--after", "CURSOR", "Go on where a page ended"),
            flag("--all", "All pages")};
}

Result<ExitCode> list_items(Context& context, ApiCall call, std::vector<ColumnOf> const& columns) {
    bool const all = context.has("all");
    call.query.emplace_back("limit", context.arguments().text_or("limit", all ? "200" : ""));
    call.query.emplace_back("after", context.text("after"));
    auto const after = call.query.size() - 1;
    json::array items;
    std::string next;
    for (;;) {
        RASTRO_TRY(reply, context.call(call));
        next = text_at(reply.document, "/next");
        if (context.json() && !all) {
            context.print_document(reply);
            return ExitCode::ok;
        }
        for (auto const* item : items_at(reply.document, "/items")) {
            items.push_back(*item);
        }
        if (!all || next.empty()) {
            break;
        }
        call.query[after].second = next;
    }
    if (context.json()) {
        context.out(json::serialize(json::object{{"items", std::move(items)}}) + "\n");
        return ExitCode::ok;
    }
    std::vector<json::value const*> rows;
    for (auto const& item : items) {
        rows.push_back(&item);
    }
    if (rows.empty()) {
        context.note("Nothing to show.");
        return ExitCode::ok;
    }
    context.out(table_of(rows, columns, context.width()));
    if (!next.empty()) {
        context.note("There are more: --after " + next + ", or --all");
    }
    return ExitCode::ok;
}

Result<ApiReply> change_under_etag(Context& context, ApiCall const& read, ApiCall change) {
    RASTRO_TRY(present, context.call(read));
    change.if_match = present.etag;
    auto changed = context.call(change);
    if (!changed && changed.error().problem && changed.error().problem->status == 412) {
        auto failure = changed.error();
        failure.text +=
            "  Somebody else changed it while this command ran. Look at it again, then repeat the "
            "command.\n";
        return failure;
    }
    return changed;
}

Result<ExitCode> change_read(Context& context, ApiCall const& read, ApiCall change) {
    RASTRO_TRY(reply, change_under_etag(context, read, std::move(change)));
    context.print_document(reply);
    return ExitCode::ok;
}

std::vector<std::string> role_names() {
    std::vector<std::string> names;
    for (auto role : cases::all_roles()) {
        names.emplace_back(cases::to_text(role));
    }
    return names;
}

json::object recipient_of(std::string const& named) {
    return {{named.size() == 2 ? "country" : "agency", named}};
}

std::vector<std::string> outcome_codes() {
    std::vector<std::string> codes;
    for (auto const& outcome : cases::all_outcomes()) {
        codes.emplace_back(outcome.code);
    }
    return codes;
}

std::vector<std::string> refusal_codes() {
    std::vector<std::string> codes;
    for (auto const& reason : cases::all_refusal_reasons()) {
        codes.emplace_back(reason.code);
    }
    return codes;
}

std::vector<std::string> field_groups() {
    return {"G0", "G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10", "G11"};
}

}  // namespace rastro::client
