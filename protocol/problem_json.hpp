// A Problem as the body of a reply: RFC 9457, media type application/problem+json.
#pragma once

#include <string>
#include <string_view>

#include "common/problem.hpp"
#include "protocol/catalog.hpp"

namespace rastro::protocol {

inline constexpr std::string_view kProblemMediaType = "application/problem+json";

struct ProblemContext {
    std::string_view instance;    // path of the request; left out when empty
    std::string_view request_id;  // left out when empty
    std::string_view trace_id;    // of the traceparent; left out when empty
    Language language = Language::en;
};

// Members: type ("/problems/<slug>"), title and the messages in the asked language, status, code
// (the slug), detail, instance, request_id, trace_id, errors [{pointer, code, message}]. The audit
// reason is never in it.
[[nodiscard]] std::string problem_json(Problem const& problem, ProblemContext const& context);

// The page of a problem type (GET /problems/{slug}): slug, title, status, retryable. Empty for a
// slug that does not exist.
[[nodiscard]] std::string problem_type_json(std::string_view slug, Language language);

}  // namespace rastro::protocol
