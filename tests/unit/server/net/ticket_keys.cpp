#include "server/net/ticket_keys.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>

using namespace rastro::server;
using namespace std::chrono_literals;

namespace {

struct Contexts {
    std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> cipher{EVP_CIPHER_CTX_new(),
                                                                           EVP_CIPHER_CTX_free};
    std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> hmac{EVP_MAC_fetch(nullptr, "HMAC", nullptr),
                                                           EVP_MAC_free};
    std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> mac{EVP_MAC_CTX_new(hmac.get()),
                                                                  EVP_MAC_CTX_free};
};

struct Ticket {
    std::array<unsigned char, 16> name{};
    std::array<unsigned char, 16> iv{};
    std::array<unsigned char, 16> sealed{};
    std::array<unsigned char, 32> tag{};
};

constexpr std::array<unsigned char, 16> secret{
    'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p'};

std::array<unsigned char, 32> tag_of(EVP_MAC_CTX* mac, Ticket const& ticket) {
    std::array<unsigned char, 32> tag{};
    std::size_t size = 0;
    REQUIRE(EVP_MAC_init(mac, nullptr, 0, nullptr) == 1);
    REQUIRE(EVP_MAC_update(mac, ticket.sealed.data(), ticket.sealed.size()) == 1);
    REQUIRE(EVP_MAC_final(mac, tag.data(), &size, tag.size()) == 1);
    return tag;
}

Ticket seal(TicketKeys& keys) {
    Ticket ticket;
    Contexts contexts;
    REQUIRE(keys.seal(
                ticket.name.data(), ticket.iv.data(), contexts.cipher.get(), contexts.mac.get()) ==
            1);
    int size = 0;
    REQUIRE(EVP_EncryptUpdate(contexts.cipher.get(),
                              ticket.sealed.data(),
                              &size,
                              secret.data(),
                              static_cast<int>(secret.size())) == 1);
    ticket.tag = tag_of(contexts.mac.get(), ticket);
    return ticket;
}

// What open says; where it finds a key, the ticket must open with it.
int open(TicketKeys& keys, Ticket const& ticket) {
    Contexts contexts;
    auto const verdict =
        keys.open(ticket.name.data(), ticket.iv.data(), contexts.cipher.get(), contexts.mac.get());
    if (verdict > 0) {
        CHECK(tag_of(contexts.mac.get(), ticket) == ticket.tag);
        std::array<unsigned char, 32> opened{};
        int size = 0;
        EVP_CIPHER_CTX_set_padding(contexts.cipher.get(), 0);
        REQUIRE(EVP_DecryptUpdate(contexts.cipher.get(),
                                  opened.data(),
                                  &size,
                                  ticket.sealed.data(),
                                  static_cast<int>(ticket.sealed.size())) == 1);
        CHECK(std::equal(secret.begin(), secret.end(), opened.begin()));
    }
    return verdict;
}

}  // namespace

TEST_CASE("a ticket opens with the key that sealed it") {
    TicketKeys keys(1h);
    CHECK(open(keys, seal(keys)) == 1);
}

TEST_CASE("two tickets never share an initialisation vector") {
    TicketKeys keys(1h);
    auto const one = seal(keys);
    auto const other = seal(keys);
    CHECK(one.name == other.name);
    CHECK(one.iv != other.iv);
    CHECK(one.sealed != other.sealed);
}

TEST_CASE("tickets of another context, and changed names, are unknown") {
    TicketKeys keys(1h);
    TicketKeys others(1h);
    CHECK(open(others, seal(keys)) == 0);
    auto ticket = seal(keys);
    ticket.name[0] ^= 1;
    CHECK(open(keys, ticket) == 0);
}

TEST_CASE("keys live for a period, open for one more and are then forgotten") {
    TicketKeys::Time now{};
    TicketKeys keys(1h, [&now] { return now; });
    auto const ticket = seal(keys);
    now += 59min;
    CHECK(open(keys, ticket) == 1);
    now += 1min;
    auto const next = seal(keys);
    CHECK(next.name != ticket.name);
    CHECK(open(keys, ticket) == 2);  // good, and to be renewed
    CHECK(open(keys, next) == 1);
    now += 1h;
    CHECK(open(keys, ticket) == 0);
    CHECK(open(keys, next) == 2);
}

TEST_CASE("a server that was asleep for two periods opens nothing old") {
    TicketKeys::Time now{};
    TicketKeys keys(1h, [&now] { return now; });
    auto const ticket = seal(keys);
    now += 2h;
    CHECK(open(keys, ticket) == 0);
}
