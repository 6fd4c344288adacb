// The bridge between coroutines and database workers: run a job on a worker, come back on the
// caller's executor.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "storage/db/worker_pool.hpp"

namespace rastro::server {

// `start(complete)` begins the work and returns false if it was refused; complete(result) may be
// called on any thread, exactly once, and only if start returned true. Yields nullopt when refused.
template <class Result, class Token>
auto async_elsewhere(std::function<bool(std::function<void(Result)>)> start, Token&& token) {
    return boost::asio::async_initiate<Token, void(std::optional<Result>)>(
        [](auto handler, std::function<bool(std::function<void(Result)>)> begin) {
            auto executor = boost::asio::prefer(boost::asio::get_associated_executor(handler),
                                                boost::asio::execution::outstanding_work.tracked);
            auto kept = std::make_shared<decltype(handler)>(std::move(handler));
            auto finish = [executor, kept](std::optional<Result> result) {
                boost::asio::dispatch(executor, [kept, value = std::move(result)]() mutable {
                    (*kept)(std::move(value));
                });
            };
            if (!begin([finish](Result result) {
                    finish(std::optional<Result>(std::move(result)));
                })) {
                boost::asio::post(executor, [kept]() mutable { (*kept)(std::optional<Result>()); });
            }
        },
        token,
        std::move(start));
}

// A job for a worker; the connection is null when the database cannot be reached.
template <class Result, class Token>
auto async_on_worker(storage::WorkerPool& pool,
                     std::function<Result(storage::Connection*)> job,
                     Token&& token) {
    std::function<bool(std::function<void(Result)>)> start =
        [&pool, job = std::move(job)](std::function<void(Result)> complete) {
            return pool.submit([job, complete = std::move(complete)](
                                   storage::Connection* connection) { complete(job(connection)); });
        };
    return async_elsewhere<Result>(std::move(start), std::forward<Token>(token));
}

}  // namespace rastro::server
