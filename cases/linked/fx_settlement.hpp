// Export proceeds against what was settled: declarations matched to exchange operations, oldest
// first, within a tolerance of one per cent. Terms are dated rows by class of goods and country.
// Source: domain/linked-cases.md 4.6 (exchange) and 12 item 12.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cases/linked/money.hpp"

namespace rastro::cases {

struct FxTerm {
    std::string country;
    std::string fx_class;  // "days_60"
    int days = 0;
    Date valid_from{};
    std::optional<Date> valid_to;  // last day
    std::string source;
};
// Days that the term in force on the day of shipment gives, due date; nothing without a term.
[[nodiscard]] std::optional<Date> fx_due_on(std::vector<FxTerm> const& terms,
                                            std::string_view country,
                                            std::string_view fx_class,
                                            Date shipped_on);

struct ExportDeclaration {
    std::string declaration_no;
    std::string trader;
    Money due;
    Date due_on{};
};
struct FxOperation {
    std::string reference;
    std::string trader;
    std::string declaration_no;  // empty: not named; goes to the trader's oldest open declaration
    Money amount;
    Date settled_on{};
};
struct Settlement {
    std::string declaration_no;
    std::int64_t settled = 0;  // minor units of the declaration's currency
    std::int64_t open = 0;
    bool complete = false;  // at least 99 %
    int days_late = 0;      // until complete, or until today; 0 in time
    std::vector<std::string> operations;
};
struct SettlementResult {
    std::vector<Settlement> declarations;  // in the order given
    std::vector<std::string> unmatched;    // operations that no declaration took
};
// Only operations in the declaration's currency count for it.
[[nodiscard]] SettlementResult match_settlements(std::vector<ExportDeclaration> const& declarations,
                                                 std::vector<FxOperation> operations,
                                                 Date today);

}  // namespace rastro::cases
