#include "protocol/json_reader.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value_stack.hpp>
#include <cmath>
#include <vector>

#include "common/text.hpp"

namespace rastro::protocol {

namespace json = boost::json;

namespace {

// A name or string may be cut in any number of parts; only the whole can be judged.
bool is_forbidden(unsigned char c) noexcept {
    return c < 0x20 ? c != '\t' && c != '\n' : c == 0x7F;
}

// Looks for C0 controls and DEL by byte; C1 controls (U+0080 to U+009F) are C2 80 to C2 9F.
bool has_forbidden_characters(std::string_view text) noexcept {
    unsigned char before = 0;
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (is_forbidden(byte) || (before == 0xC2 && byte < 0xA0)) {
            return true;
        }
        before = byte;
    }
    return false;
}

// Names longer than this are cut where a pointer shows them.
constexpr std::size_t kMaxNameShown = 100;

std::string_view shown(std::string_view name) noexcept {
    if (name.size() <= kMaxNameShown) {
        return name;
    }
    auto cut = kMaxNameShown;
    while (cut > 0 && (static_cast<unsigned char>(name[cut]) & 0xC0U) == 0x80U) {
        --cut;
    }
    return name.substr(0, cut);
}

// Builds the tree and checks on the way. Knows where it is as a stack of frames; the names of all
// open objects lie one after another in one buffer.
class StrictHandler {
 public:
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();

    StrictHandler(json::storage_ptr memory, Violations& violations)
        : stack_({}, scratch_.data(), scratch_.size()), violations_(violations) {
        stack_.reset(std::move(memory));
        frames_.reserve(8);
        spans_.reserve(64);
        names_.reserve(1024);
    }

    [[nodiscard]] json::value release() { return stack_.release(); }

    [[nodiscard]] std::string pointer() const {
        std::string text;
        for (auto const& frame : frames_) {
            if (frame.is_array) {
                append_pointer_token(text, std::to_string(frame.items));
            } else if (frame.last_span < spans_.size()) {
                append_pointer_token(text, shown(name(spans_[frame.last_span])));
            }
        }
        return text;
    }

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) {
        frames_.push_back({false, 0, spans_.size(), names_.size(), kNoSpan});
        return true;
    }
    bool on_object_end(std::size_t n, json::error_code&) {
        refuse_repeated_names();
        auto const frame = frames_.back();
        names_.resize(frame.names_begin);
        spans_.resize(frame.spans_begin);
        frames_.pop_back();
        stack_.push_object(n);
        value_done();
        return true;
    }
    bool on_array_begin(json::error_code&) {
        frames_.push_back({true, 0, 0, 0, kNoSpan});
        return true;
    }
    bool on_array_end(std::size_t n, json::error_code&) {
        frames_.pop_back();
        stack_.push_array(n);
        value_done();
        return true;
    }
    bool on_key_part(json::string_view s, std::size_t, json::error_code&) {
        names_.append(s.data(), s.size());
        stack_.push_chars(s);
        return true;
    }
    bool on_key(json::string_view s, std::size_t total, json::error_code&) {
        names_.append(s.data(), s.size());
        stack_.push_key(s);
        spans_.push_back({names_.size() - total, total});
        frames_.back().last_span = spans_.size() - 1;
        if (has_forbidden_characters(name(spans_.back()))) {
            violations_.add(pointer(), "control_character");
        }
        return true;
    }
    bool on_string_part(json::string_view s, std::size_t, json::error_code&) {
        check_characters(s);
        stack_.push_chars(s);
        return true;
    }
    bool on_string(json::string_view s, std::size_t, json::error_code&) {
        check_characters(s);
        if (forbidden_) {
            violations_.add(pointer(), "control_character");
        }
        forbidden_ = false;
        last_byte_ = 0;
        stack_.push_string(s);
        value_done();
        return true;
    }
    bool on_number_part(json::string_view s, json::error_code&) {
        number_.append(s.data(), s.size());
        return true;
    }
    bool on_int64(std::int64_t i, json::string_view, json::error_code&) {
        number_.clear();
        stack_.push_int64(i);
        value_done();
        return true;
    }
    bool on_uint64(std::uint64_t u, json::string_view, json::error_code&) {
        number_.clear();
        stack_.push_uint64(u);
        value_done();
        return true;
    }
    bool on_double(double d, json::string_view s, json::error_code&) {
        number_.append(s.data(), s.size());
        if (number_.find_first_of(".eE") == std::string::npos) {
            violations_.add(pointer(), "integer_too_large");
        } else if (!std::isfinite(d)) {
            violations_.add(pointer(), "number_not_finite");
        }
        number_.clear();
        stack_.push_double(d);
        value_done();
        return true;
    }
    bool on_bool(bool b, json::error_code&) {
        stack_.push_bool(b);
        value_done();
        return true;
    }
    bool on_null(json::error_code&) {
        stack_.push_null();
        value_done();
        return true;
    }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
    struct Span {
        std::size_t begin;
        std::size_t size;
    };
    static constexpr std::size_t kNoSpan = static_cast<std::size_t>(-1);
    struct Frame {
        bool is_array;
        std::size_t items;  // finished values of an array
        std::size_t spans_begin;
        std::size_t names_begin;
        std::size_t last_span;
    };

