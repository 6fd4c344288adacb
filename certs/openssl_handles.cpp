#include "certs/openssl_handles.hpp"

#include <openssl/err.h>

#include <array>
#include <limits>

namespace rastro::certs {

namespace {

std::string with_queue(std::string_view step) {
    std::string text = "OpenSSL: " + std::string(step);
    while (auto const code = ERR_get_error()) {
        std::array<char, 256> line{};
        ERR_error_string_n(code, line.data(), line.size());
        text += "; ";
        text += line.data();
    }
    return text;
}

}  // namespace

OpenSslFailure::OpenSslFailure(std::string_view step) : std::runtime_error(with_queue(step)) {}

BioPtr reading_bio(std::string_view text) {
    require(text.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()),
            "text too long");
    BioPtr bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    require(bio != nullptr, "BIO_new_mem_buf");
    return bio;
}

BioPtr memory_bio() {
    BioPtr bio(BIO_new(BIO_s_mem()));
    require(bio != nullptr, "BIO_new");
    return bio;
}

std::string text_of(BIO* memory) {
    char* data = nullptr;
    long const length = BIO_get_mem_data(memory, &data);
    return length > 0 ? std::string(data, static_cast<std::size_t>(length)) : std::string();
}

}  // namespace rastro::certs
