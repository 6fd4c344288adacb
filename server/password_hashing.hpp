// Argon2id on threads of its own, so that neither the network nor a database worker waits for it:
// each hash takes tens of milliseconds and megabytes on purpose. The queue is bounded; a full one
// is an answer (503), not a wait.
#pragma once

#include <functional>
#include <memory>

#include "config/settings.hpp"
#include "server/routes.hpp"

namespace rastro::server {

class PasswordHashing {
 public:
    explicit PasswordHashing(config::PasswordSettings const& settings,
                             std::size_t queue_bound = 64);
    ~PasswordHashing();  // finishes what is queued
    PasswordHashing(PasswordHashing const&) = delete;
    PasswordHashing& operator=(PasswordHashing const&) = delete;

    // False if refused: `complete` is then never called. Otherwise it is called once, on a thread
    // of this pool; it MUST NOT throw. A password to verify against an absent hash costs the same
    // time as against one of an account.
    [[nodiscard]] bool submit(HashingWork work, std::function<void(HashingResult)> complete);
    // Stops taking work, finishes what is queued. Safe to call twice.
    void drain();

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace rastro::server