    [[nodiscard]] std::string_view name(Span span) const noexcept {
        return std::string_view(names_).substr(span.begin, span.size);
    }
    void check_characters(json::string_view s) noexcept {
        if (s.empty()) {
            return;
        }
        auto const first = static_cast<unsigned char>(s.front());
        forbidden_ = forbidden_ || (last_byte_ == 0xC2 && first < 0xA0) ||
                     has_forbidden_characters({s.data(), s.size()});
        last_byte_ = static_cast<unsigned char>(s.back());
    }
    void value_done() noexcept {
        if (!frames_.empty() && frames_.back().is_array) {
            ++frames_.back().items;
        }
    }
    void refuse_repeated_names() {
        auto const first = spans_.begin() + static_cast<std::ptrdiff_t>(frames_.back().spans_begin);
        auto const less = [this](Span a, Span b) { return name(a) < name(b); };
        if (spans_.end() - first <= 24) {  // the usual object: comparing all is faster than sorting
            for (auto it = first; it != spans_.end(); ++it) {
                for (auto earlier = first; earlier != it; ++earlier) {
                    if (it->size == earlier->size && name(*it) == name(*earlier)) {
                        add_repeated(*it);
                        break;
                    }
                }
            }
            return;
        }
        std::sort(first, spans_.end(), less);
        for (auto it = first + 1; it != spans_.end(); ++it) {
            if (name(*it) == name(*(it - 1)) && (it - 1 == first || name(*it) != name(*(it - 2)))) {
                add_repeated(*it);
            }
        }
    }
    void add_repeated(Span span) {
        std::string text;
        auto const last = frames_.back();
        frames_.pop_back();
        text = pointer();
        frames_.push_back(last);
        append_pointer_token(text, shown(name(span)));
        violations_.add(std::move(text), "duplicate_member");
    }

    std::array<unsigned char, 4096> scratch_;
    json::value_stack stack_;
    Violations& violations_;
    std::vector<Frame> frames_;
    std::vector<Span> spans_;
    std::string names_;
    std::string number_;
    bool forbidden_ = false;
    unsigned char last_byte_ = 0;
};

Problem syntax_problem(std::string_view text,
                       std::size_t at,
                       std::string pointer,
                       json::error_code const& ec) {
    auto const before = text.substr(0, std::min(at, text.size()));
    auto const line = 1 + std::count(before.begin(), before.end(), '\n');
    auto const column = before.size() - (before.rfind('\n') + 1) + 1;
    std::string_view code = "json_syntax";
    if (ec == json::error::too_deep) {
        code = "json_too_deep";
    } else if (ec == json::error::extra_data) {
        code = "json_extra_data";
    } else if (ec == json::error::incomplete) {
        code = "json_incomplete";
    } else if (!is_valid_utf8(text)) {
        code = "json_not_utf8";
    }
    std::vector<std::string> params{std::to_string(line), std::to_string(column)};
    if (code == "json_too_deep") {
        params = {std::to_string(kMaxJsonDepth)};
    }
    Problem problem(ProblemCode::malformed_json,
                    std::vector<Violation>{{std::move(pointer), std::string(code), params}});
    return problem;
}

}  // namespace

JsonBody::JsonBody(std::string_view text) : memory_(first_block_.data(), first_block_.size()) {
    if (trim(text).empty()) {
        fault_ =
            Problem(ProblemCode::malformed_json, std::vector<Violation>{{"", "body_missing", {}}});
        return;
    }
    json::parse_options options;
    options.max_depth = kMaxJsonDepth;
    json::storage_ptr memory(&memory_);
    json::basic_parser<StrictHandler> parser(options, memory, violations_);
    json::error_code ec;
    auto consumed = parser.write_some(false, text.data(), text.size(), ec);
    if (!ec && consumed < text.size()) {
        ec = json::error::extra_data;
    }
    if (!ec && !parser.done()) {
        ec = json::error::incomplete;
    }
    if (ec) {
        fault_ = syntax_problem(text, consumed, parser.handler().pointer(), ec);
        return;
    }
    root_.emplace(parser.handler().release());
}

json::value const& JsonBody::root() const noexcept {
    static json::value const nothing;
    return root_ ? *root_ : nothing;
}

Outcome<json::value> parse_json(std::string_view text) {
    JsonBody body(text);
    if (body.fault()) {
        return *body.fault();
    }
    if (!body.violations().empty()) {
        return body.violations().take_problem();
    }
    return json::value(body.root(), json::storage_ptr{});
}

}  // namespace rastro::protocol
