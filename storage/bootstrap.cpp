#include "storage/bootstrap.hpp"

#include "cases/agency_code.hpp"
#include "common/totp.hpp"
#include "storage/people_repo.hpp"
#include "storage/role_repo.hpp"

namespace rastro::storage {

namespace {

constexpr Query kAgencyOfLogin{"bootstrap_agency_of_login",
                               "select agency from app_user where login = :login"};

AuditEntry audit_entry(UnitOfWork const& unit,
                       std::string action,
                       std::string type,
                       std::string id,
                       std::string const& agency) {
    AuditEntry entry;
    entry.record.event_id = EventId::generate();
    entry.record.time = unit.now();
    entry.record.action = std::move(action);
    entry.record.actor = "bootstrap";
    entry.record.actor_kind = "system";
    entry.record.object_type = std::move(type);
    entry.record.object_id = std::move(id);
    entry.record.object_owner = agency;
    return entry;
}

Problem fault(std::string pointer, std::string code) {
    return {ProblemCode::validation_failed,
            std::vector<Violation>{{std::move(pointer), std::move(code), {}}}};
}

Outcome<bool> check_agency(AgencyRepo& agencies, Agency const& agency) {
    if (cases::fault_of_agency_code(agency.agency) != cases::AgencyCodeFault::none ||
        agency.country != agency.agency.substr(0, 2)) {
        return fault("/agency/agency", "format_agency");
    }
    if (!agencies.country_exists(agency.country)) {
        return fault("/agency/country", "unknown_country");
    }
    return true;
}

Outcome<bool> create_agency(UnitOfWork& unit, BootstrapPlan const& plan) {
    AgencyRepo agencies(unit);
    if (agencies.find(plan.agency.agency)) {
        return false;
    }
    RASTRO_CHECK(check_agency(agencies, plan.agency));
    agencies.insert(plan.agency);
    for (auto const& rule : plan.outbound_rules) {
        agencies.add_outbound_rule(plan.agency.agency, rule);
    }
    if (plan.route) {
        agencies.put_route(*plan.route);
    }
    unit.audit(
        audit_entry(unit, "agency.create", "agency", plan.agency.agency, plan.agency.agency));
    return true;
}

// Those of the plan that have no account yet; a login of another agency is refused.
Outcome<std::vector<FirstAdministrator>> missing_administrators(UnitOfWork& unit,
                                                                BootstrapPlan const& plan) {
    std::vector<FirstAdministrator> missing;
    for (std::size_t i = 0; i < plan.administrators.size(); ++i) {
        auto const& person = plan.administrators[i];
        auto const rows = unit.sql().run(kAgencyOfLogin, {{"login", person.login}});
        if (rows.empty()) {
            missing.push_back(person);
        } else if (rows.front().view("agency") != plan.agency.agency) {
            return fault("/administrators/" + std::to_string(i) + "/login", "login_taken");
        }
    }
    return missing;
}

FirstCredentials create_administrator(UnitOfWork& unit,
                                      std::string const& agency,
                                      FirstAdministrator const& person,
                                      PasswordCost const& cost) {
    FirstCredentials made{.user = UserId::generate(),
                          .login = person.login,
                          .password = new_first_password(),
                          .code_secret = totp::new_secret()};
    PeopleRepo(unit).insert({.id = made.user,
                             .agency = agency,
                             .login = person.login,
                             .display_name = person.display_name,
                             .email = person.email,
                             .language = person.language,
                             .password_hash = hash_password(made.password, cost),
                             .code_secret = made.code_secret});
    RoleRepo(unit).give(made.user, agency, cases::Role::system_admin, std::nullopt, std::nullopt);
    unit.audit(audit_entry(unit, "user.create", "user", made.user.to_string(), agency));
    return made;
}

}  // namespace

Outcome<BootstrapResult> bootstrap(Connection& connection,
                                   Clock const& clock,
                                   BootstrapPlan const& plan,
                                   PasswordCost const& cost) {
    auto const work = [&](UnitOfWork& unit) -> Outcome<BootstrapResult> {
        unit.act_as(ActingAs::system());
        BootstrapResult result;
        RASTRO_TRY(created, create_agency(unit, plan));
        result.agency_created = created;
        RASTRO_TRY(missing, missing_administrators(unit, plan));
        auto const present =
            RoleRepo(unit).count_holders(plan.agency.agency, cases::Role::system_admin);
        if (present > 0 && !missing.empty()) {
            return Problem(ProblemCode::conflict,
                           "the agency has administrators: they add further ones");
        }
        if (present == 0 && missing.size() < 2) {
            return fault("/administrators", "two_administrators_needed");
        }
        for (auto const& person : missing) {
            result.credentials.push_back(
                create_administrator(unit, plan.agency.agency, person, cost));
        }
        if (!unit.has_audit()) {
            unit.touches_no_records();
        }
        return result;
    };
    return run_unit_of_work(connection, clock, work);
}

}  // namespace rastro::storage
