#include "tests/bench/load_generator.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <stdexcept>
#include <vector>

#include "tests/bench/process_usage.hpp"

namespace rastro::bench {

namespace {

struct FreeContext {
    void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
struct FreeTls {
    void operator()(SSL* tls) const noexcept { SSL_free(tls); }
};
using Context = std::unique_ptr<SSL_CTX, FreeContext>;

class Socket {
 public:
    explicit Socket(std::uint16_t port) : number_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        int const on = 1;
        setsockopt(number_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        timeval const patience{.tv_sec = 10, .tv_usec = 0};
        setsockopt(number_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        connected_ =
            connect(number_, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0;
    }
    ~Socket() { close(number_); }
    Socket(Socket const&) = delete;
    Socket& operator=(Socket const&) = delete;
    [[nodiscard]] int number() const noexcept { return number_; }
    [[nodiscard]] bool connected() const noexcept { return connected_; }

 private:
    int number_;
    bool connected_ = false;
};

Context make_context(std::string const& authority_file) {
    Context context(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
    if (SSL_CTX_load_verify_locations(context.get(), authority_file.c_str(), nullptr) != 1) {
        throw std::runtime_error("cannot read " + authority_file);
    }
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(context.get(), SSL_MODE_AUTO_RETRY | SSL_MODE_RELEASE_BUFFERS);
    return context;
}

// A connection with its handshake done; blocking until then.
class Client {
 public:
    Client(SSL_CTX* context, std::uint16_t port) : socket_(port), tls_(SSL_new(context)) {
        SSL_set_fd(tls_.get(), socket_.number());
        SSL_set1_host(tls_.get(), "localhost");
        // What the macro SSL_set_tlsext_host_name stands for, without its cast.
        std::string name = "localhost";
        SSL_ctrl(tls_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
        ready_ = socket_.connected() && SSL_connect(tls_.get()) == 1;
    }
    [[nodiscard]] bool ready() const noexcept { return ready_; }
    [[nodiscard]] int number() const noexcept { return socket_.number(); }

    // Requests fit into the socket's buffer, so a blocking write never waits here.
    void send(std::string const& request) {
        sent_ = Steady::now();
        received_.clear();
        if (SSL_write(tls_.get(), request.data(), static_cast<int>(request.size())) <= 0) {
            throw std::runtime_error("load: a connection was lost while a request was sent");
        }
    }
    // Reads what is there; true if the answer is complete.
    [[nodiscard]] bool receive() {
        do {
            auto const before = received_.size();
            received_.resize(before + 16'384);
            int const count = SSL_read(tls_.get(), received_.data() + before, 16'384);
            received_.resize(before + static_cast<std::size_t>(std::max(count, 0)));
            if (count <= 0) {
                throw std::runtime_error("load: a connection was lost while an answer was due");
            }
        } while (SSL_pending(tls_.get()) > 0);
        return complete();
    }
    [[nodiscard]] int status() const noexcept { return status_; }
    [[nodiscard]] std::string_view body() const {
        return std::string_view(received_).substr(body_at_);
    }
    [[nodiscard]] Steady::time_point sent() const noexcept { return sent_; }

 private:
    bool complete() {
        auto const head_end = received_.find("\r\n\r\n");
        if (head_end == std::string::npos) {
            return false;
        }
        body_at_ = head_end + 4;
        std::string_view const head(received_.data(), body_at_);
        status_ = 0;
        std::from_chars(head.data() + 9, head.data() + 12, status_);
        auto const field = head.find("content-length: ");
        std::size_t length = 0;
        if (field != std::string_view::npos) {
            std::from_chars(head.data() + field + 16, head.data() + head.size(), length);
        }
        return received_.size() >= body_at_ + length;
    }

    Socket socket_;
    std::unique_ptr<SSL, FreeTls> tls_;
    std::string received_;
    std::size_t body_at_ = 0;
    int status_ = 0;
    bool ready_ = false;
    Steady::time_point sent_;
};

}  // namespace

Round run_load(LoadPlan const& plan, Bound const& bound) {
    auto const context = make_context(plan.authority_file);
    int const waiting = epoll_create1(EPOLL_CLOEXEC);
    std::vector<std::unique_ptr<Client>> clients;
    for (std::size_t i = 0; i < plan.connections; ++i) {
        clients.push_back(std::make_unique<Client>(context.get(), plan.port));
        if (!clients.back()->ready()) {
            close(waiting);
            throw std::runtime_error("load: no TLS connection to the server");
        }
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = i;
        epoll_ctl(waiting, EPOLL_CTL_ADD, clients.back()->number(), &event);
    }
    Round round;
    round.latency_ms.reserve(bound.requests);
    double const client_before = own_processor_seconds();
    auto const start = Steady::now();
    auto const end = start + bound.time;
    std::size_t sent = 0;
    std::size_t under_way = 0;
    std::string request;
    auto const send = [&](std::size_t i) {
        plan.next(i, request);
        clients[i]->send(request);
        ++sent;
        ++under_way;
    };
    for (std::size_t i = 0; i < clients.size(); ++i) {
        send(i);
    }
    std::vector<epoll_event> events(clients.size());
    while (under_way > 0) {
        int const count =
            epoll_wait(waiting, events.data(), static_cast<int>(events.size()), 20'000);
        if (count <= 0) {
            close(waiting);
            throw std::runtime_error("load: no answer within 20 s");
        }
        for (std::size_t e = 0; e < static_cast<std::size_t>(count); ++e) {
            auto const i = static_cast<std::size_t>(events[e].data.u64);
            auto& client = *clients[i];
            if (!client.receive()) {
                continue;
            }
            --under_way;
            ++round.done;
            round.latency_ms.push_back(static_cast<float>(since(client.sent()) * 1e3));
            if (!plan.accept(client.status(), client.body()) && round.failed++ == 0) {
                round.failure = fmt::format("{} {}", client.status(), client.body().substr(0, 600));
            }
            if (sent < bound.requests && Steady::now() < end) {
                send(i);
            }
        }
    }
    round.seconds = since(start);
    round.client_s = own_processor_seconds() - client_before;
    close(waiting);
    return round;
}

int ask_once(std::uint16_t port, std::string const& authority_file, std::string_view path) {
    auto const context = make_context(authority_file);
    Client client(context.get(), port);
    if (!client.ready()) {
        return 0;
    }
    try {
        client.send(fmt::format("GET {} HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", path, port));
        while (!client.receive()) {
        }
        return client.status();
    } catch (std::runtime_error const&) {
        return 0;
    }
}

}  // namespace rastro::bench
