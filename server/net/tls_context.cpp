#include "server/net/tls_context.hpp"

#include <openssl/err.h>

#include <array>
#include <ctime>
#include <system_error>

#include "certs/identity.hpp"
#include "certs/keys.hpp"
#include "server/net/counters.hpp"
#include "server/net/openssl_deleters.hpp"
#include "server/net/ticket_keys.hpp"
#include "server/net/tls_files.hpp"

namespace rastro::server {

struct TlsContext::Parts {
    explicit Parts(std::chrono::seconds ticket_period) : tickets(ticket_period) {}
    TicketKeys tickets;
    SslContextPtr tls;
    X509StorePtr clients;  // null if no client certificate is asked for
};

namespace {

constexpr char const* suites_1_3 =
    "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256";
constexpr char const* suites_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr char const* groups = "X25519:P-256";

// Where OpenSSL's callbacks find what they need.
struct StoreRules {
    std::chrono::seconds grace;
    NetCounters* counters;
};

int rules_index() {
    static int const index = X509_STORE_get_ex_new_index(
        0, nullptr, nullptr, nullptr, [](void*, void* rules, CRYPTO_EX_DATA*, int, long, void*) {
            delete static_cast<StoreRules*>(rules);
        });
    return index;
}

int tickets_index() {
    static int const index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

Problem unusable(std::string what) {
    ERR_clear_error();
    return {ProblemCode::validation_failed, std::move(what)};
}

bool is_self_issued(X509 const& certificate) {
    return X509_NAME_cmp(X509_get_subject_name(&certificate), X509_get_issuer_name(&certificate)) ==
           0;
}

// True if the list is past its nextUpdate by no more than the grace.
bool within_grace(X509_CRL const* list, std::chrono::seconds grace) {
    if (list == nullptr || X509_CRL_get0_nextUpdate(list) == nullptr) {
        return false;
    }
    auto limit = std::time(nullptr) - static_cast<std::time_t>(grace.count());
    return X509_cmp_time(X509_CRL_get0_nextUpdate(list), &limit) > 0;
}

// X509_STORE_CTX verify callback: overrides two errors, and only these.
int judge(int ok, X509_STORE_CTX* context) {
    if (ok == 1) {
        return 1;
    }
    auto const* rules = static_cast<StoreRules const*>(
        X509_STORE_get_ex_data(X509_STORE_CTX_get0_store(context), rules_index()));
    auto const error = X509_STORE_CTX_get_error(context);
    if (error == X509_V_ERR_CRL_HAS_EXPIRED &&
        within_grace(X509_STORE_CTX_get0_current_crl(context), rules->grace)) {
        ++rules->counters->stale_revocation_lists;
        X509_STORE_CTX_set_error(context, X509_V_OK);
        return 1;
    }
    // An anchor below the root is trusted by configuration; its issuer's list is not ours to have.
    auto const* chain = X509_STORE_CTX_get0_chain(context);
    auto const top = chain == nullptr ? -1 : sk_X509_num(chain) - 1;
    bool const about_anchor = top >= 0 && X509_STORE_CTX_get_error_depth(context) == top &&
                              !is_self_issued(*sk_X509_value(chain, top));
    if (about_anchor &&
        (error == X509_V_ERR_UNABLE_TO_GET_CRL || error == X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER)) {
        X509_STORE_CTX_set_error(context, X509_V_OK);
        return 1;
    }
    return 0;
}

// SSL_CTX_set_cert_verify_callback: the chain, then the naming rules.
int verify_client(X509_STORE_CTX* context, void*) {
    if (X509_verify_cert(context) <= 0) {
        return 0;
    }
    auto const* leaf = X509_STORE_CTX_get0_cert(context);
    if (leaf == nullptr || !certs::identity_of(der_of(*leaf))) {
        X509_STORE_CTX_set_error(context, X509_V_ERR_APPLICATION_VERIFICATION);
        return 0;
    }
    return 1;
}

int select_protocol(SSL*,
                    unsigned char const** chosen,
                    unsigned char* chosen_size,
                    unsigned char const* offered,
                    unsigned int offered_size,
                    void*) {
    static constexpr std::array<unsigned char, 9> ours{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* selected = nullptr;
    if (SSL_select_next_proto(
            &selected, chosen_size, ours.data(), ours.size(), offered, offered_size) !=
        OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_ALERT_FATAL;  // RFC 7301 3.2
    }
    *chosen = selected;
    return SSL_TLSEXT_ERR_OK;
}

int on_ticket(SSL* tls,
              unsigned char* name,
              unsigned char* iv,
              EVP_CIPHER_CTX* cipher,
              EVP_MAC_CTX* mac,
              int sealing) {
    auto* keys =
        static_cast<TicketKeys*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(tls), tickets_index()));
    return sealing == 1 ? keys->seal(name, iv, cipher, mac) : keys->open(name, iv, cipher, mac);
}

// The certificates of the file belong together: each is issued by the next, within its period, for
// a server.
Outcome<void> check_server_chain(std::vector<X509Ptr> const& chain) {
    X509StorePtr const anchors(X509_STORE_new());
    X509_STORE_add_cert(anchors.get(), chain.back().get());
    X509_STORE_set_flags(anchors.get(), X509_V_FLAG_PARTIAL_CHAIN);
    ChainPtr const others(sk_X509_new_null());
    for (std::size_t i = 1; i + 1 < chain.size(); ++i) {
        X509_up_ref(chain[i].get());
        sk_X509_push(others.get(), chain[i].get());
    }
    X509StoreContextPtr const check(X509_STORE_CTX_new());
    X509_STORE_CTX_init(check.get(), anchors.get(), chain.front().get(), others.get());
    X509_STORE_CTX_set_purpose(check.get(), X509_PURPOSE_SSL_SERVER);
    if (X509_verify_cert(check.get()) != 1) {
        return unusable(std::string("server certificate: ") +
                        X509_verify_cert_error_string(X509_STORE_CTX_get_error(check.get())));
    }
    return {};
}

Outcome<void> use_server_certificate(SSL_CTX& tls, TlsSettings const& settings) {
    RASTRO_TRY(chain, read_certificates(settings.certificate_chain));
    RASTRO_CHECK(check_server_chain(chain));
    auto const key = certs::PrivateKey::read(settings.private_key);
    if (!key) {
        return Problem{key.error().code(),
                       settings.private_key.filename().string() + ": " + key.error().detail()};
    }
    if (SSL_CTX_use_certificate(&tls, chain.front().get()) != 1) {
        return unusable(settings.certificate_chain.filename().string() + ": not usable for TLS");
    }
    if (SSL_CTX_use_PrivateKey(&tls, key->native()) != 1 || SSL_CTX_check_private_key(&tls) != 1) {
        return unusable(settings.private_key.filename().string() +
                        ": does not belong to the certificate");
    }
    for (std::size_t i = 1; i < chain.size(); ++i) {
        if (SSL_CTX_add1_chain_cert(&tls, chain[i].get()) != 1) {
            return unusable("server certificate: chain not usable");
        }
    }
    return {};
}

Outcome<X509StorePtr> make_client_store(SSL_CTX& tls,
                                        TlsSettings const& settings,
                                        NetCounters& counters) {
    X509StorePtr store(X509_STORE_new());
    RASTRO_TRY(authorities, read_certificates(settings.client_authorities));
    bool has_root = false;
    for (auto const& authority : authorities) {
        has_root = has_root || is_self_issued(*authority);
        if (X509_STORE_add_cert(store.get(), authority.get()) != 1 ||
            SSL_CTX_add_client_CA(&tls, authority.get()) != 1) {
            return unusable(settings.client_authorities.filename().string() +
                            ": an authority is not usable");
        }
    }
    // With a root every chain must reach it, so that a list can revoke the authorities between.
    unsigned long flags = has_root ? 0UL : static_cast<unsigned long>(X509_V_FLAG_PARTIAL_CHAIN);
    auto const files = revocation_files(settings.revocation_lists);
    if (files.empty() && !settings.revocation_lists.empty()) {
        return unusable("no revocation list in the folders given");
    }
    for (auto const& path : files) {
        RASTRO_TRY(lists, read_revocation_lists(path));
        for (auto const& list : lists) {
            if (X509_STORE_add_crl(store.get(), list.get()) != 1) {
                return unusable(path.filename().string() + ": not usable");
            }
        }
        flags |= X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL;
    }
    X509_STORE_set_flags(store.get(), flags);
    auto rules = std::make_unique<StoreRules>(StoreRules{settings.revocation_grace, &counters});
    if (X509_STORE_set_ex_data(store.get(), rules_index(), rules.get()) != 1) {
        return unusable("client authorities: out of memory");
    }
    static_cast<void>(rules.release());  // freed with the store
    X509_STORE_set_verify_cb(store.get(), judge);
    return store;
}

bool set_profile(SSL_CTX& tls, TlsSettings const& settings) {
    SSL_CTX_set_options(&tls,
                        SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                            SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(&tls,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                         SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_alpn_select_cb(&tls, select_protocol, nullptr);
    SSL_CTX_set_session_cache_mode(&tls, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_timeout(&tls, static_cast<long>(settings.ticket_period.count()));
    return SSL_CTX_set_min_proto_version(
               &tls, settings.allow_tls_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION) == 1 &&
           SSL_CTX_set_max_proto_version(&tls, TLS1_3_VERSION) == 1 &&
           SSL_CTX_set_ciphersuites(&tls, suites_1_3) == 1 &&
           SSL_CTX_set_cipher_list(&tls, suites_1_2) == 1 &&
           SSL_CTX_set1_groups_list(&tls, groups) == 1 && SSL_CTX_set_max_early_data(&tls, 0) == 1;
}

// A whole handshake in memory. Client certificates are left out: there is none to show.
Outcome<void> shake_hands_with_itself(SSL_CTX& tls) {
    SslContextPtr const client_context(SSL_CTX_new(TLS_client_method()));
    SslPtr const server(SSL_new(&tls));
    SslPtr const client(SSL_new(client_context.get()));
    BIO* near = nullptr;
    BIO* far = nullptr;
    if (!server || !client || BIO_new_bio_pair(&near, 0, &far, 0) != 1) {
        return unusable("self test: out of memory");
    }
    SSL_set_verify(server.get(), SSL_VERIFY_NONE, nullptr);
    SSL_set_bio(server.get(), near, near);
    SSL_set_bio(client.get(), far, far);
    SSL_set_accept_state(server.get());
    SSL_set_connect_state(client.get());
    for (int round = 0; round < 16; ++round) {
        auto const from_client = SSL_do_handshake(client.get());
        auto const from_server = SSL_do_handshake(server.get());
        if (from_client == 1 && from_server == 1) {
            return {};
        }
    }
    return unusable("self test: the handshake with itself failed");
}

}  // namespace

std::shared_ptr<PeerChain const> PeerChain::of(ssl_st const* tls) {
    X509Ptr const leaf(SSL_get1_peer_certificate(tls));
    if (!leaf) {
        return nullptr;
    }
    auto chain = std::make_shared<PeerChain>();
    chain->certificates_.push_back(der_of(*leaf));
    auto const* sent = SSL_get_peer_cert_chain(tls);  // on a server without the leaf
    for (int i = 0; i < (sent == nullptr ? 0 : sk_X509_num(sent)); ++i) {
        chain->certificates_.push_back(der_of(*sk_X509_value(sent, i)));
    }
    return chain;
}

TlsContext::TlsContext(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
TlsContext::~TlsContext() = default;

ssl_ctx_st* TlsContext::native() const noexcept {
    return parts_->tls.get();
}

Outcome<std::shared_ptr<TlsContext const>> TlsContext::load(TlsSettings const& settings,
                                                            NetCounters& counters) {
    try {
        auto parts = std::make_unique<Parts>(settings.ticket_period);
        parts->tls.reset(SSL_CTX_new(TLS_server_method()));
        auto& tls = *parts->tls;
        static constexpr std::array<unsigned char, 6> name{'r', 'a', 's', 't', 'r', 'o'};
        if (!set_profile(tls, settings) ||
            SSL_CTX_set_session_id_context(&tls, name.data(), name.size()) != 1) {
            return unusable("TLS library: the profile is not available");
        }
        RASTRO_CHECK(use_server_certificate(tls, settings));
        if (settings.client_certificates == ClientCertificates::required) {
            RASTRO_TRY(store, make_client_store(tls, settings, counters));
            SSL_CTX_set1_verify_cert_store(&tls, store.get());
            SSL_CTX_set_verify(&tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
            SSL_CTX_set_cert_verify_callback(&tls, verify_client, nullptr);
            SSL_CTX_set_options(&tls, SSL_OP_NO_TICKET);
            SSL_CTX_set_num_tickets(&tls, 0);
            parts->clients = std::move(store);
        } else {
            SSL_CTX_set_num_tickets(&tls, 1);
            SSL_CTX_set_ex_data(&tls, tickets_index(), &parts->tickets);
            SSL_CTX_set_tlsext_ticket_key_evp_cb(&tls, on_ticket);
        }
        RASTRO_CHECK(shake_hands_with_itself(tls));
        return std::shared_ptr<TlsContext const>(new TlsContext(std::move(parts)));
    } catch (std::system_error const& failure) {
        return Problem{ProblemCode::internal_error, failure.what()};
    }
}

bool TlsContext::accepts(PeerChain const& chain) const {
    if (!parts_->clients) {
        return true;
    }
    auto const leaf = certificate_from_der(chain.leaf_der());
    ChainPtr const others(sk_X509_new_null());
    for (std::size_t i = 1; i < chain.certificates().size(); ++i) {
        if (auto other = certificate_from_der(chain.certificates()[i])) {
            sk_X509_push(others.get(), other.release());
        }
    }
    X509StoreContextPtr const check(X509_STORE_CTX_new());
    if (!leaf ||
        X509_STORE_CTX_init(check.get(), parts_->clients.get(), leaf.get(), others.get()) != 1) {
        return false;
    }
    X509_STORE_CTX_set_default(check.get(), "ssl_client");
    bool const accepted = verify_client(check.get(), nullptr) == 1;
    ERR_clear_error();
    return accepted;
}

}  // namespace rastro::server
