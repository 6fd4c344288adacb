// Any bytes as a search for a serial number: one spelling, and matching that always ends.
#include "cases/trace/serial_query.hpp"

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
    if (!query->has_wildcards() && spelling.find('{') == std::string::npos) {
        expect(query->matches(spelling), "a query without wildcards matches itself");
    }
    return 0;
}
