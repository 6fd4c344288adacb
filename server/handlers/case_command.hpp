// How an act on a case is read. Private to handlers/.
#pragma once

#include "server/handlers/parameters.hpp"

namespace rastro::server {

[[nodiscard]] inline Outcome<CaseId> parse_case(Arrival const& arrival) {
    return path_id<CaseId>(arrival, "case_id");
}

// Body of an act together with the case that it is about: a trace request or a declared case.
template <class Body>
struct CaseCommand {
    CaseId case_id;
    Body body;
};
// `read`: Outcome<Body>(std::string_view).
template <auto read>
[[nodiscard]] auto parse_case_body(Arrival const& arrival)
    -> Outcome<CaseCommand<typename decltype(read(std::string_view{}))::value_type>> {
    RASTRO_TRY(case_id, path_id<CaseId>(arrival, "case_id"));
    RASTRO_TRY(body, read(arrival.body));
    return CaseCommand<typename decltype(read(std::string_view{}))::value_type>{case_id,
                                                                                std::move(body)};
}

}  // namespace rastro::server
