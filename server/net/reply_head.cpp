#include "server/net/reply_head.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

#include "server/net/header_block.hpp"

namespace rastro::server {

namespace {

// Names a client may show to a person; RFC 9112 4 lets the phrase be empty.
std::string_view reason_phrase(unsigned status) noexcept {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 303:
            return "See Other";
        case 304:
            return "Not Modified";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 412:
            return "Precondition Failed";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 417:
            return "Expectation Failed";
        case 421:
            return "Misdirected Request";
        case 422:
            return "Unprocessable Content";
        case 426:
            return "Upgrade Required";
        case 428:
            return "Precondition Required";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 503:
            return "Service Unavailable";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "";
    }
}

bool is_framing_field(std::string_view name) noexcept {
    constexpr std::array<std::string_view, 7> names{"connection",
                                                    "content-length",
                                                    "keep-alive",
                                                    "te",
                                                    "trailer",
                                                    "transfer-encoding",
                                                    "upgrade"};
    for (auto const each : names) {
        if (each == name) {
            return true;
        }
    }
    return false;
}

bool has_control(std::string_view value) noexcept {
    for (auto const c : value) {
        if (is_control(static_cast<unsigned char>(c))) {
            return true;
        }
    }
    return false;
}

bool status_has_body(unsigned status) noexcept {
    return status != 204 && status != 304;
}

}  // namespace

std::string http_date(Instant at) {
    using namespace std::chrono;
    constexpr std::array<char const*, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<char const*, 12> months{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const day = floor<days>(at);
    year_month_day const date{day};
    hh_mm_ss const time{floor<seconds>(at - day)};
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                       weekdays.at(weekday{day}.c_encoding()),
                       static_cast<unsigned>(date.day()),
                       months.at(static_cast<unsigned>(date.month()) - 1),
                       static_cast<int>(date.year()),
                       time.hours().count(),
                       time.minutes().count(),
                       time.seconds().count());
}

bool carries_body(HttpReply const& reply, ReplyFraming const& framing) noexcept {
    return !framing.head_only && status_has_body(reply.status);
}

std::string make_reply_head(HttpReply const& reply, ReplyFraming const& framing) {
    if (reply.status < 200 || reply.status > 599) {
        throw std::logic_error("a reply needs a final status");
    }
    std::string head;
    head.reserve(512);
    head += fmt::format("HTTP/1.1 {} {}\r\n", reply.status, reason_phrase(reply.status));
    for (auto const& [name, value] : reply.headers) {
        if (!is_token(name) || has_control(value)) {
            throw std::logic_error("a reply field is not sendable");
        }
        if (!is_framing_field(name)) {
            head += name;
            head += ": ";
            head += value;
            head += "\r\n";
        }
    }
    if (!reply.headers.has("date")) {
        head += "date: ";
        head += http_date(framing.now);
        head += "\r\n";
    }
    if (status_has_body(reply.status)) {
        head += fmt::format("content-length: {}\r\n", body_of(reply).size());
    }
    if (reply.status == 426) {
        // RFC 6455 4.4; whoever sends Upgrade names it in Connection (RFC 9110 7.8)
        head += "upgrade: websocket\r\nsec-websocket-version: 13\r\nconnection: upgrade\r\n";
    }
    if (framing.close) {
        head += "connection: close\r\n";
    } else if (!framing.http_1_1) {
        head += "connection: keep-alive\r\n";
    }
    head += "\r\n";
    return head;
}

}  // namespace rastro::server
