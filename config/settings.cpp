#include "config/settings.hpp"

#include <array>
#include <set>
#include <utility>

#include "config/keys.hpp"

namespace rastro::config {

std::string_view sslmode_text(DatabaseTls mode) noexcept {
    static constexpr std::array<std::string_view, 5> texts{
        "disable", "prefer", "require", "verify-ca", "verify-full"};
    return texts[static_cast<std::size_t>(mode)];
}

namespace {

void check_listeners(Settings const& settings, std::vector<Contradiction>& found) {
    if (settings.listeners.empty()) {
        found.push_back({"listeners", "at least one listener is needed"});
    }
    std::set<std::pair<std::string, std::uint16_t>> taken;
    for (std::size_t i = 0; i < settings.listeners.size(); ++i) {
        auto const& listener = settings.listeners[i];
        auto const name = "listeners." + std::to_string(i);
        if (listener.port != 0 && !taken.emplace(listener.address, listener.port).second) {
            found.push_back({name + ".port", "another listener has the same address and port"});
        }
        if (listener.kind == ListenerKind::agency && settings.tls.client_ca.empty()) {
            found.push_back({name + ".kind", "an agency listener needs tls.client_ca"});
        }
        if (listener.kind != ListenerKind::operations && listener.hosts.empty()) {
            found.push_back({name + ".hosts", "at least one host name is needed"});
        }
    }
}

}  // namespace

std::vector<Contradiction> contradictions_of(Settings const& settings) {
    std::vector<Contradiction> found;
    check_listeners(settings, found);
    for (std::size_t i = 0; settings.demo.enabled && i < settings.listeners.size(); ++i) {
        auto const& address = settings.listeners[i].address;
        if (!address.starts_with("127.") && address != "::1") {
            found.push_back({"demo.enabled", "needs every listener on a loopback address"});
            break;
        }
    }
    if (settings.session.idle > settings.session.absolute) {
        found.push_back({"session.idle", "must not be longer than session.absolute"});
    }
    if (settings.session.step_up > settings.session.absolute) {
        found.push_back({"session.step_up", "must not be longer than session.absolute"});
    }
    if (settings.pool.lock_timeout > settings.pool.statement_timeout) {
        found.push_back({"pool.lock_timeout", "must not be longer than pool.statement_timeout"});
    }
    if (settings.net.max_target.bytes > settings.net.max_header.bytes) {
        found.push_back({"net.max_target", "must not be larger than net.max_header"});
    }
    if (settings.net.max_per_address > settings.net.max_connections) {
        found.push_back({"net.max_per_address", "must not be larger than net.max_connections"});
    }
    if (settings.password.memory_kib < 8 * settings.password.parallelism) {
        // RFC 9106 section 3.1
        found.push_back({"password.memory_kib", "must be at least 8 times password.parallelism"});
    }
    if (!settings.database.password.empty() && !settings.database.password_file.empty()) {
        found.push_back(
            {"database.password_file", "database.password is set too; keep one of them"});
    }
    return found;
}

Settings built_in_settings() {
    Settings settings;
    for (auto const& key : settings_keys()) {
        key.store(settings, built_in_value(key));
    }
    auto& listener = settings.listeners.emplace_back();
    for (auto const& key : listener_keys()) {
        key.store(listener, built_in_value(key));
    }
    return settings;
}

}  // namespace rastro::config
