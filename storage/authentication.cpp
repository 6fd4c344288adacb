#include "storage/authentication.hpp"

namespace rastro::storage {

namespace {

constexpr Query kFindSession{
    "authenticate_session",
    "select s.session_id, s.user_id, s.agency, " RASTRO_US_AS("s.authenticated_at", "authenticated_at") ", "
    RASTRO_US_AS("s.last_seen_at", "last_seen_at") ", "
    "set_config('rastro.agency', s.agency, true), set_config('rastro.country', left(s.agency, 2), true), "
    "set_config('rastro.user', s.user_id::text, true), set_config('rastro.access', :access, true) "
    "from user_session s where s.token_hash = decode(:credential, 'hex') and s.ended_at is null "
    "and s.expires_at > :now::timestamptz and s.last_seen_at > :idle_since::timestamptz"};

constexpr Query kFindCertificate{
    "authenticate_certificate",
    "select c.certificate_id, c.agency, c.kind, c.name, c.roles, c.user_id, "
    "set_config('rastro.agency', c.agency, true), set_config('rastro.country', left(c.agency, 2), "
    "true), "
    "set_config('rastro.user', coalesce(c.user_id::text, ''), true), set_config('rastro.access', "
    ":access, true) "
    "from agency_certificate c where c.issuer_key_id = :issuer and c.serial = :serial and c.agency "
    "= :agency "
    "and c.uri = :uri and c.revoked_at is null and c.not_after > :now::timestamptz"};

constexpr Query kWho{"authenticate_who",
                     "select a.kind, a.national_contact, a.state as agency_state, u.state as "
                     "user_state, u.must_change_password, u.language, "
                     "(select coalesce(array_agg(r.role), '{}') from user_role r where r.user_id = "
                     "u.user_id) as roles "
                     "from agency a left join app_user u on u.user_id = actor_user() where "
                     "a.agency = actor_agency()"};

constexpr Query kTouch{"session_touch",
                       "update user_session set last_seen_at = :now::timestamptz where session_id "
                       "= :session_id::uuid"};

constexpr Query kStillGood{
    "authentication_still_good",
    "select s.session_id::text as id from user_session s join app_user u on u.user_id = s.user_id "
    "join agency a on a.agency = s.agency "
    "where s.session_id = any(:ids::uuid[]) and s.ended_at is null "
    "and s.expires_at > :now::timestamptz and s.last_seen_at > :idle_since::timestamptz "
    "and u.state = 'active' and a.state = 'active' "
    "union all "
    "select c.certificate_id::text from agency_certificate c join agency a on a.agency = c.agency "
    "left join app_user u on u.user_id = c.user_id "
    "where c.certificate_id = any(:ids::uuid[]) and c.revoked_at is null "
    "and c.not_after > :now::timestamptz and a.state = 'active' "
    "and (c.user_id is null or u.state = 'active')"};

}  // namespace

std::vector<BoundQuery> authentication_queries(ShownCredential const& credential,
                                               std::string_view access,
                                               AuthenticationRules const& rules) {
    std::vector<BoundQuery> queries;
    ActingAs as = ActingAs::system();
    as.access = "credential";
    if (auto const* token = std::get_if<SessionToken>(&credential)) {
        as.credential = to_hex(token->hash);
        queries.push_back(UnitOfWork::acting_as(as));
        queries.push_back({kFindSession,
                           {{"access", access},
                            {"credential", as.credential},
                            {"now", rules.now},
                            {"idle_since", rules.now - rules.idle}}});
    } else {
        auto const& shown = std::get<ShownCertificate>(credential);
        as.credential = shown.issuer_key_id + ":" + shown.serial;
        queries.push_back(UnitOfWork::acting_as(as));
        queries.push_back({kFindCertificate,
                           {{"access", access},
                            {"issuer", shown.issuer_key_id},
                            {"serial", shown.serial},
                            {"agency", shown.agency},
                            {"uri", shown.uri},
                            {"now", rules.now}}});
    }
    queries.push_back({kWho, {}});
    return queries;
}

std::optional<cases::Actor> read_actor(ShownCredential const& credential,
                                       Rows const& found,
                                       Rows const& who) {
    if (found.empty() || who.empty()) {
        return std::nullopt;
    }
    auto const row = found.front();
    auto const person = who.front();
    if (person.view("agency_state") != "active") {
        return std::nullopt;
    }
    cases::Actor actor;
    actor.agency = row.text("agency");
    actor.country = actor.agency.substr(0, 2);
    actor.oversight_agency = person.view("kind") == "oversight";
    actor.administration_agency = person.view("kind") == "administration";
    actor.agency_is_national_contact = person.boolean("national_contact");
    bool const is_gateway =
        std::holds_alternative<ShownCertificate>(credential) && row.view("kind") == "gateway";
    std::vector<std::string> roles;
    if (is_gateway) {
        actor.kind = cases::ActorKind::gateway;
        actor.id = row.text("certificate_id");
        actor.authentication_event = actor.id;
        actor.acting_for = std::get<ShownCertificate>(credential).acting_for;
        roles = row.texts("roles");
    } else {
        if (person.view("user_state") != "active") {
            return std::nullopt;
        }
        actor.id = row.text("user_id");
        actor.must_change_password = person.boolean("must_change_password");
        actor.language = person.text("language");
        roles = person.texts("roles");
        if (std::holds_alternative<SessionToken>(credential)) {
            actor.authentication_event = row.text("session_id");
            actor.authenticated_at = row.instant("authenticated_at");
        } else {
            actor.authentication_event = row.text("certificate_id");
        }
    }
    for (auto const& name : roles) {
        if (auto const role = cases::parse_role(name)) {
            actor.roles.insert(*role);
        }
    }
    return actor;
}

std::optional<BoundQuery> session_touch_query(ShownCredential const& credential,
                                              Rows const& found,
                                              AuthenticationRules const& rules) {
    constexpr auto kEvery = std::chrono::minutes(1);
    if (!std::holds_alternative<SessionToken>(credential) ||
        rules.now - found.front().instant("last_seen_at") <= kEvery) {
        return std::nullopt;
    }
    return BoundQuery{kTouch,
                      {{"now", rules.now}, {"session_id", found.front().text("session_id")}}};
}

std::optional<cases::Actor> authenticate(UnitOfWork& unit,
                                         ShownCredential const& credential,
                                         std::string_view access,
                                         AuthenticationRules const& rules) {
    auto queries = authentication_queries(credential, access, rules);
    auto const results = unit.sql().run_together(queries);
    auto actor = read_actor(credential, results[1], results[2]);
    if (!actor) {
        return actor;
    }
    if (auto touch = session_touch_query(credential, results[1], rules)) {
        unit.sql().run(touch->query, std::move(touch->params));
    }
    return actor;
}

std::set<std::string> still_good(UnitOfWork& unit,
                                 std::vector<std::string> const& events,
                                 AuthenticationRules const& rules) {
    std::set<std::string> good;
    auto const rows = unit.sql().run(
        kStillGood, {{"ids", events}, {"now", rules.now}, {"idle_since", rules.now - rules.idle}});
    for (auto const row : rows) {
        good.insert(row.text("id"));
    }
    return good;
}

}  // namespace rastro::storage
