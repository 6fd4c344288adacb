#include "server/event_stream.hpp"

#include <algorithm>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <set>

#include "common/log.hpp"
#include "protocol/event_json.hpp"
#include "server/worker_call.hpp"
#include "storage/authentication.hpp"

namespace rastro::server {

namespace {

constexpr int kPage = 500;              // messages in one answer
constexpr int kLongestReplay = 10'000;  // further behind: start anew (410)
constexpr std::chrono::seconds kLongestWait{25};
constexpr std::size_t kListenersPerAgency = 20'000;

Outcome<std::int64_t> number_of(Arrival const& arrival,
                                std::string const& name,
                                std::int64_t fallback,
                                std::int64_t most) {
    auto const found = arrival.query.find(name);
    if (found == arrival.query.end()) {
        return fallback;
    }
    std::int64_t value = 0;
    auto const& text = found->second;
    auto const [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc{} || end != text.data() + text.size() || value < 0 || value > most) {
        return Problem(ProblemCode::validation_failed,
                       std::vector<Violation>{
                           {"query:/" + name, "out_of_range", {"0", std::to_string(most)}}});
    }
    return value;
}

protocol::EventMessage to_message(storage::FeedMessage const& message) {
    return {.seq = message.seq,
            .kind = message.kind,
            .case_id = CaseId::parse(message.case_id),
            .object_type = message.object_type,
            .object_id = message.object_id,
            .object_version = message.object_version,
            .occurred_at = message.occurred_at};
}

std::string event_text(storage::FeedMessage const& message) {
    std::string text;
    protocol::append_event(text, to_message(message));
    return text;
}

std::string event_list(std::vector<storage::FeedMessage> const& messages,
                       std::int64_t after,
                       std::int64_t head) {
    std::vector<protocol::EventMessage> events;
    events.reserve(messages.size());
    for (auto const& message : messages) {
        events.push_back(to_message(message));
    }
    return protocol::write_events(events, messages.empty() ? after : messages.back().seq, head);
}

}  // namespace

// What the opening of a poll or stream found out.
struct EventStream::Opened {
    std::int64_t after = 0;
    std::string agency;
    std::string authentication_event;
    std::vector<storage::FeedMessage> messages;
};

struct EventStream::Listener final : StreamHandler,
                                     std::enable_shared_from_this<EventStream::Listener> {
    explicit Listener(EventStream& stream) : owner(stream) {}
    void on_text(std::string_view) override {}  // clients have nothing to say on this stream
    void on_closed() override {
        std::lock_guard const lock(owner.mutex_);
        auto const [first, last] = owner.listeners_.equal_range(agency);
        for (auto it = first; it != last; ++it) {
            if (it->second.get() == this) {
                owner.listeners_.erase(it);
                return;
            }
        }
    }
    // Sends the message if it is the next one; false if one before it is missing.
    bool deliver(storage::FeedMessage const& message,
                 std::shared_ptr<std::string const> const& text) {
        std::lock_guard const lock(mutex);
        if (message.seq <= last_sent) {
            return true;
        }
        if (message.seq != last_sent + 1) {
            return false;
        }
        last_sent = message.seq;
        static_cast<void>(sink->send(text));
        return true;
    }

    EventStream& owner;
    std::string agency;
    std::string authentication_event;
    std::shared_ptr<EventSink> sink;
    std::mutex mutex;
    std::int64_t last_sent = 0;
};

struct EventStream::Waiter : std::enable_shared_from_this<EventStream::Waiter> {
    Waiter(boost::asio::any_io_executor executor, std::int64_t number)
        : timer(std::move(executor)), after(number) {}
    void wake() {
        boost::asio::dispatch(timer.get_executor(),
                              [self = shared_from_this()] { self->timer.cancel(); });
    }
    boost::asio::steady_timer timer;
    std::int64_t after;
};

EventStream::EventStream(Services& services, storage::WorkerPool& pool, Pipeline& pipeline)
    : services_(services), pool_(pool), pipeline_(pipeline) {}

EventStream::~EventStream() {
    stop();
}

void EventStream::bind(Routes& routes) {
    routes.bind_flow("events", [this](HttpRequest request, Arrival arrival) {
        return poll(std::move(request), std::move(arrival));
    });
    pipeline_.set_upgrade("stream", [this](HttpRequest request, Arrival arrival) {
        return open(std::move(request), std::move(arrival));
    });
}

PreparedCall EventStream::reading(std::shared_ptr<Opened> opened) const {
    PreparedCall prepared;
    prepared.run =
        [opened](Call& call, HashingResult const&, storage::UnitOfWork& unit) -> Outcome<Reply> {
        call.about("event_feed", call.actor.agency, std::nullopt, call.actor.agency);
        cases::ObjectFacts facts;
        facts.type = "event_feed";
        facts.relations = {cases::Relation::own_agency};
        RASTRO_CHECK(call.authorise(facts));
        opened->agency = call.actor.agency;
        opened->authentication_event = call.actor.authentication_event;
        auto const head = storage::feed_head(unit, call.actor.agency);
        if (head - opened->after > kLongestReplay) {
            return Problem(
                ProblemCode::gone,
                "Too far behind: read the present state and start from the newest number");
        }
        opened->messages = storage::read_feed(unit, call.actor.agency, opened->after, kPage);
        Reply reply;
        reply.body = event_list(opened->messages, opened->after, head);
        return reply;
    };
    return prepared;
}

boost::asio::awaitable<HttpReply> EventStream::poll(HttpRequest request, Arrival arrival) {
    auto const after = number_of(arrival, "after", 0, INT64_MAX / 2);
    auto const wait = number_of(arrival, "wait", 0, kLongestWait.count());
    if (!after || !wait) {
        co_return pipeline_.refuse(after ? wait.error() : after.error(), request);
    }
    auto opened = std::make_shared<Opened>();
    opened->after = after.value();
    auto executor = co_await boost::asio::this_coro::executor;
    auto waiter = std::make_shared<Waiter>(executor, after.value());
    auto first = pipeline_.call(request, arrival.endpoint, reading(opened));
    auto reply = co_await std::move(first);
    if (reply.status != 200 || !opened->messages.empty() || wait.value() == 0) {
        co_return reply;
    }
    waiter->timer.expires_after(std::chrono::seconds(wait.value()));
    {
        std::lock_guard const lock(mutex_);
        if (stopped_) {
            co_return reply;
        }
        // Filed between the reading and now: its waking would have been missed.
        auto const filed = newest_.find(opened->agency);
        if (filed != newest_.end() && filed->second > opened->after) {
            waiter->timer.expires_after(std::chrono::seconds(0));
        }
        waiters_.emplace(opened->agency, waiter);
    }
    boost::system::error_code ignored;
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, ignored);
    auto waiting = waiter->timer.async_wait(token);
    co_await std::move(waiting);
    {
        std::lock_guard const lock(mutex_);
        std::erase_if(waiters_, [&](auto const& entry) { return entry.second == waiter; });
        if (stopped_) {
            co_return reply;
        }
    }
    auto second = pipeline_.call(request, arrival.endpoint, reading(opened));
    co_return co_await std::move(second);
}

