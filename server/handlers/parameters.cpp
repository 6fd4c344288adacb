#include "server/handlers/parameters.hpp"

#include <algorithm>
#include <array>

#include "protocol/paging.hpp"

namespace rastro::server {

namespace {

constexpr std::array kOneText{protocol::KeyPart::text};

}  // namespace

Problem violation(std::string pointer, std::string_view code, std::vector<std::string> params) {
    return {ProblemCode::validation_failed,
            std::vector<Violation>{{std::move(pointer), std::string(code), std::move(params)}}};
}

std::string path_text(Arrival const& arrival, std::string_view name) {
    auto const found = arrival.path.find(name);
    return found == arrival.path.end() ? std::string() : found->second;
}

Outcome<Uuid> path_uuid(Arrival const& arrival, std::string_view name) {
    auto const uuid = Uuid::parse(path_text(arrival, name));
    if (!uuid) {
        return violation("path:/" + std::string(name), "format_uuid");
    }
    return *uuid;
}

Outcome<bool> check_query_names(Arrival const& arrival,
                                std::initializer_list<std::string_view> known) {
    std::vector<Violation> violations;
    for (auto const& [name, value] : arrival.query) {
        if (std::ranges::find(known, std::string_view(name)) == known.end()) {
            violations.push_back({"query:/" + name, "unknown_member", {}});
        }
    }
    if (!violations.empty()) {
        return Problem(ProblemCode::validation_failed, std::move(violations));
    }
    return true;
}

std::string query_text(Arrival const& arrival, std::string_view name) {
    auto const found = arrival.query.find(name);
    return found == arrival.query.end() ? std::string() : found->second;
}

Outcome<TextPage> text_page(Arrival const& arrival, std::string_view list) {
    TextPage page;
    RASTRO_TRY(limit, protocol::page_size(arrival.query));
    page.limit = static_cast<int>(limit);
    RASTRO_TRY(key, protocol::page_start(arrival.query, list, kOneText));
    if (!key.empty()) {
        page.after = key.front();
    }
    return page;
}

std::string cursor_after(std::string_view list, std::string const& last) {
    return protocol::encode_cursor(list, std::span(&last, 1));
}

}  // namespace rastro::server
