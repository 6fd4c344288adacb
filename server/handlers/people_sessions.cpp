// Signing in and out (anchors/security.md B01-B10).
#include "common/digest.hpp"
#include "common/totp.hpp"
#include "server/credentials.hpp"
#include "server/handlers/parameters.hpp"
#include "server/handlers/people.hpp"
#include "server/services.hpp"

namespace rastro::server {

namespace {

constexpr std::string_view kFactors = "password+totp";
constexpr std::size_t kTokenBytes = 32;

constexpr protocol::UseBanner kBanner{
    .version = "1",
    .en =
        "This system serves the tracing of firearms between agencies. It is for authorised use "
        "only. Everything you read or write is recorded and may be examined and used in "
        "proceedings. Misuse may be punished. By signing in you accept this.",
    .es =
        "Este sistema sirve para el rastreo de armas de fuego entre organismos. Solo se permite "
        "el uso autorizado. Todo lo que usted consulta o escribe queda registrado y puede ser "
        "examinado y utilizado en un proceso. El uso indebido puede ser sancionado. Al iniciar "
        "sesión usted lo acepta.",
    .pt =
        "Este sistema serve ao rastreamento de armas de fogo entre órgãos. Só é permitido o uso "
        "autorizado. Tudo o que você consulta ou escreve fica registrado e pode ser examinado e "
        "usado em processos. O uso indevido pode ser punido. Ao entrar, você aceita isto.",
    .fr =
        "Ce système sert au traçage des armes à feu entre services. Seul l'usage autorisé est "
        "permis. Tout ce que vous consultez ou écrivez est enregistré et peut être examiné et "
        "utilisé dans une procédure. Tout abus peut être sanctionné. En vous connectant, vous "
        "l'acceptez."};

std::string cookie_of(std::string_view token) {
    return std::string(kSessionCookie) + "=" + std::string(token) +
           "; Path=/; Secure; HttpOnly; SameSite=Strict";
}

std::string cookie_removed() {
    return cookie_of("") + "; Max-Age=0";
}

// 256 random bits; only their digest is stored.
struct NewToken {
    std::string text;
    Digest hash{};
};
NewToken make_token() {
    auto const bytes = random_bytes(kTokenBytes);
    return {.text = to_base64url(bytes), .hash = sha256(bytes)};
}

// The account named by a login, before anybody has proven anything: only its own row is visible.
void act_as_claimed(storage::UnitOfWork& unit, std::string const& login) {
    auto actor = storage::ActingAs::system();
    actor.access = "credential";
    actor.credential = login;
    unit.act_as(actor);
}

void act_as_account(storage::UnitOfWork& unit, storage::Account const& account) {
    auto actor = storage::ActingAs::system();
    actor.access = "directory";
    actor.agency = account.agency;
    actor.country = account.agency.substr(0, 2);
    actor.user = account.id.to_string();
    unit.act_as(actor);
}

cases::SignInDecision decide(storage::Account const* account,
                             HashingResult const& hashing,
                             std::string const& code,
                             Instant now) {
    // Somebody without an account, or without a second factor, costs the same work.
    static Bytes const nobody(totp::kSecretBytes, 0);
    bool const has_secret = account != nullptr && !account->code_secret.empty();
    auto const step = totp::matching_step(has_secret ? account->code_secret : nobody,
                                          code,
                                          cases::code_step_of(now),
                                          cases::kCodeWindow);
    cases::ShownFactors shown;
    shown.password_matches =
        account != nullptr && hashing.verified && hashing.verified_hash == account->password_hash;
    shown.code_step = has_secret ? step : std::nullopt;
    return cases::decide_sign_in(facts_of(account), shown, now);
}

// One answer for every reason, so that it tells nothing of the account.
Reply refused(std::string_view reason) {
    Reply reply;
    reply.refusal = Problem(ProblemCode::sign_in_failed,
                            "The login, the password or the code is wrong, or the account is "
                            "locked. After five failures an administrator has to release it.")
                        .with_audit_reason(std::string(reason));
    return reply;
}

protocol::SessionMessage message_of(storage::NewSession const& session, Call const& call) {
    protocol::SessionMessage message;
    message.id = session.id;
    message.factors = session.factors;
    message.created_at = session.at;
    message.last_seen_at = session.at;
    message.authenticated_at = session.at;
    message.expires_at = session.expires_at;
    message.idle = std::chrono::floor<std::chrono::seconds>(call.services().settings.session.idle);
    message.remote_address = session.remote_address;
    return message;
}

Reply session_reply(unsigned status, protocol::SessionMessage const& session) {
    Reply reply;
    reply.status = status;
    protocol::append_session(reply.body, session);
    reply.set_cookie = cookie_of(session.token);
    reply.holds_secret = true;
    return reply;
}

Outcome<protocol::SignIn> parse_sign_in(Arrival const& arrival) {
    RASTRO_TRY(message, protocol::read_sign_in(arrival.body));
    if (!message.banner_accepted) {
        return ProblemCode::banner_not_accepted;
    }
    return message;
}

Outcome<HashingWork> before_sign_in(Call&,
                                    protocol::SignIn const& message,
                                    storage::UnitOfWork& unit) {
    act_as_claimed(unit, message.login);
    auto const account = storage::PeopleRepo(unit).account_by_login(message.login);
    return HashingWork{.verify_password = message.password,
                       .verify_hash = account ? account->password_hash : "",
                       .hash_password = {}};
}

Outcome<Reply> run_sign_in(Call& call,
                           protocol::SignIn const& message,
                           HashingResult const& hashing,
                           storage::UnitOfWork& unit) {
    if (hashing.failed) {
        return Problem(ProblemCode::overloaded).with_retry_after(1);
    }
    act_as_claimed(unit, message.login);
    storage::PeopleRepo people(unit);
    auto const account = people.lock_account_by_login(message.login);
    if (account) {
        call.about("user", account->id.to_string(), std::nullopt, account->agency);
    }
    auto const decision = decide(account ? &*account : nullptr, hashing, message.code, unit.now());
    if (!decision.accepted) {
        people.save_sign_in(decision.counted ? account->id : UserId{}, decision, false);
        return refused(decision.reason);
    }
    people.save_sign_in(account->id, decision, true);
    act_as_account(unit, *account);
    auto const token = make_token();
    storage::NewSession session;
    session.id = SessionId::generate();
    session.token_hash = token.hash;
    session.user = account->id;
    session.agency = account->agency;
    session.factors = kFactors;
    session.at = unit.now();
    session.expires_at = cases::session_end_at_latest(
        unit.now(), {.absolute = call.services().settings.session.absolute});
    session.remote_address = call.request().connection->remote_address;
    people.insert_session(session);
    call.actor.kind = cases::ActorKind::person;
    call.actor.id = account->id.to_string();
    call.actor.agency = account->agency;
    call.actor.country = account->agency.substr(0, 2);
    call.actor.authentication_event = session.id.to_string();
    auto shown = message_of(session, call);
    shown.token = token.text;
    shown.must_change_password = account->must_change_password;
    auto reply = session_reply(201, shown);
    reply.location = "/v1/me/sessions/" + session.id.to_string();
    return reply;
}

Outcome<protocol::StepUp> parse_step_up(Arrival const& arrival) {
    return protocol::read_step_up(arrival.body);
}

Outcome<HashingWork> before_step_up(Call& call,
                                    protocol::StepUp const& message,
                                    storage::UnitOfWork& unit) {
    auto const account = storage::PeopleRepo(unit).account_by_id(caller_id(call));
    return HashingWork{.verify_password = message.password,
                       .verify_hash = account ? account->password_hash : "",
                       .hash_password = {}};
}

// The open session by which the caller came in; nullopt for somebody with a certificate.
std::optional<storage::SessionRow> present_session(Call const& call, storage::PeopleRepo& people) {
    for (auto& session : people.sessions_of(caller_id(call))) {
        if (session.id.to_string() == call.actor.authentication_event) {
            return std::move(session);
        }
    }
    return std::nullopt;
}

protocol::SessionMessage message_of(storage::SessionRow const& row, Call const& call) {
    protocol::SessionMessage message;
    message.id = row.id;
    message.factors = row.factors;
    message.created_at = row.times.created_at;
    message.last_seen_at = row.times.last_seen_at;
    message.authenticated_at = row.authenticated_at;
    message.expires_at = row.expires_at;
    message.idle = std::chrono::floor<std::chrono::seconds>(call.services().settings.session.idle);
    message.remote_address = row.remote_address;
    return message;
}

Outcome<Reply> run_step_up(Call& call,
                           protocol::StepUp const& message,
                           HashingResult const& hashing,
                           storage::UnitOfWork& unit) {
    if (hashing.failed) {
        return Problem(ProblemCode::overloaded).with_retry_after(1);
    }
    call.about("session", call.actor.authentication_event, std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts_of("session", {cases::Relation::self})));
    storage::PeopleRepo people(unit);
    auto const account = people.lock_account_by_id(caller_id(call));
    auto session = present_session(call, people);
    if (!account || !session) {
        return Problem(ProblemCode::conflict, "There is no session to confirm");
    }
    auto const decision = decide(&*account, hashing, message.code, unit.now());
    if (!decision.accepted) {
        if (decision.counted) {
            people.save_sign_in(account->id, decision, false);
        }
        if (decision.locked_now) {
            people.end_sessions_of(account->id, "account_locked");
        }
        return refused(decision.reason);
    }
    people.save_sign_in(account->id, decision, false);
    auto const token = make_token();
    people.renew_session(session->id, token.hash);
    session->authenticated_at = unit.now();
    session->times.last_seen_at = unit.now();
    auto shown = message_of(*session, call);
    shown.token = token.text;
    return session_reply(200, shown);
}

Outcome<Reply> run_session_list(Call& call, NoCommand const&, storage::UnitOfWork& unit) {
    call.about("session", call.actor.id, std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts_of("session", {cases::Relation::self})));
    auto const& settings = call.services().settings.session;
    cases::SessionRules const rules{.idle = settings.idle, .absolute = settings.absolute};
    std::vector<protocol::SessionMessage> open;
    for (auto const& row : storage::PeopleRepo(unit).sessions_of(caller_id(call))) {
        if (cases::session_is_open(row.times, rules, unit.now())) {
            open.push_back(message_of(row, call));
            open.back().current = row.id.to_string() == call.actor.authentication_event;
        }
    }
    Reply reply;
    reply.body = protocol::write_sessions(open);
    return reply;
}

