#include "server/net/connections.hpp"

#include <boost/asio/ip/address.hpp>
#include <vector>

#include "common/text.hpp"

namespace rastro::server {

std::string counting_key(std::string const& address) {
    boost::system::error_code error;
    auto const parsed = boost::asio::ip::make_address(address, error);
    if (error || !parsed.is_v6()) {
        return address;
    }
    auto const six = parsed.to_v6();
    if (six.is_v4_mapped()) {
        return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, six).to_string();
    }
    auto const bytes = six.to_bytes();
    return to_hex({bytes.data(), 8});
}

std::unique_ptr<Connections::Place> Connections::admit(std::string const& address) {
    auto key = counting_key(address);
    std::lock_guard const lock(mutex_);
    auto& of_address = by_address_[key];
    if (open_.size() >= limits_.connections || of_address >= limits_.connections_per_address) {
        if (of_address == 0) {
            by_address_.erase(key);
        }
        ++counters_.refused_by_cap;
        return nullptr;
    }
    ++of_address;
    auto const id = ++last_id_;
    open_.emplace(id, Entry{});
    ++counters_.open_connections;
    return std::make_unique<Place>(*this, id, std::move(key));
}

void Connections::leave(std::uint64_t id, std::string const& address) {
    std::lock_guard const lock(mutex_);
    open_.erase(id);
    --counters_.open_connections;
    if (auto const found = by_address_.find(address);
        found != by_address_.end() && --found->second == 0) {
        by_address_.erase(found);
    }
    if (open_.empty()) {
        emptied_.notify_all();
    }
}

void Connections::Place::hold(std::weak_ptr<OpenConnection> connection) {
    bool finishing = false;
    {
        std::lock_guard const lock(owner_.mutex_);
        finishing = owner_.finishing_;
        owner_.open_[id_].connection = connection;
    }
    if (finishing) {
        if (auto const held = connection.lock()) {
            held->finish();
        }
    }
}

void Connections::Place::presented(std::shared_ptr<PeerChain const> chain, TlsSlot const* slot) {
    std::lock_guard const lock(owner_.mutex_);
    auto& entry = owner_.open_[id_];
    entry.chain = std::move(chain);
    entry.slot = slot;
}

void Connections::finish_all() {
    std::vector<std::shared_ptr<OpenConnection>> held;
    {
        std::lock_guard const lock(mutex_);
        finishing_ = true;
        for (auto const& [id, entry] : open_) {
            if (auto connection = entry.connection.lock()) {
                held.push_back(std::move(connection));
            }
        }
    }
    for (auto const& connection : held) {
        connection->finish();
    }
}

void Connections::cut_all() {
    std::vector<std::shared_ptr<OpenConnection>> held;
    {
        std::lock_guard const lock(mutex_);
        finishing_ = true;
        for (auto const& [id, entry] : open_) {
            if (auto connection = entry.connection.lock()) {
                held.push_back(std::move(connection));
            }
        }
    }
    for (auto const& connection : held) {
        connection->cut();
    }
}

std::size_t Connections::cut_refused() {
    struct Presented {
        std::weak_ptr<OpenConnection> connection;
        std::shared_ptr<PeerChain const> chain;
        TlsSlot const* slot;
    };
    std::vector<Presented> presented;
    {
        std::lock_guard const lock(mutex_);
        for (auto const& [id, entry] : open_) {
            if (entry.chain) {
                presented.push_back({entry.connection, entry.chain, entry.slot});
            }
        }
    }
    // One verdict a certificate, however many connections it holds open.
    std::map<std::pair<TlsSlot const*, std::string>, bool> verdicts;
    std::size_t cut = 0;
    for (auto const& each : presented) {
        auto const [verdict, fresh] =
            verdicts.try_emplace({each.slot, each.chain->leaf_der()}, false);
        if (fresh) {
            verdict->second = each.slot->current()->accepts(*each.chain);
        }
        auto const connection = each.connection.lock();
        if (!verdict->second && connection) {
            connection->cut();
            ++cut;
        }
    }
    counters_.revoked_cut += cut;
    return cut;
}

bool Connections::wait_until_empty(std::chrono::steady_clock::time_point until,
                                   std::function<bool()> const& interrupted) {
    std::unique_lock lock(mutex_);
    emptied_.wait_until(lock, until, [&] { return open_.empty() || interrupted(); });
    return open_.empty();
}

void Connections::wake() {
    std::lock_guard const lock(mutex_);
    emptied_.notify_all();
}

}  // namespace rastro::server
