// The start of an instance, by whoever owns the database: reference countries and holidays, the
// agency that runs the instance, and the first administrators of an agency. Everything else is done
// through the interface. Each function may be run again: what is there stays, and nobody's
// credentials are made anew.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "common/outcome.hpp"
#include "storage/agency_repo.hpp"
#include "storage/db/connection.hpp"
#include "storage/password_hash.hpp"

namespace rastro::storage {

struct ReferenceCounts {
    int countries = 0;  // rows written: new ones and changed ones
    int holidays = 0;
    int makes = 0;  // and spellings
};
// From config/reference/countries.csv, holidays.csv and makes.csv, compiled in. `owner` connects as
// the owner role: the application role may not change reference data.
[[nodiscard]] Outcome<ReferenceCounts> load_reference_data(Connection& owner, Clock const& clock);

struct FirstAdministrator {
    std::string login;
    std::string display_name;
    std::optional<std::string> email;
    std::string language = "en";
};
struct BootstrapPlan {
    Agency agency;                             // created if its code is not known yet
    std::vector<OutboundRule> outbound_rules;  // only with a new agency
    std::optional<RouteRow> route;             // only with a new agency
    std::vector<FirstAdministrator> administrators;
};

// Shown once. The password has to be changed at the first sign-in.
struct FirstCredentials {
    UserId user;
    std::string login;
    std::string password;
    Bytes code_secret;
};
struct BootstrapResult {
    bool agency_created = false;
    std::vector<FirstCredentials> credentials;  // of accounts made now
};

// Creates what is missing, in one transaction with its audit records. An agency without
// administrators needs two of them, because every grant of a role takes two persons; an agency that
// has some gets further ones only through them (conflict). validation_failed: country unknown, code
// or login malformed, login taken by another agency.
[[nodiscard]] Outcome<BootstrapResult> bootstrap(Connection& connection,
                                                 Clock const& clock,
                                                 BootstrapPlan const& plan,
                                                 PasswordCost const& cost);

}  // namespace rastro::storage
