// A command about a declared case, as its handlers share it. Private to handlers/.
#pragma once

#include "server/handlers/linked.hpp"

namespace rastro::server {

template <class Body>
struct With {
    CaseId case_id;
    Body body;
};
template <auto read>
auto parse_with(Arrival const& arrival)
    -> Outcome<With<typename decltype(read(std::string_view{}))::value_type>> {
    RASTRO_TRY(case_id, path_id<CaseId>(arrival, "case_id"));
    RASTRO_TRY(body, read(arrival.body));
    return With<typename decltype(read(std::string_view{}))::value_type>{case_id, std::move(body)};
}

// Writes into the case what is no step of its type: who was added, what was agreed.
void note_in_case(Call& call,
                  storage::UnitOfWork& unit,
                  storage::LinkedCase& file,
                  std::string event,
                  std::string const& said);

}  // namespace rastro::server
