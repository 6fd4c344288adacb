#include "protocol/json_writer.hpp"

#include <array>
#include <charconv>

#include "common/time_text.hpp"

namespace rastro::protocol {

void append_json_string(std::string& out, std::string_view text) {
    constexpr char kHex[] = "0123456789abcdef";
    out.push_back('"');
    std::size_t plain = 0;  // start of the run that needs no escape
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F) {
            continue;
        }
        out.append(text.substr(plain, i - plain));
        plain = i + 1;
        out.push_back('\\');
        switch (c) {
            case '"':
            case '\\':
                out.push_back(static_cast<char>(c));
                break;
            case '\n':
                out.push_back('n');
                break;
            case '\t':
                out.push_back('t');
                break;
            default:
                out += "u00";
                out.push_back(kHex[c >> 4U]);
                out.push_back(kHex[c & 15U]);
        }
    }
    out.append(text.substr(plain));
    out.push_back('"');
}

void JsonWriter::key(std::string_view name) {
    separate();
    out_.push_back('"');
    out_.append(name);
    out_ += "\":";
}

void JsonWriter::text(std::string_view name, std::string_view value) {
    key(name);
    append_json_string(out_, value);
}

void JsonWriter::integer(std::string_view name, std::int64_t value) {
    key(name);
    std::array<char, 24> buffer{};
    out_.append(buffer.data(),
                std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr);
}

void JsonWriter::number(std::string_view name, double value) {
    key(name);
    std::array<char, 40> buffer{};
    out_.append(buffer.data(),
                std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr);
}

void JsonWriter::boolean(std::string_view name, bool value) {
    key(name);
    out_ += value ? "true" : "false";
}

void JsonWriter::time(std::string_view name, Instant value) {
    text(name, to_rfc3339(value));
}

void JsonWriter::date(std::string_view name, Date value) {
    text(name, to_iso_date(value));
}

void JsonWriter::raw(std::string_view name, std::string_view json) {
    key(name);
    out_.append(json);
}

}  // namespace rastro::protocol
