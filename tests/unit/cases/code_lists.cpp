#include "cases/trace/code_lists.hpp"

#include <doctest/doctest.h>

#include <set>

#include "cases/access.hpp"
#include "cases/handling.hpp"
#include "cases/reports/randot_facts.hpp"
#include "cases/trace/disposition_chain.hpp"
#include "cases/trace/firearm.hpp"
#include "cases/trace/illicit_record.hpp"
#include "cases/trace/outcome_codes.hpp"
#include "cases/trace/refusal_reasons.hpp"
#include "cases/trace/request.hpp"
#include "cases/trace/type_code.hpp"

using namespace rastro::cases;

namespace {

std::vector<CodeName> const& list_of(std::string_view name) {
    auto const* list = find_code_list(name);
    REQUIRE(list != nullptr);
    return *list;
}

// The list holds exactly the values of a closed enumeration: as many rows as values, each a code
// that its reader knows.
template <class From>
void check_closed(std::string_view name, std::size_t values, From from) {
    auto const& list = list_of(name);
    CHECK_MESSAGE(list.size() == values, name);
    for (auto const& row : list) {
        CHECK_MESSAGE(from(row.code).has_value(), row.code);
    }
}

}  // namespace

TEST_CASE("every code list has each code once, with a name in each language") {
    auto const names = code_list_names();
    CHECK(names.size() == 21 + 71 + 2);
    for (auto const& name : names) {
        std::set<std::string> codes;
        for (auto const& row : list_of(name)) {
            CHECK_MESSAGE(codes.insert(row.code).second, row.code);
            for (auto const* text : {&row.en, &row.es, &row.pt, &row.fr}) {
                CHECK_MESSAGE(!text->empty(), row.code);
            }
        }
        CHECK_FALSE(codes.empty());
    }
    CHECK(find_code_list("nonsense") == nullptr);
}

TEST_CASE("the lists of names are the closed lists of the rules") {
    auto const& outcomes = list_of("outcome-codes");
    REQUIRE(outcomes.size() == all_outcomes().size());
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        CHECK(outcomes[i].code == all_outcomes()[i].code);
        CHECK(outcomes[i].group == code_of(all_outcomes()[i].group));
    }
    check_closed("record-kinds", 6, record_kind_from);
    check_closed("clear-reasons", 6, clear_reason_from);
    check_closed("refusal-reasons", all_refusal_reasons().size(), refusal_reason_from);
    for (auto const& row : list_of("refusal-reasons")) {
        auto const& reason = refusal_info(*refusal_reason_from(row.code));
        CHECK((row.group == "tracing_instrument") == reason.tracing_instrument_ground);
    }
    check_closed("purposes", 7, purpose_from);
    check_closed("priorities", 2, priority_from);
    check_closed("urgent-grounds", 6, urgent_ground_from);
    check_closed("illicit-grounds", 5, illicit_ground_from);
    check_closed("serial-conditions", 6, serial_condition_from);
    check_closed("handling-codes", 4, parse_handling_code);
    // Lists of linked cases (config/reference/linked_codes.csv) that code gives meaning to.
    check_closed("reliance", 5, parse_reliance);
    check_closed("sentence_kind", 7, parse_sentence_kind);
    check_closed("liability", 3, parse_liability);
    check_closed("roles", all_roles().size(), parse_role);
    check_closed("recovery-precisions", 4, recovery_precision_from);
    check_closed("mark-kinds", 21, mark_kind_from);
    check_closed("mark-places", 12, mark_place_from);
    check_closed("mark-states", 7, mark_state_from);
    check_closed("obliteration-methods", 10, obliteration_method_from);
    check_closed("lab-results", 5, lab_result_from);
    check_closed("type-codes", all_types().size(), type_from);
    check_closed("chain-roles", 9, chain_role_from);
    for (auto const& row : list_of("chain-roles")) {
        CHECK(row.group == field_group_of(*chain_role_from(row.code)));
    }
    auto const& groups = list_of("field-groups");
    REQUIRE(groups.size() == all_field_groups().size());
    for (std::size_t i = 0; i < groups.size(); ++i) {
        CHECK(groups[i].code == all_field_groups()[i]);
    }
}
