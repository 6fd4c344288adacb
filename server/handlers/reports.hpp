// Shared by the files of reports: who may see the report of a country, and the report as cases make
// it now. Private to handlers/.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "cases/permission_table.hpp"
#include "protocol/randot_json.hpp"
#include "server/call.hpp"
#include "storage/randot_repo.hpp"

namespace rastro::server {

// Relation of the caller to the report of a country (empty: the hemisphere, which belongs to the
// agency that runs the instance).
[[nodiscard]] std::set<cases::Relation> report_relations(storage::UnitOfWork& unit,
                                                         std::string const& country);

struct ComputedReport {
    cases::RandotReport report;
    std::vector<cases::QualityFault> quality;
};
[[nodiscard]] Outcome<ComputedReport> compute_report(Call& call,
                                                     protocol::RandotAsked const& asked,
                                                     storage::UnitOfWork& unit);

}  // namespace rastro::server
