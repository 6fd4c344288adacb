#include "tests/net/live/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>
#include <vector>

namespace rastro::test_support {

namespace {

std::string last_error() {
    std::string text(256, '\0');
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    text.resize(text.find('\0'));
    return text;
}

}  // namespace

int connect_silently(std::uint16_t port, int receive_buffer) {
    int const socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    timeval const patience{10, 0};
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (receive_buffer > 0) {
        setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr generic{};
    std::copy_n(reinterpret_cast<unsigned char const*>(&address),
                sizeof address,
                reinterpret_cast<unsigned char*>(&generic));
    if (connect(socket, &generic, sizeof address) != 0) {
        close(socket);
        return -1;
    }
    return socket;
}

RawClient::RawClient(std::uint16_t port, ClientOptions const& options)
    : socket_(connect_silently(port, options.receive_buffer)),
      context_(SSL_CTX_new(TLS_client_method())) {
    std::signal(SIGPIPE, SIG_IGN);  // a peer that has gone is an answer
    SSL_CTX_set_max_proto_version(context_.get(), options.newest_version);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_load_verify_locations(context_.get(), options.trusted.c_str(), nullptr);
    if (!options.certificate.empty() &&
        (SSL_CTX_use_certificate_chain_file(context_.get(), options.certificate.c_str()) != 1 ||
         SSL_CTX_use_PrivateKey_file(context_.get(), options.key.c_str(), SSL_FILETYPE_PEM) != 1)) {
        failure_ = last_error();
        return;
    }
    tls_.reset(SSL_new(context_.get()));
    SSL_set_fd(tls_.get(), socket_);
    SSL_set1_host(tls_.get(), "localhost");
    if (!options.protocol.empty()) {
        std::string const offered = char(options.protocol.size()) + options.protocol;
        SSL_set_alpn_protos(tls_.get(),
                            reinterpret_cast<unsigned char const*>(offered.data()),
                            static_cast<unsigned>(offered.size()));
    }
    if (options.resume != nullptr) {
        SSL_set_session(tls_.get(), options.resume);
    }
    ERR_clear_error();
    connected_ = socket_ >= 0 && SSL_connect(tls_.get()) == 1;
    if (!connected_) {
        failure_ = last_error();
    }
}

RawClient::~RawClient() {
    if (socket_ >= 0) {
        close(socket_);
    }
}

bool RawClient::send(std::string_view bytes) {
    while (connected_ && !bytes.empty()) {
        ERR_clear_error();
        auto const count = SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
        if (count <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return connected_;
}

std::string RawClient::receive_some(std::size_t most) {
    std::string block(std::min<std::size_t>(most, 16 * 1024), '\0');
    ERR_clear_error();
    auto const count =
        tls_ == nullptr ? -1 : SSL_read(tls_.get(), block.data(), static_cast<int>(block.size()));
    if (count <= 0) {
        failure_ = last_error();
        return {};
    }
    block.resize(static_cast<std::size_t>(count));
    return block;
}

bool RawClient::fill() {
    auto const block = receive_some(16 * 1024);
    buffer_ += block;
    return !block.empty();
}

std::optional<RawReply> RawClient::receive(bool head_only) {
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!fill()) {
            return std::nullopt;
        }
    }
    RawReply reply;
    reply.head = buffer_.substr(0, end + 4);
    buffer_.erase(0, end + 4);
    reply.status = static_cast<unsigned>(std::stoul(reply.head.substr(9, 3)));
    for (std::size_t at = reply.head.find("\r\n") + 2; at < end;) {
        auto const line_end = reply.head.find("\r\n", at);
        auto const colon = reply.head.find(": ", at);
        reply.fields[reply.head.substr(at, colon - at)] =
            reply.head.substr(colon + 2, line_end - colon - 2);
        at = line_end + 2;
    }
    auto const length = reply.fields.find("content-length");
    if (length != reply.fields.end() && !head_only) {
        auto const wanted = std::stoul(length->second);
        while (buffer_.size() < wanted) {
            if (!fill()) {
                return std::nullopt;
            }
        }
        reply.body = buffer_.substr(0, wanted);
        buffer_.erase(0, wanted);
    }
    return reply;
}

std::string RawClient::receive_all() {
    while (fill()) {
    }
    return std::exchange(buffer_, {});
}

std::chrono::milliseconds RawClient::time_to_close() {
    auto const start = std::chrono::steady_clock::now();
    static_cast<void>(receive_all());
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 start);
}

bool RawClient::was_told_goodbye() const {
    return (SSL_get_shutdown(tls_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

void RawClient::close_sending_side() {
    shutdown(socket_, SHUT_WR);
}

}  // namespace rastro::test_support
