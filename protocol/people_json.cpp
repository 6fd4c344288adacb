#include "protocol/people_json.hpp"

#include <array>

#include "protocol/json_items.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/object_reader.hpp"
#include "protocol/patch_text.hpp"

namespace rastro::protocol {

namespace {

// Longer passwords than a new one may be are read and fail as wrong ones.
constexpr TextRule kPassword{TextKind::line, 256, 1};
constexpr TextRule kOneTimeCode{TextKind::digits, 6, 6};
constexpr TextRule kPersonName{TextKind::line, 120, 1};
constexpr std::array<std::string_view, 2> kSettableStates{"active", "disabled"};
constexpr std::array<std::string_view, 2> kGrantKinds{"give", "take"};
constexpr std::array<std::string_view, 2> kDecisions{"accepted", "rejected"};

void write_code_members(JsonWriter& json, CodeSecret const& code) {
    json.text("secret", code.secret);
    json.text("otpauth_uri", code.otpauth_uri);
    json.text("algorithm", "SHA1");
    json.integer("digits", 6);
    json.integer("period_s", 30);
}

void write_user_members(JsonWriter& json, UserMessage const& user) {
    json.id("user_id", user.id);
    json.text("agency", user.agency);
    json.text("login", user.login);
    json.text("display_name", user.display_name);
    json.text_if("email", user.email.value_or(""));
    json.text("language", user.language);
    json.text("state", user.state);
    json.boolean("must_change_password", user.must_change_password);
    json.boolean("has_second_factor", user.has_second_factor);
    json.texts("roles", user.roles);
    json.time_if("last_sign_in_at", user.last_sign_in_at);
    json.time("created_at", user.created_at);
    json.integer("version", user.version);
}

std::optional<std::string> or_nothing(std::string text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(std::move(text));
}

}  // namespace

Outcome<SignIn> read_sign_in(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        SignIn message;
        message.login = reader.text("login", kLogin);
        message.password = reader.text("password", kPassword);
        message.code = reader.text("totp", kOneTimeCode);
        message.banner_accepted = reader.boolean_or("accept_use_banner", false);
        return message;
    });
}

Outcome<StepUp> read_step_up(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        StepUp message;
        message.password = reader.text("password", kPassword);
        message.code = reader.text("totp", kOneTimeCode);
        return message;
    });
}

Outcome<PasswordChange> read_password_change(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        PasswordChange message;
        message.current_password = reader.text("current_password", kPassword);
        message.new_password = reader.text("new_password", kPassword);
        return message;
    });
}

Outcome<CodeEnrolment> read_code_enrolment(std::string_view body) {
    return read_body(body, [](ObjectReader&) { return CodeEnrolment{}; });
}

Outcome<std::string> read_code_confirmation(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) { return reader.text("totp", kOneTimeCode); });
}

void append_session(std::string& out, SessionMessage const& session) {
    JsonWriter json(out);
    json.begin_object();
    json.id("session_id", session.id);
    json.text_if("token", session.token);
    if (session.current) {
        json.boolean("current", *session.current);
    }
    json.text("factors", session.factors);
    json.time("created_at", session.created_at);
    json.time("last_seen_at", session.last_seen_at);
    json.time("authenticated_at", session.authenticated_at);
    json.time("expires_at", session.expires_at);
    json.integer("idle_timeout_s", session.idle.count());
    json.text_if("remote_address", session.remote_address);
    if (session.must_change_password) {
        json.boolean("must_change_password", *session.must_change_password);
    }
    json.end_object();
}

std::string write_sessions(std::vector<SessionMessage> const& sessions) {
    return write_items(sessions, append_session, "");
}

std::string write_code_secret(CodeSecret const& secret) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    write_code_members(json, secret);
    json.end_object();
    return out;
}

std::string write_use_banner(UseBanner const& banner) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.text("version", banner.version);
    json.begin_object("text");
    json.text("en", banner.en);
    json.text("es", banner.es);
    json.text("pt", banner.pt);
    json.text("fr", banner.fr);
    json.end_object();
    json.end_object();
    return out;
}

void append_user(std::string& out, UserMessage const& user) {
    JsonWriter json(out);
    json.begin_object();
    write_user_members(json, user);
    json.end_object();
}

std::string write_users(std::vector<UserMessage> const& users, std::string_view next) {
    return write_items(users, append_user, next);
}

std::string write_user_created(NewUserCredentials const& created) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.begin_object("user");
    write_user_members(json, created.user);
    json.end_object();
    json.text("first_password", created.first_password);
    json.begin_object("totp");
    write_code_members(json, created.code);
    json.end_object();
    json.end_object();
    return out;
}

std::string write_me(Me const& me) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.text("kind", to_text(me.actor.kind));
    json.text("id", me.actor.id);
    json.text_if("acting_for", me.actor.acting_for);
    json.begin_object("agency");
    json.text("agency", me.actor.agency);
    json.text("country", me.actor.country);
    json.text("name", me.agency_name);
    json.boolean("national_contact", me.actor.agency_is_national_contact);
    json.end_object();
    json.begin_array("roles");
    for (auto role : me.actor.roles) {
        json.element(to_text(role));
    }
    json.end_array();
    json.text("language", me.actor.language);
    if (me.user) {
        json.begin_object("user");
        write_user_members(json, *me.user);
        json.end_object();
        json.time("authenticated_at", me.actor.authenticated_at);
    }
    json.time_if("step_up_until", me.step_up_until);
    json.texts("operations", me.operations);
    json.end_object();
    return out;
}

Outcome<UserCreate> read_user_create(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        UserCreate message;
        message.login = reader.text("login", kLogin);
        message.display_name = reader.text("display_name", kPersonName);
        message.email = or_nothing(reader.optional_text("email", kEmail));
        message.language = reader.optional_text("language", kLanguage);
        message.propose_roles = reader.codes("propose_roles", {.max = 12}, cases::parse_role);
        if (message.language.empty()) {
            message.language = "en";
        }
        return message;
    });
}

Outcome<UserChange> read_user_change(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        UserChange message;
        message.display_name = or_nothing(reader.optional_text("display_name", kPersonName));
        message.email = read_patch_text(reader, "email", kEmail);
        message.language = or_nothing(reader.optional_text("language", kLanguage));
        message.state = or_nothing(reader.optional_listed("state", kSettableStates));
        return message;
    });
}

Outcome<RoleGrantPropose> read_role_grant_propose(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        RoleGrantPropose message;
        message.user = reader.id<UserId>("user_id");
        message.role = reader.code("role", cases::parse_role);
        message.gives = reader.listed("kind", kGrantKinds) != "take";
        return message;
    });
}

Outcome<bool> read_role_grant_decision(std::string_view body) {
    return read_body(body, [](ObjectReader& reader) {
        return reader.listed("decision", kDecisions) == "accepted";
    });
}

void append_role_grant(std::string& out, RoleGrantMessage const& grant) {
    JsonWriter json(out);
    json.begin_object();
    json.text("grant_id", grant.id.to_string());
    json.text("agency", grant.agency);
    json.id("user_id", grant.user);
    json.text("login", grant.login);
    json.text("role", grant.role);
    json.text("kind", grant.kind);
    json.text("state", grant.state);
    json.id("proposed_by", grant.proposed_by);
    json.time("proposed_at", grant.proposed_at);
    if (grant.decided_by) {
        json.id("decided_by", *grant.decided_by);
    }
    json.time_if("decided_at", grant.decided_at);
    json.end_object();
}

std::string write_role_grants(std::vector<RoleGrantMessage> const& grants) {
    return write_items(grants, append_role_grant, "");
}

}  // namespace rastro::protocol
