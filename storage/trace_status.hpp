// The status of trace requests for the hot path: state of the request and of the legs that the
// actor may see, with what the access decision needs, for many requests in two statements.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "cases/permission_table.hpp"
#include "common/clock.hpp"
#include "common/ids.hpp"
#include "storage/db/sql.hpp"

namespace rastro::storage {

struct LegStatus {
    LegId leg_id;
    std::string asked_agency;
    std::string asked_country;
    std::string state;
    std::vector<std::string> flags;
    bool open = true;
    int version = 1;
    std::string outcome_code;
    Instant due_at{};
    Instant updated_at{};
};

struct RequestStatus {
    std::string number;
    std::string state;
    std::string owner_agency;
    std::string handling_code;
    std::vector<std::string> compartments;
    int version = 1;
    Instant updated_at{};
    std::string legal_basis;
    bool sensitive = false;
    std::vector<std::string> shared_groups;
    std::string outcome_code;
    std::set<cases::Relation> relations;  // of the acting agency
    std::vector<LegStatus> legs;          // oldest first
};

inline constexpr std::size_t kStatusQueries = 2;
// kStatusQueries statements, for the acting agency. Requests outside its relations are not found.
[[nodiscard]] std::vector<BoundQuery> status_queries(std::set<CaseId> const& cases);
[[nodiscard]] std::map<CaseId, RequestStatus> read_status(std::span<Rows const> results);

}  // namespace rastro::storage
