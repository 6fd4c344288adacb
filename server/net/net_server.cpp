#include "server/net/net_server.hpp"

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <filesystem>
#include <mutex>
#include <thread>

#include "common/log.hpp"
#include "server/net/connections.hpp"
#include "server/net/listener.hpp"
#include "server/net/tls_files.hpp"

namespace rastro::server {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

// Enough of a file to see that it was replaced.
struct FileMark {
    std::string path;
    fs::file_time_type written;
    std::uintmax_t size = 0;
    friend bool operator==(FileMark const&, FileMark const&) = default;
};

FileMark mark_of(fs::path const& path) {
    std::error_code gone;
    FileMark mark;
    mark.path = path.string();
    mark.written = fs::last_write_time(path, gone);
    mark.size = fs::file_size(path, gone);
    return mark;
}

std::vector<FileMark> marks_of(NetSettings const& settings) {
    std::vector<FileMark> marks;
    for (auto const& listener : settings.listeners) {
        marks.push_back(mark_of(listener.tls.certificate_chain));
        marks.push_back(mark_of(listener.tls.private_key));
        if (listener.tls.client_certificates == ClientCertificates::required) {
            marks.push_back(mark_of(listener.tls.client_authorities));
        }
        for (auto const& list : revocation_files(listener.tls.revocation_lists)) {
            marks.push_back(mark_of(list));
        }
    }
    return marks;
}

constexpr std::chrono::milliseconds cut_patience{2000};  // for cut connections to let go

}  // namespace

struct NetServer::Parts {
    Parts(NetSettings given, RequestHandler& handler, Clock const& clock)
        : settings(std::move(given)),
          connections(settings.limits, counters),
          services{settings.limits, counters, handler, clock},
          network(static_cast<int>(std::max(1U, settings.threads))),
          work(network.get_executor()),
          poll(network) {}

    void run_threads();
    void poll_later();
    void poll_files();
    Outcome<void> reload();

    NetSettings settings;
    NetCounters counters;
    Connections connections;  // outlives the sessions, which network owns
    SessionServices services;
    asio::io_context network;
    asio::executor_work_guard<asio::io_context::executor_type> work;
    asio::steady_timer poll;
    std::vector<std::shared_ptr<Listener>> listeners;
    std::vector<std::thread> threads;

    std::mutex reload_mutex;  // one reload at a time; guards seen
    std::vector<FileMark> seen;
    std::mutex stop_mutex;  // one stop at a time
    std::atomic<bool> started{false};
    std::atomic<int> stops{0};
};

NetServer::NetServer(NetSettings settings, RequestHandler& handler, Clock const& clock)
    : parts_(std::make_unique<Parts>(std::move(settings), handler, clock)) {}

NetServer::~NetServer() {
    stop(std::chrono::milliseconds{0});
}

Outcome<void> NetServer::start() {
    auto& parts = *parts_;
    parts.seen = marks_of(parts.settings);
    for (auto const& wanted : parts.settings.listeners) {
        RASTRO_TRY(context, TlsContext::load(wanted.tls, parts.counters));
        auto share = std::shared_ptr<ListenerShare>(
            new ListenerShare{wanted.kind, wanted.allowed_hosts, TlsSlot(std::move(context))});
        auto listener = std::make_shared<Listener>(
            parts.network, std::move(share), parts.services, parts.connections);
        auto const opened = listener->open(wanted.address, wanted.port);
        if (!opened) {
            parts.listeners.clear();
            return opened.error();
        }
        parts.listeners.push_back(std::move(listener));
    }
    for (auto const& listener : parts.listeners) {
        listener->start();
    }
    parts.poll_later();
    parts.run_threads();
    parts.started = true;
    return {};
}

void NetServer::Parts::run_threads() {
    for (unsigned i = 0; i < std::max(1U, settings.threads); ++i) {
        threads.emplace_back([this] {
            while (true) {
                try {
                    network.run();
                    return;
                } catch (std::exception const& failure) {
                    log::error("network-thread-recovered", {{"kind", failure.what()}});
                }
            }
        });
    }
}

void NetServer::Parts::poll_later() {
    if (settings.limits.certificate_poll.count() == 0) {
        return;
    }
    poll.expires_after(settings.limits.certificate_poll);
    poll.async_wait([this](boost::system::error_code error) {
        if (!error) {
            poll_files();
            poll_later();
        }
    });
}

void NetServer::Parts::poll_files() {
    bool changed = false;
    {
        std::lock_guard const lock(reload_mutex);
        changed = marks_of(settings) != seen;
    }
    if (changed) {
        static_cast<void>(reload());  // reported in the log and the counters
    } else {
        connections.cut_refused();  // certificates and lists also run out by themselves
    }
}

Outcome<void> NetServer::Parts::reload() {
    std::lock_guard const lock(reload_mutex);
    seen = marks_of(settings);
    Outcome<void> result;
    for (std::size_t i = 0; i < listeners.size(); ++i) {
        auto context = TlsContext::load(settings.listeners[i].tls, counters);
        if (context) {
            listeners[i]->tls().swap_in(std::move(*context));
        } else {
            ++counters.reload_failures;
            log::error("certificates-refused",
                       {{"listener", i}, {"reason", context.error().detail()}});
            if (result) {
                result = context.error();
            }
        }
    }
    ++counters.reloads;
    auto const cut = connections.cut_refused();
    log::info("certificates-reloaded", {{"complete", result.has_value()}, {"cut", cut}});
    return result;
}

Outcome<void> NetServer::reload() {
    return parts_->reload();
}

bool NetServer::stop(std::chrono::milliseconds drain) {
    auto& parts = *parts_;
    ++parts.stops;
    parts.connections.wake();
    std::lock_guard const lock(parts.stop_mutex);
    if (!parts.started.exchange(false)) {
        return true;
    }
    auto const now = std::chrono::steady_clock::now();
    for (auto const& listener : parts.listeners) {
        listener->close();
    }
    parts.connections.finish_all();
    bool const drained =
        parts.connections.wait_until_empty(now + drain, [&parts] { return parts.stops > 1; });
    if (!drained) {
        parts.connections.cut_all();
        static_cast<void>(parts.connections.wait_until_empty(
            std::chrono::steady_clock::now() + cut_patience, [] { return false; }));
    }
    parts.network.stop();
    for (auto& thread : parts.threads) {
        thread.join();
    }
    parts.threads.clear();
    return drained;
}

std::uint16_t NetServer::port(std::size_t listener) const {
    return parts_->listeners.at(listener)->port();
}

NetCounters const& NetServer::counters() const noexcept {
    return parts_->counters;
}

asio::any_io_executor NetServer::executor() {
    return parts_->network.get_executor();
}

}  // namespace rastro::server
