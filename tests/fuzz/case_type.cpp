// Any bytes as an agency's version of a case type: every fault has a place, and what is accepted
// stands in the place of the version compiled in.
#include "protocol/case_type_json.hpp"

#include "cases/linked/own_version.hpp"
#include "cases/linked/version_mapping.hpp"
#include "tests/fuzz/expect.hpp"

using rastro::fuzz::expect;
using namespace rastro;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static auto const types = protocol::built_in_case_types();
    auto const& base = *types.newest("good_practice");
    auto const own = protocol::read_own_case_type(rastro::fuzz::text_of(data, size), base);
    if (!own) {
        auto const problem = own.error();
        expect(problem.code() == ProblemCode::validation_failed ||
                   problem.code() == ProblemCode::malformed_json,
               "a fault is named");
        for (auto const& violation : problem.violations()) {
            expect(violation.pointer.empty() || violation.pointer.front() == '/',
                   "a fault has its place");
        }
        return 0;
    }
    expect(own->version >= cases::kFirstOwnVersion, "an agency's number");
    expect(cases::check_own_version(base, *own).empty(), "at least as strict");
    expect(cases::check_mapping(base, *own, {}).empty(), "every case can move to it as it is");
    return 0;
}