boost::asio::awaitable<UpgradeDecision> EventStream::open(HttpRequest request, Arrival arrival) {
    UpgradeDecision decision;
    auto const after = number_of(arrival, "after", 0, INT64_MAX / 2);
    if (!after) {
        decision.refusal = pipeline_.refuse(after.error(), request);
        co_return decision;
    }
    auto opened = std::make_shared<Opened>();
    opened->after = after.value();
    auto asked = pipeline_.call(request, arrival.endpoint, reading(opened));
    auto reply = co_await std::move(asked);
    if (reply.status != 200) {
        decision.refusal = std::move(reply);
        co_return decision;
    }
    bool full = false;
    {
        std::lock_guard const lock(mutex_);
        full = stopped_ || listeners_.count(opened->agency) >= kListenersPerAgency;
    }
    if (full) {
        decision.refusal =
            pipeline_.refuse(Problem(ProblemCode::overloaded).with_retry_after(5), request);
        co_return decision;
    }
    auto listener = std::make_shared<Listener>(*this);
    listener->agency = opened->agency;
    listener->authentication_event = opened->authentication_event;
    listener->last_sent = opened->after;
    decision.accept = [this, listener, opened](
                          std::shared_ptr<EventSink> sink) -> std::shared_ptr<StreamHandler> {
        listener->sink = std::move(sink);
        {
            std::lock_guard const lock(mutex_);
            listeners_.emplace(listener->agency, listener);
        }
        for (auto const& message : opened->messages) {
            auto text = std::make_shared<std::string const>(event_text(message));
            static_cast<void>(listener->deliver(message, text));
        }
        opened->messages.clear();
        // What was filed between the reading and the registration, and pages beyond the first.
        catch_up(listener);
        return listener;
    };
    co_return decision;
}

