// Any bytes as a JSON text: what is accepted holds nothing that a record must not hold, and reads
// the same when written and read again.
#include "protocol/json_reader.hpp"

#include <boost/json/serialize.hpp>
#include <cmath>

#include "common/text.hpp"
#include "tests/fuzz/expect.hpp"

namespace json = boost::json;
using rastro::fuzz::expect;

namespace {

void check_text(std::string_view text) {
    expect(rastro::is_valid_utf8(text), "strings are UTF-8");
    expect(text.find('\0') == std::string_view::npos, "strings hold no NUL");
}

void check(json::value const& value, std::size_t depth) {
    expect(depth <= rastro::protocol::kMaxJsonDepth, "no deeper than the limit");
    if (auto const* text = value.if_string()) {
        check_text({text->data(), text->size()});
    } else if (auto const* number = value.if_double()) {
        expect(std::isfinite(*number), "numbers are finite");
    } else if (auto const* array = value.if_array()) {
        for (auto const& element : *array) {
            check(element, depth + 1);
        }
    } else if (auto const* object = value.if_object()) {
        for (auto const& member : *object) {
            check_text({member.key().data(), member.key().size()});
            check(member.value(), depth + 1);
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const value = rastro::protocol::parse_json(rastro::fuzz::text_of(data, size));
    if (value) {
        check(*value, 0);
        auto const written = json::serialize(*value);
        auto const again = rastro::protocol::parse_json(written);
        expect(again.has_value(), "what was accepted is accepted again");
        expect(json::serialize(*again) == written, "and reads the same");
    } else {
        auto const code = value.error().code();
        expect(code == rastro::ProblemCode::malformed_json ||
                   code == rastro::ProblemCode::validation_failed,
               "a refusal is of the text");
    }
    return 0;
}
