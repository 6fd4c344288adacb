#include "client/problem_view.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "client/json_view.hpp"
#include "client/table.hpp"
#include "common/text.hpp"

namespace rastro::client {

namespace {

constexpr std::size_t kMostDetailBytes = 300;

// The last part of "type"; a proxy in between may leave out our own member "code".
std::string slug_of(boost::json::value const& document) {
    auto code = text_at(document, "/code");
    if (!code.empty()) {
        return code;
    }
    auto const type = text_at(document, "/type");
    auto const slash = type.rfind('/');
    return slash == std::string::npos ? type : type.substr(slash + 1);
}

}  // namespace

ServerProblem parse_problem(unsigned status, std::string_view content_type, std::string_view body) {
    ServerProblem problem;
    problem.status = status;
    problem.document = std::string(body);
    boost::system::error_code fault;
    boost::json::value document;
    if (content_type.find("json") != std::string_view::npos) {
        document = boost::json::parse(body, fault);
    }
    if (fault || !document.is_object()) {
        problem.title = "HTTP " + std::to_string(status);
        problem.detail = std::string(trim(body.substr(0, std::min(body.size(), kMostDetailBytes))));
        return problem;
    }
    problem.code = slug_of(document);
    problem.title = text_at(document, "/title");
    problem.detail = text_at(document, "/detail");
    problem.request_id = text_at(document, "/request_id");
    if (problem.title.empty()) {
        problem.title = "HTTP " + std::to_string(status);
    }
    for (auto const* fault_of_field : items_at(document, "/errors")) {
        problem.fields.push_back({.pointer = text_at(*fault_of_field, "/pointer"),
                                  .code = text_at(*fault_of_field, "/code"),
                                  .message = text_at(*fault_of_field, "/message")});
    }
    return problem;
}

std::string problem_text(ServerProblem const& problem) {
    std::string text = printable(problem.title);
    if (!problem.detail.empty() && problem.detail != problem.title) {
        text += ": " + printable(problem.detail);
    }
    text += '\n';
    std::size_t widest = 0;
    for (auto const& field : problem.fields) {
        widest = std::max(widest, count_code_points(printable(field.pointer)));
    }
    for (auto const& field : problem.fields) {
        auto const pointer = printable(field.pointer);
        text += "  " + pointer + std::string(widest - count_code_points(pointer), ' ') + "  " +
                printable(field.message.empty() ? field.code : field.message) + '\n';
    }
    if (!problem.request_id.empty()) {
        text += "  request " + printable(problem.request_id) + '\n';
    }
    return text;
}

}  // namespace rastro::client
