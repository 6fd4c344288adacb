#include "client/http_client.hpp"

#include <curl/curl.h>

#include <mutex>
#include <stdexcept>

#include "client/terminal.hpp"
#include "common/text.hpp"

namespace rastro::client {

namespace {

constexpr std::size_t kMostReplyBytes = 256U << 20;

struct HeaderList {
    curl_slist* list = nullptr;
    HeaderList() = default;
    HeaderList(HeaderList const&) = delete;
    HeaderList& operator=(HeaderList const&) = delete;
    ~HeaderList() { curl_slist_free_all(list); }
    void add(std::string const& line) { list = curl_slist_append(list, line.c_str()); }
};

struct Receiving {
    HttpReply reply;
    HttpCall const* call = nullptr;
    bool sink_full = false;
};

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* receiving) {
    auto& reply = static_cast<Receiving*>(receiving)->reply;
    std::string_view const line(data, size * count);
    if (line.starts_with("HTTP/")) {
        reply.headers.clear();  // an interim reply came before
        auto const blank = line.find(' ');
        unsigned status = 0;
        for (auto i = blank + 1; blank != std::string_view::npos && i < line.size(); ++i) {
            if (line[i] < '0' || line[i] > '9') {
                break;
            }
            status = status * 10 + static_cast<unsigned>(line[i] - '0');
        }
        reply.status = status;
    } else if (auto const colon = line.find(':'); colon != std::string_view::npos) {
        reply.headers.emplace_back(to_lower_ascii(trim(line.substr(0, colon))),
                                   std::string(trim(line.substr(colon + 1))));
    }
    return size * count;
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* receiving) {
    auto& state = *static_cast<Receiving*>(receiving);
    std::string_view const piece(data, size * count);
    if (state.call->sink && state.reply.status / 100 == 2) {
        if (!state.call->sink(piece)) {
            state.sink_full = true;
            return 0;
        }
        return piece.size();
    }
    if (state.reply.body.size() + piece.size() > kMostReplyBytes) {
        return 0;
    }
    state.reply.body += piece;
    return piece.size();
}

int on_progress(void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return interrupted() ? 1 : 0;
}

TransportFault fault_of(CURLcode code, std::string text) {
    using Kind = TransportFault::Kind;
    Kind kind = Kind::lost;
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
        case CURLE_COULDNT_CONNECT:
            kind = Kind::not_connected;
            break;
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_CIPHER:
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_URL_MALFORMAT:
            kind = Kind::refused_tls;
            break;
        case CURLE_ABORTED_BY_CALLBACK:
            kind = Kind::interrupted;
            break;
        default:
            break;
    }
    return {kind, std::move(text)};
}

}  // namespace

std::string HttpReply::header(std::string_view name) const {
    for (auto const& [key, value] : headers) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

struct HttpClient::State {
    HttpSettings settings;
    CURL* handle = nullptr;
    std::string error = std::string(CURL_ERROR_SIZE, '\0');
};

HttpClient::HttpClient(HttpSettings settings) : state_(std::make_unique<State>()) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    while (settings.server.ends_with('/')) {
        settings.server.pop_back();
    }
    state_->settings = std::move(settings);
    state_->handle = curl_easy_init();
    if (state_->handle == nullptr) {
        throw std::runtime_error("libcurl cannot be started");
    }
}

HttpClient::~HttpClient() {
    curl_easy_cleanup(state_->handle);
}

Exchange HttpClient::exchange(HttpCall const& call) {
    auto* handle = state_->handle;
    auto const& settings = state_->settings;
    curl_easy_reset(handle);  // keeps connections and TLS sessions
    HeaderList headers;
    for (auto const& [name, value] : call.headers) {
        headers.add(name + ": " + value);
    }
    headers.add("Expect:");
    if (call.method != "GET" && call.body.empty()) {
        headers.add("Content-Type:");  // libcurl would name a form
    }
    Receiving receiving;
    receiving.call = &call;
    auto const url = settings.server + call.target;
    state_->error[0] = '\0';
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, settings.allow_plain ? "https,http" : "https");
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_3});
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "rastro/" RASTRO_VERSION);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.list);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, long{settings.connect_timeout.count()});
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, long{call.timeout.count()});
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, state_->error.data());
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &receiving);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &receiving);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, on_progress);
    if (!settings.ca.empty()) {
        curl_easy_setopt(handle, CURLOPT_CAINFO, settings.ca.c_str());
        curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);
    }
    if (!settings.certificate.empty()) {
        curl_easy_setopt(handle, CURLOPT_SSLCERT, settings.certificate.c_str());
        curl_easy_setopt(handle, CURLOPT_SSLKEY, settings.key.c_str());
    }
    if (call.method != "GET") {
        curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, call.method.c_str());
        if (!call.body.empty() || call.method != "DELETE") {
            curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(call.body.size()));
            curl_easy_setopt(handle, CURLOPT_POSTFIELDS, call.body.data());
        }
    }
    auto const code = curl_easy_perform(handle);
    if (receiving.sink_full) {
        return TransportFault{TransportFault::Kind::sink_full, "the file could not be written"};
    }
    if (code != CURLE_OK) {
        std::string text(state_->error.c_str());
        return fault_of(code, text.empty() ? curl_easy_strerror(code) : text);
    }
    return std::move(receiving.reply);
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (char c : text) {
        bool const plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            encoded += c;
        } else {
            auto const byte = static_cast<unsigned char>(c);
            encoded += '%';
            encoded += digits[byte >> 4U];
            encoded += digits[byte & 15U];
        }
    }
    return encoded;
}

}  // namespace rastro::client
