// The part of config/keys.hpp that turns texts into values and back.
#include <charconv>
#include <stdexcept>

#include "common/text.hpp"
#include "config/keys.hpp"

namespace rastro::config {

namespace {

std::string wanted(KeyRow const& key) {
    switch (key.type) {
        case ValueType::boolean:
            return "true or false";
        case ValueType::integer:
            return "a whole number";
        case ValueType::duration:
            return "a duration such as \"15s\" (ms, s, m, h, d)";
        case ValueType::size:
            return "a size such as \"16KiB\" (B, KiB, MiB, GiB)";
        case ValueType::rate:
            return "a rate such as \"200/s\" (s, m, h) or \"off\"";
        case ValueType::list:
        case ValueType::paths:
            return "a list of texts";
        case ValueType::choice: {
            std::string text = "one of";
            for (auto const choice : key.choices) {
                text += " \"" + std::string(choice) + "\"";
            }
            return text;
        }
        case ValueType::text:
        case ValueType::path:
            return "a text";
    }
    return "a value";
}

std::string found_text(RawValue const& raw) {
    if (auto const* flag = std::get_if<bool>(&raw)) {
        return *flag ? "true" : "false";
    }
    if (auto const* number = std::get_if<std::int64_t>(&raw)) {
        return "the number " + std::to_string(*number);
    }
    if (auto const* text = std::get_if<std::string>(&raw)) {
        return toml_string(*text);
    }
    if (auto const* other = std::get_if<Unsupported>(&raw)) {
        return "a " + other->type;
    }
    return "a list";
}

Reading mistyped(KeyRow const& key, RawValue const& raw) {
    return "must be " + wanted(key) + (key.secret ? "" : ", found " + found_text(raw));
}

Reading within(KeyRow const& key, std::int64_t number, Value value) {
    if (number >= key.bounds.least && number <= key.bounds.most) {
        return value;
    }
    auto const print = [&](std::int64_t bound) {
        if (key.type == ValueType::duration) {
            return to_text(Duration{bound});
        }
        return key.type == ValueType::size ? to_text(ByteSize{static_cast<std::uint64_t>(bound)})
                                           : std::to_string(bound);
    };
    return "must be between " + print(key.bounds.least) + " and " + print(key.bounds.most);
}

Reading shaped_text(KeyRow const& key, std::string text) {
    if (text.find('\0') != std::string::npos || !is_valid_utf8(text)) {
        return std::string("must be valid text without NUL");
    }
    if (key.accepts != nullptr && !key.accepts(text)) {
        return "must be " + std::string(key.form);
    }
    return Value(std::move(text));
}

Reading shaped_list(KeyRow const& key, std::vector<std::string> parts) {
    for (auto const& part : parts) {
        auto const checked = shaped_text(key, part);
        if (auto const* fault = std::get_if<std::string>(&checked)) {
            return *fault;
        }
        if (part.empty()) {
            return std::string("must not hold an empty text");
        }
    }
    return Value(std::move(parts));
}

Reading read_string(KeyRow const& key, std::string const& text) {
    switch (key.type) {
        case ValueType::text:
        case ValueType::path:
            return shaped_text(key, text);
        case ValueType::choice:
            for (std::size_t i = 0; i < key.choices.size(); ++i) {
                if (key.choices[i] == text) {
                    return Value(Choice{i});
                }
            }
            break;
        case ValueType::duration:
            if (auto const duration = parse_duration(text)) {
                return within(key, duration->count(), *duration);
            }
            break;
        case ValueType::size:
            if (auto const size = parse_size(text)) {
                return within(key, static_cast<std::int64_t>(size->bytes), *size);
            }
            break;
        case ValueType::rate:
            if (auto const rate = parse_rate(text)) {
                return Value(*rate);
            }
            break;
        default:
            break;
    }
    return mistyped(key, text);
}

}  // namespace

Reading read_value(KeyRow const& key, RawValue const& raw) {
    if (auto const* text = std::get_if<std::string>(&raw)) {
        return read_string(key, *text);
    }
    if (auto const* flag = std::get_if<bool>(&raw);
        flag != nullptr && key.type == ValueType::boolean) {
        return Value(*flag);
    }
    if (auto const* number = std::get_if<std::int64_t>(&raw);
        number != nullptr && key.type == ValueType::integer) {
        return within(key, *number, *number);
    }
    if (auto const* parts = std::get_if<std::vector<std::string>>(&raw);
        parts != nullptr && (key.type == ValueType::list || key.type == ValueType::paths)) {
        return shaped_list(key, *parts);
    }
    return mistyped(key, raw);
}

Reading read_text(KeyRow const& key, std::string_view text) {
    switch (key.type) {
        case ValueType::boolean:
            if (text == "true" || text == "false") {
                return Value(text == "true");
            }
            return mistyped(key, std::string(text));
        case ValueType::integer: {
            std::int64_t number = 0;
            auto const [rest, error] =
                std::from_chars(text.data(), text.data() + text.size(), number);
            if (error != std::errc{} || rest != text.data() + text.size()) {
                return mistyped(key, std::string(text));
            }
            return within(key, number, number);
        }
        case ValueType::list:
        case ValueType::paths: {
            std::vector<std::string> parts;
            if (!trim(text).empty()) {
                for (auto const part : split(text, ',')) {
                    parts.emplace_back(trim(part));
                }
            }
            return shaped_list(key, std::move(parts));
        }
        default:
            return read_string(key, std::string(text));
    }
}

Value built_in_value(KeyRow const& key) {
    auto reading = read_text(key, key.built_in);
    if (auto const* fault = std::get_if<std::string>(&reading)) {
        throw std::logic_error("built-in value of " + key.name + " " + *fault);
    }
    return std::get<Value>(std::move(reading));
}

std::string to_toml(KeyRow const& key, Value const& value) {
    struct Printer {
        KeyRow const& key;
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(std::int64_t number) const { return std::to_string(number); }
        std::string operator()(std::string const& text) const { return toml_string(text); }
        std::string operator()(Choice choice) const {
            return toml_string(key.choices[choice.index]);
        }
        std::string operator()(Duration duration) const { return toml_string(to_text(duration)); }
        std::string operator()(ByteSize size) const { return toml_string(to_text(size)); }
        std::string operator()(Rate rate) const { return toml_string(to_text(rate)); }
        std::string operator()(std::vector<std::string> const& parts) const {
            std::string text = "[";
            for (auto const& part : parts) {
                text += (text.size() > 1 ? ", " : "") + toml_string(part);
            }
            return text + "]";
        }
    };
    return std::visit(Printer{key}, value);
}

}  // namespace rastro::config
