// Any bytes as a search for a serial number: one spelling, and matching that always ends.
#include "cases/trace/serial_query.hpp"
#include "cases/trace/serial_compare.hpp"

#include "tests/fuzz/expect.hpp"

using rastro::fuzz::expect;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const text = rastro::fuzz::text_of(data, size);
    auto const query = rastro::cases::parse_serial_query(text);
    if (!query) {
        expect(query.error().code() == rastro::ProblemCode::validation_failed, "a fault is named");
        return 0;
    }
    auto const spelling = query->to_string();
    auto const again = rastro::cases::parse_serial_query(spelling);
    expect(again.has_value(), "the one spelling is a query");
    expect(again->to_string() == spelling, "and its own spelling");
    expect(query->longest_known_run().size() >= 2, "two known characters stand side by side");
    for (std::string_view const serial :
         {std::string_view("ABC123"),
          std::string_view("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB"),
          text}) {
        expect(query->matches(serial) == again->matches(serial), "both match alike");
    }
    auto const pattern = rastro::cases::pattern_of(*query);
    expect(pattern.like.size() == query->elements().size(),
           "each element is one sign of the pattern");
    expect(pattern.like.starts_with(pattern.prefix) && pattern.like.ends_with(pattern.suffix),
           "the pattern has its edges");
    for (std::string_view const serial : {std::string_view("ABC123"), std::string_view("A8C123")}) {
        expect(!query->matches(serial) || query->matches_look_alike(serial),
               "what fits as asked fits with look-alikes too");
    }
    if (!query->has_wildcards() && spelling.find('{') == std::string::npos) {
        expect(query->matches(spelling), "a query without wildcards matches itself");
    }
    return 0;
}
