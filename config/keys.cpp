#include "config/keys.hpp"

#include <algorithm>
#include <type_traits>

#include "common/text.hpp"

namespace rastro::config {

namespace {

bool is_lower_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_server_id(std::string_view text) {
    return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
           std::all_of(
               text.begin(), text.end(), [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

bool is_host_name(std::string_view text) {
    return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), [](char c) {
        return is_lower_or_digit(c) || c == '-' || c == '.' || c == ':';
    });
}

bool is_not_empty(std::string_view text) {
    return !trim(text).empty();
}

// C2SP tlog-checkpoint: no spaces, no '+'
bool is_origin(std::string_view text) {
    return !text.empty() && text.size() <= 255 && std::all_of(text.begin(), text.end(), [](char c) {
        return c > 0x20 && c < 0x7F && c != '+';
    });
}

template <class T>
constexpr ValueType type_of() {
    if constexpr (std::is_same_v<T, bool>) {
        return ValueType::boolean;
    } else if constexpr (std::is_integral_v<T>) {
        return ValueType::integer;
    } else if constexpr (std::is_enum_v<T>) {
        return ValueType::choice;
    } else if constexpr (std::is_same_v<T, std::string>) {
        return ValueType::text;
    } else if constexpr (std::is_same_v<T, Path>) {
        return ValueType::path;
    } else if constexpr (std::is_same_v<T, Duration>) {
        return ValueType::duration;
    } else if constexpr (std::is_same_v<T, ByteSize>) {
        return ValueType::size;
    } else if constexpr (std::is_same_v<T, Rate>) {
        return ValueType::rate;
    } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
        return ValueType::list;
    } else {
        static_assert(std::is_same_v<T, std::vector<Path>>);
        return ValueType::paths;
    }
}

template <class T>
void assign(T& member, Value const& value) {
    if constexpr (type_of<T>() == ValueType::integer) {
        member = static_cast<T>(std::get<std::int64_t>(value));
    } else if constexpr (type_of<T>() == ValueType::choice) {
        member = static_cast<T>(std::get<Choice>(value).index);
    } else if constexpr (type_of<T>() == ValueType::path) {
        member = std::get<std::string>(value);
    } else if constexpr (type_of<T>() == ValueType::paths) {
        auto const& parts = std::get<std::vector<std::string>>(value);
        member.assign(parts.begin(), parts.end());
    } else {
        member = std::get<T>(value);
    }
}

constexpr std::int64_t kib = 1024;
constexpr std::int64_t mib = 1024 * kib;
constexpr std::int64_t second = 1000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;

// What a row may have beyond name, member, built-in value and explanation.
struct Rest {
    Bounds bounds{};
    std::vector<std::string_view> choices{};
    bool (*accepts)(std::string_view) = nullptr;
    std::string_view form{};
    bool secret = false;
};

template <class Root, class T>
Key<Root> row(std::string name,
              std::function<T&(Root&)> member,
              std::string built_in,
              std::string help,
              Rest rest) {
    Key<Root> key;
    key.name = std::move(name);
    key.type = type_of<T>();
    key.built_in = std::move(built_in);
    key.help = std::move(help);
    key.bounds = rest.bounds;
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
        key.bounds.most =
            std::min(key.bounds.most, static_cast<std::int64_t>(std::numeric_limits<T>::max()));
    }
    key.choices = std::move(rest.choices);
    key.accepts = rest.accepts;
    key.form = rest.form;
    key.secret = rest.secret;
    key.store = [member = std::move(member)](Root& root, Value const& value) {
        assign<T>(member(root), value);
    };
    return key;
}

template <class Section, class T>
Key<Settings> in(Section Settings::*section,
                 T Section::*member,
                 std::string name,
                 std::string built_in,
                 std::string help,
                 Rest rest = {}) {
    return row<Settings, T>(
        std::move(name),
        [section, member](Settings& settings) -> T& { return settings.*section.*member; },
        std::move(built_in),
        std::move(help),
        std::move(rest));
}

template <class T>
Key<ListenerSettings> of(T ListenerSettings::*member,
                         std::string name,
                         std::string built_in,
                         std::string help,
                         Rest rest = {}) {
    return row<ListenerSettings, T>(
        std::move(name),
        [member](ListenerSettings& listener) -> T& { return listener.*member; },
        std::move(built_in),
        std::move(help),
        std::move(rest));
}

Rest between(std::int64_t least, std::int64_t most) {
    return {.bounds = {least, most}};
}
Rest one_of(std::vector<std::string_view> choices) {
    return {.choices = std::move(choices)};
}
Rest shaped(bool (*accepts)(std::string_view), std::string_view form) {
    return {.accepts = accepts, .form = form};
}

std::vector<Key<Settings>> make_settings_keys() {
    using S = Settings;
    return {
        // clang-format off
        in(&S::server, &ServerSettings::id, "server.id", "rastro-1",
           "Name of this server in logs and audit records; each server of one database has its own.",
           shaped(is_server_id, "1 to 63 lower-case letters, digits and inner hyphens")),
        in(&S::server, &ServerSettings::threads, "server.threads", "0",
           "Network threads; 0 means one for each processor.", between(0, 256)),
        in(&S::server, &ServerSettings::drain, "server.drain", "30s",
           "How long running requests may finish after SIGTERM before they are cut off.", between(0, 10 * minute)),

        in(&S::tls, &TlsSettings::certificate, "tls.certificate", "/etc/rastro/tls/server.pem",
           "PEM file with the server's certificate followed by its issuers; read again on SIGHUP."),
        in(&S::tls, &TlsSettings::key, "tls.key", "/etc/rastro/tls/server.key",
           "PEM file with the private key of the certificate; mode 0600."),
        in(&S::tls, &TlsSettings::client_ca, "tls.client_ca", "/etc/rastro/tls/clients.pem",
           "PEM file with the authorities whose client certificates are accepted."),
        in(&S::tls, &TlsSettings::crl, "tls.crl", "/etc/rastro/tls/crl",
           "Revocation lists of those authorities: PEM files, or folders of *.crl and *.pem files."),
        in(&S::tls, &TlsSettings::crl_reload, "tls.crl_reload", "60s",
           "How often the revocation lists are read again; a revoked certificate is cut off within this time.",
           between(second, hour)),
        in(&S::tls, &TlsSettings::minimum_version, "tls.minimum_version", "1.3",
           "Oldest TLS version accepted.", one_of({"1.2", "1.3"})),

        in(&S::net, &NetSettings::header_timeout, "net.header_timeout", "15s",
           "Total time a request header may take to arrive.", between(100, 10 * minute)),
        in(&S::net, &NetSettings::body_timeout, "net.body_timeout", "30s",
           "Total time a request body may take to arrive.", between(100, hour)),
        in(&S::net, &NetSettings::keep_alive, "net.keep_alive", "60s",
           "How long an idle connection is kept open.", between(100, hour)),
        in(&S::net, &NetSettings::write_stall, "net.write_stall", "30s",
           "A client that takes no byte of its answer for this long is cut off.", between(100, 10 * minute)),
        in(&S::net, &NetSettings::handshake_timeout, "net.handshake_timeout", "10s",
           "Total time of a TLS handshake.", between(100, 5 * minute)),
        in(&S::net, &NetSettings::max_header, "net.max_header", "16KiB",
           "Largest request header, request line included.", between(kib, mib)),
        in(&S::net, &NetSettings::max_fields, "net.max_fields", "100",
           "Most header fields of a request.", between(10, 1000)),
        in(&S::net, &NetSettings::max_target, "net.max_target", "8KiB",
           "Longest request target.", between(256, mib)),
        in(&S::net, &NetSettings::max_body, "net.max_body", "1MiB",
           "Largest request body, except where an operation states its own bound.", between(kib, 1024 * mib)),
        in(&S::net, &NetSettings::max_connections, "net.max_connections", "10000",
           "Most open connections of all listeners.", between(1, 1'000'000)),
        in(&S::net, &NetSettings::max_per_address, "net.max_per_address", "500",
           "Most open connections from one address.", between(1, 1'000'000)),

        in(&S::database, &DatabaseSettings::host, "database.host", "/var/run/postgresql",
           "Host name or address of PostgreSQL, or the folder of its unix socket.",
           shaped(is_not_empty, "a host name, an address or a folder")),
        in(&S::database, &DatabaseSettings::port, "database.port", "5432", "Port of PostgreSQL.", between(1, 65535)),
        in(&S::database, &DatabaseSettings::name, "database.name", "rastro", "Name of the database.",
           shaped(is_not_empty, "a name")),
        in(&S::database, &DatabaseSettings::user, "database.user", "rastro_app",
           "Database role of the server; it owns nothing and cannot bypass row-level security.",
           shaped(is_not_empty, "a name")),
        in(&S::database, &DatabaseSettings::password_file, "database.password_file", "",
           "File with the password, mode 0600; empty if the database asks for none (peer authentication)."),
        in(&S::database, &DatabaseSettings::password, "database.password", "",
           "The password itself; only from the environment, and only where a file is not possible.",
           Rest{.secret = true}),
        in(&S::database, &DatabaseSettings::sslmode, "database.sslmode", "prefer",
           "TLS towards PostgreSQL; use verify-full for any other machine.",
           one_of({"disable", "prefer", "require", "verify-ca", "verify-full"})),
        in(&S::database, &DatabaseSettings::connect_timeout, "database.connect_timeout", "5s",
           "How long to wait for a connection.", between(second, 5 * minute)),

        in(&S::pool, &PoolSettings::workers, "pool.workers", "3",
           "Database workers, each with one connection.", between(1, 256)),
        in(&S::pool, &PoolSettings::queue, "pool.queue", "256",
           "Requests that may wait for a worker; beyond that the answer is 503.", between(1, 100'000)),
        in(&S::pool, &PoolSettings::statement_timeout, "pool.statement_timeout", "10s",
           "Longest time of one SQL statement.", between(100, hour)),
        in(&S::pool, &PoolSettings::lock_timeout, "pool.lock_timeout", "3s",
           "Longest wait for a lock in the database.", between(10, hour)),
        in(&S::pool, &PoolSettings::lane_batch, "pool.lane_batch", "64",
           "Most writes that share one commit.", between(1, 1024)),

        in(&S::session, &SessionSettings::idle, "session.idle", "30m",
           "A session ends after this time without a request.", between(minute, day)),
        in(&S::session, &SessionSettings::absolute, "session.absolute", "12h",
           "A session ends this long after sign-in.", between(minute, 7 * day)),
        in(&S::session, &SessionSettings::step_up, "session.step_up", "5m",
           "How fresh an authentication must be for release and break-glass.", between(10 * second, hour)),

        in(&S::password, &PasswordSettings::memory_kib, "password.memory_kib", "19456",
           "Memory of one Argon2id hash, in KiB.", between(8, 4 * mib)),
        in(&S::password, &PasswordSettings::iterations, "password.iterations", "2",
           "Passes of Argon2id over its memory.", between(1, 100)),
        in(&S::password, &PasswordSettings::parallelism, "password.parallelism", "1",
           "Lanes of one Argon2id hash.", between(1, 64)),
        in(&S::password, &PasswordSettings::hash_threads, "password.hash_threads", "1",
           "Hashes computed at one time; the others wait.", between(1, 64)),

        in(&S::limits, &LimitSettings::per_address, "limits.per_address", "400/s",
           "Requests from one address, as count/s, count/m or count/h; \"off\" for no limit."),
        in(&S::limits, &LimitSettings::per_actor, "limits.per_actor", "200/s",
           "Requests of one user or agency system."),
        in(&S::limits, &LimitSettings::sign_in_per_address, "limits.sign_in_per_address", "30/m",
           "Attempts to sign in from one address."),

        in(&S::audit, &AuditSettings::origin, "audit.origin", "rastro.example/audit",
           "Name of the audit log in its checkpoints; unique, and never changed afterwards.",
           shaped(is_origin, "printable ASCII without spaces and '+', at most 255 characters")),
        in(&S::audit, &AuditSettings::signing_key, "audit.signing_key", "/etc/rastro/audit/checkpoint.key",
           "PEM file with the Ed25519 key that signs checkpoints; mode 0600."),
        in(&S::audit, &AuditSettings::signer_state, "audit.signer_state", "/var/lib/rastro/signer.state",
           "Where the signer keeps the last tree it signed; never restore it from a backup."),
        in(&S::audit, &AuditSettings::merge_delay, "audit.merge_delay", "60s",
           "An entry must be in a published checkpoint within this time, or the server reports not ready.",
           between(second, hour)),

        in(&S::cases, &CaseSettings::blind_key, "cases.blind_key", "",
           "File with the key of the blind index, made by \"rastro certs blind-key\"; mode 0600, and never in the "
           "database or its backup. \"\": identifiers in cases are not compared."),

        in(&S::cases, &CaseSettings::treaty_parties, "cases.treaty_parties", "",
           "CSV of which country is party to which treaty from when: instrument, country, in_force_from, in_force_to, "
           "declarations, source. Read at start. \"\": the sample compiled in."),
        in(&S::cases, &CaseSettings::exchange_rates, "cases.exchange_rates", "",
           "CSV of exchange rates by day: currency, base, day, rate, source. Read at start. \"\": the sample compiled in."),
        in(&S::cases, &CaseSettings::silence_rules, "cases.silence_rules", "",
           "CSV of what silence on a precursor notice means: country, silence (consent or objection), valid_from, source. "
           "Read at start. \"\": the sample compiled in."),

        in(&S::jobs, &JobSettings::enabled, "jobs.enabled", "true",
           "Whether this server runs jobs; at least one server of a database must."),
        in(&S::jobs, &JobSettings::integrate_interval, "jobs.integrate_interval", "1s",
           "How often new audit entries are put into the tree and signed.", between(10, minute)),
        in(&S::jobs, &JobSettings::timer_interval, "jobs.timer_interval", "5s",
           "How often due deadlines of cases are looked for.", between(10, hour)),
        in(&S::jobs, &JobSettings::outbox_interval, "jobs.outbox_interval", "250ms",
           "How often messages that wait for delivery are looked for when nothing woke the deliverer.",
           between(10, hour)),
        in(&S::jobs, &JobSettings::cleanup_interval, "jobs.cleanup_interval", "10m",
           "How often ended sessions and old idempotency keys are removed.", between(second, day)),
        in(&S::jobs, &JobSettings::certificate_interval, "jobs.certificate_interval", "12h",
           "How often the end of certificates and revocation lists is looked at.", between(second, day)),

        in(&S::log, &LogSettings::destination, "log.destination", "stdout",
           "\"stdout\", \"stderr\" or a file; one JSON object a line.", shaped(is_not_empty, "stdout, stderr or a file")),
        in(&S::log, &LogSettings::level, "log.level", "info", "Least important entries that are written.",
           one_of({"debug", "info", "warning", "error"})),

        in(&S::demo, &DemoSettings::enabled, "demo.enabled", "false",
           "Shows that this is a demonstration and lets its accounts be listed; never on real data. "
           "Only with listeners on loopback addresses."),
        in(&S::demo, &DemoSettings::accounts, "demo.accounts", "",
           "JSON file with the accounts that the sign-in page of a demonstration offers; \"\": none."),
        // clang-format on
    };
}

std::vector<Key<ListenerSettings>> make_listener_keys() {
    using L = ListenerSettings;
    return {
        of(&L::address,
           "address",
           "127.0.0.1",
           "Address to listen on.",
           shaped(is_not_empty, "an address")),
        of(&L::port, "port", "8443", "Port to listen on; 0 takes any free one.", between(0, 65535)),
        of(&L::kind,
           "kind",
           "browser",
           "browser: people, no client certificate. agency: systems, refused without a client "
           "certificate. "
           "operations: health and /metrics only.",
           one_of({"browser", "agency", "operations"})),
        of(&L::hosts,
           "hosts",
           "localhost,127.0.0.1",
           "Host names that requests may carry, in lower case without port.",
           shaped(is_host_name, "host names in lower case without port")),
    };
}

}  // namespace

std::vector<Key<Settings>> const& settings_keys() {
    static auto const keys = make_settings_keys();
    return keys;
}

std::vector<Key<ListenerSettings>> const& listener_keys() {
    static auto const keys = make_listener_keys();
    return keys;
}

}  // namespace rastro::config
