// Live updates: one feed per agency, two transports (design/decisions.md 10): GET
// /v1/events?after=N (long poll) and the WebSocket /v1/stream?after=N. A message carries ids and
// versions, never case content. Who may listen is decided when a stream opens and checked again
// each time something is sent; slow readers are cut off by their session.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "server/net/http.hpp"
#include "server/pipeline.hpp"
#include "server/routes.hpp"
#include "storage/outbox.hpp"

namespace rastro::server {

class EventStream {
 public:
    EventStream(Services& services, storage::WorkerPool& pool, Pipeline& pipeline);
    ~EventStream();

    // Sends what has been filed since the last time, by whichever server, in order, to whom still
    // may hear it. A step of a background job; costs nothing while nobody listens here.
    void follow(storage::Connection& connection);
    // Ends all listeners and waiting polls; further ones are refused.
    void stop();
    [[nodiscard]] std::size_t listeners() const;

    // Binds "events" (long poll) and "stream" (WebSocket).
    void bind(Routes& routes);

 private:
    struct Listener;
    struct Waiter;
    struct Opened;

    boost::asio::awaitable<HttpReply> poll(HttpRequest request, Arrival arrival);
    boost::asio::awaitable<UpgradeDecision> open(HttpRequest request, Arrival arrival);
    // The unit of work of both: authorise, read the feed.
    [[nodiscard]] PreparedCall reading(std::shared_ptr<Opened> opened) const;
    void catch_up(std::shared_ptr<Listener> listener);
    // How far each agency that somebody listens for has been followed; -1: not yet.
    [[nodiscard]] std::map<std::string, std::int64_t> followed();
    void publish(storage::Connection& connection,
                 std::vector<storage::FeedMessage> const& messages);

    Services& services_;
    storage::WorkerPool& pool_;
    Pipeline& pipeline_;
    mutable std::mutex mutex_;
    bool stopped_ = false;
    std::multimap<std::string, std::shared_ptr<Listener>> listeners_;  // by agency
    std::multimap<std::string, std::shared_ptr<Waiter>> waiters_;
    std::map<std::string, std::int64_t> newest_;  // by agency, as published here
};

}  // namespace rastro::server
