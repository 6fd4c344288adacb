#include "storage/authentication.hpp"

namespace rastro::storage {

namespace {

constexpr Query kAuthenticate{
    "authenticate",
    "select place, credential_id, user_id, agency, certificate_kind, certificate_roles, "
    RASTRO_US("authenticated_at") ", " RASTRO_US("last_seen_at") ", "
    "agency_kind, national_contact, must_change_password, language, roles from authenticate("
    ":access, :now::timestamptz, :idle_since::timestamptz, :tokens::text[], :issuers::text[], "
    ":serials::text[], :agencies::text[], :uris::text[], :acting_for::text[])"};

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

Authenticated holder_of(ShownCredential const& credential, Row const& row) {
    Authenticated holder;
    auto& actor = holder.actor;
    actor.agency = row.text("agency");
    actor.country = actor.agency.substr(0, 2);
    actor.oversight_agency = row.view("agency_kind") == "oversight";
    actor.administration_agency = row.view("agency_kind") == "administration";
    actor.agency_is_national_contact = row.boolean("national_contact");
    actor.authentication_event = row.text("credential_id");
    bool const is_gateway = row.view("certificate_kind") == "gateway";
    if (is_gateway) {
        actor.kind = cases::ActorKind::gateway;
        actor.id = actor.authentication_event;
        actor.acting_for = std::get<ShownCertificate>(credential).acting_for;
    } else {
        actor.id = row.text("user_id");
        actor.must_change_password = row.boolean("must_change_password");
        actor.language = row.text("language");
    }
    if (std::holds_alternative<SessionToken>(credential)) {
        actor.authenticated_at = row.instant("authenticated_at");
        holder.session_seen_at = row.instant("last_seen_at");
    }
    for (auto const& name : row.texts(is_gateway ? "certificate_roles" : "roles")) {
        if (auto const role = cases::parse_role(name)) {
            actor.roles.insert(*role);
        }
    }
    return holder;
}

}  // namespace

BoundQuery authentication_query(std::span<ShownCredential const* const> credentials,
                                std::string_view access,
                                AuthenticationRules const& rules) {
    ArrayText tokens;
    ArrayText issuers;
    ArrayText serials;
    ArrayText agencies;
    ArrayText uris;
    ArrayText acting_for;
    ShownCertificate const none;
    for (auto const* credential : credentials) {
        auto const* token = std::get_if<SessionToken>(credential);
        auto const* shown = std::get_if<ShownCertificate>(credential);
        auto const& certificate = shown == nullptr ? none : *shown;
        tokens.add(token == nullptr ? std::string() : to_hex(token->hash));
        issuers.add(certificate.issuer_key_id);
        serials.add(certificate.serial);
        agencies.add(certificate.agency);
        uris.add(certificate.uri);
        acting_for.add(certificate.acting_for);
    }
    return {kAuthenticate,
            {{"access", access},
             {"now", rules.now},
             {"idle_since", rules.now - rules.idle},
             {"tokens", tokens.take()},
             {"issuers", issuers.take()},
             {"serials", serials.take()},
             {"agencies", agencies.take()},
             {"uris", uris.take()},
             {"acting_for", acting_for.take()}}};
}

std::vector<std::optional<Authenticated>> read_authenticated(
    std::span<ShownCredential const* const> credentials, Rows const& found) {
    std::vector<std::optional<Authenticated>> holders(credentials.size());
    for (auto const row : found) {
        auto const place = static_cast<std::size_t>(row.integer("place")) - 1;
        holders.at(place) = holder_of(*credentials[place], row);
    }
    return holders;
}

std::optional<BoundQuery> session_touch_query(Authenticated const& holder,
                                              AuthenticationRules const& rules) {
    constexpr auto kEvery = std::chrono::minutes(1);
    if (!holder.session_seen_at || rules.now - *holder.session_seen_at <= kEvery) {
        return std::nullopt;
    }
    return BoundQuery{kTouch,
                      {{"now", rules.now}, {"session_id", holder.actor.authentication_event}}};
}

std::optional<cases::Actor> authenticate(UnitOfWork& unit,
                                         ShownCredential const& credential,
                                         std::string_view access,
                                         AuthenticationRules const& rules) {
    ShownCredential const* const shown[] = {&credential};
    auto query = authentication_query(shown, access, rules);
    auto const holder =
        read_authenticated(shown, unit.sql().run(query.query, std::move(query.params)));
    if (!holder.front()) {
        return std::nullopt;
    }
    if (auto touch = session_touch_query(*holder.front(), rules)) {
        unit.sql().run(touch->query, std::move(touch->params));
    }
    return holder.front()->actor;
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
