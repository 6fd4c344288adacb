// Accepts connections on one address. Errors of accept (no descriptors left, connection gone) make
// it pause, never stop; a connection beyond a cap is closed unanswered.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <memory>
#include <string>

#include "common/outcome.hpp"
#include "server/net/http_session.hpp"

namespace rastro::server {

class Listener : public std::enable_shared_from_this<Listener> {
 public:
    Listener(boost::asio::io_context& network,
             std::shared_ptr<ListenerShare> share,
             SessionServices const& services,
             Connections& connections);

    // Binds and listens. `port` 0: the system chooses. validation_failed if the address is none or
    // taken.
    [[nodiscard]] Outcome<void> open(std::string const& address, std::uint16_t port);
    void start();
    void close();  // thread-safe; connections that were accepted go on
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] TlsSlot& tls() noexcept { return share_->tls; }

 private:
    static boost::asio::awaitable<void> run(std::shared_ptr<Listener> self);
    void take(boost::asio::ip::tcp::socket socket);

    boost::asio::io_context& network_;
    std::shared_ptr<ListenerShare> share_;
    SessionServices services_;
    Connections& connections_;
    boost::asio::strand<boost::asio::io_context::executor_type> strand_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer pause_;
    std::uint16_t port_ = 0;
    bool closed_ = false;  // on strand_
};

}  // namespace rastro::server
