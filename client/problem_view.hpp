// Problem documents of the server (RFC 9457) as people read them. The server writes them in the
// language that was asked for; nothing is translated here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rastro::client {

struct FieldProblem {
    std::string pointer;  // "/firearm/serial_raw", "query:/limit"
    std::string code;
    std::string message;
};

struct ServerProblem {
    unsigned status = 0;
    std::string code;  // slug: the last part of "type"
    std::string title;
    std::string detail;
    std::string request_id;
    unsigned retry_after_s = 0;
    std::vector<FieldProblem> fields;
    std::string document;  // as it came
};

// Total: a body that is no problem document gives a problem with the title "HTTP <status>" and its
// beginning as detail.
[[nodiscard]] ServerProblem parse_problem(unsigned status,
                                          std::string_view content_type,
                                          std::string_view body);

// Title and detail, then each fault of a field on its own line, then the request id. Ends with a
// line feed. Control characters of the document are not passed on to the terminal.
[[nodiscard]] std::string problem_text(ServerProblem const& problem);

}  // namespace rastro::client
