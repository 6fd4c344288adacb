// The open connections of a NetServer: who is let in, who is told to finish, who is cut off because
// a certificate was revoked. Thread-safe. Each connection is known to it from accept to its last
// byte.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "server/net/counters.hpp"
#include "server/net/limits.hpp"
#include "server/net/tls_context.hpp"

namespace rastro::server {

// What the registry may ask of a connection; each posts to the connection's strand and returns at
// once.
class OpenConnection {
 public:
    virtual ~OpenConnection() = default;
    virtual void finish() = 0;  // close when idle; after the running reply otherwise
    virtual void cut() = 0;     // close now
};

class Connections {
 public:
    Connections(NetLimits const& limits, NetCounters& counters)
        : limits_(limits), counters_(counters) {}

    // A place among the open connections, given back on destruction.
    class Place {
     public:
        Place(Connections& owner, std::uint64_t id, std::string address)
            : owner_(owner), id_(id), address_(std::move(address)) {}
        ~Place() { owner_.leave(id_, address_); }
        Place(Place const&) = delete;
        Place& operator=(Place const&) = delete;
        // Makes the connection reachable; it is asked to finish at once if the server already
        // stops.
        void hold(std::weak_ptr<OpenConnection> connection);
        // The certificates to judge again after a reload, and by which slot.
        void presented(std::shared_ptr<PeerChain const> chain, TlsSlot const* slot);

     private:
        Connections& owner_;
        std::uint64_t id_;
        std::string address_;
    };

    // Null if one of the caps is reached. `address`: of the peer; IPv6 counts by its /64.
    [[nodiscard]] std::unique_ptr<Place> admit(std::string const& address);

    void finish_all();  // and every later one
    void cut_all();
    // Cuts connections whose client certificate the context now in their slot refuses; returns how
    // many.
    std::size_t cut_refused();
    // Waits until none is open, `until` passes or `interrupted` (must not call back in here) says
    // so.
    [[nodiscard]] bool wait_until_empty(std::chrono::steady_clock::time_point until,
                                        std::function<bool()> const& interrupted);
    void wake();  // lets a waiting wait_until_empty ask `interrupted` again

 private:
    struct Entry {
        std::weak_ptr<OpenConnection> connection;
        std::shared_ptr<PeerChain const> chain;
        TlsSlot const* slot = nullptr;
    };
    void leave(std::uint64_t id, std::string const& address);

    NetLimits const& limits_;
    NetCounters& counters_;
    std::mutex mutex_;
    std::condition_variable emptied_;
    std::unordered_map<std::uint64_t, Entry> open_;
    std::unordered_map<std::string, std::size_t> by_address_;
    std::uint64_t last_id_ = 0;
    bool finishing_ = false;
};

// The key under which connections of one address are counted: IPv4 as it is (also when mapped into
// IPv6), IPv6 as its first 64 bits.
[[nodiscard]] std::string counting_key(std::string const& address);

}  // namespace rastro::server
