// The stream type of every connection. Private to net/: only session_stream and ws_session
// instantiate it.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

namespace rastro::server {

using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;

}  // namespace rastro::server
