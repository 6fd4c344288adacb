// What handlers and jobs share: settings, clocks and tables. Built once by Application, passed by
// reference; no singletons. Everything here is either immutable after start or thread-safe by
// itself.
#pragma once

#include <string>

#include "cases/permission_table.hpp"
#include "common/clock.hpp"
#include "common/text.hpp"
#include "config/settings.hpp"

namespace rastro::certs {
class NoteSigner;
}

namespace rastro::server {

class CaseTypes;        // server/case_types.hpp
struct DatedRules;      // server/dated_rules.hpp
class PasswordHashing;  // server/password_hashing.hpp: Argon2id on a bounded pool

struct Services {
    config::Settings const& settings;
    Clock const& clock;
    cases::PermissionTable const& permissions;
    CaseTypes& case_types;
    PasswordHashing& password_hashing;
    certs::NoteSigner* report_signer;  // null: no key is at hand
    Bytes const& blind_key;            // of the blind index; empty: nothing is compared
    DatedRules const& rules;
};

}  // namespace rastro::server