void EventStream::catch_up(std::shared_ptr<Listener> listener) {
    bool const queued = pool_.submit([this, listener](storage::Connection* connection) {
        if (connection == nullptr) {
            listener->sink->close(1013, "try again later");
            return;
        }
        std::int64_t last = 0;
        {
            std::lock_guard const lock(listener->mutex);
            last = listener->last_sent;
        }
        auto found = storage::run_unit_of_work(
            *connection,
            services_.clock,
            [&](storage::UnitOfWork& unit) -> Outcome<std::vector<storage::FeedMessage>> {
                unit.touches_no_records();  // opening the stream was recorded; messages hold no
                                            // case content
                unit.act_as(storage::ActingAs::system());
                return storage::read_feed(unit, listener->agency, last, kPage);
            });
        if (!found) {
            listener->sink->close(1013, "try again later");
            return;
        }
        for (auto const& message : found.value()) {
            auto text = std::make_shared<std::string const>(event_text(message));
            static_cast<void>(listener->deliver(message, text));
        }
        if (found.value().size() == static_cast<std::size_t>(kPage)) {
            catch_up(listener);
        }
    });
    if (!queued) {
        listener->sink->close(1013, "try again later");
    }
}

std::map<std::string, std::int64_t> EventStream::followed() {
    std::lock_guard const lock(mutex_);
    std::map<std::string, std::int64_t> numbers;
    auto const add = [&](auto const& heard) {
        for (auto it = heard.begin(); it != heard.end(); it = heard.upper_bound(it->first)) {
            numbers.emplace(it->first, -1);
        }
    };
    add(listeners_);
    add(waiters_);
    // Who is no longer listened for is forgotten: the map does not grow.
    std::erase_if(newest_, [&](auto const& entry) { return !numbers.contains(entry.first); });
    for (auto const& [agency, number] : newest_) {
        numbers[agency] = number;
    }
    return numbers;
}

void EventStream::follow(storage::Connection& connection) {
    auto const after = followed();
    if (after.empty()) {
        return;
    }
    auto const found = storage::run_unit_of_work(
        connection,
        services_.clock,
        [&](storage::UnitOfWork& unit) -> Outcome<std::vector<storage::FeedMessage>> {
            unit.touches_no_records();  // ids and versions; opening the streams was recorded
            unit.act_as(storage::ActingAs::system());
            return storage::read_feeds(unit, after, kPage);
        });
    if (found && !found.value().empty()) {
        publish(connection, found.value());
    }
}

void EventStream::publish(storage::Connection& connection,
                          std::vector<storage::FeedMessage> const& messages) {
    std::set<std::string> agencies;
    for (auto const& message : messages) {
        agencies.insert(message.agency);
    }
    std::vector<std::shared_ptr<Listener>> concerned;
    {
        std::lock_guard const lock(mutex_);
        for (auto const& message : messages) {
            auto& newest = newest_[message.agency];
            newest = std::max(newest, message.seq);
        }
        for (auto const& agency : agencies) {
            auto const [first, last] = listeners_.equal_range(agency);
            for (auto it = first; it != last; ++it) {
                concerned.push_back(it->second);
            }
            auto const [first_waiter, last_waiter] = waiters_.equal_range(agency);
            for (auto it = first_waiter; it != last_waiter; ++it) {
                if (it->second->after < newest_[agency]) {
                    it->second->wake();
                }
            }
        }
    }
    if (concerned.empty()) {
        return;
    }
    std::set<std::string> ids;
    for (auto const& listener : concerned) {
        ids.insert(listener->authentication_event);
    }
    auto const good = storage::run_unit_of_work(
        connection,
        services_.clock,
        [&](storage::UnitOfWork& unit) -> Outcome<std::set<std::string>> {
            unit.touches_no_records();
            unit.act_as(storage::ActingAs::system());
            storage::AuthenticationRules const rules{.idle = services_.settings.session.idle,
                                                     .now = unit.now()};
            return storage::still_good(
                unit, std::vector<std::string>(ids.begin(), ids.end()), rules);
        });
    std::map<std::pair<std::string, std::int64_t>, std::shared_ptr<std::string const>> texts;
    for (auto const& message : messages) {
        texts[{message.agency, message.seq}] =
            std::make_shared<std::string const>(event_text(message));
    }
    for (auto const& listener : concerned) {
        if (!good || !good.value().contains(listener->authentication_event)) {
            listener->sink->close(good ? 1008 : 1013,
                                  good ? "no longer permitted" : "try again later");
            continue;
        }
        for (auto const& message : messages) {
            if (message.agency == listener->agency &&
                !listener->deliver(message, texts[{message.agency, message.seq}])) {
                catch_up(listener);
                break;
            }
        }
    }
}

void EventStream::stop() {
    std::vector<std::shared_ptr<Listener>> all;
    {
        std::lock_guard const lock(mutex_);
        stopped_ = true;
        for (auto const& entry : listeners_) {
            all.push_back(entry.second);
        }
        for (auto const& entry : waiters_) {
            entry.second->wake();
        }
    }
    for (auto const& listener : all) {
        listener->sink->close(1001, "going away");
    }
}

std::size_t EventStream::listeners() const {
    std::lock_guard const lock(mutex_);
    return listeners_.size();
}

}  // namespace rastro::server
