// The composition root: builds every part once, in the order of its members, and takes them down in
// the reverse order.
#pragma once

#include <memory>

#include "common/outcome.hpp"
#include "config/settings.hpp"

namespace rastro::server {

class Application {
 public:
    // The settings must outlive the application.
    explicit Application(config::Settings const& settings);
    ~Application();
    Application(Application const&) = delete;
    Application& operator=(Application const&) = delete;

    // Checks schema and keys, starts jobs and listeners. On a Problem nothing listens; its detail
    // says what to do.
    [[nodiscard]] Outcome<void> start();
    // SIGTERM: not ready -> no new connections -> finish what runs -> drain the pool -> stop jobs.
    // True if nothing had to be cut off. A second call from another thread hurries the first.
    bool stop();
    // SIGHUP: certificates and revocation lists are read again; no connection is dropped.
    [[nodiscard]] Outcome<void> reload();

    [[nodiscard]] std::uint16_t port(std::size_t listener) const;

 private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace rastro::server
