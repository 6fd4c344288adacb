#include "server/net/listener.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

#include "common/log.hpp"

namespace rastro::server {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

Listener::Listener(asio::io_context& network,
                   std::shared_ptr<ListenerShare> share,
                   SessionServices const& services,
                   Connections& connections)
    : network_(network),
      share_(std::move(share)),
      services_(services),
      connections_(connections),
      strand_(asio::make_strand(network)),
      acceptor_(strand_),
      pause_(strand_) {}

Outcome<void> Listener::open(std::string const& address, std::uint16_t port) {
    error_code error;
    auto const parsed = asio::ip::make_address(address, error);
    if (error) {
        return Problem{ProblemCode::validation_failed, "not an IP address: " + address};
    }
    tcp::endpoint const endpoint(parsed, port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) {
        acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    }
    if (!error) {
        acceptor_.bind(endpoint, error);
    }
    if (!error) {
        acceptor_.listen(asio::socket_base::max_listen_connections, error);
    }
    if (error) {
        return Problem{ProblemCode::validation_failed,
                       address + " port " + std::to_string(port) + ": " + error.message()};
    }
    port_ = acceptor_.local_endpoint().port();
    return {};
}

void Listener::start() {
    asio::co_spawn(strand_, run(shared_from_this()), [](std::exception_ptr failure) {
        if (failure) {
            log::error("listener-failed");
        }
    });
}

void Listener::close() {
    asio::post(strand_, [self = shared_from_this()] {
        self->closed_ = true;
        error_code ignored;
        self->acceptor_.close(ignored);
        self->pause_.cancel();
    });
}

void Listener::take(tcp::socket socket) {
    try {
        error_code error;
        auto const remote = socket.remote_endpoint(error);
        if (error) {
            return;  // gone before it was looked at
        }
        auto place = connections_.admit(remote.address().to_string());
        if (!place) {
            return;
        }
        socket.set_option(tcp::no_delay(true), error);
        start_session(std::move(socket), share_, services_, std::move(place));
    } catch (std::exception const& failure) {
        log::error("connection-not-started", {{"kind", failure.what()}});
    }
}

asio::awaitable<void> Listener::run(std::shared_ptr<Listener> self) {
    while (!self->closed_) {
        error_code error;
        tcp::socket socket(asio::make_strand(self->network_));
        auto token = asio::redirect_error(asio::use_awaitable, error);
        co_await self->acceptor_.async_accept(socket, token);
        if (!error) {
            ++self->services_.counters.accepted;
            self->take(std::move(socket));
        } else if (!self->closed_) {
            ++self->services_.counters.accept_errors;
            self->pause_.expires_after(self->services_.limits.accept_backoff);
            auto pause_token = asio::redirect_error(asio::use_awaitable, error);
            co_await self->pause_.async_wait(pause_token);
        }
    }
}

}  // namespace rastro::server
