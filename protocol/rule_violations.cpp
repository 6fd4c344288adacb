#include "protocol/rule_violations.hpp"

#include <algorithm>

namespace rastro::protocol {

namespace {

// True if `inner` is `outer` or lies below it.
bool within(std::string_view inner, std::string_view outer) noexcept {
    return inner.starts_with(outer) && (inner.size() == outer.size() || inner[outer.size()] == '/');
}

}  // namespace

void add_rule_violations(Violations& read, std::vector<Violation> rules) {
    auto const known = read.size();
    for (auto& rule : rules) {
        auto const end = read.all().begin() + static_cast<std::ptrdiff_t>(known);
        bool const told = std::any_of(read.all().begin(), end, [&](Violation const& violation) {
            return within(rule.pointer, violation.pointer);
        });
        if (!told) {
            read.add(std::move(rule.pointer), rule.code, std::move(rule.params));
        }
    }
}

}  // namespace rastro::protocol
