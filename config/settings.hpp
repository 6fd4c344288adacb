// Every setting of rastrod, as plain values. What each means, its name in files, its built-in value
// and its bounds stand once, in the table of config/keys.cpp; config/rastro.example.toml is printed
// from that table. Other folders take these structs by value or const reference and never read
// files or the environment themselves.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "common/log.hpp"

namespace rastro::config {

using Duration = std::chrono::milliseconds;
using Path = std::filesystem::path;

struct ByteSize {
    std::uint64_t bytes = 0;
    friend bool operator==(ByteSize const&, ByteSize const&) = default;
};

// At most `count` in each `period`; count 0 means no limit.
struct Rate {
    std::uint32_t count = 0;
    Duration period{};
    friend bool operator==(Rate const&, Rate const&) = default;
};

enum class ListenerKind : std::uint8_t { browser, agency, operations };
enum class TlsVersion : std::uint8_t { v1_2, v1_3 };
// libpq's sslmode
enum class DatabaseTls : std::uint8_t { disable, prefer, require, verify_ca, verify_full };
[[nodiscard]] std::string_view sslmode_text(DatabaseTls mode) noexcept;  // "verify-full"

struct ListenerSettings {
    std::string address;
    std::uint16_t port = 0;
    ListenerKind kind = ListenerKind::browser;
    std::vector<std::string> hosts;  // lower case, without port
    friend bool operator==(ListenerSettings const&, ListenerSettings const&) = default;
};

struct ServerSettings {
    std::string id;
    unsigned threads = 0;
    Duration drain{};
    friend bool operator==(ServerSettings const&, ServerSettings const&) = default;
};

struct TlsSettings {
    Path certificate;
    Path key;
    Path client_ca;
    std::vector<Path> crl;  // files, or folders of *.crl and *.pem
    Duration crl_reload{};
    TlsVersion minimum_version = TlsVersion::v1_3;
    friend bool operator==(TlsSettings const&, TlsSettings const&) = default;
};

struct NetSettings {
    Duration header_timeout{};
    Duration body_timeout{};
    Duration keep_alive{};
    Duration write_stall{};
    Duration handshake_timeout{};
    ByteSize max_header;
    std::uint32_t max_fields = 0;
    ByteSize max_target;
    ByteSize max_body;
    std::uint32_t max_connections = 0;
    std::uint32_t max_per_address = 0;
    friend bool operator==(NetSettings const&, NetSettings const&) = default;
};

struct DatabaseSettings {
    std::string host;  // name, address, or folder of the unix socket
    std::uint16_t port = 0;
    std::string name;
    std::string user;
    std::string password;  // read with database_password()
    Path password_file;
    DatabaseTls sslmode = DatabaseTls::prefer;
    Duration connect_timeout{};
    friend bool operator==(DatabaseSettings const&, DatabaseSettings const&) = default;
};

struct PoolSettings {
    std::uint32_t workers = 0;
    std::uint32_t queue = 0;
    Duration statement_timeout{};
    Duration lock_timeout{};
    std::uint32_t lane_batch = 0;
    friend bool operator==(PoolSettings const&, PoolSettings const&) = default;
};

struct SessionSettings {
    Duration idle{};
    Duration absolute{};
    Duration step_up{};
    friend bool operator==(SessionSettings const&, SessionSettings const&) = default;
};

// Argon2id (RFC 9106)
struct PasswordSettings {
    std::uint32_t memory_kib = 0;
    std::uint32_t iterations = 0;
    std::uint32_t parallelism = 0;
    std::uint32_t hash_threads = 0;
    friend bool operator==(PasswordSettings const&, PasswordSettings const&) = default;
};

struct LimitSettings {
    Rate per_address;
    Rate per_actor;
    Rate sign_in_per_address;
    friend bool operator==(LimitSettings const&, LimitSettings const&) = default;
};

struct AuditSettings {
    std::string origin;
    Path signing_key;
    Path signer_state;
    Duration merge_delay{};
    friend bool operator==(AuditSettings const&, AuditSettings const&) = default;
};

struct CaseSettings {
    Path blind_key;
    Path treaty_parties;
    Path exchange_rates;
    Path silence_rules;
    friend bool operator==(CaseSettings const&, CaseSettings const&) = default;
};

struct JobSettings {
    bool enabled = true;
    Duration integrate_interval{};
    Duration timer_interval{};
    Duration outbox_interval{};
    Duration cleanup_interval{};
    Duration certificate_interval{};
    friend bool operator==(JobSettings const&, JobSettings const&) = default;
};

struct LogSettings {
    std::string destination;
    log::Level level = log::Level::info;
    friend bool operator==(LogSettings const&, LogSettings const&) = default;
};

struct DemoSettings {
    bool enabled = false;
    Path accounts;
    friend bool operator==(DemoSettings const&, DemoSettings const&) = default;
};

struct Settings {
    ServerSettings server;
    std::vector<ListenerSettings> listeners;
    TlsSettings tls;
    NetSettings net;
    DatabaseSettings database;
    PoolSettings pool;
    SessionSettings session;
    PasswordSettings password;
    LimitSettings limits;
    AuditSettings audit;
    CaseSettings cases;
    JobSettings jobs;
    LogSettings log;
    DemoSettings demo;
    friend bool operator==(Settings const&, Settings const&) = default;
};

// A value that is right by itself and wrong beside another.
struct Contradiction {
    std::string key;   // the one to change: "session.idle", "listeners.1.port"
    std::string text;  // "must not be longer than session.absolute"
};
[[nodiscard]] std::vector<Contradiction> contradictions_of(Settings const& settings);

// The built-in values, before any file.
[[nodiscard]] Settings built_in_settings();

}  // namespace rastro::config