// nullopt: the one by which the caller came in.
Outcome<std::optional<SessionId>> parse_session_end(Arrival const& arrival) {
    if (path_text(arrival, "session_id") == "current") {
        return std::optional<SessionId>{};
    }
    RASTRO_TRY(id, path_id<SessionId>(arrival, "session_id"));
    return std::optional<SessionId>{id};
}

Outcome<Reply> run_session_end(Call& call,
                               std::optional<SessionId> const& asked,
                               storage::UnitOfWork& unit) {
    auto const id = asked ? asked : SessionId::parse(call.actor.authentication_event);
    call.about("session", id ? id->to_string() : "", std::nullopt, call.actor.agency);
    RASTRO_CHECK(call.authorise(facts_of("session", {cases::Relation::self})));
    if (!id || !storage::PeopleRepo(unit).end_session(*id, caller_id(call), "signed_out")) {
        return ProblemCode::not_found;
    }
    Reply reply;
    reply.status = 204;
    if (id->to_string() == call.actor.authentication_event) {
        reply.set_cookie = cookie_removed();
    }
    return reply;
}

}  // namespace

void bind_sessions(Routes& routes) {
    routes.bind_direct("use_banner", [](Arrival const&, HttpRequest const&) -> Outcome<Reply> {
        Reply reply;
        reply.body = protocol::write_use_banner(kBanner);
        reply.cache_control = "public, max-age=300";
        return reply;
    });
    routes.add_with_hashing("session_create", parse_sign_in, before_sign_in, run_sign_in);
    routes.add_with_hashing("session_step_up", parse_step_up, before_step_up, run_step_up);
    routes.add("session_list", parse_nothing, run_session_list);
    routes.add("session_end", parse_session_end, run_session_end);
}

}  // namespace rastro::server
