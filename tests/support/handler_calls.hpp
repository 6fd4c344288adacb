// Calls of handlers as the pipeline makes them, without network and sign-in: parse, one unit of
// work under row-level security, audit record, commit. For tests that need a database.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "server/case_types.hpp"
#include "server/dated_rules.hpp"
#include "server/password_hashing.hpp"
#include "server/routes.hpp"
#include "server/services.hpp"
#include "storage/db/connection.hpp"

namespace rastro::test_support {

using Parameters = std::map<std::string, std::string, std::less<>>;

// A person of the agency with one role.
[[nodiscard]] cases::Actor person_of(std::string const& agency, cases::Role role);

class HandlerCalls {
 public:
    explicit HandlerCalls(storage::ConnectionSettings const& database);

    [[nodiscard]] server::Routes& routes() noexcept { return routes_; }
    [[nodiscard]] Outcome<server::Reply> run(cases::Actor const& actor,
                                             std::string_view operation,
                                             Parameters path,
                                             std::string body,
                                             Parameters query = {});

 private:
    SystemClock clock_;
    config::Settings settings_;
    server::CaseTypes case_types_;
    server::PasswordHashing hashing_;
    Bytes blind_key_ = Bytes(32, 7);
    server::DatedRules rules_;
    server::Services services_;
    server::Routes routes_;
    storage::Connection connection_;
};

}  // namespace rastro::test_support
