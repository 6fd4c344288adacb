// Appends JSON text (RFC 8259) to a string, without a tree in between: replies on the hot path are
// written so. The caller keeps begin and end in balance and names unique; commas and escapes are
// done here. Texts must be valid UTF-8 and are written as they are, save for quotes, backslashes
// and control characters.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>

#include "common/clock.hpp"
#include "common/ids.hpp"

namespace rastro::protocol {

void append_json_string(std::string& out, std::string_view text);

class JsonWriter {
 public:
    // Must start at the end of `out`, which holds nothing or a complete value's beginning.
    explicit JsonWriter(std::string& out) : out_(out) {}

    void begin_object() { open('{'); }
    void begin_object(std::string_view name) {
        key(name);
        out_.push_back('{');
    }
    void end_object() { out_.push_back('}'); }
    void begin_array() { open('['); }
    void begin_array(std::string_view name) {
        key(name);
        out_.push_back('[');
    }
    void end_array() { out_.push_back(']'); }

    // Members of an object.
    void text(std::string_view name, std::string_view value);
    void integer(std::string_view name, std::int64_t value);
    void number(std::string_view name, double value);  // shortest form that reads back the same
    void boolean(std::string_view name, bool value);
    void time(std::string_view name, Instant value);
    void date(std::string_view name, Date value);
    void raw(std::string_view name, std::string_view json);  // already JSON
    template <class Tag>
    void id(std::string_view name, Id<Tag> const& value) {
        text(name, value.to_string());
    }
    template <std::ranges::range Texts>
    void texts(std::string_view name, Texts const& values) {
        begin_array(name);
        for (auto const& value : values) {
            element(std::string_view(value));
        }
        end_array();
    }

    // Left out when empty.
    void text_if(std::string_view name, std::string_view value) {
        if (!value.empty()) {
            text(name, value);
        }
    }
    void time_if(std::string_view name, std::optional<Instant> const& value) {
        if (value) {
            time(name, *value);
        }
    }
    void date_if(std::string_view name, std::optional<Date> const& value) {
        if (value) {
            date(name, *value);
        }
    }
    template <std::integral Integer>
    void integer_if(std::string_view name, std::optional<Integer> const& value) {
        if (value) {
            integer(name, static_cast<std::int64_t>(*value));
        }
    }
    template <std::ranges::range Texts>
    void texts_if(std::string_view name, Texts const& values) {
        if (!values.empty()) {
            texts(name, values);
        }
    }

    // Elements of an array.
    void element(std::string_view value) {
        separate();
        append_json_string(out_, value);
    }
    void element_raw(std::string_view json) {
        separate();
        out_.append(json);
    }

 private:
    void separate() {
        if (!out_.empty()) {
            char const last = out_.back();
            if (last != '{' && last != '[' && last != ':') {
                out_.push_back(',');
            }
        }
    }
    void open(char bracket) {
        separate();
        out_.push_back(bracket);
    }
    void key(std::string_view name);

    std::string& out_;
};

}  // namespace rastro::protocol
