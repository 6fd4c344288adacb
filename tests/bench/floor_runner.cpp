#include "tests/bench/floor_runner.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <stdexcept>

#include "tests/bench/process_usage.hpp"

namespace rastro::bench {

struct FloorRunner::Link {
    struct Close {
        void operator()(PGconn* link) const noexcept { PQfinish(link); }
    };
    std::unique_ptr<PGconn, Close> connection;
    bool busy = false;
    Steady::time_point sent;
    std::vector<std::string> texts;
};

namespace {

std::string connection_text(storage::ConnectionSettings const& s) {
    return fmt::format(
        "host='{}' port={} dbname='{}' user='{}' password='{}' sslmode=disable "
        "options='-c synchronous_commit=on -c client_min_messages=warning'",
        s.host,
        s.port,
        s.database,
        s.user,
        s.password);
}

}  // namespace

FloorRunner::FloorRunner(storage::ConnectionSettings const& database,
                         FloorStatement statement,
                         std::size_t connections,
                         std::size_t requests_a_statement)
    : statement_(std::move(statement)), requests_a_statement_(requests_a_statement) {
    for (std::size_t i = 0; i < connections; ++i) {
        auto link = std::make_unique<Link>();
        link->connection.reset(PQconnectdb(connection_text(database).c_str()));
        auto* const native = link->connection.get();
        if (PQstatus(native) != CONNECTION_OK) {
            throw std::runtime_error(std::string("floor: ") + PQerrorMessage(native));
        }
        auto* const prepared =
            PQprepare(native, statement_.name.c_str(), statement_.text.c_str(), 0, nullptr);
        bool const good = PQresultStatus(prepared) == PGRES_COMMAND_OK;
        PQclear(prepared);
        if (!good) {
            throw std::runtime_error(statement_.name + ": " + PQerrorMessage(native));
        }
        links_.push_back(std::move(link));
    }
}

FloorRunner::~FloorRunner() = default;

void FloorRunner::send(Link& link, FloorIdentity& identity, std::vector<std::string>* made) {
    auto const count = statement_.values.size();
    link.texts.assign(count, {});
    if (statement_.batched) {
        std::vector<storage::ArrayText> arrays(count);
        for (std::size_t r = 0; r < requests_a_statement_; ++r) {
            identity.next();
            if (made != nullptr) {
                made->push_back(identity.case_id());
            }
            for (std::size_t i = 0; i < count; ++i) {
                arrays[i].add(identity.value(statement_.values[i]));
            }
        }
        for (std::size_t i = 0; i < count; ++i) {
            link.texts[i] = arrays[i].take();
        }
    } else {
        identity.next();
        if (made != nullptr) {
            made->push_back(identity.case_id());
        }
        for (std::size_t i = 0; i < count; ++i) {
            link.texts[i] = identity.value(statement_.values[i]);
        }
    }
    std::vector<char const*> values;
    values.reserve(count);
    for (auto const& text : link.texts) {
        values.push_back(text.c_str());
    }
    auto* const native = link.connection.get();
    link.sent = Steady::now();
    link.busy = PQsendQueryPrepared(native,
                                    statement_.name.c_str(),
                                    static_cast<int>(count),
                                    values.data(),
                                    nullptr,
                                    nullptr,
                                    0) == 1;
    if (!link.busy || PQflush(native) != 0) {
        throw std::runtime_error(statement_.name + ": " + PQerrorMessage(native));
    }
}

Round FloorRunner::run(FloorIdentity& identity,
                       Bound const& bound,
                       std::vector<std::string>* made) {
    Round round;
    auto const start = Steady::now();
    auto const end = start + bound.time;
    double const client_before = own_processor_seconds();
    std::size_t under_way = 0;
    std::size_t sent = 0;
    std::vector<pollfd> waits;
    for (auto& link : links_) {
        send(*link, identity, made);
        sent += requests_a_statement_;
        ++under_way;
        waits.push_back({PQsocket(link->connection.get()), POLLIN, 0});
    }
    while (under_way > 0) {
        if (poll(waits.data(), waits.size(), 10'000) <= 0) {
            throw std::runtime_error(statement_.name + ": no answer");
        }
        for (std::size_t i = 0; i < links_.size(); ++i) {
            auto& link = *links_[i];
            auto* const native = link.connection.get();
            if (!link.busy || (waits[i].revents & (POLLIN | POLLERR | POLLHUP)) == 0) {
                continue;
            }
            if (PQconsumeInput(native) != 1) {
                throw std::runtime_error(statement_.name + ": " + PQerrorMessage(native));
            }
            while (link.busy && PQisBusy(native) == 0) {
                auto* const result = PQgetResult(native);
                if (result == nullptr) {
                    link.busy = false;
                    break;
                }
                auto const status = PQresultStatus(result);
                bool const good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
                PQclear(result);
                if (!good) {
                    throw std::runtime_error(statement_.name + ": " + PQerrorMessage(native));
                }
            }
            if (link.busy) {
                continue;
            }
            --under_way;
            round.done += requests_a_statement_;
            auto const ms = static_cast<float>(since(link.sent) * 1e3);
            round.latency_ms.insert(round.latency_ms.end(), requests_a_statement_, ms);
            if (Steady::now() < end && sent < bound.requests) {
                send(link, identity, made);
                sent += requests_a_statement_;
                ++under_way;
            }
        }
    }
    round.seconds = since(start);
    round.client_s = own_processor_seconds() - client_before;
    return round;
}

}  // namespace rastro::bench
