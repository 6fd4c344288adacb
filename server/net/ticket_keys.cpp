#include "server/net/ticket_keys.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace rastro::server {

TicketKeys::Key TicketKeys::make() const {
    Key key;
    if (RAND_bytes(key.name.data(), static_cast<int>(key.name.size())) != 1 ||
        RAND_priv_bytes(key.cipher.data(), static_cast<int>(key.cipher.size())) != 1 ||
        RAND_priv_bytes(key.mac.data(), static_cast<int>(key.mac.size())) != 1) {
        throw std::runtime_error("no entropy for session ticket keys");
    }
    key.made = now_();
    return key;
}

TicketKeys::TicketKeys(std::chrono::seconds period, std::function<Time()> now)
    : period_(period), now_(std::move(now)), current_(make()) {}

TicketKeys::~TicketKeys() {
    OPENSSL_cleanse(&current_.cipher, sizeof current_.cipher);
    OPENSSL_cleanse(&current_.mac, sizeof current_.mac);
    if (previous_) {
        OPENSSL_cleanse(&previous_->cipher, sizeof previous_->cipher);
        OPENSSL_cleanse(&previous_->mac, sizeof previous_->mac);
    }
}

void TicketKeys::rotate_if_due() {
    auto const age = now_() - current_.made;
    if (age < period_) {
        return;
    }
    auto fresh = make();
    if (age < 2 * period_) {
        previous_ = current_;
    } else {
        previous_.reset();
    }
    current_ = fresh;
}

bool TicketKeys::give_mac_key(EVP_MAC_CTX* mac, Key& key) {
    std::string digest = "SHA256";
    std::array<OSSL_PARAM, 3> const params{
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key.mac.data(), key.mac.size()),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_end()};
    return EVP_MAC_CTX_set_params(mac, params.data()) == 1;
}

int TicketKeys::seal(unsigned char* name,
                     unsigned char* iv,
                     EVP_CIPHER_CTX* cipher,
                     EVP_MAC_CTX* mac) {
    std::lock_guard const lock(mutex_);
    try {
        rotate_if_due();
    } catch (std::runtime_error const&) {
        return -1;
    }
    if (RAND_bytes(iv, 16) != 1 ||
        EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, current_.cipher.data(), iv) != 1 ||
        !give_mac_key(mac, current_)) {
        return -1;
    }
    std::copy(current_.name.begin(), current_.name.end(), name);
    return 1;
}

int TicketKeys::open(unsigned char const* name,
                     unsigned char const* iv,
                     EVP_CIPHER_CTX* cipher,
                     EVP_MAC_CTX* mac) {
    std::lock_guard const lock(mutex_);
    try {
        rotate_if_due();
    } catch (std::runtime_error const&) {
        return -1;
    }
    bool const is_current = std::equal(current_.name.begin(), current_.name.end(), name);
    if (!is_current &&
        !(previous_ && std::equal(previous_->name.begin(), previous_->name.end(), name))) {
        return 0;
    }
    Key& key = is_current ? current_ : *previous_;
    if (EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key.cipher.data(), iv) != 1 ||
        !give_mac_key(mac, key)) {
        return -1;
    }
    return is_current ? 1 : 2;
}

}  // namespace rastro::server
