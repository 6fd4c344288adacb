#include "server/net/tls_files.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <system_error>

#include "certs/key_files.hpp"

namespace rastro::server {

namespace {

Problem unusable(std::filesystem::path const& path, std::string_view what) {
    return {ProblemCode::validation_failed, path.filename().string() + ": " + std::string(what)};
}

Outcome<std::string> read_text(std::filesystem::path const& path) {
    auto text = certs::read_file(path);
    if (!text) {
        return Problem{text.error().code(),
                       path.filename().string() + ": " + text.error().detail()};
    }
    return text;
}

// Reads PEM objects one after the other until the end of the text; false if one of them is broken.
template <class Read, class Take>
bool read_all(std::string const& text, Read read, Take take) {
    BioPtr const bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    ERR_clear_error();
    while (auto* object = read(bio.get(), nullptr, nullptr, nullptr)) {
        take(object);
    }
    auto const error = ERR_peek_last_error();
    ERR_clear_error();
    return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

}  // namespace

Outcome<std::vector<X509Ptr>> read_certificates(std::filesystem::path const& path) {
    RASTRO_TRY(text, read_text(path));
    std::vector<X509Ptr> found;
    bool const whole =
        read_all(text, PEM_read_bio_X509, [&](X509* one) { found.emplace_back(one); });
    if (!whole || found.empty()) {
        return unusable(path, "no certificates in PEM form");
    }
    return found;
}

Outcome<std::vector<X509CrlPtr>> read_revocation_lists(std::filesystem::path const& path) {
    RASTRO_TRY(text, read_text(path));
    std::vector<X509CrlPtr> found;
    bool const whole =
        read_all(text, PEM_read_bio_X509_CRL, [&](X509_CRL* one) { found.emplace_back(one); });
    if (!whole || found.empty()) {
        return unusable(path, "no revocation list in PEM form");
    }
    return found;
}

std::vector<std::filesystem::path> revocation_files(
    std::vector<std::filesystem::path> const& paths) {
    std::vector<std::filesystem::path> files;
    for (auto const& path : paths) {
        std::error_code none;
        if (!std::filesystem::is_directory(path, none)) {
            files.push_back(path);
            continue;
        }
        std::vector<std::filesystem::path> inside;
        for (std::filesystem::directory_iterator it(path, none), end; !none && it != end;
             it.increment(none)) {
            auto const extension = it->path().extension();
            if (extension == ".crl" || extension == ".pem") {
                inside.push_back(it->path());
            }
        }
        std::sort(inside.begin(), inside.end());
        files.insert(files.end(), inside.begin(), inside.end());
    }
    return files;
}

X509Ptr certificate_from_der(std::string_view der) {
    auto const* at = reinterpret_cast<unsigned char const*>(der.data());
    auto const* const end = at + der.size();
    X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    ERR_clear_error();
    return at == end ? std::move(certificate) : nullptr;
}

std::string der_of(X509 const& certificate) {
    unsigned char* bytes = nullptr;
    auto const size = i2d_X509(&certificate, &bytes);
    if (size <= 0) {
        return {};
    }
    std::string der(reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return der;
}

}  // namespace rastro::server
