// TLS as the house speaks it (anchors/security.md D01 to D06): versions, protocols, client
// certificates, revocation, reload, resumption.
#include <doctest/doctest.h>
#include <openssl/x509.h>

#include <fstream>

#include "tests/net/live/live_server.hpp"

using namespace rastro::test_support;
using namespace std::chrono_literals;

namespace {

std::optional<RawReply> ask(RawClient& client) {
    return client.send(get("/")) ? client.receive() : std::nullopt;
}

// TLS 1.3 tells a client only with the first read that its certificate was refused.
std::string refusal(RawClient& client) {
    if (!client.is_connected()) {
        return client.failure();
    }
    auto const reply = ask(client);
    return reply ? "served" : client.failure();
}

std::string serial_of(RawClient& client) {
    X509* const certificate = SSL_get1_peer_certificate(client.tls());
    auto const* serial = X509_get0_serialNumber(certificate);
    std::string text(reinterpret_cast<char const*>(serial->data),
                     static_cast<std::size_t>(serial->length));
    X509_free(certificate);
    return text;
}

}  // namespace

TEST_CASE("TLS 1.3 and HTTP/1.1, nothing older and nothing else") {
    LiveServer const live;
    auto const plain = live.browser();
    REQUIRE(plain->is_connected());
    CHECK(std::string(SSL_get_version(plain->tls())) == "TLSv1.3");
    unsigned char const* chosen = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(plain->tls(), &chosen, &size);
    CHECK(std::string_view(reinterpret_cast<char const*>(chosen), size) == "http/1.1");
    ClientOptions options;
    options.newest_version = TLS1_2_VERSION;
    CHECK_FALSE(live.browser(options)->is_connected());
    options = {};
    options.protocol = "h2";
    auto const other = live.browser(options);
    CHECK_FALSE(other->is_connected());
    CHECK(other->failure().find("no application protocol") != std::string::npos);
    options.protocol = "";
    auto const silent = live.browser(options);
    CHECK(ask(*silent).has_value());
}

TEST_CASE("a browser is asked for no certificate, an agency's system must have one") {
    LiveServer live;
    auto const serial = live.certificates.make_gateway("desk");
    CHECK(refusal(*live.browser()) == "served");
    CHECK(refusal(*live.agency("")).find("certificate required") != std::string::npos);
    auto const gateway = live.agency("desk");
    auto const reply = ask(*gateway);
    REQUIRE(reply.has_value());
    CHECK(reply->fields.at("client") == "desk");
}

TEST_CASE("a certificate of strangers is refused") {
    LiveServer const live;
    TestCertificates strangers;
    strangers.make_gateway("desk");
    ClientOptions options;
    options.trusted = live.certificates.path("root.pem");
    options.certificate = strangers.path("desk.pem");
    options.key = strangers.path("desk.key");
    RawClient client(live.server->port(1), options);
    CHECK(refusal(client).find("alert") != std::string::npos);
    CHECK(live.handler.handled().empty());
}

TEST_CASE("a revoked certificate is refused after a reload, and its open connection is cut") {
    LiveServer live;
    auto const serial = live.certificates.make_gateway("stolen");
    live.certificates.make_gateway("honest");
    auto const stolen = live.agency("stolen");
    auto const honest = live.agency("honest");
    REQUIRE(ask(*stolen).has_value());
    REQUIRE(ask(*honest).has_value());
    live.certificates.revoke(serial);
    REQUIRE(live.server->reload().has_value());
    CHECK_FALSE(ask(*stolen).has_value());
    CHECK(ask(*honest).has_value());
    CHECK(refusal(*live.agency("stolen")).find("revoked") != std::string::npos);
    CHECK(refusal(*live.agency("honest")) == "served");
    CHECK(live.server->counters().revoked_cut == 1);
}

TEST_CASE("a reload takes the new certificate for new connections and leaves the old ones alone") {
    LiveServer live;
    auto const before = live.browser();
    REQUIRE(ask(*before).has_value());
    live.certificates.renew_server_certificate();
    REQUIRE(live.server->reload().has_value());
    auto const after = live.browser();
    REQUIRE(ask(*after).has_value());
    CHECK(serial_of(*after) != serial_of(*before));
    CHECK(ask(*before).has_value());
}

TEST_CASE("a reload that does not pass keeps what is there and says which file is wrong") {
    LiveServer live;
    auto const serial = serial_of(*live.browser());
    std::ofstream(live.certificates.path("server.pem")) << "not a certificate\n";
    auto const reloaded = live.server->reload();
    REQUIRE_FALSE(reloaded.has_value());
    CHECK(reloaded.error().detail().find("server.pem") != std::string::npos);
    CHECK(live.server->counters().reload_failures > 0);
    auto const client = live.browser();
    CHECK(ask(*client).has_value());
    CHECK(serial_of(*client) == serial);
}

TEST_CASE("changed files are noticed without being told") {
    auto limits = LiveServer::short_limits();
    limits.certificate_poll = 50ms;
    LiveServer live(limits);
    auto const serial = live.certificates.make_gateway("stolen");
    auto const stolen = live.agency("stolen");
    REQUIRE(ask(*stolen).has_value());
    live.certificates.revoke(serial);
    CHECK(stolen->receive_all().empty());
    live.server->stop(1s);  // the round of checks that cut it is over
    CHECK(live.server->counters().revoked_cut == 1);
}

TEST_CASE("browsers may resume until a reload; agencies never") {
    LiveServer live;
    live.certificates.make_gateway("desk");
    auto const resumed = [](std::unique_ptr<RawClient> const& client) {
        return SSL_session_reused(client->tls()) == 1;
    };
    auto const first = live.browser();
    REQUIRE(ask(*first).has_value());
    ClientOptions options;
    options.resume = SSL_get1_session(first->tls());
    auto const second = live.browser(options);
    CHECK(ask(*second).has_value());
    CHECK(resumed(second));
    CHECK(SSL_SESSION_get_max_early_data(options.resume) == 0);
    REQUIRE(live.server->reload().has_value());
    auto const third = live.browser(options);
    CHECK(ask(*third).has_value());
    CHECK_FALSE(resumed(third));
    SSL_SESSION_free(options.resume);

    auto const gateway = live.agency("desk");
    REQUIRE(ask(*gateway).has_value());
    options.resume = SSL_get1_session(gateway->tls());
    auto const again = live.agency("desk", options);
    CHECK(ask(*again).has_value());
    CHECK_FALSE(resumed(again));
    SSL_SESSION_free(options.resume);
}

TEST_CASE("keys may be renewed by the client without harm; renegotiation does not exist") {
    LiveServer const live;
    auto const client = live.browser();
    REQUIRE(ask(*client).has_value());
    CHECK(SSL_key_update(client->tls(), SSL_KEY_UPDATE_REQUESTED) == 1);
    CHECK(ask(*client).has_value());
    CHECK(SSL_renegotiate(client->tls()) == 0);
}
